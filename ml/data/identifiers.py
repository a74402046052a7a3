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
    """Gives each id a code as it appears; ``finish`` puts the codes into the order of the ids.

    Only values that were not met before become Python objects; the others are found by Arrow.
    """

    def __init__(self, column: str = "") -> None:
        self.column = column
        self._codes: dict[str, int] = {}
        self._met: pa.Array | None = None  # the different values met, as the file has them
        self._met_codes = np.empty(0, np.int32)  # their codes: "7" and " 7 " are one id

    def encode(self, values: pa.Array) -> NDArray[np.int32]:
        """[rows] codes, -1 for a missing value."""
        encoded = dictionary(values)
        distinct = encoded.dictionary
        if not len(distinct):
            return np.full(len(values), -1, np.int32)
        lookup = np.append(self._encode_distinct(distinct), np.int32(-1))  # the last entry stands for null
        positions: NDArray[np.int64] = pc.fill_null(encoded.indices, len(distinct)).to_numpy(zero_copy_only=False)
        return lookup[positions]

    def _encode_distinct(self, distinct: pa.Array) -> NDArray[np.int32]:
        """[distinct] codes, new ones where an id was not met before."""
        if self._met is None:
            self._met = distinct.slice(0, 0)
        places = pc.index_in(distinct, value_set=self._met)
        fresh = distinct.filter(places.is_null())
        if len(fresh):
            self._check(fresh)
            ids = [identifier(value) for value in fresh.to_pylist()]
            codes = [-1 if value is None else self._codes.setdefault(value, len(self._codes)) for value in ids]
            self._met = pa.concat_arrays([self._met, fresh])
            self._met_codes = np.append(self._met_codes, np.array(codes, np.int32))
            places = pc.index_in(distinct, value_set=self._met)
        found: NDArray[np.int32] = self._met_codes[places.to_numpy(zero_copy_only=False)]
        return found

    def _check(self, distinct: pa.Array) -> None:
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
