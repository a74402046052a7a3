"""Where repairs are found by name, and where a list of steps is refused before anything is read."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from assessments.common.errors import GovernError
from assessments.quality.checks.parameters import nearest
from assessments.quality.repairs.base import Repair, Step

MOST_STEPS = 100
_repairs: dict[str, Repair] = {}


def register(repair: type[Repair]) -> type[Repair]:
    if repair.name in _repairs:
        raise ValueError(f"two repairs are named {repair.name}")
    _repairs[repair.name] = repair()
    return repair


def all_repairs() -> list[Repair]:
    """Every repair, by name."""
    return [_repairs[name] for name in sorted(_repairs)]


def repair_named(name: str, where: str = "") -> Repair:
    if name not in _repairs:
        raise GovernError(
            _("There is no repair “%(name)s”.") % {"name": name}, where=where, hint=nearest(name, sorted(_repairs))
        )
    return _repairs[name]


def steps_read(given: Sequence[Mapping[str, Any] | Step]) -> list[Step]:
    """The steps of a list of {"repair", "columns", "parameters"}, each refused by name when it cannot be done."""
    if not given:
        raise GovernError(_("No repair is named."), hint=_("Choose at least one repair."))
    if len(given) > MOST_STEPS:
        raise GovernError(
            _("%(count)d repairs are more than %(limit)d.") % {"count": len(given), "limit": MOST_STEPS},
            hint=_("Make some of them first."),
        )
    steps = [step if isinstance(step, Step) else _step(step, number) for number, step in enumerate(given, start=1)]
    for step in steps:
        repair_named(step.repair).read(step)
    return steps


def _step(given: Mapping[str, Any], number: int) -> Step:
    where = _("step %(number)d") % {"number": number}
    if not isinstance(given, Mapping) or not isinstance(given.get("repair"), str):
        raise GovernError(
            _("A step must name its repair."), where=where, hint=_("Write {“repair”: …, “columns”: […]}.")
        )
    unknown = sorted(str(name) for name in given if name not in {"repair", "columns", "parameters"})
    if unknown:
        raise GovernError(
            _("“%(name)s” is not known here.") % {"name": unknown[0]},
            where=where,
            hint=nearest(unknown[0], ["columns", "parameters", "repair"]),
        )
    columns, parameters = given.get("columns", []), given.get("parameters", {})
    if not isinstance(columns, list | tuple) or not all(isinstance(name, str) for name in columns):
        raise GovernError(_("“columns” must be a list of names."), where=where)
    if not isinstance(parameters, Mapping) or not all(isinstance(name, str) for name in parameters):
        raise GovernError(_("“parameters” must be a mapping of names to values."), where=where)
    return Step(given["repair"], tuple(columns), dict(parameters))
