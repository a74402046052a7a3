"""Which level the answers to other frameworks propose for an item, and over which path.

The rules are Govern's own and cautious; a proposal is never an answer until a person takes it.

* A path leads from the item to an answered one, over one mapping or over two with an unanswered item between them. It
  ends at the first answered item and never returns to the framework of the item that it started from.
* Two relations in a row make one: equal changes nothing; part of a part is a part, and likewise containing; every
  other pair makes an overlap, since the two ends then need not share the same part.
* The strength of a path is the product of its mappings' strengths, halved for every overlap among them, and halved
  once when only the two together make one. Paths below MIN_STRENGTH propose nothing.
* An equal item proposes its level, and so does an item that contains this one: what is done for the whole is taken to
  be done for its part. An item that overlaps proposes its level too, with the halved strength.
* An item that is a part of this one sets a limit: the whole is at most at the level of its lowest known part.
* The proposed level is the weighted lower median of the levels, with the strengths as weights, but at most the limit.
  An answered item counts once, with its strongest path. With limits alone the lowest limit is proposed, as "at most".
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assessments.checklists.mapping_file import ItemMapping, ItemName, Mappings

MIN_STRENGTH = 0.25
OVERLAP = 0.5  # what a shared part of unknown size leaves of a strength
ROUNDING = 1e-9


@dataclass(frozen=True)
class MappedPath:
    """From an item over one or two mappings to an answered item with ``level``, 1 to 5.

    ``relation`` is that of the whole path: the item is ``relation`` the answered one. ``strength`` is above 0, at
    most 1.
    """

    steps: tuple[ItemMapping, ...]
    relation: str
    strength: float
    level: int

    @property
    def answered(self) -> ItemName:
        return self.steps[-1].other

    @property
    def limits(self) -> bool:
        """Whether it only says what the level is at most."""
        return self.relation == "contains"


@dataclass(frozen=True)
class MappedLevel:
    """A proposed level, 1 to 5, and all paths that led to it, the strongest first.

    ``at_most`` is true when only parts of the item are known, so that the level may well be lower.
    """

    level: int
    at_most: bool
    paths: tuple[MappedPath, ...]

    @property
    def strength(self) -> float:
        """The strength of the strongest path."""
        return self.paths[0].strength


def mapped_level(item: ItemName, *, mappings: Mappings, levels: Mapping[ItemName, int]) -> MappedLevel | None:
    """The level that answered items (their ``levels``) propose for this one, or None; the module states the rules."""
    paths = sorted(
        (path for path in _paths(item, mappings, levels) if path.strength >= MIN_STRENGTH - ROUNDING),
        key=lambda path: (-path.strength, len(path.steps), path.answered, path.steps[0].other),
    )
    if not paths:
        return None
    strongest: dict[ItemName, MappedPath] = {}
    for path in paths:
        strongest.setdefault(path.answered, path)
    limits = [path.level for path in strongest.values() if path.limits]
    given = [(path.level, path.strength) for path in strongest.values() if not path.limits]
    level = min([*limits, weighted_median(given)] if given else limits)
    return MappedLevel(level, at_most=not given, paths=tuple(paths))


def items_within_reach(item: ItemName, mappings: Mappings) -> set[ItemName]:
    """All items whose answers could propose a level for this one."""
    direct = {mapping.other for mapping in mappings.get(item, [])}
    further = {mapping.other for middle in direct for mapping in mappings.get(middle, [])}
    return {name for name in direct | further if name.framework != item.framework}


def weighted_median(weighted: list[tuple[int, float]]) -> int:
    """The lower weighted median of (level, weight): the lowest level that half of all weight does not exceed."""
    ordered = sorted(weighted)
    half, running = sum(weight for _level, weight in ordered) / 2, 0.0
    for level, weight in ordered:
        running += weight
        if running >= half - ROUNDING:
            return level
    raise ValueError("there is no median of nothing")


def composed(first: str, second: str) -> str:
    """The relation of a to c, where a is ``first`` b and b is ``second`` c."""
    if "equal" in (first, second):
        return second if first == "equal" else first
    return first if first == second else "overlaps"


def _paths(item: ItemName, mappings: Mappings, levels: Mapping[ItemName, int]) -> Iterator[MappedPath]:
    for first in mappings.get(item, []):
        if first.other in levels:
            yield _path((first,), first.relation, levels)
            continue
        for second in mappings.get(first.other, []):
            if second.other in levels and second.other.framework != item.framework:
                yield _path((first, second), composed(first.relation, second.relation), levels)


def _path(steps: tuple[ItemMapping, ...], relation: str, levels: Mapping[ItemName, int]) -> MappedPath:
    strength = 1.0
    for step in steps:
        strength *= step.strength
    overlaps = sum(step.relation == "overlaps" for step in steps)
    halved = max(overlaps, 1) if relation == "overlaps" else 0
    return MappedPath(steps, relation, strength * OVERLAP**halved, levels[steps[-1].other])
