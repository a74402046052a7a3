"""Empty cells, and values that only stand for a missing one."""

import re
from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext_noop as _

from assessments.quality.profile.facts import ColumnFacts
from assessments.quality.repairs.discovery.markers import ALL, markers
from assessments.quality.suggest.look import Look, quoted
from assessments.quality.suggest.suggested import Suggested, mend, per_cent, suggested

# Up to this share of empty cells a column counts as nearly full: the empty ones are probably slips. Above the first
# limit the rule keeps the share from getting worse instead of asking for every cell.
SLIPS, NEARLY_FULL = 0.01, 0.08
NEEDED = frozenset({"user", "item", "time", "query", "grade", "text"})
ROUND = (-1, -9, -99, -999, -9999, 99, 999, 9999, 99999, 999999)
FIRST_DAYS = ("1900-01-01", "1970-01-01", "0001-01-01", "9999-12-31", "1899-12-30")
MOST_COLUMNS = 100
LEAST_MOVED = 5


def gaps(look: Look) -> Iterator[Suggested]:
    yield from _full(look)
    for facts in look.usable:
        share = facts.nulls / facts.rows
        if 0 < share <= NEARLY_FULL or (share and look.role_of.get(facts.name) in NEEDED):
            yield _nearly_full(look, facts, share)
        found = hidden_in(facts)
        if found:
            yield _hidden(facts, found)


def _full(look: Look) -> Iterator[Suggested]:
    """One rule for all columns that are full."""
    full = [one.name for one in look.usable if one.nulls == 0]
    if full and look.rows >= 20:
        yield suggested(
            "completeness",
            full[:MOST_COLUMNS],
            name=_("Columns without empty cells stay so"),
            reason=(
                _("All %(rows)s rows have a value in this column.")
                if len(full) == 1
                else _("All %(rows)s rows have a value in these %(count)s columns.")
            )
            % {"rows": f"{look.rows:,}", "count": len(full[:MOST_COLUMNS])},
            rank=30,
            guard=True,
        )


def _nearly_full(look: Look, facts: ColumnFacts, share: float) -> Suggested:
    role = look.role_of.get(facts.name, "")
    needed = role in NEEDED
    strict = needed or share <= SLIPS
    threshold = 1.0 if strict else max(0.0, round(1 - 1.5 * share, 2))
    if needed:
        reason = _("The column is the %(role)s, which every row needs; %(share)s %% of the cells are empty.")
    elif strict:
        reason = _("Only %(share)s %% of the cells are empty: probably slips.")
    else:
        reason = _("%(share)s %% of the cells are empty; the rule keeps it from growing by half.")
    told_share = per_cent(share)
    return suggested(
        "completeness",
        [facts.name],
        name=_("“%(column)s” is filled") % {"column": facts.name},
        reason=reason % {"role": role, "share": told_share},
        rank=80 if needed else 60 if strict else 50,
        severity="error" if needed else "warning",
        threshold=threshold,
        most=1.0,
        repair=_moved(look, facts),
    )


def _moved(look: Look, facts: ColumnFacts) -> dict[str, object]:
    """Whether another column ends in what is missing here: “Portland OR” beside an empty state."""
    if facts.kind != "text" or not facts.values.complete or facts.distinct > 1_000:
        return {}
    known = {str(value) for value, count in facts.values.counts if count > 1}
    for other in look.texts:
        if other.name == facts.name or not other.values.complete or other.distinct > 20_000:
            continue
        ends: Counter[bool] = Counter()
        for value, count in other.values.counts:
            words = re.split(r"[\s,;/|]+", str(value).strip())
            ends[len(words) > 1 and words[-1] in known] += count
        # As many as are missing here, give or take a half.
        if ends[True] >= LEAST_MOVED and 0.5 * facts.nulls <= ends[True] <= 1.5 * facts.nulls:
            return mend("move_last_word", [other.name, facts.name])
    return {}


def hidden_in(facts: ColumnFacts) -> dict[str | int | float, int]:
    """{value: rows} of the values that only stand for a missing one."""
    counts = facts.values.counts
    if facts.kind == "text":
        texts = {str(value): count for value, count in counts}
        found: dict[str | int | float, int] = {}
        for text in markers(texts, empty=facts.nulls):
            found[text.strip()] = found.get(text.strip(), 0) + texts[text]
        return found
    if facts.is_time:
        days = {value: count for value, count in counts if str(value)[:10] in FIRST_DAYS and count > 1}
        return {str(value)[:10]: count for value, count in days.items()}
    if facts.kind in {"integer", "number"} and facts.low is not None and facts.high is not None:
        return {v: n for v, n in counts if v in ROUND and _stands_apart(facts, float(v), n)}
    return {}


def _stands_apart(facts: ColumnFacts, value: float, count: int) -> bool:
    """A round number in many rows, at the end of the values and far from all others."""
    low, high = float(facts.low or 0), float(facts.high or 0)
    if count < max(5, 0.001 * facts.filled) or value not in {low, high}:
        return False
    others = [float(other) for other, _n in facts.values.counts if float(other) != value]
    if not others or not facts.values.complete:
        return False
    near = min(others) if value == low else max(others)
    width = max(others) - min(others)
    if value == -1:
        return near >= 0 and width >= 2
    return abs(value - near) > max(width, 1.0)


def _hidden(facts: ColumnFacts, found: dict[str | int | float, int]) -> Suggested:
    values = sorted(found, key=lambda value: -found[value])
    share = sum(found.values()) / max(facts.values.filled, 1)
    return suggested(
        "disguised_missing",
        [facts.name],
        name=_("“%(column)s” has no value that stands for a missing one") % {"column": facts.name},
        reason=_("%(values)s probably says that the value is missing, in %(share)s %% of the filled cells.")
        % {"values": quoted(values), "share": per_cent(share)},
        rank=85,
        parameters={"values": values},
        most=ALL,
        repair=mend("missing_to_null", [facts.name], values=values),
    )
