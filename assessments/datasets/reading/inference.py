"""Which type holds every value of a column of text, decided over the whole column.

A type is taken only when each value is written the way that type writes it, so that nothing is lost: “007”, “+44…”,
“1E5” and numbers beyond 64 bits stay text. When a later value does not fit, the whole column is text and a note says
where that happened; no value is dropped or guessed.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc
from django.utils.translation import gettext as _

from assessments.common.masking import is_personal_name, mask_value

TIMESTAMP, TIMESTAMP_UTC = pa.timestamp("us"), pa.timestamp("us", "UTC")
EXACT_IN_DOUBLE = 2**53


@dataclass(frozen=True)
class TextKind:
    """How one type is written. ``pattern`` counts misfits; ``fits`` decides, over values without nulls."""

    type: pa.DataType
    pattern: str
    fits: Callable[[pa.Array], bool]
    label: str
    convert: Callable[[pa.Array], pa.Array]


def _casts(values: pa.Array, to: pa.DataType) -> pa.Array | None:
    try:
        return pc.cast(values, to)
    except pa.ArrowInvalid:
        return None


def _fits_integer(values: pa.Array) -> bool:
    numbers = _casts(values, pa.int64())
    # Written back it must be the same text: that refuses leading zeros, plus signs and hexadecimal.
    return numbers is not None and bool(pc.all(pc.equal(pc.cast(numbers, pa.string()), values)).as_py())


# Leading zeros and plus signs are codes and telephone numbers; an exponent without sign is an article number (12E45);
# whole numbers of 16 digits and more would lose digits.
NOT_A_NUMBER = r"^\+|^-?0[0-9]|[eE][0-9]|[nNxX]|^-?[0-9]{16,}(\.0*)?$"


def _fits_number(values: pa.Array) -> bool:
    numbers = _casts(values, pa.float64())
    return (
        numbers is not None
        and bool(pc.all(pc.is_finite(numbers)).as_py())
        and not pc.any(pc.match_substring_regex(values, NOT_A_NUMBER)).as_py()
    )


def _fits_boolean(values: pa.Array) -> bool:
    words = pc.utf8_lower(values)
    return bool(pc.all(pc.is_in(words, value_set=pa.array(["true", "false"]))).as_py())


def _by_cast(to: pa.DataType) -> Callable[[pa.Array], bool]:
    return lambda values: _casts(values, to) is not None


def _cast_to(to: pa.DataType) -> Callable[[pa.Array], pa.Array]:
    return lambda values: pc.cast(values, to)


def _written(strptime: str, pattern: str, label: str) -> TextKind:
    """Dates in the order that people of some country write them."""

    def parse(values: pa.Array) -> pa.Array:
        return pc.strptime(values, format=strptime, unit="us", error_is_null=True)

    def fits(values: pa.Array) -> bool:
        shaped = pc.all(pc.match_substring_regex(values, pattern)).as_py() if pattern else True
        return bool(shaped) and parse(values).null_count == 0

    return TextKind(TIMESTAMP, pattern or ".", fits, label, parse)


DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
CLOCK = r"[ T][0-9]{2}(:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?)?"
KINDS: dict[str, TextKind] = {
    "integer": TextKind(pa.int64(), r"^-?(0|[1-9][0-9]*)$", _fits_integer, "integer", _cast_to(pa.int64())),
    "number": TextKind(
        pa.float64(), r"^-?[0-9]*\.?[0-9]+([eE][-+][0-9]+)?$", _fits_number, "number", _cast_to(pa.float64())
    ),
    "boolean": TextKind(
        pa.bool_(),
        r"^(?i:true|false)$",
        _fits_boolean,
        "boolean",
        lambda values: pc.equal(pc.utf8_lower(values), "true"),
    ),
    "date": TextKind(pa.date32(), f"^{DAY}$", _by_cast(pa.date32()), "date", _cast_to(pa.date32())),
    "timestamp": TextKind(TIMESTAMP, f"^{DAY}({CLOCK})?$", _by_cast(TIMESTAMP), "timestamp", _cast_to(TIMESTAMP)),
    "timestamp_utc": TextKind(
        TIMESTAMP_UTC,
        f"^{DAY}{CLOCK}(Z|[-+][0-9]{{2}}:?([0-9]{{2}})?)$",
        _by_cast(TIMESTAMP_UTC),
        "timestamp with zone",
        _cast_to(TIMESTAMP_UTC),
    ),
}
# The wider type that takes over when the narrower one fails, with nothing lost in the rows before.
WIDER = {"integer": "number", "date": "timestamp"}
_TIMES = {"": "", " %H:%M": r" [0-9]{1,2}:[0-9]{2}", " %H:%M:%S": r" [0-9]{1,2}:[0-9]{2}:[0-9]{2}"}
_DATES = {
    "%m/%d/%Y": r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}",
    "%d/%m/%Y": r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}",
    "%Y/%m/%d": r"[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}",
    "%d.%m.%Y": r"[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}",
}
WRITTEN = {
    date + clock: _written(date + clock, f"^{shape}{clock_shape}$", "timestamp")
    for date, shape in _DATES.items()
    for clock, clock_shape in _TIMES.items()
}
# Words for "nothing here", which say nothing of a person.
MISSING_WORDS = frozenset(
    ["n/a", "na", "#n/a", "nan", "null", "none", "nil", "unknown", "missing", "-", "--", "?", "."]
)
STRING_KINDS = ("date", "timestamp", "timestamp_utc")


@dataclass
class ColumnInference:
    """Watches one column of text from first to last row; ``kinds`` are the types that it may become."""

    name: str
    kinds: tuple[str, ...] = tuple(KINDS)
    date_format: str = ""
    kind: str = ""
    written: list[TextKind] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)
    present: int = 0
    largest: int = 0
    broken: tuple[str, int, str] | None = None
    misfits: int = 0

    def observe(self, values: pa.Array, first_row: int) -> None:
        """Look at the next values (strings and nulls), the first of which stands in row ``first_row``."""
        present = values.drop_null()
        if not len(present):
            return
        self.present += len(present)
        if not self.kind:
            self.kind = self._begin(present.slice(0, 1))
        if self.kind == "text":
            if self.broken:
                self.misfits += self._count_misfits(self.broken[0], present)
        elif not self._goes_on(present):
            self._break(values, present, first_row)

    def _begin(self, first: pa.Array) -> str:
        if self.date_format and _written(self.date_format, "", "timestamp").fits(first):
            self.formats = [self.date_format]
            return "written"
        for name in self.kinds:
            if KINDS[name].fits(first):
                return name
        self.formats = [] if self.date_format else [name for name, kind in WRITTEN.items() if kind.fits(first)]
        return "written" if self.formats else "text"

    def _goes_on(self, present: pa.Array) -> bool:
        if self.kind == "written":
            left = [name for name in self.formats if self._format(name).fits(present)]
            self.formats = left or self.formats
            return bool(left)
        if KINDS[self.kind].fits(present):
            if self.kind == "integer":
                bounds = pc.min_max(pc.cast(present, pa.int64()))
                self.largest = max(self.largest, abs(bounds["min"].as_py()), abs(bounds["max"].as_py()))
            return True
        wider = WIDER.get(self.kind, "")
        if wider in self.kinds and self.largest <= EXACT_IN_DOUBLE and KINDS[wider].fits(present):
            self.kind = wider
            return True
        return False

    def _format(self, name: str) -> TextKind:
        return WRITTEN.get(name) or _written(name, "", "timestamp")

    def _break(self, values: pa.Array, present: pa.Array, first_row: int) -> None:
        candidates = [self.kind, WIDER[self.kind]] if self.kind in WIDER else [self.kind]
        tests = {
            name: (self._format(self.formats[0]).fits if name == "written" else KINDS[name].fits) for name in candidates
        }
        name, index = max(((n, _first_misfit(present, fits)) for n, fits in tests.items()), key=lambda found: found[1])
        row = int(pc.indices_nonzero(pc.is_valid(values))[index].as_py()) + first_row
        self.broken = (name, row, present[index].as_py())
        self.misfits = max(1, self._count_misfits(name, present))
        self.kind = "text"

    def _count_misfits(self, name: str, present: pa.Array) -> int:
        pattern = self._format(self.formats[0]).pattern if name == "written" else KINDS[name].pattern
        matches = pc.sum(pc.match_substring_regex(present, pattern)).as_py() or 0
        return len(present) - int(matches)

    @property
    def settled(self) -> str:
        """The kind at the end: a name of KINDS, ``written`` with one format, or ``text``."""
        if self.kind == "written" and len(self.formats) > 1:
            return "text"
        return self.kind or "text"

    @property
    def type(self) -> pa.DataType:
        settled = self.settled
        if settled == "text":
            return pa.string()
        return TIMESTAMP if settled == "written" else KINDS[settled].type

    def convert(self, values: pa.Array) -> pa.Array:
        """The values in the settled type; every value fits, because every value was looked at."""
        settled = self.settled
        if settled == "text":
            return values
        kind = self._format(self.formats[0]) if settled == "written" else KINDS[settled]
        return kind.convert(values)

    def note(self) -> str:
        """What the steward should know about this column's type, or nothing."""
        if self.kind == "written":
            return self._written_note()
        # A column of codes that happens to begin with a number changed nothing worth telling.
        if not self.broken or 2 * self.misfits > self.present:
            return ""
        name, row, value = self.broken
        label = "timestamp" if name == "written" else KINDS[name].label
        return _(
            "Column “%(column)s” is read as text: its values are of type %(type)s up to row %(before)s, but row "
            "%(row)s holds “%(value)s”, and %(count)s of %(present)s values do not fit. If those values are wrong, "
            "correct them at the source, or name the texts that mean a missing value, and register again."
        ) % {
            "column": self.name,
            "type": label,
            "before": f"{row - 1:,}",
            "row": f"{row:,}",
            "value": _shown(self.name, value),
            "count": f"{self.misfits:,}",
            "present": f"{self.present:,}",
        }

    def _written_note(self) -> str:
        if len(self.formats) == 1:
            return _("Column “%(column)s” is read as a time written %(format)s.") % {
                "column": self.name,
                "format": self.formats[0],
            }
        return _(
            "Column “%(column)s” is read as text: its dates could be written %(formats)s. Say which with the reading "
            "option date_format and register again."
        ) % {"column": self.name, "formats": " / ".join(self.formats)}


def _shown(column: str, value: str) -> str:
    """The value as anybody may read it in a note: the note outlives the reading and is shown to every member."""
    if value.strip().casefold() in MISSING_WORDS:
        return value
    return str(mask_value(value, personal=is_personal_name(column)))[:60]


def _first_misfit(values: pa.Array, fits: Callable[[pa.Array], bool]) -> int:
    """The index of the first value that does not fit, found by halving; one of them does not."""
    low, high = 0, len(values)
    while high - low > 1:
        middle = (low + high) // 2
        if fits(values.slice(low, middle - low)):
            low = middle
        else:
            high = middle
    return low
