"""Does the table still have the columns that its readers expect?"""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.common.progress import Progress
from assessments.quality.checks.base import Check, Measurement, Reader, Scope
from assessments.quality.checks.parameters import Parameter
from assessments.quality.checks.queries import earlier_of
from assessments.quality.checks.registry import register
from assessments.quality.expressions.families import Family, families_of, family_of_name
from assessments.quality.specs import RuleSpec

LISTED = 50


@register
class SchemaChange(Check):
    """Columns and their types are those of the snapshot before, or those listed."""

    name = "schema_change"
    label = gettext_lazy("Same columns and types")
    help = gettext_lazy("The columns and their types are those of the snapshot before, or those that the rule lists.")
    dimension = "consistency"
    characteristic = "consistency"
    measured_by = "inspect"
    needs_earlier = True
    least_columns = most_columns = 0
    parameters = (
        Parameter(
            "expected",
            "names",
            gettext_lazy(
                "The columns that there should be, each as “name” or “name: type” (price: float64); the columns of the "
                "snapshot before when left out."
            ),
            label=gettext_lazy("Expected columns"),
        ),
        Parameter(
            "added",
            "choice",
            gettext_lazy("Whether a column that is new fails."),
            default="fail",
            choices=("fail", "allow"),
            label=gettext_lazy("New columns"),
            shown=(gettext_lazy("fail"), gettext_lazy("may be there")),
        ),
        Parameter(
            "order",
            "choice",
            gettext_lazy("Whether a column fails that comes in another order."),
            default="ignore",
            choices=("ignore", "fail"),
            label=gettext_lazy("Order of columns"),
            shown=(gettext_lazy("does not matter"), gettext_lazy("must be the same")),
        ),
    )
    example = {"parameters": {"expected": ["user_id: int64", "item_id", "price: float64"], "added": "allow"}}

    def meaning(self, spec: RuleSpec) -> str:
        values = self.read(spec)
        compared = _("those listed") if values["expected"] else _("those of the snapshot before")
        return _(
            "Columns, not rows: those of this table and %(compared)s. A column fails when it is gone or has another "
            "type. A new one: %(added)s; another order: %(order)s. Of a table that stays in its database the look "
            "before keeps the kind of a column (whole number, number, text, time), not its exact type."
        ) % {"compared": compared, "added": values["added"], "order": values["order"]}

    def inspect(self, scope: Scope, spec: RuleSpec, reader: Reader, progress: Progress) -> Measurement:
        values = self.read(spec)
        now = {name: _kind(scope.table, name) for name in scope.names}
        before: dict[str, str | None]
        if values["expected"]:
            before = dict(_listed(one, now) for one in values["expected"])
        elif scope.looked is not None:
            now = {name: _looked_kind(family) for name, family in families_of(scope.table, scope.names).items()}
            before = {name: family_of_name(kind).value for name, kind in scope.looked.columns.items()}
        else:
            earlier = earlier_of(scope, spec)
            before = {name: _kind(earlier, name) for name in earlier.columns}
        added = [name for name in now if name not in before]
        removed = [name for name in before if name not in now]
        retyped = [name for name in now if before.get(name) not in (None, now[name])]
        moved = _moved(list(before), list(now)) if values["order"] == "fail" else []
        failing = {*removed, *retyped, *moved, *(added if values["added"] == "fail" else ())}
        detail = {
            "added": added[:LISTED],
            "removed": removed[:LISTED],
            "retyped": [f"{name}: {before[name]} → {now[name]}" for name in retyped[:LISTED]],
            **({"moved": moved[:LISTED]} if values["order"] == "fail" else {}),
        }
        return Measurement(len(now.keys() | before.keys()), len(failing), detail)


def _kind(table: Any, name: str) -> str:
    return str(table[name].type().copy(nullable=True))


def _looked_kind(family: Family) -> str:
    """As a look writes it down, which takes the types that it does not know for texts."""
    return (Family.TEXT if family is Family.OTHER else family).value


def _listed(entry: str, now: dict[str, str]) -> tuple[str, str | None]:
    """The name and type of a listed column; a name that holds a colon itself is known by the table."""
    name, colon, kind = entry.rpartition(":")
    if not colon or entry in now:
        return entry, None
    return name.strip(), kind.strip()


def _moved(before: list[str], now: list[str]) -> list[str]:
    """The columns that are in both, at another place among those that are in both."""
    here, there = [name for name in now if name in before], [name for name in before if name in now]
    return [name for name, other in zip(here, there, strict=True) if name != other]
