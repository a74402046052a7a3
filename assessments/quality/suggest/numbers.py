"""Ranges of numbers, from quantiles that single wild values cannot move."""

import math
import re
from collections.abc import Iterator

from django.utils.translation import gettext_noop as _

from assessments.quality.profile.facts import ColumnFacts
from assessments.quality.suggest.look import Look, id_like
from assessments.quality.suggest.suggested import Suggested, mend, suggested

LEAST_VALUES, LEAST_DISTINCT = 100, 8
# So many widths of the middle 98 % beyond its ends a value is out of range; amounts and the like have long tails.
BEYOND, BEYOND_POSITIVE = 5.0, 10.0
# Above this share negative numbers belong to the column.
RARE, RARE_FAR = 0.05, 0.005
NEVER_NEGATIVE = re.compile(r"price|amount|quantity|qty|cost|age|weight|height|count|number of|value|sales|units", re.I)
NEVER_ZERO = frozenset({"price", "quantity"})
ROLES = frozenset({"price", "quantity", "grade", "position", "age"})


def numbers(look: Look) -> Iterator[Suggested]:
    for facts in look.usable:
        role = look.role_of.get(facts.name, "")
        if not facts.is_number or not look.shows(facts) or facts.filled < LEAST_VALUES:
            continue
        if (id_like(facts.name) and role not in ROLES) or role in {"user", "item", "order", "session", "category"}:
            continue
        above = _above_zero(look, facts, role)
        if above is not None:
            yield above
        found = _range(look, facts, role, bounded=above is not None)
        if found is not None:
            yield found


def _above_zero(look: Look, facts: ColumnFacts, role: str) -> Suggested | None:
    """Nothing is sold for nothing, and no order is of no pieces: where it is rare, 0 stands for something else."""
    low = float(facts.low or 0.0)
    if role not in NEVER_ZERO or low > 0 or facts.quantiles.get(RARE, low) <= 0:
        return None
    bounds = {"min": 0.0, "min_exclusive": True}
    cancelled = role == "quantity" and low < 0 and {"user", "item", "time"} <= set(look.roles)
    return suggested(
        "range",
        [facts.name],
        name=_("“%(column)s” is above 0") % {"column": facts.name},
        reason=_("The values are hardly ever 0 or less."),
        rank=73,
        parameters=bounds,
        most=RARE,
        # Negative quantities of a shop's orders are mostly cancellations.
        repair=mend("net_cancellations", [facts.name])
        if cancelled
        else mend("empty_out_of_range", [facts.name], **bounds),
    )


def _range(look: Look, facts: ColumnFacts, role: str, *, bounded: bool) -> Suggested | None:
    """``bounded``: another rule holds the values above 0."""
    low, high = float(facts.low or 0.0), float(facts.high or 0.0)
    inner = facts.quantiles.get(0.01, low), facts.quantiles.get(0.99, high)
    positive = role in ROLES or NEVER_NEGATIVE.search(facts.name) is not None
    rarely = not bounded and positive and low < 0 <= facts.quantiles.get(RARE, low)
    least = 0.0 if rarely else None
    most, reasons = None, [_("The values are hardly ever negative.")] if rarely else []
    width, far = inner[1] - inner[0], BEYOND_POSITIVE if positive else BEYOND
    if width > 0 and facts.distinct >= LEAST_DISTINCT:
        if high > inner[1] + far * width:
            most = _round(inner[1] + far * width, up=True)
        if least is None and not bounded and low < inner[0] - far * width:
            least = _round(inner[0] - far * width, up=False)
        if most is not None or (least is not None and not rarely):
            text = _(
                "98 %% of the values lie from %(low)s to %(high)s; others are more than %(far)s times that width away."
            )
            reasons.append(text % {"low": f"{inner[0]:.6g}", "high": f"{inner[1]:.6g}", "far": f"{far:g}"})
    if least is None and most is None:
        return None if bounded else _guard(facts, role, low, high)
    parameters = {name: bound for name, bound in (("min", least), ("max", most)) if bound is not None}
    return suggested(
        "range",
        [facts.name],
        name=_("“%(column)s” is in its usual range") % {"column": facts.name},
        reason=" ".join(reasons),
        rank=72 if role else 64,
        parameters=parameters,
        # More than these are not slips but another kind of row: fuel among groceries.
        most=RARE if rarely else RARE_FAR,
        repair=mend("empty_out_of_range", [facts.name], **parameters),
    )


def _guard(facts: ColumnFacts, role: str, low: float, high: float) -> Suggested | None:
    """Nothing is out of range today: only for roles whose range is plain."""
    if role == "grade" and facts.distinct <= 20:
        bounds = {"min": low, "max": high}
    elif role in {"price", "quantity", "position", "age"} and low >= 0:
        bounds = {"min": 0.0}
    else:
        return None
    return suggested(
        "range",
        [facts.name],
        name=_("“%(column)s” is in its usual range") % {"column": facts.name},
        reason=_("All values lie from %(low)s to %(high)s.") % {"low": f"{low:g}", "high": f"{high:g}"},
        rank=45,
        parameters=bounds,
        guard=True,
    )


def _round(bound: float, *, up: bool) -> float:
    """The bound with two digits, rounded away from the values."""
    if bound == 0:
        return 0.0
    unit = 10.0 ** (math.floor(math.log10(abs(bound))) - 1)
    return float(f"{(math.ceil if up else math.floor)(bound / unit) * unit:.12g}")
