"""The fields of a rule's form, made from what its check takes: pages and the admin panel show the same."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from assessments.common.errors import GovernError
from assessments.datasets.models import Column, Dataset
from assessments.datasets.selectors import snapshot_latest
from assessments.quality.checks.base import Check, require_column
from assessments.quality.checks.parameters import Parameter
from assessments.quality.expressions import Family, family_of_name
from assessments.quality.models import Rule
from assessments.quality.specs import RuleSpec

PREFIX = "parameter-"
BOXES_AT_MOST = 40
Types = Mapping[str, str]


class LinesField(forms.CharField):
    """Cleans to a list of texts, one for each line that is not empty."""

    widget = forms.Textarea(attrs={"rows": 3})

    def clean(self, value: Any) -> list[str]:
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str | None) else "\n".join(value)


def column_types(dataset: Dataset) -> dict[str, str]:
    """{column: type} of the dataset's newest snapshot, in the table's order; empty before it was read."""
    snapshot = snapshot_latest(dataset)
    if snapshot is None:
        return {}
    return dict(Column.objects.filter(snapshot=snapshot).order_by("position").values_list("name", "type"))


def rule_fields(check: Check, types: Types, columns: Sequence[str] = ()) -> dict[str, forms.Field]:
    """By name: the columns that the check looks at, then its parameters; ``columns`` are offered even when gone."""
    offered = {**types, **{name: "" for name in columns if name not in types}} if types else {}
    parameters = {PREFIX + parameter.name: parameter_field(parameter, offered) for parameter in check.parameters}
    return column_fields(check, offered) | parameters


def rule_columns(rule: Rule, check: Check) -> list[str]:
    """The columns that the rule looks at and those that its parameters name."""
    named = [parameter.name for parameter in check.parameters if parameter.kind == "column"]
    return [*rule.columns, *(rule.parameters[name] for name in named if rule.parameters.get(name))]


def column_fields(check: Check, types: Types) -> dict[str, forms.Field]:
    choices = _choices(types)
    chosen = [("", _("choose a column")), *choices] if types else None
    if check.column_labels:
        return {
            f"column-{position}": _columns(str(label), choices)
            if position == check.several_at
            else _one_column(str(label), chosen)
            for position, label in enumerate(check.column_labels)
        }
    if check.most_columns == 0:
        return {}
    if types and check.most_columns == 1:
        return {"columns": _one_column(_("Column"), chosen)}
    field = _columns(_("Columns"), choices, required=check.least_columns > 0)
    if types and not field.required:
        field.help_text = _("Columns that samples show beside those that the rule reads.")
    return {"columns": field}


def _choices(types: Types) -> list[tuple[str, str]]:
    return [(name, f"{name} · {type_words(kind)}" if kind else name) for name, kind in types.items()]


def _columns(label: str, choices: list[tuple[str, str]], *, required: bool = True) -> forms.Field:
    """Several columns, by their names as text where there are no choices."""
    if not choices:
        hint = _("One a line. The dataset has not been read yet, so they are not looked up.")
        return LinesField(label=label, required=required, help_text=hint)
    boxes = (
        forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"})
        if len(choices) <= BOXES_AT_MOST
        else forms.SelectMultiple(attrs={"size": 10})
    )
    return forms.MultipleChoiceField(label=label, choices=choices, required=required, widget=boxes)


def _one_column(label: str, choices: list[tuple[str, str]] | None) -> forms.Field:
    if choices is None:
        return forms.CharField(label=label, max_length=300)
    return forms.ChoiceField(label=label, choices=choices)


def parameter_field(parameter: Parameter, types: Types) -> forms.Field:
    common: dict[str, Any] = {
        "label": parameter.title,
        "required": parameter.required,
        "help_text": beside(str(parameter.help), _("In rule packs: %(name)s.") % {"name": parameter.name}),
    }
    if parameter.kind == "choice":
        words = [(choice, parameter.words_of(choice)) for choice in parameter.choices]
        usual = _("no") if parameter.default is None else dict(words).get(parameter.default, parameter.default)
        blank = _("choose") if parameter.required else _("as usual (%(default)s)") % {"default": usual}
        return forms.ChoiceField(choices=[("", blank), *words], **common)
    if parameter.kind == "column" and types:
        blank = _("choose a column") if parameter.required else "–"
        return forms.ChoiceField(choices=[("", blank), *_choices(types)], **common)
    if parameter.kind == "flag":
        usual = _("yes") if parameter.default else _("no")
        choices = [("", _("as usual (%(default)s)") % {"default": usual}), ("true", _("yes")), ("false", _("no"))]
        return forms.ChoiceField(choices=choices, **common)
    if parameter.kind in ("values", "names"):
        common["help_text"] += " " + _("One on each line.")
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}), **common)
    if parameter.kind == "expression":
        widget = forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocapitalize": "off", "data-code": ""})
        return forms.CharField(max_length=4000, widget=widget, **common)
    attributes = {"inputmode": "decimal"} if parameter.kind in ("number", "whole") else {"spellcheck": "false"}
    if parameter.default not in (None, ""):
        attributes["placeholder"] = _("as usual (%(default)s)") % {"default": _written(parameter)}
    return forms.CharField(max_length=2000, strip=False, widget=forms.TextInput(attrs=attributes), **common)


def beside(text: str, more: str) -> str:
    """Two sentences; Chinese has no space between them."""
    return f"{sentence(text)}{'' if get_language() == 'zh-hans' else ' '}{more}"


def sentence(text: str) -> str:
    return text if text.endswith((".", "。", "?", "!")) else f"{text}."


def _written(parameter: Parameter) -> str:
    """A default as a person would type it; durations are kept as seconds."""
    if parameter.kind != "duration" or not isinstance(parameter.default, int | float):
        return str(parameter.default)
    days = parameter.default / 86_400
    return f"{days:g}d"


def type_words(kind: str) -> str:
    words = {
        Family.WHOLE: _("whole number"),
        Family.NUMBER: pgettext("type of a column", "number"),
        Family.TEXT: _("text"),
        Family.TRUTH: _("true or false"),
        Family.DATE: _("date"),
        Family.TIME: _("date and time"),
    }
    return words.get(family_of_name(kind), kind)


def rule_values(check: Check, data: Mapping[str, Any]) -> tuple[tuple[str, ...], dict[str, Any]]:
    """The columns and the parameters that were given; the check's own defaults stand for the others."""
    fields = [f"column-{position}" for position in range(len(check.column_labels))] or ["columns"]
    chosen = [data.get(field) or () for field in fields]
    columns = tuple(name for names in chosen for name in ((names,) if isinstance(names, str) else names))
    given = {}
    for parameter in check.parameters:
        value = data.get(PREFIX + parameter.name)
        if value not in (None, ""):
            given[parameter.name] = typed(parameter, str(value))
    return columns, given


