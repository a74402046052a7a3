"""Ids as text and as codes."""

import math
import re
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ml.errors import DataError

EXACT = 2**53  # the first whole number that a float cannot tell from its neighbour
MOST_IDS = 100_000_000  # each takes about 100 bytes while a file is read


class Vocabulary:
    """Gives each id a code as it appears; ``finish`` puts the codes into the order of the ids."""

    def __init__(self, column: str = "") -> None:
        self.column = column
        self._codes: dict[str, int] = {}

    def encode(self, values: pa.Array) -> NDArray[np.int32]:
        """[rows] codes, -1 for a missing value. Only the batch's distinct values become Python objects."""
        encoded = dictionary(values)
        self._check_exact(encoded.dictionary)
        ids = [identifier(value) for value in encoded.dictionary.to_pylist()]
        codes = [-1 if value is None else self._codes.setdefault(value, len(self._codes)) for value in ids]
        lookup = np.array([*codes, -1], np.int32)  # the last entry stands for null
        positions: NDArray[np.int64] = pc.fill_null(encoded.indices, len(ids)).to_numpy(zero_copy_only=False)
        return lookup[positions]

    def _check_exact(self, distinct: pa.Array) -> None:
        if len(self._codes) > MOST_IDS:
            raise DataError(
                f"There are more than {MOST_IDS} different ids.",
                where=f"column {self.column}",
                hint="Check that it names users or items, and not rows.",
            )
        if pa.types.is_float64(distinct.type) and (pc.max(pc.abs(distinct)).as_py() or 0) >= EXACT:
            raise DataError(
                "Ids of 16 digits and more were written as floats: different ones became the same.",
                where=f"column {self.column}",
                hint="Write the column as whole numbers or as text.",
            )

    def finish(self) -> tuple[NDArray[np.object_], NDArray[np.int32]]:
        """The ids in ascending order of their text, and the new code of each old code."""
        ids = np.array(_without_decimals(list(self._codes)), dtype=object)
        if not len(ids):
            return ids, np.empty(0, np.int32)
        order = np.argsort(ids, kind="stable")
        new = np.empty(len(ids), np.int32)
        new[order] = np.arange(len(ids), dtype=np.int32)
        return ids[order], new


def identifier(value: Any) -> str | None:
    """An id as text: spaces around it go, a whole float or decimal loses its zeros, empty and NaN are missing."""
    if value is None:
        return None
    if isinstance(value, float | Decimal):
        if not math.isfinite(value):
            return None
        return str(int(value)) if value == int(value) else str(value)
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    return str(value).strip() or None


def _without_decimals(ids: list[str]) -> list[str]:
    """A text column whose every id is written "17850.0" was a float column once, as in a CSV file with gaps."""
    if ids and all(re.fullmatch(r"-?\d+\.0", value) for value in ids):
        return [value[:-2] for value in ids]
    return ids


def dictionary(values: pa.Array) -> pa.DictionaryArray:
    return values if pa.types.is_dictionary(values.type) else values.dictionary_encode()
