"""Is the value one that only stands for a missing one?"""

from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.common.errors import GovernError
from assessments.quality.checks.base import NULLS, Check, RowPlan, Scope, by_row, place
from assessments.quality.checks.parameters import Parameter
from assessments.quality.checks.registry import register
from assessments.quality.specs import RuleSpec

# In lower case, without spaces around. "" is a text of nothing but spaces.
DISGUISES = (
    *("", "-", "--", "---", ".", "..", "...", "?", "??", "???", "*", "#", "_", "/"),
    *("n/a", "na", "n.a.", "n.a", "#n/a", "none", "null", "(null)", "<null>", "\\n", "nil", "nan", "<na>", "nat"),
    *("empty", "(empty)", "blank", "(blank)", "missing", "unknown", "unspecified", "undefined", "not specified"),
    *("not available", "not applicable", "not provided", "not known", "not set", "no value", "no data", "tbd", "tba"),
    *("0000", "00000", "000000", "9999", "99999", "999999", "0000-00-00", "1900-01-01", "9999-12-31", "00/00/0000"),
    *("无", "无数据", "未知", "不详", "不明", "空", "暂无", "未填写", "未指定", "没有"),
)


@register
class DisguisedMissing(Check):
    """Upper and lower case and spaces around do not matter. A list of one's own takes the place of the usual one."""

    name = "disguised_missing"
    label = gettext_lazy("No disguised missing value")
    help = gettext_lazy("No value only stands for a missing one, such as empty, N/A, ?, 0000 or Unspecified.")
    dimension = "completeness"
    characteristic = "completeness"
    parameters = (
        Parameter(
            "values",
            "values",
            gettext_lazy("What stands for nothing; a list of usual ones when left out. For numbers it must be given."),
            label=gettext_lazy("Values that stand for nothing"),
        ),
        Parameter(
            "nulls",
            "choice",
            gettext_lazy("What an empty cell means: skip leaves the row out of the count, fail counts it as failing."),
            default=NULLS.default,
            choices=NULLS.choices,
            label=NULLS.label,
            shown=NULLS.shown,
        ),
    )
    example = {"columns": ["category"]}

    def meaning(self, spec: RuleSpec) -> str:
        values = self.read(spec)
        if values["nulls"] == "fail":
            rows = _("All rows; an empty cell fails.")
        else:
            rows = _("Rows whose cell is not empty; truly empty cells are counted by completeness.")
        return (
            rows + " " + _("A row fails when its value is in the list, whatever its letter case and spaces around it.")
        )

    def plan(self, scope: Scope, spec: RuleSpec) -> RowPlan:
        values = self.read(spec)
        column = scope.column(spec.columns[0])
        return by_row(column, ~disguised(column, values["values"], spec), values["nulls"])


def disguised(column: ir.Column, listed: list[Any] | None, spec: RuleSpec) -> ir.BooleanValue:
    """Whether the value is one of the list; GovernError when nothing in the list can be in such a column."""
    kind = column.type()
    if kind.is_string():
        texts = DISGUISES if listed is None else [_text(value).strip().lower() for value in listed]
        return column.strip().lower().isin(list(dict.fromkeys(texts)))
    if kind.is_numeric() and not kind.is_boolean():
        numbers = [each for each in map(_number, listed or []) if each is not None]
        if numbers:
            return column.isin(numbers)
    if kind.is_date() or kind.is_timestamp():
        days = [each for each in map(_day, DISGUISES if listed is None else listed) if each is not None]
        if days:
            day = column.cast("timestamp(6)").date() if kind.is_timestamp() else column
            return day.isin([ibis.literal(each, "date") for each in days])
    raise GovernError(
        _("The column “%(name)s” holds %(type)s, and no value of the list is one.")
        % {"name": column.get_name(), "type": kind},
        where=place(spec),
        hint=_("Give the parameter “values”: what stands for nothing in this column."),
    )


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _number(value: Any) -> float | int | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    if isinstance(value, int) and abs(value) < 2**63:
        return value
    return number if number == number and abs(number) != float("inf") else None


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value)) if len(str(value)) == 10 else None
    except ValueError:
        return None
