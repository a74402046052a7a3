"""Columns with and without personal data, made from a seed, and how often each judge is right about them.

    python -m benchmarks.personal_data_columns            # Govern; and Presidio where the extra [presidio] is installed
    python -m benchmarks.personal_data_columns --write columns.json

``columns(seed)`` gives the set: (name, kind, role, values, entity), with no entity where there is no personal data. A
column counts as found when the judge names its type; naming a type for a column that has none, or the wrong type,
counts against precision. Govern reads name and values, Presidio knows values only.
"""

import random

from benchmarks.personal_data_columns.column import ROWS, Column
from benchmarks.personal_data_columns.first import negatives, positives, sequences
from benchmarks.personal_data_columns.judges import compare, govern
from benchmarks.personal_data_columns.later import later
from benchmarks.personal_data_columns.third import third

__all__ = ["Column", "columns", "compare", "govern"]


def columns(seed: int = 20) -> list[Column]:
    """All sets; the same for the same seed."""
    rng = random.Random(seed)  # noqa: S311  a benchmark, no secret
    made = []
    for name, kind, entity, make, *role in [*positives(), *negatives()]:
        made.append(Column(name, kind, [str(make(rng)) for _ in range(ROWS)], entity, role[0] if role else ""))
    return [*made, *sequences(), *later(rng), *third(seed)]
