"""What tells rows apart: keys of one or two columns, repeated rows, records that describe one thing."""

from collections.abc import Iterator
from itertools import combinations

import ibis.expr.types as ir
from django.utils.translation import gettext_noop as _

from assessments.common.progress import Progress
from assessments.quality.profile.duplicates import is_likely_key, prove_key
from assessments.quality.profile.facts import ColumnFacts
from assessments.quality.profile.values import sample_of
from assessments.quality.running import Runner
from assessments.quality.suggest.look import Look, id_like, is_free
from assessments.quality.suggest.suggested import Suggested, mend, suggested

# A column of which nearly every value is different is probably meant to be a key.
NEARLY = 0.98
MOST_PAIRS, MOST_PAIRS_LARGE, LARGE = 12, 4, 2_000_000
KEYS = frozenset({"item", "user", "order", "query", "session"})
NEAR_ROWS = 100_000
# Columns of sketched counts that are grouped to know whether they are keys.
MOST_PROVED = 2


def keys(look: Look, progress: Progress) -> Iterator[Suggested]:
    for facts in [one for one in look.usable if _may_be_key(look, one) and is_likely_key(one)][:MOST_PROVED]:
        prove_key(look.scanner, facts, progress)
    single = _singles(look)
    yield from single
    exact = any(one.guard for one in single)
    if not exact:
        yield from _pairs(look, progress)
        yield suggested(
            "duplicate_rows",
            [],
            name=_("No row is repeated"),
            reason=_("Some rows are equal to another one in every column."),
            rank=78,
            most=1.0,
            blames=look.scanner.names,
            repair=mend("drop_duplicates", []),
        )
    title = look.roles.get("title", "")
    if look.kind == "items" and title and look.rows <= NEAR_ROWS:
        yield suggested(
            "near_duplicates",
            [title],
            name=_("No two items have nearly the same “%(column)s”") % {"column": title},
            reason=_("Some titles are alike but for a few letters, or equal."),
            rank=57,
            most=0.5,
            repair=mend("merge_near_duplicates", [title]),
        )


def _may_be_key(look: Look, facts: ColumnFacts) -> bool:
    """Whole numbers are often read as others: a code 17.0 is one where the column's role says so."""
    return facts.kind in {"text", "integer"} or (facts.kind == "number" and look.role_of.get(facts.name) in KEYS)


def _singles(look: Look) -> list[Suggested]:
    found = []
    for facts in look.usable:
        if not _may_be_key(look, facts) or is_free(facts) or facts.nulls:
            continue
        exact = facts.distinct_exact and facts.distinct == facts.filled
        likely = id_like(facts.name) or look.role_of.get(facts.name) in KEYS
        if exact or (likely and NEARLY * facts.filled <= facts.distinct):
            found.append((likely, exact, facts))
    found.sort(key=lambda one: (not one[0], not one[1]))
    certain = [one for one in found if one[1]]
    chosen = certain[:1] or found[:1]
    return [_single(facts, exact=exact) for _likely, exact, facts in chosen]


def _single(facts: ColumnFacts, *, exact: bool) -> Suggested:
    if exact:
        reason = _("No value occurs twice in %(rows)s rows.") % {"rows": f"{facts.rows:,}"}
    else:
        reason = _("Nearly every row has a value of its own: %(distinct)s of %(rows)s.") % {
            "distinct": f"{facts.distinct:,}",
            "rows": f"{facts.rows:,}",
        }
    return suggested(
        "unique_key",
        [facts.name],
        name=_("“%(column)s” is unique") % {"column": facts.name},
        reason=reason,
        rank=75 if not exact else 48,
        severity="error",
        guard=exact,
        most=1 - NEARLY,
        repair=mend("drop_duplicates", [facts.name]),
    )


def _pairs(look: Look, progress: Progress) -> Iterator[Suggested]:
    """The first pair of columns that no two rows share; looked for on a sample first, then on all rows."""
    candidates = [
        one
        for one in look.usable
        if one.kind in {"text", "integer", "timestamp", "date"}
        and not is_free(one)
        and not one.nulls
        and one.distinct > 1
    ]
    named = {one.name for one in candidates if id_like(one.name) or one.name in look.role_of}
    pairs = [
        (a, b)
        for a, b in combinations(candidates, 2)
        if a.distinct * b.distinct >= look.rows and (a.name in named or b.name in named)
    ]
    pairs.sort(key=lambda pair: (-len({pair[0].name, pair[1].name} & named), -pair[0].distinct * pair[1].distinct))
    runner, table = look.scanner.runner, look.scanner.table
    sample, whole = sample_of(look.scanner, look.rows)
    for a, b in pairs[: MOST_PAIRS_LARGE if look.rows > LARGE else MOST_PAIRS]:
        if _shared(sample, a.name, b.name, runner, progress):
            continue
        if not whole and _shared(table, a.name, b.name, runner, progress):
            continue
        yield suggested(
            "unique_key",
            [a.name, b.name],
            name=_("“%(first)s” and “%(second)s” together are unique") % {"first": a.name, "second": b.name},
            reason=_("No two rows have both in common."),
            rank=47,
            severity="error",
            guard=True,
            repair=mend("drop_duplicates", [a.name, b.name]),
        )
        return


def _shared(table: ir.Table, first: str, second: str, runner: Runner, progress: Progress) -> bool:
    """Whether two rows have both values in common."""
    pairs = table.select(first=table[first], second=table[second])
    groups = pairs.group_by(["first", "second"]).aggregate(rows=pairs.count())
    return int(runner.rows(groups.aggregate(most=groups.rows.max()), progress)[0]["most"] or 0) > 1
