"""Protections of whole columns: left out, or masked."""

from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.common.errors import GovernError
from assessments.quality.checks.parameters import Parameter
from assessments.quality.repairs.base import Change, Repair, Scope, Step, place
from assessments.quality.repairs.registry import register

STAR = "*"


@register
class DropColumn(Repair):
    name = "drop_column"
    label = gettext_lazy("Drop columns")
    help = gettext_lazy("The columns are left out of the new snapshot.")
    most_columns = 100
    about_persons = True

    def meaning(self, step: Step) -> str:
        return _("The columns %(columns)s are not in the new snapshot.") % {"columns": ", ".join(step.columns)}

    def apply(self, scope: Scope, step: Step) -> Change:
        gone = {scope.column(name).get_name() for name in step.columns}
        if len(gone) == len(scope.names):
            raise GovernError(_("No column would be left."), where=place(step), hint=_("Keep at least one column."))
        return Change(scope.table.drop(*gone), sliced=True)


@register
class MaskColumn(Repair):
    """Masked cells are texts; what is masked cannot be had back from the new snapshot."""

    name = "mask_column"
    label = gettext_lazy("Mask values")
    help = gettext_lazy("Most of each value is replaced by stars: all of it, or all but its start, end or domain.")
    most_columns = 100
    about_persons = True
    parameters = (
        Parameter(
            "keep",
            "choice",
            gettext_lazy("What stays readable: nothing, first or last characters, or the domain of an e-mail address."),
            default="nothing",
            choices=("nothing", "first", "last", "domain"),
            label=gettext_lazy("What stays readable"),
            shown=(
                gettext_lazy("nothing"),
                gettext_lazy("the first characters"),
                gettext_lazy("the last characters"),
                gettext_lazy("the domain of an e-mail address"),
            ),
        ),
        Parameter(
            "characters",
            "number",
            gettext_lazy("How many characters stay, 1 to 20."),
            default=1,
            label=gettext_lazy("Characters that stay"),
        ),
    )

    def verify(self, step: Step, values: dict[str, Any]) -> None:
        count = values["characters"]
        if not 1 <= count <= 20 or int(count) != count:
            raise GovernError(
                _("“characters” must be a whole number from 1 to 20."), where=place(step), hint=_("One is usual.")
            )

    def meaning(self, step: Step) -> str:
        values = self.read(step)
        kept = {
            "nothing": _("Values of “%(columns)s” become three stars, whatever their length."),
            "first": ngettext(
                "Of values of “%(columns)s” the first character stays, three stars follow.",
                "Of values of “%(columns)s” the first %(count)d characters stay, three stars follow.",
                int(values["characters"]),
            ),
            "last": ngettext(
                "Of values of “%(columns)s” the last character stays, after three stars.",
                "Of values of “%(columns)s” the last %(count)d characters stay, after three stars.",
                int(values["characters"]),
            ),
            "domain": _("Of e-mail addresses in “%(columns)s” the domain stays; other values become three stars."),
        }[values["keep"]]
        text = kept % {"columns": ", ".join(step.columns), "count": values["characters"]}
        return text + " " + _("Values too short to hide anything become three stars. Empty cells stay.")

    def apply(self, scope: Scope, step: Step) -> Change:
        values = self.read(step)
        names = [scope.column(name).get_name() for name in step.columns]
        rule = _masked(values["keep"], int(values["characters"]))
        return Change(scope.table, sliced=True, each=lambda batch: values_mapped(batch, names, rule))


def _masked(keep: str, count: int) -> Callable[[str], str]:
    def mask(value: str) -> str:
        if keep == "domain":
            _person, at, domain = value.rpartition("@")
            return STAR * 3 + at + domain if at and not domain.startswith(STAR) else STAR * 3
        # At least as much is hidden as is shown, and what is masked already stays as it is.
        if keep == "nothing" or len(value) < 2 * count:
            return STAR * 3
        if keep == "first":
            return value if value[count:] == STAR * 3 else value[:count] + STAR * 3
        return value if value[:-count] == STAR * 3 else STAR * 3 + value[-count:]

    return mask


def values_mapped(batch: pa.RecordBatch, names: list[str], rule: Callable[[str], str | None]) -> pa.RecordBatch:
    """The batch with ``rule`` applied to each distinct value (as a text) of some columns; missing cells stay."""
    for name in names:
        column = plain_texts(batch.column(name))
        coded = column.dictionary_encode()
        mapped = pa.array([rule(value) for value in coded.dictionary.to_pylist()], pa.string())
        batch = batch.set_column(batch.schema.get_field_index(name), name, mapped.take(coded.indices))
    return batch


def plain_texts(column: pa.Array) -> pa.Array:
    """The values as texts, NaN as missing; a whole number of a column of decimals is written as one: 17850."""
    if pa.types.is_floating(column.type):
        column = pc.if_else(pc.fill_null(pc.is_nan(column), False), pa.scalar(None, column.type), column)
        whole = pc.fill_null(pc.and_(pc.equal(column, pc.floor(column)), pc.less(pc.abs(column), 2.0**53)), False)
        integers = pc.if_else(whole, column, pa.scalar(None, column.type)).cast(pa.int64()).cast(pa.string())
        return pc.coalesce(integers, column.cast(pa.string()))
    return column.cast(pa.string())
