"""Names of months and weekdays that are written out in some cells and cut short in others."""

from collections import Counter
from collections.abc import Callable, Sequence

from django.utils.translation import gettext_noop as _

from assessments.quality.checks.formats_dates import LONG_DAYS, LONG_MONTHS
from assessments.quality.profile.facts import ColumnFacts
from assessments.quality.suggest.look import quoted
from assessments.quality.suggest.suggested import Suggested, per_cent, suggested

OTHER_SHORT = {"sept", "tues", "weds", "thur", "thurs"}
KINDS: tuple[Callable[[str], str], ...] = (str.title, str.upper, str.lower)
ALL, ODD = 0.95, 0.3  # a value or two may be another defect; where more are odd, nothing is usual


def named_days(facts: ColumnFacts, values: list[tuple[str, int]]) -> Suggested | None:
    """The rule that months (or weekdays) are written as most of them are; May is the same in both."""
    for names in (LONG_MONTHS, LONG_DAYS):
        found = _one_way(facts, values, names)
        if found is not None:
            return found
    return None


def _one_way(facts: ColumnFacts, values: list[tuple[str, int]], names: Sequence[str]) -> Suggested | None:
    short = tuple(name[:3] for name in names)
    known = {*names, *short, *OTHER_SHORT}
    counts = Counter({value: count for value, count in values if value.casefold() in known})
    total = sum(count for _value, count in values)
    if counts.total() < ALL * total:
        return None
    usual = max((names, short), key=lambda way: sum(n for value, n in counts.items() if value.casefold() in way))
    case = max(KINDS, key=lambda kind: sum(n for value, n in counts.items() if kind(value) == value))
    right = [case(name) for name in usual]
    odd = [value for value in counts if value.casefold() not in usual]
    share = sum(counts[value] for value in odd) / total
    if not 0 < share <= ODD:
        return None
    kept = [value for value, _n in counts.most_common() if value in right and value.casefold() != "may"]
    return suggested(
        "pattern",
        [facts.name],
        name=_("“%(column)s” is written in one way") % {"column": facts.name},
        reason=_("Most values are written like %(example)s; %(share)s %% are not, such as %(others)s.")
        % {"example": quoted(kept[:1]), "share": per_cent(share), "others": quoted(odd, 3)},
        rank=80,
        parameters={"regex": "|".join(right), "match": "full"},
    )
