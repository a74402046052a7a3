"""Is the text of the right length, and written cleanly?"""

from functools import reduce
from operator import or_
from typing import Any

import ibis
import ibis.expr.types as ir
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.common.errors import GovernError
from assessments.quality.checks.base import NULLS, Check, RowPlan, Scope, by_row, nulls_in_words, place
from assessments.quality.checks.parameters import Parameter
from assessments.quality.checks.registry import register
from assessments.quality.specs import RuleSpec

# Every blank of Unicode, and those that stand within a line.
BLANK = "[ \t\n\v\f\r\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
WITHIN = "[ \t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]"
STRAY = f"^{BLANK}|{BLANK}$|{WITHIN}{WITHIN}"
# Controls but for tab and line breaks; zero width spaces, byte order marks, changes of direction.
INVISIBLE = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f" + "\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]"
# The bytes 80 to BF as Latin-1 and as Windows-1252 show them: what follows the first byte of a character of UTF-8.
_FOLLOWS = "[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
BROKEN = f"\ufffd|[ÂÃ]{_FOLLOWS}|â[€\x80]{_FOLLOWS}|ð[Ÿ\x9f]{_FOLLOWS}|ï»¿|(?:[ã-é]{_FOLLOWS}{_FOLLOWS}){{2}}"


def text_of(column: ir.Column, spec: RuleSpec) -> ir.StringValue:
    """The column's texts, whole numbers as they are written; GovernError for other types."""
    kind = column.type()
    if kind.is_string():
        return column
    if kind.is_integer():
        return column.cast("string")
    raise GovernError(
        _("The column “%(name)s” holds %(type)s, not texts.") % {"name": column.get_name(), "type": kind},
        where=place(spec),
        hint=_("Use a column of texts."),
    )


@register
class TextLength(Check):
    """Characters are code points: an emoji of several parts counts several."""

    name = "text_length"
    label = gettext_lazy("Length of a text")
    help = gettext_lazy("The text has at least and at most so many characters.")
    dimension = "validity"
    characteristic = "accuracy"
    parameters = (
        Parameter("min", "whole", gettext_lazy("The fewest characters."), label=gettext_lazy("At least")),
        Parameter("max", "whole", gettext_lazy("The most characters."), label=gettext_lazy("At most")),
        NULLS,
    )
    example = {"columns": ["title"], "parameters": {"min": 3, "max": 200}}

    def verify(self, spec: RuleSpec, values: dict[str, Any]) -> None:
        least, most = values["min"], values["max"]
        if least is None and most is None:
            raise GovernError(
                _("A length needs “min”, “max” or both."),
                where=place(spec),
                hint=_("Add the parameter “min” or “max”."),
            )
        if least is not None and most is not None and least > most:
            raise GovernError(
                _("No text is so long: “min” is %(min)s and “max” is %(max)s.") % {"min": least, "max": most},
                where=place(spec),
                hint=_("The parameter “min” must be below “max”."),
            )

    def meaning(self, spec: RuleSpec) -> str:
        words = _("Characters are counted, spaces too; a whole number is read as its digits.")
        return nulls_in_words(self.read(spec)["nulls"]) + " " + words

    def plan(self, scope: Scope, spec: RuleSpec) -> RowPlan:
        values = self.read(spec)
        column = scope.column(spec.columns[0])
        length = text_of(column, spec).length()
        passes = ibis.literal(True)
        if values["min"] is not None:
            passes = passes & (length >= values["min"])
        if values["max"] is not None:
            passes = passes & (length <= values["max"])
        return by_row(column, passes, values["nulls"])


@register
class TextForm(Check):
    """Faults that nobody sees and that split one value into several."""

    name = "text_form"
    label = gettext_lazy("Cleanly written text")
    help = gettext_lazy("The text has no stray spaces, no invisible or broken characters, and one letter case.")
    dimension = "consistency"
    characteristic = "consistency"
    parameters = (
        Parameter(
            "spaces",
            "flag",
            gettext_lazy("A blank at the beginning or the end fails, and so do two in a row within a line."),
            default=True,
            label=gettext_lazy("No stray spaces"),
        ),
        Parameter(
            "invisible",
            "flag",
            gettext_lazy("Control characters and characters without width fail; tabs and line breaks do not."),
            default=True,
            label=gettext_lazy("No invisible characters"),
        ),
        Parameter(
            "broken",
            "flag",
            gettext_lazy("The replacement character fails, and so does text read in a wrong encoding, such as Ã©."),
            default=True,
            label=gettext_lazy("No broken characters"),
        ),
        Parameter(
            "case",
            "choice",
            gettext_lazy("Which letters the text may have."),
            default="any",
            choices=("any", "lower", "upper"),
            label=gettext_lazy("Letter case"),
            shown=(gettext_lazy("any"), gettext_lazy("lower case only"), gettext_lazy("upper case only")),
        ),
        NULLS,
    )
    example = {"columns": ["brand"], "parameters": {"case": "upper"}}

    def verify(self, spec: RuleSpec, values: dict[str, Any]) -> None:
        if not (values["spaces"] or values["invisible"] or values["broken"]) and values["case"] == "any":
            raise GovernError(
                _("The rule looks for nothing."), where=place(spec), hint=_("Leave at least one of its parts on.")
            )

    def meaning(self, spec: RuleSpec) -> str:
        values = self.read(spec)
        words = [nulls_in_words(values["nulls"]), _("A row fails once, whatever is wrong with its text:")]
        faults = {
            "spaces": _("stray spaces"),
            "invisible": _("invisible characters"),
            "broken": _("broken characters"),
        }
        listed = [words for name, words in faults.items() if values[name]]
        if values["case"] != "any":
            listed.append(_("letters of the other case"))
        return " ".join(words) + " " + ", ".join(listed) + "."

    def plan(self, scope: Scope, spec: RuleSpec) -> RowPlan:
        values = self.read(spec)
        column = scope.column(spec.columns[0])
        if not column.type().is_string():
            text_of(column, spec)  # the refusal of what is no text
        text = column.cast("string")
        faults: dict[str, ir.BooleanValue] = {
            name: scope.dialect.search(text, regex).fill_null(False)
            for name, regex in (("spaces", STRAY), ("invisible", INVISIBLE), ("broken", BROKEN))
            if values[name]
        }
        if values["case"] != "any":
            other = text.upper() if values["case"] == "upper" else text.lower()
            faults["case"] = (text != other).fill_null(False)
        plan = by_row(column, ~reduce(or_, faults.values()), values["nulls"])
        extra = {f"rows_with_{name}": column.count(where=fault) for name, fault in faults.items()}
        return RowPlan(plan.checked, plan.failing, extra=extra)
