"""The functions that an expression may call, and what each takes and gives. Nothing else can be called."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.common.nearest import nearest
from assessments.quality.expressions.families import NUMBERS, TIMES, Family
from assessments.quality.expressions.problems import problem

TEXTS = frozenset({Family.TEXT})
TRUTHS = frozenset({Family.TRUTH})
ANY = frozenset(set(Family) - {Family.OTHER})
KNOWN = ANY - {Family.NOTHING}


@dataclass(frozen=True)
class Function:
    """``takes`` are the families of its arguments, the first ``least`` of them required; ``gives`` is the family of
    its value, None when it is that which all arguments have in common. ``open_ended``: the last may be repeated.
    ``constant`` are the positions (from 0) of arguments that must be written values."""

    name: str
    usage: str
    help: Promise
    takes: tuple[frozenset[Family], ...]
    gives: Family | None
    least: int
    open_ended: bool = False
    constant: tuple[int, ...] = ()

    def require_count(self, count: int, position: int) -> None:
        most = 20 if self.open_ended else len(self.takes)
        if self.least <= count <= most:
            return
        message = ngettext("“%(name)s” is given %(count)d value.", "“%(name)s” is given %(count)d values.", count) % {
            "name": self.name,
            "count": count,
        }
        raise problem(message, position, _("It is written %(usage)s.") % {"usage": self.usage})

    def argument(self, at: int) -> frozenset[Family]:
        return self.takes[min(at, len(self.takes) - 1)]


def _functions() -> Sequence[Function]:
    two = (TEXTS, TEXTS)
    return (
        Function(
            "contains", "contains(text, part)", gettext_lazy("The text has the part in it."), two, Family.TRUTH, 2
        ),
        Function("starts_with", "starts_with(text, part)", gettext_lazy("The text begins so."), two, Family.TRUTH, 2),
        Function("ends_with", "ends_with(text, part)", gettext_lazy("The text ends so."), two, Family.TRUTH, 2),
        Function(
            "matches",
            "matches(text, 'regular expression')",
            gettext_lazy("The regular expression (RE2) is found somewhere in the text; ^ and $ stand for its ends."),
            two,
            Family.TRUTH,
            2,
            constant=(1,),
        ),
        Function("length", "length(text)", gettext_lazy("How many characters it has."), (TEXTS,), Family.WHOLE, 1),
        Function("lower", "lower(text)", gettext_lazy("In lower case."), (TEXTS,), Family.TEXT, 1),
        Function("upper", "upper(text)", gettext_lazy("In upper case."), (TEXTS,), Family.TEXT, 1),
        Function(
            "trim",
            "trim(text)",
            gettext_lazy("Without spaces, tabs and line breaks at its ends."),
            (TEXTS,),
            Family.TEXT,
            1,
        ),
        Function("abs", "abs(number)", gettext_lazy("Without its sign."), (NUMBERS,), None, 1),
        Function(
            "round",
            "round(number, digits)",
            gettext_lazy("Rounded to that many decimals, to none when they are left out; a half is rounded up."),
            (NUMBERS, frozenset({Family.WHOLE})),
            Family.NUMBER,
            1,
            constant=(1,),
        ),
        Function("floor", "floor(number)", gettext_lazy("Rounded down."), (NUMBERS,), Family.NUMBER, 1),
        Function("ceil", "ceil(number)", gettext_lazy("Rounded up."), (NUMBERS,), Family.NUMBER, 1),
        Function("year", "year(time)", gettext_lazy("The year of a time, in UTC."), (TIMES,), Family.WHOLE, 1),
        Function("month", "month(time)", gettext_lazy("The month, 1 to 12."), (TIMES,), Family.WHOLE, 1),
        Function("day", "day(time)", gettext_lazy("The day of the month, 1 to 31."), (TIMES,), Family.WHOLE, 1),
        Function(
            "days_between",
            "days_between(from, to)",
            gettext_lazy("The days from one date to another, negative when the second is earlier; hours do not count."),
            (TIMES, TIMES),
            Family.WHOLE,
            2,
        ),
        Function("date", "date('2024-01-31')", gettext_lazy("A day."), (TEXTS,), Family.DATE, 1, constant=(0,)),
        Function(
            "time",
            "time('2024-01-31 12:30:00')",
            gettext_lazy("A moment, in UTC."),
            (TEXTS,),
            Family.TIME,
            1,
            constant=(0,),
        ),
        Function("now", "now()", gettext_lazy("The moment as of which the rules are run, in UTC."), (), Family.TIME, 0),
        Function(
            "coalesce",
            "coalesce(value, otherwise)",
            gettext_lazy("The first value that is not null."),
            (ANY, ANY),
            None,
            2,
            open_ended=True,
        ),
        Function(
            "if",
            "if(condition, value, otherwise)",
            gettext_lazy("The first value where the condition holds, the second where it does not or is null."),
            (TRUTHS, ANY, ANY),
            None,
            3,
        ),
    )


FUNCTIONS = {function.name: function for function in _functions()}


def nearest_function(name: str) -> str:
    if name in ("like", "ilike", "regexp", "regexp_matches", "match"):
        return nearest("matches", sorted(FUNCTIONS))
    return nearest(name, sorted(FUNCTIONS))
