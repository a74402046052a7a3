"""Texts that are written in several ways: case, spaces, codes."""

import re

import ibis
import ibis.expr.types as ir
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.quality.checks.parameters import Parameter
from assessments.quality.repairs.base import Change, Repair, Scope, Step, own, text_column
from assessments.quality.repairs.groups import most_frequent, replaced
from assessments.quality.repairs.registry import register

# White space of ASCII, the no-break space, the spaces of typesetting and of Chinese, and marks of no width (RE2).
SPACES = "[\\s\\x{00A0}\\x{1680}\\x{2000}-\\x{200B}\\x{2028}\\x{2029}\\x{202F}\\x{205F}\\x{3000}\\x{FEFF}]+"


# The same for Python.
PLAIN_SPACES = re.compile(r"[\s\u00a0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff]+")


def plainly(text: str) -> str:
    """What ``bare`` gives, in Python."""
    return PLAIN_SPACES.sub(" ", text).strip()


def bare(text: ir.StringValue) -> ir.StringValue:
    """The text without spaces at its ends, runs of spaces inside written as one."""
    return text.re_replace(SPACES, " ").strip()


@register
class NormaliseCase(Repair):
    name = "normalise_case"
    label = gettext_lazy("Write in one case")
    help = gettext_lazy("All texts are written in lower case, in capitals, or with a first capital.")
    most_columns = 100
    parameters = (
        Parameter(
            "to",
            "choice",
            gettext_lazy("How texts are written: lower, upper, or first (a capital first, the rest lower)."),
            default="lower",
            choices=("lower", "upper", "first"),
            label=gettext_lazy("Letter case"),
            shown=(
                gettext_lazy("lower case"),
                gettext_lazy("upper case"),
                gettext_lazy("a capital first, the rest lower case"),
            ),
        ),
    )

    def meaning(self, step: Step) -> str:
        words = {
            "lower": _("in lower case"),
            "upper": _("in capitals"),
            "first": _("with a first capital and the rest in lower case"),
        }
        names = {"columns": ", ".join(step.columns), "how": words[self.read(step)["to"]]}
        return _("Texts of “%(columns)s” are written %(how)s. Empty cells stay.") % names

    def apply(self, scope: Scope, step: Step) -> Change:
        to = self.read(step)["to"]
        how = {"lower": lambda text: text.lower(), "upper": lambda text: text.upper(), "first": _first_capital}[to]
        return Change(scope.with_columns(**{name: how(text_column(scope, name)) for name in step.columns}), sliced=True)


def _first_capital(text: ir.StringValue) -> ir.StringValue:
    return text.substr(0, 1).upper().concat(text.substr(1).lower())


@register
class NormaliseSpaces(Repair):
    name = "normalise_spaces"
    label = gettext_lazy("Take out stray spaces")
    help = gettext_lazy("Spaces at the ends of a text go, and several in a row become one.")
    most_columns = 100
    parameters = (
        Parameter(
            "inside",
            "choice",
            gettext_lazy("Several spaces inside a text: one writes them as one, keep leaves them."),
            default="one",
            choices=("one", "keep"),
            label=gettext_lazy("Several spaces inside a text"),
            shown=(
                gettext_lazy("become one"),
                gettext_lazy("stay"),
            ),
        ),
        Parameter(
            "blank",
            "choice",
            gettext_lazy("A text of nothing but spaces: text keeps an empty text, missing empties the cell."),
            default="text",
            choices=("text", "missing"),
            label=gettext_lazy("Nothing but spaces"),
            shown=(
                gettext_lazy("becomes an empty text"),
                gettext_lazy("becomes an empty cell"),
            ),
        ),
    )

    def meaning(self, step: Step) -> str:
        values = self.read(step)
        text = _(
            "Spaces, no-break spaces, line breaks and marks of no width at the ends of “%(columns)s” are taken out."
        )
        text = text % {"columns": ", ".join(step.columns)}
        if values["inside"] == "one":
            text += " " + _("Runs of them inside become one space.")
        if values["blank"] == "missing":
            text += " " + _("A text of nothing else becomes an empty cell.")
        return text

    def apply(self, scope: Scope, step: Step) -> Change:
        values = self.read(step)
        return Change(
            scope.with_columns(**{name: self._spaced(text_column(scope, name), values) for name in step.columns}),
            sliced=True,
        )

    def _spaced(self, text: ir.StringColumn, values: dict[str, str]) -> ir.StringValue:
        if values["inside"] == "one":
            spaced = bare(text)
        else:
            spaced = text.re_replace(f"^{SPACES}", "").re_replace(f"{SPACES}$", "")
        return spaced.nullif("") if values["blank"] == "missing" else spaced


@register
class NormaliseCodes(Repair):
    """Writings that differ in case or in spaces alone are one code."""

    name = "normalise_codes"
    label = gettext_lazy("Write each code in one way")
    help = gettext_lazy("Codes that differ only in case or spaces get the writing that is most frequent.")
    most_columns = 100

    def meaning(self, step: Step) -> str:
        return _(
            "Values of “%(columns)s” that differ only in upper and lower case or in spaces are written as the most "
            "frequent of them; of equally frequent ones, as the first in the table. Empty cells stay."
        ) % {"columns": ", ".join(step.columns)}

    def apply(self, scope: Scope, step: Step) -> Change:
        keys = {
            own(f"key{position}"): bare(text_column(scope, name)).lower() for position, name in enumerate(step.columns)
        }
        joined = scope.table.mutate(**keys)
        for position, name in enumerate(step.columns):
            key = scope.table.mutate(**keys)[own(f"key{position}")]
            best = most_frequent(scope.table.mutate(**keys), [key], scope.table[name], scope.table[scope.row])
            best = best.select(**{own("code"): best.k0, own(f"best{position}"): best.best})
            joined = joined.left_join(best, joined[own(f"key{position}")] == best[own("code")]).drop(own("code"))
        columns = {name: ibis.coalesce(joined[own(f"best{p}")], joined[name]) for p, name in enumerate(step.columns)}
        return Change(replaced(scope, joined, columns))
