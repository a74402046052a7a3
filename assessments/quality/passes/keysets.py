"""A set of columns in which repeated rows are looked for, and what was found there."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from assessments.quality.passes.entries import Entry


@dataclass(frozen=True, eq=False)
class KeySet:
    """``columns`` in the order of the table, and the rules on them.

    ``nulls`` is "count" when empty cells equal each other for all its rules, "skip" when rows with one are left out
    for all of them (or fail, which comes to the same here), "both" when the rules differ.
    """

    columns: tuple[str, ...]
    entries: Sequence[Entry]
    nulls: str

    def within(self, other: "KeySet") -> bool:
        """Whether rows that are equal in ``other`` are equal here too, and ``other`` has more columns."""
        return set(self.columns) < set(other.columns)


@dataclass(frozen=True)
class Repeated:
    """``rows`` are looked at in all; ``members`` of them are in ``groups`` of two equal ones or more.

    ``last`` are the numbers of the last rows of the ten groups that end first, ``first`` those of the first ones.
    """

    rows: int
    groups: int = 0
    members: int = 0
    last: Sequence[int] = ()
    first: Sequence[int] = ()


@dataclass(frozen=True)
class KeysFound:
    """``equal`` where empty cells equal each other, ``full`` among rows without one; None where nobody asked."""

    rows: int
    equal: Repeated | None = None
    full: Repeated | None = None
    empty_rows: Sequence[int] = field(default=())


def key_sets(entries: list[Entry], names: Sequence[str]) -> list[KeySet]:
    """The sets of columns to look at, each with the rules on it."""
    sharing: dict[frozenset[str], list[Entry]] = {}
    for entry in entries:
        if entry.group is not None and not entry.error:
            sharing.setdefault(frozenset(entry.group.columns), []).append(entry)
    return [
        KeySet(tuple(name for name in names if name in columns), chosen, _nulls(chosen))
        for columns, chosen in sharing.items()
    ]


def _nulls(entries: Sequence[Entry]) -> str:
    kinds = {"count" if entry.group and entry.group.nulls == "count" else "skip" for entry in entries}
    return kinds.pop() if len(kinds) == 1 else "both"


def answer(entry: Entry, found: KeysFound) -> None:
    """What a rule says of what was found in its columns."""
    group = entry.group
    assert group is not None  # noqa: S101  key_sets keeps only these
    repeated = found.equal if group.nulls == "count" else found.full
    assert repeated is not None  # noqa: S101  whoever looks answers all rules of a set
    entry.checked = repeated.rows
    entry.failing = repeated.members - repeated.groups if group.count == "surplus" else repeated.members
    entry.rows, entry.same_as = list(repeated.last), list(repeated.first)
    entry.detail["repeated_groups"] = repeated.groups
    if group.nulls == "fail":
        empty = found.rows - repeated.rows
        entry.checked, entry.failing = found.rows, entry.failing + empty
        entry.detail["rows_with_an_empty_key"] = empty
        if not entry.rows:
            entry.rows = list(found.empty_rows)
