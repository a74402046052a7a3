"""Is the text what its column is meant to hold: a date, an e-mail address, a country?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import ibis
import ibis.expr.types as ir
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.common.errors import GovernError
from assessments.quality.checks import formats_codes as codes
from assessments.quality.checks import formats_shapes as shapes
from assessments.quality.checks.base import NULLS, Check, RowPlan, Scope, by_row, nulls_in_words, place
from assessments.quality.checks.formats_dates import date_format, is_on_calendar
from assessments.quality.checks.parameters import Parameter
from assessments.quality.checks.registry import register
from assessments.quality.numbers import floor, is_finite
from assessments.quality.specs import RuleSpec

Shape = Callable[[ir.StringValue, str], ir.BooleanValue]
Passes = Callable[[ir.StringValue, Shape, Mapping[str, Any]], ir.BooleanValue]


@dataclass(frozen=True)
class Format:
    """``passes`` decides of a text. ``digits`` are the lengths of a code of digits: whole numbers are read as such
    codes, with the zeros before them that a number loses."""

    label: Promise
    meaning: Promise
    passes: Passes
    digits: tuple[int, ...] = ()


def _shaped(regex: str) -> Passes:
    return lambda text, shape, _values: shape(text, regex)


def _listed(known: Callable[[], frozenset[str]], upper: bool = True) -> Passes:
    def passes(text: ir.StringValue, _shape: Shape, values: Mapping[str, Any]) -> ir.BooleanValue:
        if not upper:
            return text.lower().isin(sorted(known()))
        return (text.upper() if values["case"] == "ignore" else text).isin(sorted(known()))

    return passes


def _language(text: ir.StringValue, _shape: Shape, values: Mapping[str, Any]) -> ir.BooleanValue:
    return (text.lower() if values["case"] == "ignore" else text).isin(sorted(codes.languages()))


def _language_tag(text: ir.StringValue, shape: Shape, _values: Mapping[str, Any]) -> ir.BooleanValue:
    first = text.lower().re_extract("^([a-z]{2,3})(?:[-_]|$)", 1)
    return shape(text, shapes.LANGUAGE_TAG) & first.isin(sorted(codes.language_subtags()))


def _email(text: ir.StringValue, shape: Shape, _values: Mapping[str, Any]) -> ir.BooleanValue:
    return shape(text, shapes.EMAIL) & (text.length() <= 254) & shape(text, "[^@]{1,64}@[^@]+")


def _phone(text: ir.StringValue, shape: Shape, _values: Mapping[str, Any]) -> ir.BooleanValue:
    return shape(text, shapes.PHONE) & text.re_replace("[^0-9]", "").length().between(7, 15)


def _postal(text: ir.StringValue, shape: Shape, _values: Mapping[str, Any]) -> ir.BooleanValue:
    return shape(text, shapes.POSTAL_CODE) & shape(text, ".*[0-9].*")


def _date(text: ir.StringValue, shape: Shape, values: Mapping[str, Any]) -> ir.BooleanValue:
    form = date_format(values["pattern"])
    return shape(text, form.regex) & is_on_calendar(text, form)


def _code(lengths: tuple[int, ...], text: ir.StringValue, shape: Shape, _values: Mapping[str, Any]) -> ir.BooleanValue:
    """Check digit of GS1: the digits, weighted 1 and 3 by turns from the right, sum to a multiple of ten."""
    well_formed = shape(text, "|".join(f"[0-9]{{{length}}}" for length in lengths))
    number = ibis.cases((well_formed, text), else_=None).cast("int64")
    total = sum((number // 10**place % 10) * (3 if place % 2 else 1) for place in range(max(lengths)))
    return well_formed & (total % 10 == 0) & (number > 0)


def _digits(label: Promise, *lengths: int) -> Format:
    meaning = gettext_lazy("A code passes when it has the right number of digits, not all zero, and its check digit.")
    return Format(label, meaning, partial(_code, lengths), lengths)


FORMATS: Mapping[str, Format] = {
    "date": Format(
        gettext_lazy("Date, or date and time"),
        gettext_lazy("A text passes when it is a day that exists, in the format asked for; ISO 8601 unless said."),
        _date,
    ),
    "number": Format(
        gettext_lazy("Number"),
        gettext_lazy("A text passes when it is a number with a point, without spaces; NaN and infinities fail."),
        _shaped(shapes.NUMBER),
    ),
    "integer": Format(
        gettext_lazy("Whole number"),
        gettext_lazy("A text passes when it has digits only, after a sign or none; 3.0 passes in a column of numbers."),
        _shaped(shapes.INTEGER),
    ),
    "boolean": Format(
        gettext_lazy("True or false"),
        gettext_lazy("A text passes when it is true, false, yes, no, t, f, y, n, 1 or 0, in any case."),
        _shaped(shapes.BOOLEAN),
    ),
    "email": Format(
        gettext_lazy("E-mail address"),
        gettext_lazy("A text passes when it is shaped as an address with a domain; letters outside ASCII fail."),
        _email,
    ),
    "url": Format(
        gettext_lazy("Web address"),
        gettext_lazy("A text passes when it is a full address of http, https or ftp without spaces."),
        _shaped(shapes.URL),
    ),
    "country_alpha2": Format(
        gettext_lazy("Country, two letters"),
        gettext_lazy("A text passes when it is one of the 249 codes of ISO 3166-1 alpha-2; XK and EU fail."),
        _listed(codes.countries_alpha2),
    ),
    "country_alpha3": Format(
        gettext_lazy("Country, three letters"),
        gettext_lazy("A text passes when it is one of the 249 codes of ISO 3166-1 alpha-3."),
        _listed(codes.countries_alpha3),
    ),
    "country_name": Format(
        gettext_lazy("Country by name"),
        gettext_lazy("A text passes when it is the usual name of a country in English or Chinese, in any case."),
        _listed(codes.country_names, upper=False),
    ),
    "currency": Format(
        gettext_lazy("Currency"),
        gettext_lazy("A text passes when it is a code of ISO 4217 that is legal tender today; withdrawn ones fail."),
        _listed(codes.currencies),
    ),
    "language": Format(
        gettext_lazy("Language, two letters"),
        gettext_lazy("A text passes when it is one of the 183 codes of ISO 639-1, in lower case."),
        _language,
    ),
    "language_tag": Format(
        gettext_lazy("Language tag"),
        gettext_lazy(
            "A text passes when it is shaped as a tag of BCP 47, such as zh-Hans, and begins with a language."
        ),
        _language_tag,
    ),
    "ean8": _digits(gettext_lazy("EAN-8"), 8),
    "upc_a": _digits(gettext_lazy("UPC-A"), 12),
    "ean13": _digits(gettext_lazy("EAN-13"), 13),
    "gtin14": _digits(gettext_lazy("GTIN-14"), 14),
    "gtin": _digits(gettext_lazy("EAN, UPC or GTIN of any length"), 8, 12, 13, 14),
    "uuid": Format(
        gettext_lazy("UUID"),
        gettext_lazy("A text passes when it is 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12."),
        _shaped(shapes.UUID),
    ),
    "phone": Format(
        gettext_lazy("Telephone number"),
        gettext_lazy(
            "A text passes when it has 7 to 15 digits and looks like a number; whether it rings is not known."
        ),
        _phone,
    ),
    "ip": Format(
        gettext_lazy("IP address"),
        gettext_lazy("A text passes when it is an address of IPv4 or IPv6."),
        _shaped(f"{shapes.IPV4}|{shapes.IPV6}"),
    ),
    "postal_code": Format(
        gettext_lazy("Postal code, of any country"),
        gettext_lazy("A text passes when it is 3 to 10 letters, digits, spaces or hyphens with at least one digit."),
        _postal,
    ),
}


@register
class FormatCheck(Check):
    """Texts are judged by their shape, codes by lists and check digits; typed columns by their type."""

    name = "format"
    label = gettext_lazy("Text of a known format")
    help = gettext_lazy("The value is a date, a number, an e-mail address, a country, an EAN or another known thing.")
    dimension = "validity"
    characteristic = "accuracy"
    parameters = (
        Parameter(
            "format",
            "choice",
            gettext_lazy("What the value must be."),
            required=True,
            choices=tuple(FORMATS),
            label=gettext_lazy("Format"),
            shown=tuple(form.label for form in FORMATS.values()),
        ),
        Parameter(
            "pattern",
            "text",
            gettext_lazy("For dates: how they are written, such as %d.%m.%Y or %m/%d/%Y %H:%M. ISO 8601 if left out."),
            label=gettext_lazy("Date format"),
        ),
        Parameter(
            "case",
            "choice",
            gettext_lazy("For codes of countries, currencies and languages: whether upper and lower case differ."),
            default="exact",
            choices=("exact", "ignore"),
            label=gettext_lazy("Upper and lower case"),
            shown=(gettext_lazy("differ"), gettext_lazy("are the same")),
        ),
        NULLS,
    )
    example = {"columns": ["country"], "parameters": {"format": "country_alpha2"}}

    def verify(self, spec: RuleSpec, values: dict[str, Any]) -> None:
        if values["pattern"] is None:
            return
        if values["format"] != "date":
            raise GovernError(
                _("The parameter “pattern” is for dates."), where=place(spec), hint=_("Leave it out for other formats.")
            )
        try:
            date_format(values["pattern"])
        except GovernError as error:
            message = _("The parameter “pattern” is no format of dates: %(reason)s") % {"reason": error.message}
            raise GovernError(message, where=place(spec), hint=error.hint) from error

    def meaning(self, spec: RuleSpec) -> str:
        values = self.read(spec)
        form = FORMATS[values["format"]]
        words = [nulls_in_words(values["nulls"]), str(form.meaning)]
        if values["format"] in ("country_alpha2", "country_alpha3", "country_name", "currency", "language"):
            words.append(_("The list is that of CLDR %(version)s.") % {"version": codes.cldr_version()})
        return " ".join(words)

    def plan(self, scope: Scope, spec: RuleSpec) -> RowPlan:
        values = self.read(spec)
        form = FORMATS[values["format"]]
        column = scope.column(spec.columns[0])
        typed = _by_type(column, values["format"])
        if typed is not None:
            return by_row(column, typed, values["nulls"])
        return by_row(
            column, form.passes(_as_text(column, form, spec), scope.dialect.full_match, values), values["nulls"]
        )


def _by_type(column: ir.Column, name: str) -> ir.BooleanValue | None:
    """The verdict that the column's type gives; None where its texts must be read."""
    kind = column.type()
    if name == "date" and (kind.is_timestamp() or kind.is_date()):
        return column.notnull()
    if name == "boolean" and kind.is_boolean():
        return column.notnull()
    if name in ("number", "integer") and kind.is_numeric() and not kind.is_boolean():
        if not kind.is_floating():
            whole = kind.is_integer() or name == "number"
            return column.notnull() if whole else column == column.round(0)
        finite = is_finite(column)
        return finite if name == "number" else finite & (floor(column) == column)
    return None


def _as_text(column: ir.Column, form: Format, spec: RuleSpec) -> ir.StringValue:
    kind = column.type()
    if kind.is_string():
        return column
    if kind.is_integer():
        text = column.cast("string")
        return text.lpad(max(form.digits), "0") if form.digits else text
    raise GovernError(
        _("The column “%(name)s” holds %(type)s, not texts.") % {"name": column.get_name(), "type": kind},
        where=place(spec),
        hint=_("Use a column of texts, or another check."),
    )
