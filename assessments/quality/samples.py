"""Some failing rows of each rule, masked, with the values that say which rows they are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import ibis.expr.types as ir

from assessments.common.masking import mask_value
from assessments.common.progress import Progress, part
from assessments.quality.dialect import SAMPLE_ROWS
from assessments.quality.passes import Entry, fails
from assessments.quality.running import REFUSALS, must_stop
from assessments.quality.scanner import Scanner

WIDEST_SAMPLE, MOST_KEYS = 12, 4
# Columns of these roles say which row it is, in the order in which they do.
KEY_ROLES = ("order", "session", "user", "item", "query", "document")


@dataclass(frozen=True)
class Samples:
    """``rows`` are the columns of the failing rows by row number, ``keys`` those that are shown with every rule."""

    names: tuple[str, ...]
    keys: tuple[str, ...] = ()
    rows: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)

    def shown(self, entry: Entry) -> tuple[str, ...]:
        """The columns of a rule's sample: its own, or the first ones for a rule on whole rows; then the keys."""
        columns = entry.check.shown(entry.spec) if entry.check else entry.spec.columns
        return tuple(dict.fromkeys([*(columns or self.names[:WIDEST_SAMPLE]), *self.keys]))


def samples_fetch(
    entries: list[Entry], scanner: Scanner, joined: ir.Table, roles: Mapping[str, str], progress: Progress
) -> Samples:
    """The failing rows that the passes kept the numbers of: one query for all rules, which reads only where they are.

    Where the place keeps no numbers, each failing rule takes a query with a limit instead.
    """
    samples = Samples(scanner.names, _keys(entries, scanner, roles))
    if not scanner.keeps_rows:
        _fetch_by_rule(entries, samples, scanner, joined, progress)
        return samples
    numbers = sorted({number for entry in entries for number in entry.rows})
    if not numbers:
        progress(1.0)
        return samples
    wanted = {name for entry in entries if entry.rows for name in samples.shown(entry)}
    chosen = [name for name in scanner.names if name in wanted]
    table = scanner.table
    aliases = {f"v{position}": scanner.dialect.fetchable(table[name]) for position, name in enumerate(chosen)}
    wanted_rows = table.filter(table[scanner.row].isin(numbers)).select(r=table[scanner.row], **aliases)
    try:
        found = scanner.runner.rows(wanted_rows, progress)
    except REFUSALS as error:
        if must_stop(error):
            raise
        return samples  # the counts stand, with row numbers alone
    rows = {one["r"]: {name: one[f"v{position}"] for position, name in enumerate(chosen)} for one in found}
    return Samples(samples.names, samples.keys, rows)


def _keys(entries: list[Entry], scanner: Scanner, roles: Mapping[str, str]) -> tuple[str, ...]:
    """The primary key or one that this scan found unique, then the columns whose roles say who and what."""
    unique = [entry for entry in entries if entry.spec.check == "unique_key" and entry.checked and not entry.failing]
    narrow = scanner.keys or min((entry.spec.columns for entry in unique), key=len, default=())
    keys = dict.fromkeys([*narrow, *(roles[role] for role in KEY_ROLES if role in roles)])
    return tuple(name for name in keys if name in scanner.names)[:MOST_KEYS]


def _fetch_by_rule(
    entries: list[Entry], samples: Samples, scanner: Scanner, joined: ir.Table, progress: Progress
) -> None:
    wanting = [entry for entry in entries if entry.plan and entry.failing and not entry.error and not entry.found]
    for position, entry in enumerate(wanting):
        assert entry.plan is not None  # noqa: S101  just filtered
        share = part(progress, position / len(wanting), (position + 1) / len(wanting))
        wrong = joined.filter(fails(entry.plan))
        shown = [name for name in samples.shown(entry) if name in samples.names]
        aliases = {f"v{place}": scanner.dialect.fetchable(wrong[name]) for place, name in enumerate(shown)}
        if scanner.row is not None:
            wrong = wrong.order_by(scanner.row)
            aliases["r"] = wrong[scanner.row]
        try:
            found = scanner.runner.rows(wrong.limit(SAMPLE_ROWS).select(**aliases), share, entry.spec.name)
        except REFUSALS as error:
            if must_stop(error):
                raise
            continue  # the counts stand without examples
        entry.found = [
            {**({"row": one["r"]} if "r" in one else {}), **{name: one[f"v{i}"] for i, name in enumerate(shown)}}
            for one in found
        ]


def samples_show(entry: Entry, samples: Samples, masked: frozenset[str]) -> tuple[dict[str, Any], ...]:
    """The failing rows of a rule as they may be kept: {"row": its number from 1, "values": {...}, "same_as"}."""
    if entry.rows:
        return tuple(_numbered(entry, position, samples, masked) for position in range(len(entry.rows)))
    return tuple(_found(row, masked) for row in entry.found)


def _numbered(entry: Entry, position: int, samples: Samples, masked: frozenset[str]) -> dict[str, Any]:
    number = entry.rows[position]
    found = samples.rows.get(number, {})
    shown = [name for name in samples.shown(entry) if name in found]
    row: dict[str, Any] = {"row": number + 1, "values": _masked({name: found[name] for name in shown}, masked)}
    if position < len(entry.same_as):
        row["same_as"] = entry.same_as[position] + 1
    return row


def _found(found: Mapping[str, Any], masked: frozenset[str]) -> dict[str, Any]:
    """A failing row that a query of the rule gave, without a number where the place has none."""
    values = _masked({name: value for name, value in found.items() if name != "row"}, masked)
    return {"row": found["row"] + 1, "values": values} if found.get("row") is not None else {"values": values}


def _masked(values: Mapping[str, Any], masked: frozenset[str]) -> dict[str, Any]:
    return {name: mask_value(value, personal=name in masked) for name, value in values.items()}
