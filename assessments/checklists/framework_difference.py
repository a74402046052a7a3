"""What changed between two versions of a framework, item by item: functions of their documents alone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

LANGUAGES = ("en", "zh")


class Change(StrEnum):
    """What became of an item. One that moved and reads differently is changed: its answer needs a look."""

    UNCHANGED = "unchanged"
    MOVED = "moved"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class ItemDifference:
    """One item in two versions; a key is ``domain.item``, None where the item is not there.

    ``parts`` names what reads differently: ``name``, ``question``, ``level 1`` to ``level 5``.
    """

    change: Change
    old_key: str | None
    new_key: str | None
    parts: tuple[str, ...] = ()

    @property
    def moved(self) -> bool:
        return None not in (self.old_key, self.new_key) and self.old_key != self.new_key


def framework_difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[ItemDifference]:
    """The items of the newer document in their order, then those that are gone.

    An item is the same when its key is. Failing that, an item has moved when one that is gone asks the same under
    another key, or has the same identifier in another domain with the same name or question. Reasons, typical
    evidence and references only explain an item: a change of them changes no answer, so it is none here.
    """
    before, after = dict(_items(old)), dict(_items(new))
    gone = [key for key in before if key not in after]
    moves: dict[str, str] = {}
    for rule in (_asks_the_same, _is_named_the_same):
        for key in after:
            if key not in before and key not in moves:
                origin = next((old_key for old_key in gone if rule(before, old_key, after, key)), None)
                if origin is not None:
                    moves[key] = origin
                    gone.remove(origin)
    differences = [_difference(before, key if key in before else moves.get(key), after, key) for key in after]
    return differences + [ItemDifference(Change.REMOVED, key, None) for key in gone]


def item_parts_changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[str, ...]:
    """The parts of an item that read differently in any language; spacing does not count."""
    parts = [part for part in ("name", "question") if _words(old[part]) != _words(new[part])]
    levels = zip(old["levels"], new["levels"], strict=True)
    parts += [f"level {n}" for n, (was, now) in enumerate(levels, start=1) if _words(was) != _words(now)]
    return tuple(parts)


def _difference(
    before: Mapping[str, Mapping[str, Any]], old_key: str | None, after: Mapping[str, Mapping[str, Any]], key: str
) -> ItemDifference:
    if old_key is None:
        return ItemDifference(Change.ADDED, None, key)
    parts = item_parts_changed(before[old_key], after[key])
    change = Change.CHANGED if parts else Change.UNCHANGED if old_key == key else Change.MOVED
    return ItemDifference(change, old_key, key, parts)


def _items(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for domain in document["domains"]:
        for item in domain["items"]:
            yield f"{domain['id']}.{item['id']}", item


def _asks_the_same(
    before: Mapping[str, Mapping[str, Any]], old_key: str, after: Mapping[str, Mapping[str, Any]], key: str
) -> bool:
    return set(item_parts_changed(before[old_key], after[key])) <= {"name"}


def _is_named_the_same(
    before: Mapping[str, Mapping[str, Any]], old_key: str, after: Mapping[str, Mapping[str, Any]], key: str
) -> bool:
    if before[old_key]["id"] != after[key]["id"]:
        return False
    return not {"name", "question"} <= set(item_parts_changed(before[old_key], after[key]))


def _words(texts: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(" ".join(texts.get(language, "").split()) for language in LANGUAGES)
