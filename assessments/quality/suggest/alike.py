"""Columns of which most cells are written in one way and some in another: times, dates, numbers, codes."""

import re
from collections.abc import Collection

from django.utils.translation import gettext_noop as _

from assessments.quality.profile.facts import ColumnFacts
from assessments.quality.repairs.discovery.ways import Way
from assessments.quality.suggest.look import Look, quoted
from assessments.quality.suggest.suggested import Suggested, mend, per_cent, suggested

# So many shapes of right values stand in the rule; columns with more are not of one way.
MOST_SHAPES = 12
RUNS = re.compile(r"\d+|[^\W\d_]+|.", re.DOTALL)


def alike(look: Look, facts: ColumnFacts) -> Suggested | None:
    """The rule that a column is written in its usual way, where some cells are not and can be."""
    missing, found = look.markers_of[facts.name], look.ways[facts.name]
    if found is None:
        return None
    regex = _of_list(found.way) if found.kind == "list" else shape_of(found.right)
    if not regex:
        return None
    return suggested(
        "pattern",
        [facts.name],
        name=_("“%(column)s” is written in one way") % {"column": facts.name},
        reason=_reason(look, facts, found),
        rank=86,
        parameters={"regex": "|".join([regex, *map(re.escape, sorted(missing))]), "match": "full"},
        most=0.5,
        repair=mend("write_alike", [facts.name], kind=found.kind, way=found.way),
    )


def _reason(look: Look, facts: ColumnFacts, found: Way) -> str:
    share = per_cent(found.rows / found.filled)
    if not look.shows(facts):
        return _("%(share)s %% of the values are written in another way than most.") % {"share": share}
    text = _("Most values are written like %(example)s; %(share)s %% are not, such as %(others)s.")
    others = sorted(found.changes, key=lambda value: (-len(value), value))
    return text % {
        "example": quoted([found.example]),
        "share": share,
        "others": quoted(others[:: -(-len(others) // 3)]),
    }


def shape_of(texts: Collection[str], *, letters: bool = True) -> str:
    """A regular expression for the shapes of texts: digits and letters in the numbers in which they occur.

    Words stand as they are unless ``letters`` may be any. Empty when there are too many shapes to tell right from
    wrong.
    """
    lengths: dict[tuple[str, ...], list[tuple[int, int]]] = {}
    for text in texts:
        runs = RUNS.findall(text)
        form = tuple("9" if run.isdigit() else "a" if letters and run.isalpha() else run for run in runs)
        known = lengths.get(form)
        sizes = [len(run) for run in runs]
        lengths[form] = (
            [(min(low, n), max(high, n)) for (low, high), n in zip(known, sizes, strict=True)]
            if known
            else [(n, n) for n in sizes]
        )
    if len(lengths) > MOST_SHAPES:
        return ""
    return "|".join(_regex(form, sizes) for form, sizes in lengths.items())


def _regex(form: tuple[str, ...], sizes: list[tuple[int, int]]) -> str:
    signs = {"9": r"\d", "a": r"\p{L}"}
    return "".join(
        signs[part] + _times(*sizes[place]) if part in signs else re.escape(part) for place, part in enumerate(form)
    )


def _of_list(way: str) -> str:
    """Values with this between them, each beginning with a sign that is no space."""
    sign = re.escape(way.strip())
    return rf"[^{sign}\s][^{sign}]*(?:{re.escape(way)}[^{sign}\s][^{sign}]*)*"


def _times(low: int, high: int) -> str:
    if low == high:
        return "" if low == 1 else f"{{{low}}}"
    return f"{{{low},{high}}}"
