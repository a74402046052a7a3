"""Rows in which the values of two columns stand in each other's place. Pure."""

from collections.abc import Mapping
from itertools import permutations

import numpy as np
import pyarrow as pa

from assessments.quality.repairs.discovery.grouping import Codes

# How many times more often a value stands in its own column than in the other one.
HOME, LEAST_HOME = 5, 5
MOST_VALUES, MOST_COLUMNS, LEAST_ROWS, MOST_SHARE = 20_000, 30, 2, 0.1


def at_home(own: Mapping[str, int], other: Mapping[str, int]) -> set[str]:
    """The values of a column that belong to it and not to the other one."""
    return {value for value, n in own.items() if n >= LEAST_HOME and n >= HOME * other.get(value, 0)}


def swapped(texts: Mapping[str, pa.Array], counts: Mapping[str, Mapping[str, int]]) -> list[tuple[str, str, int]]:
    """(column, the other, rows) for each pair with at least two rows in which both values are at home in the other."""
    names = [name for name in texts if 1 < len(counts[name]) <= MOST_VALUES][:MOST_COLUMNS]
    found = []
    coded: dict[str, tuple[Codes, list[str]]] = {name: _coded(texts[name]) for name in names}
    for one, other in permutations(names, 2):
        if one > other or not counts[one].keys() & counts[other].keys():
            continue
        foreign_one = at_home(counts[other], counts[one]) & counts[one].keys()
        foreign_other = at_home(counts[one], counts[other]) & counts[other].keys()
        if not foreign_one or not foreign_other:
            continue
        rows = int((_holds(*coded[one], foreign_one) & _holds(*coded[other], foreign_other)).sum())
        if LEAST_ROWS <= rows <= MOST_SHARE * len(texts[one]):
            found.append((one, other, rows))
    return found


def _coded(column: pa.Array) -> tuple[Codes, list[str]]:
    coded = column.dictionary_encode()
    return coded.indices.fill_null(-1).to_numpy().astype(np.int64), coded.dictionary.to_pylist()


def _holds(codes: Codes, values: list[str], wanted: set[str]) -> np.ndarray:
    held: np.ndarray = np.array([*(value in wanted for value in values), False])[codes]
    return held
