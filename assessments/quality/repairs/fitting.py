"""Which repairs would mend what a rule flags, with their parameters filled in. Pure."""

from collections.abc import Callable, Mapping
from typing import Any

from assessments.common.errors import GovernError
from assessments.quality.expressions import parse, printed
from assessments.quality.expressions.tree import Call, Column, IsNull, Node, Not, Operation
from assessments.quality.repairs.base import Step
from assessments.quality.repairs.registry import repair_named
from assessments.quality.specs import RuleSpec

Parameters = Mapping[str, Any]
# Who, what and when are known or not; the most frequent of them would be a lie.
NEVER_GUESSED = ("user", "item", "time", "order", "session", "email", "query")
PROTECTIONS = ("mask_column", "pseudonymise", "drop_column")


def steps_for(
    spec: RuleSpec, *, roles: Mapping[str, str] | None = None, detail: Parameters | None = None
) -> list[Step]:
    """The repairs that fit a rule, the gentlest first; none for what only its source can mend.

    ``detail`` is what the rule measured last. A step that its own repair would refuse is left out.
    """
    find = FITTING.get(spec.check)
    found = find(spec, roles or {}, detail or {}) if find else []
    return [step for step in found if _stands(step)]


def protections_for(column: str) -> list[Step]:
    """The protections of a column with personal data, the gentlest first."""
    return [Step(name, (column,)) for name in PROTECTIONS]


def _stands(step: Step) -> bool:
    try:
        repair_named(step.repair).read(step)
    except GovernError:
        return False
    return True


def _where(node: Node) -> Step:
    return Step("drop_rows_where", (), {"expression": printed(node)})


def _given(parameters: Parameters, *names: str) -> dict[str, Any]:
    return {name: parameters[name] for name in names if parameters.get(name) is not None}


def _completeness(spec: RuleSpec, roles: Mapping[str, str], _detail: Parameters) -> list[Step]:
    blank = spec.parameters.get("blank") == "missing"
    emptied = [Step("normalise_spaces", spec.columns, {"blank": "missing"})] if blank else []
    known = {roles[role] for role in NEVER_GUESSED if role in roles}
    filled = [Step("impute", (name,), {"method": "mode"}) for name in spec.columns[:1] if name not in known]
    empty: Node = IsNull(Column(spec.columns[0]))
    for name in spec.columns[1:]:
        empty = Operation("or", empty, IsNull(Column(name)))
    return [*emptied, *filled, _where(empty)]


def _range(spec: RuleSpec, roles: Mapping[str, str], _detail: Parameters) -> list[Step]:
    bounds = _given(spec.parameters, "min", "max")
    exclusive = {n: True for n in ("min_exclusive", "max_exclusive") if spec.parameters.get(n)}
    drop = Step("drop_out_of_range", spec.columns, {**bounds, **exclusive})
    clipped = [] if exclusive else [Step("clip_out_of_range", spec.columns, bounds)]
    least = bounds.get("min")
    of_orders = spec.columns == (roles.get("quantity"),) and {"user", "item", "time"} <= set(roles)
    if of_orders and isinstance(least, int | float) and 0 <= least <= 1:  # what is below is taken back
        return [Step("net_cancellations", spec.columns), *clipped, drop]
    emptied = [] if exclusive else [Step("empty_out_of_range", spec.columns, bounds)]
    return [*clipped, *emptied, drop]


def _outliers(spec: RuleSpec, _roles: Mapping[str, str], detail: Parameters) -> list[Step]:
    middle, width = detail.get("median"), detail.get("robust_standard_deviation")
    if not isinstance(middle, int | float) or not isinstance(width, int | float) or not width:
        return []
    reach = float(spec.parameters.get("limit") or 3.5) * width
    bounds = {"min": middle - reach, "max": middle + reach}
    return [Step("clip_out_of_range", spec.columns, bounds), Step("drop_out_of_range", spec.columns, bounds)]


def _near(spec: RuleSpec, _roles: Mapping[str, str], _detail: Parameters) -> list[Step]:
    parameters = _given(spec.parameters, "threshold", "similarity")
    parameters |= {f"same_{n}": False for n in ("numbers", "words") if spec.parameters.get(n) == "any"}
    return [Step("merge_near_duplicates", spec.columns, parameters)]