def typed(parameter: Parameter, value: str) -> Any:
    """The text of a form as the parameter's type: what is no number stays a text, and the check says what is wrong."""
    if parameter.kind == "flag":
        return value == "true"
    if parameter.kind == "values":
        return [scalar(line.strip()) for line in value.splitlines() if line.strip()]
    if parameter.kind == "names":
        return [name.strip() for line in value.splitlines() for name in line.split(",") if name.strip()]
    if parameter.kind in {"number", "whole", "duration"}:
        return scalar(value.strip())
    return value


def scalar(text: str) -> Any:
    """A number when it is written as one, else the text."""
    try:
        number = json.loads(text)
    except ValueError:
        return text
    return number if isinstance(number, int | float) and not isinstance(number, bool) else text


def rule_initial(rule: Rule, check: Check) -> dict[str, Any]:
    """The values of the fields for a rule that is there."""
    shown: dict[str, Any] = {}
    for name, value in rule.parameters.items():
        if isinstance(value, bool):
            shown[PREFIX + name] = str(value).lower()
        elif isinstance(value, list):
            shown[PREFIX + name] = "\n".join(str(each) for each in value)
        else:
            shown[PREFIX + name] = value
    if check.column_labels:
        return shown | {f"column-{position}": name for position, name in enumerate(rule.columns)}
    return shown | {"columns": rule.columns[0] if check.most_columns == 1 and len(rule.columns) == 1 else rule.columns}


def rule_problems(check: Check, spec: RuleSpec, types: Types) -> Iterator[tuple[str, GovernError]]:
    """What is wrong with the rule, each with the name of the field at which it is mended; no more than is certain."""
    first = "column-0" if check.column_labels else "columns"
    wrong = False
    for parameter in check.parameters:
        if parameter.name in spec.parameters:
            try:
                parameter.read(spec.parameters[parameter.name], "")
            except GovernError as error:
                wrong = True
                yield PREFIX + parameter.name, error
    try:
        check.require_columns(spec)
        for position, name in enumerate(spec.columns if types else ()):
            first = f"column-{position}" if check.column_labels else "columns"
            require_column(name, tuple(types))
    except GovernError as error:
        wrong = True
        yield first, error
    if wrong:
        return
    try:
        check.read(spec)
        if types:
            check.verify_columns(spec, {name: family_of_name(kind) for name, kind in types.items()})
    except GovernError as error:
        yield _field_of(check, error), error


def _field_of(check: Check, error: GovernError) -> str:
    """The parameter that the refusal names, else the expression, else the first of the parameters."""
    for parameter in check.parameters:
        if f"“{parameter.name}”" in error.message:
            return PREFIX + parameter.name
    names = [parameter.name for parameter in check.parameters if parameter.kind == "expression"]
    names += [parameter.name for parameter in check.parameters]
    return PREFIX + names[0] if names else "columns"
