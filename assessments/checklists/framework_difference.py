"""What changed between two versions of a framework, item by item: functions of their documents alone."""

from collections import defaultdict, deque
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

LANGUAGES = ("en", "zh")
Items = Mapping[str, Mapping[str, Any]]


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
    moves = _moves(before, after)
    differences = [_difference(before, key if key in before else moves.get(key), after, key) for key in after]
    came_from = {difference.old_key for difference in differences}
    return differences + [ItemDifference(Change.REMOVED, key, None) for key in before if key not in came_from]


def item_parts_changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[str, ...]:
    """The parts of an item that read differently in any language; spacing does not count."""
    parts = [part for part in ("name", "question") if _words(old[part]) != _words(new[part])]
    levels = zip(old["levels"], new["levels"], strict=True)
    parts += [f"level {n}" for n, (was, now) in enumerate(levels, start=1) if _words(was) != _words(now)]
    return tuple(parts)


def _difference(before: Items, old_key: str | None, after: Items, key: str) -> ItemDifference:
    if old_key is None:
        return ItemDifference(Change.ADDED, None, key)
    parts = item_parts_changed(before[old_key], after[key])
    change = Change.CHANGED if parts else Change.UNCHANGED if old_key == key else Change.MOVED
    return ItemDifference(change, old_key, key, parts)


def _items(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for domain in document["domains"]:
        for item in domain["items"]:
            yield f"{domain['id']}.{item['id']}", item


def _moves(before: Items, after: Items) -> dict[str, str]:
    """Old key by new key, of items that are the same under another key. Each is taken once, the first one first."""
    moves: dict[str, str] = {}
    for likeness in (_asked, _named, _questioned):
        origins: dict[Hashable, deque[str]] = defaultdict(deque)
        taken = set(moves.values())
        for key in (key for key in before if key not in after and key not in taken):
            origins[likeness(before[key])].append(key)
        for key in after:
            if key not in before and key not in moves and (found := origins.get(likeness(after[key]))):
                moves[key] = found.popleft()
    return moves


def _asked(item: Mapping[str, Any]) -> Hashable:
    return _words(item["question"]), tuple(_words(level) for level in item["levels"])


def _named(item: Mapping[str, Any]) -> Hashable:
    return item["id"], _words(item["name"])


def _questioned(item: Mapping[str, Any]) -> Hashable:
    return item["id"], _words(item["question"])


def _words(texts: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(" ".join(texts.get(language, "").split()) for language in LANGUAGES)
