"""Dates that are written in several ways."""

import ibis
import ibis.expr.types as ir
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.quality.checks.formats_dates import MONTHS
from assessments.quality.checks.parameters import Parameter
from assessments.quality.repairs.base import Change, Repair, Scope, Step, text_column
from assessments.quality.repairs.registry import register
from assessments.quality.repairs.texts import bare

TIME = r"(?:[t ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?z?)?$"
YEAR_FIRST = r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})" + TIME
TOGETHER = r"^((?:19|20)\d{2})(\d{2})(\d{2})" + TIME
YEAR_LAST = r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})" + TIME
CHINESE = r"^(\d{4})年(\d{1,2})月(\d{1,2})日" + TIME
NAMED_DAY_FIRST = r"^(\d{1,2})(?:st|nd|rd|th)?[ .-]+([a-z]{3})[a-z]*[ .,-]+(\d{4})" + TIME
NAMED_MONTH_FIRST = r"^([a-z]{3})[a-z]*[ .-]+(\d{1,2})(?:st|nd|rd|th)?[ ,.-]+(\d{4})" + TIME


@register
class NormaliseDates(Repair):
    name = "normalise_dates"
    label = gettext_lazy("Write dates in one way")
    help = gettext_lazy("Dates written in several formats are written as 2024-01-31, with the time where there is one.")
    most_columns = 20
    parameters = (
        Parameter(
            "order",
            "choice",
            gettext_lazy(
                "What 03/04/2024 means: day_first, month_first, or leave, which changes only what has one reading."
            ),
            default="leave",
            choices=("leave", "day_first", "month_first"),
            label=gettext_lazy("What 03/04/2024 means"),
            shown=(
                gettext_lazy("is left as it is"),
                gettext_lazy("3 April"),
                gettext_lazy("4 March"),
            ),
        ),
    )

    def meaning(self, step: Step) -> str:
        words = {
            "leave": _(
                "A date such as 03/04/2024, which could be in March or in April, stays as it is and is counted."
            ),
            "day_first": _("In a date such as 03/04/2024 the day is first."),
            "month_first": _("In a date such as 03/04/2024 the month is first."),
        }
        text = _(
            "Dates of “%(columns)s” are written as 2024-01-31, and as 2024-01-31 08:30:00 where they have a time. What "
            "cannot be read as a date stays."
        )
        return text % {"columns": ", ".join(step.columns)} + " " + words[self.read(step)["order"]]

    def apply(self, scope: Scope, step: Step) -> Change:
        order = self.read(step)["order"]
        columns, counts = {}, {}
        for position, name in enumerate(step.columns):
            text = text_column(scope, name)
            written, ambiguous = _written(text, order)
            columns[name] = ibis.coalesce(written, text)
            counts[f"a{position}"] = text.count(where=ambiguous)
            counts[f"u{position}"] = text.count(where=text.notnull() & written.isnull() & ~ambiguous)
        found = scope.reader.rows(scope.table.aggregate(**counts))[0]
        return Change(scope.with_columns(**columns), sliced=True, notes=_notes(step, found))


def _notes(step: Step, found: dict[str, int]) -> tuple[str, ...]:
    notes = []
    for position, name in enumerate(step.columns):
        ambiguous, unreadable = found[f"a{position}"], found[f"u{position}"]
        if ambiguous:
            text = ngettext(
                "%(count)d date of “%(name)s” can be read in two ways and stays; say the order to change it.",
                "%(count)d dates of “%(name)s” can be read in two ways and stay; say the order to change them.",
                ambiguous,
            )
            notes.append(text % {"count": ambiguous, "name": name})
        if unreadable:
            text = ngettext(
                "%(count)d cell of “%(name)s” is no date that can be read and stays.",
                "%(count)d cells of “%(name)s” are no dates that can be read and stay.",
                unreadable,
            )
            notes.append(text % {"count": unreadable, "name": name})
    return tuple(notes)


def _written(text: ir.StringColumn, order: str) -> tuple[ir.StringValue, ir.BooleanValue]:
    """The date as 2024-01-31 (null when it cannot be read, or in two ways), and whether it can be in two ways."""
    plain = bare(text).lower()
    one, other = _date(plain, YEAR_LAST, y=3, m=2, d=1), _date(plain, YEAR_LAST, y=3, m=1, d=2)
    ambiguous = (one.notnull() & other.notnull() & (one != other)).fill_null(False)
    if order == "leave":
        last = ibis.ifelse(ambiguous, ibis.null("string"), ibis.coalesce(one, other))
        unclear = ambiguous
    else:
        last = ibis.coalesce(one, other) if order == "day_first" else ibis.coalesce(other, one)
        unclear = ibis.literal(False) & ambiguous
    written = ibis.coalesce(
        _date(plain, YEAR_FIRST, y=1, m=2, d=3),
        _date(plain, TOGETHER, y=1, m=2, d=3),
        _date(plain, CHINESE, y=1, m=2, d=3),
        last,
        _date(plain, NAMED_DAY_FIRST, named=True, y=3, m=2, d=1),
        _date(plain, NAMED_MONTH_FIRST, named=True, y=3, m=1, d=2),
    )
    return written, unclear


def _date(text: ir.StringValue, pattern: str, *, y: int, m: int, d: int, named: bool = False) -> ir.StringValue:
    """The text written anew when it has the pattern and is a day that exists; else null."""
    # Without a match the groups are empty texts, which no cast reads.
    month = text.re_extract(pattern, m)
    if named:
        month = ibis.cases(*((month == name, f"{number:02d}") for number, name in enumerate(MONTHS, start=1)), else_="")
    pieces = [text.re_extract(pattern, y), month.lpad(2, "0"), text.re_extract(pattern, d).lpad(2, "0")]
    day = pieces[0].concat("-", pieces[1], "-", pieces[2])
    hour, minute, second = (text.re_extract(pattern, group) for group in (4, 5, 6))
    clock = hour.lpad(2, "0").concat(":", minute, ":", ibis.ifelse(second == "", "00", second))
    whole = ibis.ifelse(hour == "", day, day.concat(" ", clock))
    real = day.try_cast("date").notnull() & ((hour == "") | clock.try_cast("time").notnull())
    return ibis.ifelse(text.re_search(pattern) & real, whole, ibis.null("string"))
