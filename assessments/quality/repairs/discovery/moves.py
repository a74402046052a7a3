"""Columns whose value stands at the end of another column's text. Pure."""

from collections import Counter
from collections.abc import Mapping

import pyarrow as pa

LEAST_ROWS, MOST_VALUES, OF_EMPTY = 3, 5_000, 0.5


def moved_words(texts: Mapping[str, pa.Array]) -> list[tuple[str, str, int]]:
    """(text column, the column to move to, rows): most rows with an empty second column end in one of its values."""
    found = []
    lists = {name: column.to_pylist() for name, column in texts.items()}
    for second, values in lists.items():
        empty = [row for row, value in enumerate(values) if not value]
        known = Counter(value for value in values if value)
        common = {value for value, n in known.items() if n >= 2 and " " not in value}
        if len(empty) < LEAST_ROWS or len(known) > MOST_VALUES or not common:
            continue
        for first, others in lists.items():
            if first == second:
                continue
            rows = sum(_ends_in(others[row], common) for row in empty)
            if rows >= max(LEAST_ROWS, OF_EMPTY * len(empty)):
                found.append((first, second, rows))
    return found


def _ends_in(text: str | None, words: set[str]) -> bool:
    start, _space, last = (text or "").rpartition(" ")
    return bool(start.strip()) and last in words
