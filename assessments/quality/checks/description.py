"""What a check is, said to people: the page of checks, the forms and the documentation are written from this."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.common.errors import GovernError
from assessments.quality.checks.base import Check
from assessments.quality.checks.parameters import Parameter
from assessments.quality.checks.registry import CHARACTERISTICS, all_checks, verify
from assessments.quality.expressions.functions import FUNCTIONS
from assessments.quality.specs import RuleSpec

# What a parameter of each kind may look like, for checks that give no example of their own.
SAMPLES: Mapping[str, Any] = {
    "number": 1,
    "whole": 1,
    "text": "items",
    "column": "item_id",
    "expression": "price > 0",
    "flag": True,
    "duration": "7d",
    "values": ["a", "b"],
    "names": ["column"],
}


@dataclass(frozen=True)
class ParameterDescription:
    name: str
    title: str
    takes: str
    usual: str
    help: str


@dataclass(frozen=True)
class CheckDescription:
    """``meanings`` are (what is said about empty cells, which rows are then counted); the first is "" where none is."""

    name: str
    label: str
    help: str
    dimension: str
    characteristic: str
    columns: str
    exactness: str
    needs: str
    parameters: tuple[ParameterDescription, ...]
    meanings: tuple[tuple[str, str], ...]
    example: str


def describe(check: Check) -> CheckDescription:
    spec = example_of(check)
    return CheckDescription(
        name=check.name,
        label=str(check.label),
        help=str(check.help),
        dimension=check.dimension,
        characteristic=str(CHARACTERISTICS[check.characteristic]),
        columns=columns_in_words(check),
        exactness=_("approximate") if check.approximate else _("exact"),
        needs=_("the snapshot before") if check.needs_earlier else "",
        parameters=tuple(_parameter(parameter) for parameter in check.parameters),
        meanings=_meanings(check, spec),
        example=yaml.safe_dump(_written(spec), sort_keys=False, allow_unicode=True, default_flow_style=None, width=100),
    )


def checks_by_dimension() -> dict[str, list[CheckDescription]]:
    found: dict[str, list[CheckDescription]] = {}
    for check in sorted(all_checks(), key=lambda check: str(check.label)):
        found.setdefault(check.dimension, []).append(describe(check))
    return found


def functions_described() -> list[tuple[str, str]]:
    """(how it is written, what it gives) of every function of the language of expressions."""
    return [(function.usage, str(function.help)) for _name, function in sorted(FUNCTIONS.items())]


def language_described() -> list[tuple[str, tuple[str, ...]]]:
    """(what may be written, how) for each part of the language of expressions."""
    return [
        (_("A condition on the columns of one row:"), ("price > 0 and currency in ('EUR', 'USD')",)),
        (_("Columns by their names, in backquotes when a name has spaces or signs:"), ("price", "`unit price`")),
        (_("Texts in single quotes; a quote in a text is written twice:"), ("'EUR'", "'it''s'")),
        (
            _("Other constants:"),
            ("12", "0.5", "true", "false", "null", "date('2024-01-31')", "time('2024-01-31 12:30:00')"),
        ),
        (_("Arithmetic:"), ("+", "-", "*", "/", "%")),
        (_("Comparison:"), ("=", "!=", "<", "<=", ">", ">=", "between 1 and 5", "in (1, 2)", "is null", "is not null")),
        (_("Joined by:"), ("and", "or", "not", "( )")),
    ]


def example_of(check: Check) -> RuleSpec:
    """A rule of this check that its own verification accepts."""
    given = check.example
    if not given:
        columns = [f"column {number}" for number in range(1, check.least_columns + 1)] if check.most_columns else []
        parameters = {p.name: p.choices[0] if p.choices else SAMPLES[p.kind] for p in check.parameters if p.required}
        given = {"columns": columns, "parameters": parameters}
    name = str(check.label)
    return RuleSpec(name, check.name, tuple(given.get("columns", ())), dict(given.get("parameters", {})))


def columns_in_words(check: Check) -> str:
    if check.most_columns == 0:
        return _("none, it looks at whole rows")
    if check.column_labels:
        return ", ".join(str(label) for label in check.column_labels)
    if check.least_columns == check.most_columns:
        return ngettext("%(count)d column", "%(count)d columns", check.most_columns) % {"count": check.most_columns}
    return _("%(least)d to %(most)d columns") % {"least": check.least_columns, "most": check.most_columns}


def _parameter(parameter: Parameter) -> ParameterDescription:
    if parameter.choices:
        takes = ", ".join(
            choice if parameter.words_of(choice) == choice else f"{choice} ({parameter.words_of(choice)})"
            for choice in parameter.choices
        )
    else:
        takes = parameter.expects
    if parameter.required:
        usual = _("required")
    elif parameter.default is None:
        usual = _("may be left out")
    else:
        usual = _("usually %(value)s") % {"value": str(parameter.default).lower()}
    return ParameterDescription(parameter.name, parameter.title, takes, usual, str(parameter.help))


def _meanings(check: Check, spec: RuleSpec) -> tuple[tuple[str, str], ...]:
    about_nulls = next((one for one in check.parameters if one.name == "nulls" and one.choices), None)
    if about_nulls is None:
        return (("", _meaning(spec, {})),)
    return tuple((f"nulls: {choice}", _meaning(spec, {"nulls": choice})) for choice in about_nulls.choices)


def _meaning(spec: RuleSpec, more: Mapping[str, Any]) -> str:
    rule = RuleSpec(spec.name, spec.check, spec.columns, {**spec.parameters, **more})
    try:
        return verify(rule).meaning(rule)
    except GovernError:
        return ""


def _written(spec: RuleSpec) -> dict[str, Any]:
    """The rule as a rule pack has it."""
    rule: dict[str, Any] = {"name": spec.name, "check": spec.check}
    if spec.columns:
        rule["columns"] = list(spec.columns)
    if spec.parameters:
        rule["parameters"] = dict(spec.parameters)
    return rule
