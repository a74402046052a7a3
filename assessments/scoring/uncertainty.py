"""How unsure a measured value is: what evidence says it is, and draws of what it might be.

A measure is plain data, so that an exported assessment can be recomputed from itself alone::

    {"kind": "rates", "groups": [{"label": "orders", "parts": [{"passing": 97, "checked": 100, "weight": 4.0}]}]}

Its value is the mean over the groups (datasets) of the weighted mean over their parts (rules), so that a big table does
not hide a small one. A part is, by the kind of the measure:

- rates: ``passing`` of ``checked``; uncertain as Beta(passing + ½, checked - passing + ½) (Jeffreys' prior)
- metric: ``value`` with ``standard_error`` from a bootstrap; normal
- skill: ``difference`` to a ``baseline``, as a share of the baseline, with the standard errors of both; normal
- answers: the ``levels`` that raters gave and the ``spread`` (in levels) that one more rater is taken to show; normal

Every random number comes from a stream named by the seed and by what it is for, so that one leaf's draws do not depend
on which other leaves are known.
"""

import hashlib
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.special import betaincinv, ndtr

from assessments.scoring.formulas import Draws

REACH = 6.0  # standard normal draws beyond this many deviations are moved to it: two in a thousand million
STEPS = 384
GRID: Draws = np.linspace(-REACH, REACH, STEPS + 1)


def stream(seed: str, purpose: str) -> np.random.Generator:
    """The random numbers for one purpose; the same for the same seed, whatever else is drawn."""
    key = hashlib.sha256(f"{seed}\n{purpose}".encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(key[:16], "big")))


def transform(normals: Draws, table: Draws) -> Draws:
    """Turn standard normal draws into draws of the distribution whose quantiles at Φ(GRID) are ``table``.

    Linear between the nodes, which are 1/32 of a deviation apart: the error is below 1/8192 of the curvature.
    """
    place = np.clip((normals + REACH) * (STEPS / (2 * REACH)), 0.0, STEPS - 1e-9)
    node = place.astype(np.intp)
    place -= node
    return np.asarray(table[node] + place * np.diff(table)[node], dtype=np.float64)


def measure_value(measure: Mapping[str, Any]) -> float:
    """The value that the evidence says, in the indicator's own units."""
    groups = measure["groups"]
    return math.fsum(_group_value(measure["kind"], group["parts"]) for group in groups) / len(groups)


def measure_draws(measure: Mapping[str, Any], seed: str, purpose: str, draws: int) -> Draws:
    """``draws`` values that the measure might have, [draws]."""
    groups = measure["groups"]
    total = np.zeros(draws)
    for place, group in enumerate(groups):
        weight = math.fsum(part.get("weight", 1.0) for part in group["parts"]) * len(groups)
        for number, part in enumerate(group["parts"]):
            normals = stream(seed, f"{purpose}/{place}/{number}").standard_normal(draws)
            total += part_draws(measure["kind"], part, normals) * (part.get("weight", 1.0) / weight)
    return total


def part_value(kind: str, part: Mapping[str, Any]) -> float:
    if kind == "rates":
        if not 0 <= part["passing"] <= part["checked"] or part["checked"] < 1:
            raise ValueError("a rate needs 0 ≤ passing ≤ checked and at least one checked")
        return float(part["passing"] / part["checked"])
    if kind == "metric":
        return float(part["value"])
    if kind == "skill":
        return float(part["difference"] / part["baseline"])
    if kind == "answers":
        return float(math.fsum(part["levels"]) / len(part["levels"]))
    raise ValueError(f"unknown kind of measure: {kind!r}")


def part_draws(kind: str, part: Mapping[str, Any], normals: Draws) -> Draws:
    """What the part might be, from standard normal draws."""
    value = part_value(kind, part)
    if kind == "rates":
        failing = part["checked"] - part["passing"]
        return transform(normals, np.asarray(betaincinv(part["passing"] + 0.5, failing + 0.5, ndtr(GRID))))
    error = part_error(kind, part)
    return np.full(len(normals), value) if error == 0 else value + error * normals


def part_error(kind: str, part: Mapping[str, Any]) -> float:
    """The standard error of a part that is taken as normal.

    skill: of difference/baseline, (s_d + |skill| s_b) / |baseline|: the largest that any correlation between the two
    could make it, since their correlation is not stored.
    answers: √(spread² + Σ(level - mean)²) / n: the raters' own spread with the stated one as one more degree of
    freedom, so that a single rater has ``spread`` and two who agree are surer, but not certain.
    """
    if kind == "metric":
        error = float(part["standard_error"])
    elif kind == "skill":
        skill = abs(part_value(kind, part))
        error = float((part["standard_error"] + skill * part["baseline_error"]) / abs(part["baseline"]))
    else:
        levels, mean = part["levels"], part_value(kind, part)
        error = math.sqrt(part["spread"] ** 2 + math.fsum((level - mean) ** 2 for level in levels)) / len(levels)
    if not error >= 0 or math.isinf(error):
        raise ValueError("a standard error must be a number from 0")
    return error


def _group_value(kind: str, parts: list[dict[str, Any]]) -> float:
    weights = [part.get("weight", 1.0) for part in parts]
    reached = math.fsum(weight * part_value(kind, part) for weight, part in zip(weights, parts, strict=True))
    return reached / math.fsum(weights)
