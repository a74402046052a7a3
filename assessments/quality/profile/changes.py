"""What changed from one profile to the next: columns that came, went, or look different."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# How much counts as a change: a hundredth of the rows for empty cells, a tenth of a standard deviation for a mean, a
# tenth of the number for distinct values, and twice that where one of the two was sketched.
NULL_SHARE, MEAN, DISTINCT = 0.01, 0.1, 0.1


@dataclass(frozen=True)
class Change:
    """``what`` is "added", "gone", "type", "nulls", "mean" or "distinct"; ``before`` and ``now`` are its figures."""

    column: str
    what: str
    before: Any = None
    now: Any = None


def changes_of(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[Change]:
    """The changes of columns from the profile ``before`` to ``now``, in the order of the columns."""
    earlier = {column["name"]: column for column in before.get("columns", [])}
    later = {column["name"]: column for column in now.get("columns", [])}
    changes = [change for name, column in later.items() for change in _of_column(earlier.get(name), column)]
    return changes + [Change(name, "gone", earlier[name]["kind"]) for name in earlier if name not in later]


def _of_column(before: Mapping[str, Any] | None, now: Mapping[str, Any]) -> list[Change]:
    name = now["name"]
    if before is None:
        return [Change(name, "added", None, now["kind"])]
    if before["kind"] != now["kind"]:
        return [Change(name, "type", before["kind"], now["kind"])]
    changes = []
    if _apart(before["null_share"], now["null_share"], NULL_SHARE):
        changes.append(Change(name, "nulls", before["null_share"], now["null_share"]))
    if _apart(before.get("mean"), now.get("mean"), MEAN * (before.get("deviation") or 0.0)):
        changes.append(Change(name, "mean", before["mean"], now["mean"]))
    sketched = before["distinct_sketched"] or now["distinct_sketched"]
    limit = DISTINCT * (2 if sketched else 1) * before["distinct"]
    if abs(before["distinct"] - now["distinct"]) > limit:
        changes.append(Change(name, "distinct", before["distinct"], now["distinct"]))
    return changes


def _apart(before: float | None, now: float | None, limit: float) -> bool:
    return before is not None and now is not None and before != now and abs(before - now) > limit
