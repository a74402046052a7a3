"""Who does how much: events of each user and item, the long tail, sessions, events over time."""

import math
from collections.abc import Mapping
from typing import Any

import ibis
import ibis.expr.types as ir
from django.utils.translation import gettext as _

from assessments.common.progress import Progress, part
from assessments.quality.running import Runner

SESSION_GAP_SECONDS = 30 * 60
DAYS_SHOWN = 1_100
TOP = 0.01


def activity_of(
    table: ir.Table, roles: Mapping[str, str], kind: str, runner: Runner, progress: Progress
) -> dict[str, Any]:
    """Figures of users, items, time and sessions, as far as columns have these roles."""
    found: dict[str, Any] = {}
    if "time" in roles:
        found["events"] = events_of(table, roles["time"], runner, part(progress, 0.0, 0.2))
    if kind not in {"interactions", "impressions"}:
        return found
    for position, role in enumerate(("user", "item")):
        if role in roles:
            share = part(progress, 0.2 + 0.2 * position, 0.4 + 0.2 * position)
            found[f"{role}s"] = spread_of(table, roles[role], runner, share)
    sessions = sessions_of(table, roles, runner, part(progress, 0.6, 1.0))
    return found | ({"sessions": sessions} if sessions else {})


def events_of(table: ir.Table, column: str, runner: Runner, progress: Progress) -> dict[str, Any]:
    """Rows of each day, or of each month where there are too many days; rows without a time are counted apart."""
    if not (table[column].type().is_timestamp() or table[column].type().is_date()):
        return {}
    moment = table[column].cast("timestamp")
    ends = table.aggregate(a=moment.min().cast("string"), b=moment.max().cast("string"), n=moment.count())
    span = runner.rows(ends, progress, _("Counting events over time"))[0]
    for unit, letter, length in (("day", "D", 10), ("month", "M", 7), ("year", "Y", 4)):
        counted = _periods(table, moment.truncate(letter), runner, progress)
        if len(counted) <= DAYS_SHOWN or unit == "year":
            return {
                "column": column,
                "first": span["a"],
                "last": span["b"],
                "filled": int(span["n"]),
                "unit": unit,
                "periods": [one["t"][:length] for one in counted[:DAYS_SHOWN]],
                "counts": [int(one["n"]) for one in counted[:DAYS_SHOWN]],
            }
    return {}


def _periods(table: ir.Table, period: ir.Column, runner: Runner, progress: Progress) -> list[dict[str, Any]]:
    groups = table.group_by(t=period).aggregate(n=table.count())
    groups = groups.select(t=groups.t.cast("string"), n=groups.n).order_by("t")
    # One more than are shown, and the group of rows without a time.
    counted = runner.rows(groups.limit(DAYS_SHOWN + 2), progress, _("Counting events over time"))
    return [one for one in counted if one["t"] is not None]


def spread_of(table: ir.Table, column: str, runner: Runner, progress: Progress) -> dict[str, Any]:
    """How the rows spread over the values of ``column``; rows without one are left out.

    Read as {events: how many have so many}, which is short however many values there are.
    """
    each = table.group_by(k=table[column]).aggregate(n=table.count())
    sizes = each.mutate(f=each.k.notnull()).group_by(["f", "n"]).aggregate(many=lambda t: t.count())
    found = runner.rows(sizes, progress, _("Counting the events of each user and item"))
    return {"column": column, **spread({int(one["n"]): int(one["many"]) for one in found if one["f"]})}


def spread(sizes: Mapping[int, int]) -> dict[str, Any]:
    """Figures of a distribution {events: how many users or items have so many}.

    The Gini coefficient is that of a finite population, G = 2 Σ i·xᵢ / (n Σ xᵢ) - (n + 1) / n with x ascending and i
    from 1 (Sen 1973): 0 when all have the same, 1 - 1/n when one has everything. ``top_share`` is the share of the
    events that the most frequent 1 % (rounded up) have. ``curve`` is the share of events (0 to 1) of the most frequent
    shares of users or items, for the drawing.
    """
    counts = sorted(sizes.items())
    many, events = sum(n for _size, n in counts), sum(size * n for size, n in counts)
    if not many or not events:
        return {"count": 0, "events": 0}
    weighted, seen = 0, 0
    for size, n in counts:
        weighted += size * (n * seen + n * (n + 1) // 2)
        seen += n
    return {
        "count": many,
        "events": events,
        "mean": events / many,
        "least": counts[0][0],
        "quartiles": [_at(counts, many, share) for share in (0.25, 0.5, 0.75)],
        "most": counts[-1][0],
        "gini": 2 * weighted / (many * events) - (many + 1) / many,
        "top_share": _of_top(counts, math.ceil(many * TOP)) / events,
        "top_count": math.ceil(many * TOP),
        "once": dict(counts).get(1, 0),
        "curve": [[share, _of_top(counts, round(many * share)) / events] for share in CURVE],
    }


CURVE = (0.0, 0.001, 0.0025, 0.005, 0.01, 0.02, 0.035, 0.05, 0.075, 0.1, *(n / 20 for n in range(3, 21)))


def _at(counts: list[tuple[int, int]], many: int, share: float) -> int:
    """The least size such that at least this share has no more (the inverse of the distribution function)."""
    seen = 0
    for size, n in counts:
        seen += n
        if seen >= share * many:
            return size
    return counts[-1][0]


def _of_top(counts: list[tuple[int, int]], top: int) -> int:
    """The events of the ``top`` most frequent."""
    events = 0
    for size, n in reversed(counts):
        taken = min(n, top)
        events, top = events + taken * size, top - taken
        if not top:
            break
    return events


def sessions_of(table: ir.Table, roles: Mapping[str, str], runner: Runner, progress: Progress) -> dict[str, Any]:
    """Sessions by their own column, else by user with a gap of more than 30 minutes; empty when neither can be.

    Rows without a session, or without user or time, are left out.
    """
    if "session" in roles:
        sizes = spread_of(table, roles["session"], runner, progress)
        told = {name: sizes.get(name) for name in ("events", "count", "mean")}
        return {"by": "column", "column": roles["session"], **told}
    if "user" not in roles or "time" not in roles or not table[roles["time"]].type().is_timestamp():
        return {}
    known = table.select(u=table[roles["user"]], t=table[roles["time"]].cast("timestamp"))
    ordered = known.mutate(before=known.t.lag().over(ibis.window(group_by=known.u, order_by=known.t)))
    gap = ordered.t.epoch_seconds() - ordered.before.epoch_seconds()
    there = ordered.u.notnull() & ordered.t.notnull()
    begins = there & (ordered.before.isnull() | (gap > SESSION_GAP_SECONDS))
    summary = ordered.aggregate(events=ordered.count(where=there), count=ordered.count(where=begins))
    found = runner.rows(summary, progress, _("Counting sessions"))[0]
    events, count = int(found["events"]), int(found["count"])
    return {"by": "gap", "events": events, "count": count, "mean": events / count if count else None}
