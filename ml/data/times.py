"""A column's times, however they are written, as microseconds since 1970."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ml.data.columns import blank_to_null, first_bad, plain_values, unreadable
from ml.errors import DataError

EARLIEST, LATEST = -2_208_988_800_000_000, 4_102_444_800_000_000  # 1900 and 2100, in microseconds
# Whole numbers as times: the unit is told by the size of the column's first value.
EPOCH_UNITS = ((100_000_000_000, 1_000_000), (100_000_000_000_000, 1_000), (100_000_000_000_000_000, 1))
FIRST_DAY, LAST_DAY = 1900_01_01, 2100_12_31  # as seconds since 1970: August and September of that year
HINT = "Write times as 2011-10-10 08:26:00."

Moments = tuple[NDArray[np.int64], NDArray[np.bool_]]


class TimeReader:
    """Reads one column's times as microseconds since 1970, UTC; a time without a zone is taken as UTC.

    Timestamps, dates, ISO 8601 text, days as 20111010, and whole numbers as seconds, milliseconds, microseconds or
    nanoseconds since 1970, whose unit is told by the size of the column's first value. A column is read in one of these
    ways from its first value to its last.
    """

    def __init__(self, column: str) -> None:
        self.column = column
        self._digits: bool | None = None  # whether a text column holds numbers
        self._days = False
        self._scale: float | None = None

    def read(self, values: pa.Array, first_row: int) -> Moments:
        """[rows] times and [rows] whether there is one. Raises DataError naming the row of an unreadable time."""
        plain = plain_values(values)
        if pa.types.is_string(plain.type) or pa.types.is_large_string(plain.type):
            plain = self._text(blank_to_null(plain), first_row)
        if pa.types.is_timestamp(plain.type) or pa.types.is_date(plain.type):
            times, present = _stamps(plain)
        elif pa.types.is_integer(plain.type) or pa.types.is_floating(plain.type):
            times, present = self._numbers(plain)
        else:
            raise DataError(
                f"The column '{self.column}' holds no times but {plain.type}.", where=f"column {self.column}", hint=HINT
            )
        outside = present & ((times < EARLIEST) | (times > LATEST))
        if outside.any():
            row = int(np.argmax(outside))
            raise unreadable("time between 1900 and 2100", _shown(plain[row]), self.column, first_row + row, HINT)
        return times, present

    def _text(self, plain: pa.Array, first_row: int) -> pa.Array:
        if plain.null_count == len(plain):
            return plain.cast(pa.timestamp("us"))
        if self._digits is None:
            self._digits = _all_digits(plain)
        if self._digits:
            return self._cast(plain, (pa.int64(),), first_row, "number of a time like those before it")
        try:
            return self._cast(plain, (pa.timestamp("us"), pa.timestamp("us", "UTC")), first_row, "time")
        except pa.ArrowInvalid:  # each is readable, but only some of them name a zone
            return pa.array(
                [None if v is None else _one_time(pa.array([v])).cast(pa.int64())[0].as_py() for v in plain.to_pylist()]
            ).cast(pa.timestamp("us"))

    def _cast(self, plain: pa.Array, targets: tuple[pa.DataType, ...], first_row: int, kind: str) -> pa.Array:
        """The column as the first of the types that holds all of it; DataError for a value that none holds."""
        for target in targets:
            try:
                return plain.cast(target)
            except pa.ArrowInvalid as error:
                failure = error
        row = first_bad(plain, lambda part: _one_cast(part, targets))
        if row == len(plain):
            raise failure
        raise unreadable(kind, plain[row].as_py(), self.column, first_row + row, HINT) from failure

    def _numbers(self, plain: pa.Array) -> Moments:
        raw = pc.fill_null(plain.cast(pa.float64(), safe=False), float("nan")).to_numpy(zero_copy_only=False)
        present = np.isfinite(raw)
        if self._scale is None and present.any():
            first = float(raw[present][0])
            self._days = FIRST_DAY <= first <= LAST_DAY and bool(_calendar_days(np.array([first]))[0] > EARLIEST)
            self._scale = next((float(scale) for limit, scale in EPOCH_UNITS if abs(first) < limit), 0.001)
        if self._days:
            return _calendar_days(np.where(present, raw, FIRST_DAY)), present
        scaled = np.where(present, raw, 0.0) * (self._scale or 1.0)
        return np.clip(scaled, EARLIEST - 1, LATEST + 1).astype(np.int64), present


def _stamps(plain: pa.Array) -> Moments:
    present = plain.is_valid().to_numpy(zero_copy_only=False)
    zoned = pa.types.is_timestamp(plain.type) and plain.type.tz is not None
    try:
        stamps = plain.cast(pa.timestamp("us", "UTC") if zoned else pa.timestamp("us"), safe=_seconds(plain.type))
    except pa.ArrowInvalid:  # one is too far away to be counted in microseconds: looked for where that is possible
        raw = pc.fill_null(plain.cast(pa.int64()), 0).to_numpy(zero_copy_only=False).astype(np.float64)
        unit = 1e6 if plain.type.unit == "s" else 1e3
        return np.clip(raw * unit, EARLIEST - 1, LATEST + 1).astype(np.int64), present
    return pc.fill_null(stamps.cast(pa.int64()), 0).to_numpy(zero_copy_only=False), present


def _seconds(kind: pa.DataType) -> bool:
    """Whether the type counts so coarsely that its values can be beyond what microseconds hold."""
    return bool(pa.types.is_timestamp(kind) and kind.unit in {"s", "ms"})


def _calendar_days(raw: NDArray[np.float64]) -> NDArray[np.int64]:
    """Midnights of days written as 20111010; what is no day of the calendar becomes a time before all others."""
    whole = np.clip(raw, 0, LAST_DAY).astype(np.int64)
    year, month, day = whole // 10_000, whole // 100 % 100, whole % 100
    first = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    days = first.astype("datetime64[D]") + (day - 1)
    real = (whole == raw) & (month >= 1) & (month <= 12) & (day >= 1) & (days.astype("datetime64[M]") == first)
    return np.where(real, days.astype("datetime64[us]").astype(np.int64), EARLIEST - 1)


def _one_time(part: pa.Array) -> pa.Array:
    return _one_cast(part, (pa.timestamp("us"), pa.timestamp("us", "UTC")))


def _one_cast(part: pa.Array, targets: tuple[pa.DataType, ...]) -> pa.Array:
    for target in targets[:-1]:
        try:
            return part.cast(target)
        except pa.ArrowInvalid:
            continue
    return part.cast(targets[-1])


def _all_digits(plain: pa.Array) -> bool:
    matched = pc.match_substring_regex(plain, r"^-?\d{6,19}$")
    return len(matched) > matched.null_count and bool(pc.all(matched).as_py())


def _shown(value: pa.Scalar) -> object:
    """The value for a message; a time beyond what Python can say is shown as the number that it is."""
    try:
        return value.as_py()
    except (OverflowError, ValueError):
        return value.cast(pa.int64()).as_py()
