"""How much of a change of the whole each part brought: pure arithmetic."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """A part of the whole with its weight (shares of 1) and its score, 0 to 100, now and before; None: not known."""

    name: str
    weight: float
    now: float | None
    before: float | None


def decompose(parts: Sequence[Part], before: float, now: float, *, geometric: bool) -> list[tuple[str, float]]:
    """(name, points of the whole) of each part. A part that was unknown at either time has 0.

    For an arithmetic mean a part brings weight times its change. For a geometric mean it brings
    ``L weight ln(now / before)`` with the logarithmic mean L of the two wholes (LMDI-I: Ang, Energy Policy 32, 2004),
    which adds up to the change exactly; scores below 1 count as 1, because a logarithm of 0 has no meaning.
    """
    mean = logarithmic_mean(max(before, 1.0), max(now, 1.0))
    changes = []
    for part in parts:
        if part.now is None or part.before is None:
            changes.append((part.name, 0.0))
        elif geometric:
            ratio = max(part.now, 1.0) / max(part.before, 1.0)
            changes.append((part.name, mean * part.weight * math.log(ratio)))
        else:
            changes.append((part.name, part.weight * (part.now - part.before)))
    return changes


def logarithmic_mean(one: float, other: float) -> float:
    return one if math.isclose(one, other, rel_tol=1e-12) else (one - other) / math.log(one / other)