def _form(spec: RuleSpec, _roles: Mapping[str, str], _detail: Parameters) -> list[Step]:
    case = spec.parameters.get("case", "any")
    cased = [Step("normalise_case", spec.columns, {"to": case})] if case != "any" else []
    return [*([Step("normalise_spaces", spec.columns)] if spec.parameters.get("spaces", True) else []), *cased]


def _format(spec: RuleSpec, _roles: Mapping[str, str], _detail: Parameters) -> list[Step]:
    kind = str(spec.parameters.get("format", ""))
    if kind.startswith("date"):
        return [Step("normalise_dates", spec.columns)]
    return [Step("normalise_units", spec.columns, {"write": "number"})] if kind == "number" else []


def _dependency(spec: RuleSpec, _roles: Mapping[str, str], _detail: Parameters) -> list[Step]:
    columns = (*spec.columns, str(spec.parameters.get("dependent", "")))
    described = [Step("collapse_descriptions", columns)] if len(spec.columns) == 1 else []
    return [Step("correct_by_dependency", columns), *described]


def _ties(spec: RuleSpec, roles: Mapping[str, str], _detail: Parameters) -> list[Step]:
    time = spec.columns or ((roles["time"],) if "time" in roles else ())
    user = spec.parameters.get("user") or roles.get("user")
    return [Step("break_time_ties", time, {"of": [user]} if user else {})]


def _orphans(spec: RuleSpec, _roles: Mapping[str, str], _detail: Parameters) -> list[Step]:
    theirs = spec.parameters.get("columns") or spec.parameters.get("column")
    theirs = [theirs] if isinstance(theirs, str) else theirs
    parameters = _given(spec.parameters, "dataset") | ({"columns": list(theirs)} if theirs else {})
    return [Step("drop_orphans", spec.columns, parameters)]


def _expression(spec: RuleSpec, _roles: Mapping[str, str], _detail: Parameters) -> list[Step]:
    try:
        return [_where(Not(parse(str(spec.parameters.get("expression", "")))))]
    except GovernError:
        return []


def _compared(spec: RuleSpec, _roles: Mapping[str, str], _detail: Parameters) -> list[Step]:
    operator = str(spec.parameters.get("operator", ""))
    if spec.parameters.get("tolerance") or len(spec.columns) != 2:
        return []
    return [_where(Not(Operation(operator, Column(spec.columns[0]), Column(spec.columns[1]))))]


def _pattern(spec: RuleSpec, _roles: Mapping[str, str], _detail: Parameters) -> list[Step]:
    return protections_for(spec.columns[0]) if spec.parameters.get("personal_data") else []


FITTING: dict[str, Callable[[RuleSpec, Mapping[str, str], Parameters], list[Step]]] = {
    "allowed_values": lambda spec, _r, _d: [Step("correct_typos", spec.columns), Step("normalise_codes", spec.columns)],
    "code_collision": lambda spec, _r, _d: [Step("normalise_codes", spec.columns)],
    "compare_columns": _compared,
    "completeness": _completeness,
    "conditional_completeness": lambda spec, _r, _d: [Step("impute", spec.columns[:1], {"method": "mode"})],
    "disguised_missing": lambda spec, _r, _d: [
        Step("missing_to_null", spec.columns, _given(spec.parameters, "values"))
    ],
    "duplicate_rows": lambda _s, _r, _d: [Step("drop_duplicates")],
    "expression": _expression,
    "format": _format,
    "functional_dependency": _dependency,
    "near_duplicates": _near,
    "never_seen": _orphans,
    "not_in_future": lambda spec, _r, _d: [_where(Operation(">", Column(spec.columns[0]), Call("now", ())))],
    "outliers": _outliers,
    "pattern": _pattern,
    "range": _range,
    "reference": _orphans,
    "text_form": _form,
    "time_ties": _ties,
    "unique_key": lambda spec, _r, _d: [Step("drop_duplicates", spec.columns, {"nulls": "skip"})],
}
