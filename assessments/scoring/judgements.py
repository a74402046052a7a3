"""Reading the judgements of a scoring model: who compared which parts, and how they come out together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from assessments.common.errors import GovernError
from assessments.scoring.pairwise import Matrix, Priorities, group_matrix, matrix_checked, priorities_of

LEAST, GREATEST = 1 / 9, 9.0
HAIR = 1e-9  # 1/9 read from a file may lie below the double nearest to it
MOST_PARTS, MOST_JUDGES = 50, 50


@dataclass(frozen=True)
class Comparison:
    """The parts compared, the group's priorities, and each judge with the consistency ratio of their own matrix."""

    names: tuple[str, ...]
    priorities: Priorities
    judges: tuple[tuple[str, float], ...]


def comparison_of(names: Sequence[str], judgements: Sequence[Mapping[str, Any]]) -> Comparison:
    """The comparison that one or several judges made of the named parts.

    A judge is ``{"by": who, "pairs": [[first, second, value], ...]}`` or ``{"by": who, "matrix": [[...], ...]}``, rows
    and columns in the order of the parts. Raises GovernError with the judge and the place.
    """
    if not judgements or len(judgements) > MOST_JUDGES or len(names) > MOST_PARTS:
        raise GovernError(
            f"Weights by pairwise comparison need the judgements of 1 to {MOST_JUDGES} people on at most "
            f"{MOST_PARTS} parts; there are {len(judgements)} people and {len(names)} parts.",
            where="judgements",
        )
    judges = [str(judge.get("by", "")) for judge in judgements]
    if not all(judges) or len(set(judges)) != len(judges):
        raise GovernError("Each judge needs a name, and no two the same.", where="judgements")
    matrices = [_matrix_of(names, judge) for judge in judgements]
    ratios = [priorities_of(matrix, names).ratio for matrix in matrices]
    together = matrices[0] if len(matrices) == 1 else group_matrix(matrices)
    return Comparison(tuple(names), priorities_of(together, names), tuple(zip(judges, ratios, strict=True)))


def matrix_of_pairs(names: Sequence[str], pairs: Sequence[Sequence[Any]]) -> Matrix:
    """The matrix of judgements ``[first, second, value]`` by name; each two parts must be judged once."""
    places = {name: place for place, name in enumerate(names)}
    matrix, judged = np.eye(len(names)), set()
    for pair in pairs:
        if isinstance(pair, str) or not isinstance(pair, Sequence) or len(pair) != 3:
            raise GovernError(
                "A judgement names two parts and a value.", where=str(pair)[:80], hint="For example: [a, b, 3]."
            )
        first, second = str(pair[0]), str(pair[1])
        where = f"{first} / {second}"
        for name in (first, second):
            if name not in places:
                raise GovernError(f"There is no part “{name}” to compare.", where=where, hint=f"Parts: {_list(names)}.")
        if first == second or frozenset((first, second)) in judged:
            raise GovernError("Each two different parts are judged once; the opposite follows from it.", where=where)
        judged.add(frozenset((first, second)))
        value = judgement_value(pair[2], where)
        matrix[places[first], places[second]], matrix[places[second], places[first]] = value, 1 / value
    for first, second in combinations(names, 2):
        if frozenset((first, second)) not in judged:
            raise GovernError(f"“{first}” is not compared with “{second}”.", where=f"{first} / {second}")
    return matrix


def judgement_value(raw: Any, where: str) -> float:
    """A judgement on Saaty's scale, 1/9 to 9, written as a number or as a fraction such as ``1/3``.

    Off the scale the consistency ratio means nothing: its random index is that of judgements on the scale.
    """
    value = float("nan")
    if isinstance(raw, str):
        above, _, below = raw.partition("/")
        if above.isdecimal() and below.isdecimal() and len(raw) < 20 and int(below):
            value = int(above) / int(below)
    elif isinstance(raw, int | float) and not isinstance(raw, bool):
        value = float(raw)
    if not LEAST - HAIR <= value <= GREATEST + HAIR:
        raise GovernError(
            f"“{str(raw)[:40]}” is not a judgement.",
            where=where,
            hint="Write a number from 1/9 to 9, or a fraction such as 1/3.",
        )
    return value


def _matrix_of(names: Sequence[str], judge: Mapping[str, Any]) -> Matrix:
    try:
        if ("pairs" in judge) == ("matrix" in judge):
            raise GovernError("Judgements are given as pairs or as a matrix, one of the two.")
        if "pairs" in judge:
            return matrix_of_pairs(names, judge["pairs"])
        rows = [
            [judgement_value(value, f"row {row + 1}, column {column + 1}") for column, value in enumerate(values)]
            for row, values in enumerate(judge["matrix"])
        ]
        return matrix_checked(rows, names)
    except GovernError as error:
        where = ", ".join(filter(None, (str(judge["by"]), error.where)))
        raise GovernError(error.message, where=where, hint=error.hint) from error


def _list(names: Sequence[str]) -> str:
    return ", ".join(names[:20]) + (", …" if len(names) > 20 else "")
