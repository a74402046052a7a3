"""Times: not in the future, recent, in order, and no ties among a user's last events."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

from django.utils.translation import gettext_noop as _

from assessments.common.progress import Progress
from assessments.quality.profile.facts import ColumnFacts
from assessments.quality.suggest.look import Look
from assessments.quality.suggest.suggested import Suggested, mend, suggested

# Data whose newest row is older than this are history, which need not be fresh.
ALIVE = timedelta(days=60)
ORDERED = 0.98
MOST_TIMES = 6


def times(look: Look, as_of: datetime, progress: Progress) -> Iterator[Suggested]:
    """``as_of`` is now in UTC without zone."""
    found = [one for one in look.usable if one.is_time]
    for facts in found:
        yield _past(look, facts)
    time = look.named(look.roles.get("time", ""))
    if time is not None and time.kind == "timestamp":
        yield from _fresh(time, as_of)
        if "user" in look.roles and look.kind in {"interactions", "impressions"}:
            yield _ties(look, time.name)
    yield from _ordered(look, found[:MOST_TIMES], progress)


def _past(look: Look, facts: ColumnFacts) -> Suggested:
    return suggested(
        "not_in_future",
        [facts.name],
        name=_("“%(column)s” is not in the future") % {"column": facts.name},
        reason=_("The times run from %(first)s to %(last)s.")
        % {"first": facts.least[:10], "last": facts.greatest[:10]},
        rank=49 if look.role_of.get(facts.name) == "time" else 33,
        guard=True,
        most=0.1,
    )


def _fresh(facts: ColumnFacts, as_of: datetime) -> Iterator[Suggested]:
    try:
        age = as_of - datetime.fromisoformat(facts.greatest[:19])
    except ValueError:
        return
    if timedelta(0) <= age <= ALIVE:
        days = max(1, 2 * age.days + 1)
        yield suggested(
            "freshness",
            [facts.name],
            name=_("“%(column)s” is recent") % {"column": facts.name},
            reason=(
                _("The newest row is less than two days old; twice that would be late.")
                if age.days < 2
                else _("The newest row is %(days)s days old; twice that would be late.") % {"days": age.days}
            ),
            rank=46,
            parameters={"max_age": f"{days}d"},
            guard=True,
        )


def _ties(look: Look, time: str) -> Suggested:
    return suggested(
        "time_ties",
        [time],
        name=_("No user's last events share a time"),
        reason=_(
            "The last events of some users have the same time: which one is last is chance, and so are test figures."
        ),
        rank=76,
        most=1.0,
        repair=mend("break_time_ties", [time], of=[look.roles["user"]]),
    )


def _ordered(look: Look, found: list[ColumnFacts], progress: Progress) -> Iterator[Suggested]:
    """Pairs of times of which one is hardly ever after the other, though it is sometimes."""
    if len(found) < 2:
        return
    table = look.scanner.table
    counted: dict[str, Any] = {}
    pairs = [(a, b) for a, b in permutations(found, 2) if a.kind == b.kind]
    for place, (a, b) in enumerate(pairs):
        both = table[a.name].notnull() & table[b.name].notnull()
        counted[f"n{place}"] = both.sum()
        counted[f"b{place}"] = (both & (table[a.name] <= table[b.name])).sum()
        counted[f"e{place}"] = (both & (table[a.name] == table[b.name])).sum()
    if not counted:
        return
    told = look.scanner.runner.rows(table.aggregate(**counted), progress)[0]
    for place, (a, b) in enumerate(pairs):
        rows, before, equal = (int(told[f"{key}{place}"] or 0) for key in "nbe")
        if rows and ORDERED * rows <= before and equal < 0.9 * rows:
            yield suggested(
                "compare_columns",
                [a.name, b.name],
                name=_("“%(first)s” is not after “%(second)s”") % {"first": a.name, "second": b.name},
                reason=_("In %(share)s %% of the rows it is not.") % {"share": f"{100 * before / rows:.4g}"},
                rank=66,
                parameters={"operator": "<="},
                guard=before == rows,
                most=1 - ORDERED,
            )
