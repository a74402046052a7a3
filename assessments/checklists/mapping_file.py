"""Reading how the items of two frameworks are related; every refusal says in which line and why.

A file is about one pair of frameworks. All files together must not contradict one another.
"""

import json
import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from assessments.checklists.framework_file import FrameworkFile, file_read
from assessments.common.errors import GovernError

FOLDER = Path(__file__).parent / "mappings"
REVERSE = {"equal": "equal", "part_of": "contains", "contains": "part_of", "overlaps": "overlaps"}


class ItemName(NamedTuple):
    """What names an item in any framework: ``dcmm-2018``, ``quality.checks``."""

    framework: str
    key: str

    def __str__(self) -> str:
        return f"{self.framework} {self.key}"


@dataclass(frozen=True)
class ItemMapping:
    """``item`` is ``relation`` (equal, part_of, contains, overlaps) ``other``; ``strength`` is above 0, at most 1.

    ``because`` gives the reason in each language, ``where`` the file and line.
    """

    item: ItemName
    other: ItemName
    relation: str
    strength: float
    because: Mapping[str, str]
    where: str = ""

    def reversed(self) -> "ItemMapping":
        return ItemMapping(self.other, self.item, REVERSE[self.relation], self.strength, self.because, self.where)


Mappings = Mapping[ItemName, list[ItemMapping]]


def mappings_read(paths: Iterable[Path], *, items: Mapping[str, Collection[str]] | None = None) -> Mappings:
    """The mappings of these files by item, each from both of its sides.

    ``items`` holds the keys of each known framework; without it, names are not looked up. Raise GovernError with
    file, line and reason for what is no mapping, is given twice, or contradicts what stands before it.
    """
    entries: list[ItemMapping] = []
    seen: dict[tuple[ItemName, ItemName], ItemMapping] = {}
    for path in paths:
        source = file_read(path, schema())
        if items is not None:
            _check_names(source, items)
        for entry in _entries(source):
            _check_pair(entry, seen)
            entries.append(entry)
            seen[entry.item, entry.other] = entry
            seen[entry.other, entry.item] = entry.reversed()
    _check_parts(entries)
    found: dict[ItemName, list[ItemMapping]] = defaultdict(list)
    for entry in seen.values():
        found[entry.item].append(entry)
    return dict(found)


@cache
def shipped_mappings() -> Mappings:
    """The mappings that come with Govern, read once; loading the frameworks looks up their names."""
    return mappings_read(shipped_paths())


def shipped_paths() -> tuple[Path, ...]:
    return tuple(sorted(FOLDER.glob("*.yaml")))


@cache
def schema() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((FOLDER / "schema.json").read_text(encoding="utf-8"))
    return loaded


def _entries(source: FrameworkFile) -> Iterable[ItemMapping]:
    frameworks = source.document["frameworks"]
    if frameworks["from"] == frameworks["to"]:
        raise GovernError(
            _("An item is not mapped to itself, nor to another of its own framework."),
            where=source.where(("frameworks", "to")),
            hint=_("Name two different frameworks."),
        )
    for n, entry in enumerate(source.document["mappings"]):
        # Compared this way round, so that not-a-number is refused too.
        if not (0 < entry["strength"] <= 1 and math.isfinite(entry["strength"])):
            raise GovernError(
                _("A strength is above 0 and at most 1; here is %(strength)s.") % {"strength": entry["strength"]},
                where=source.where(("mappings", n, "strength")),
            )
        yield ItemMapping(
            item=ItemName(frameworks["from"], entry["from"]),
            other=ItemName(frameworks["to"], entry["to"]),
            relation=entry["relation"],
            strength=float(entry["strength"]),
            because=entry["because"],
            where=source.where(("mappings", n)),
        )


def _check_names(source: FrameworkFile, items: Mapping[str, Collection[str]]) -> None:
    for side, framework in source.document["frameworks"].items():
        if framework not in items:
            raise GovernError(
                _("There is no framework “%(framework)s”.") % {"framework": framework},
                where=source.where(("frameworks", side)),
                hint=_("Known are: %(names)s.") % {"names": ", ".join(sorted(items))},
            )
        for n, entry in enumerate(source.document["mappings"]):
            if entry[side] not in items[framework]:
                raise GovernError(
                    _("The framework “%(framework)s” has no item “%(key)s”.")
                    % {"framework": framework, "key": entry[side]},
                    where=source.where(("mappings", n, side)),
                    hint=_("Name it as domain.item, both as in the file of the framework."),
                )


def _check_pair(entry: ItemMapping, seen: Mapping[tuple[ItemName, ItemName], ItemMapping]) -> None:
    before = seen.get((entry.item, entry.other))
    if before is None:
        return
    names = {"item": entry.item, "other": entry.other, "where": before.where}
    if before.relation == entry.relation:
        raise GovernError(
            _("“%(item)s” and “%(other)s” are mapped already, at %(where)s.") % names,
            where=entry.where,
            hint=_("Keep one of the two."),
        )
    raise GovernError(
        _("“%(item)s” and “%(other)s” are related otherwise at %(where)s.") % names,
        where=entry.where,
        hint=_("Of one pair only one relation holds, and “part_of” is the reverse of “contains”."),
    )


def _check_parts(entries: list[ItemMapping]) -> None:
    """Nothing is a part of itself, over however many items; equal items count as one on the way."""
    wholes: dict[ItemName, set[ItemName]] = defaultdict(set)
    parts: list[tuple[ItemName, ItemName]] = []
    for entry in entries:
        if entry.relation == "overlaps":
            continue
        part, whole = (entry.other, entry.item) if entry.relation == "contains" else (entry.item, entry.other)
        wholes[part].add(whole)
        if entry.relation == "equal":
            wholes[whole].add(part)
            suspects = parts  # it may close a circle that began anywhere
        else:
            parts.append((part, whole))
            suspects = parts[-1:]
        for below, above in suspects:
            if below in _reached(above, wholes):
                raise GovernError(
                    _("With this line “%(item)s” is a part of itself.") % {"item": below},
                    where=entry.where,
                    hint=_("Two items that share something overlap."),
                )


def _reached(start: ItemName, wholes: Mapping[ItemName, set[ItemName]]) -> set[ItemName]:
    reached, waiting = {start}, [start]
    while waiting:
        new = wholes.get(waiting.pop(), set()) - reached
        reached |= new
        waiting.extend(new)
    return reached
