"""What every reader gives back, and what holds for the columns of all of them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import pyarrow as pa
from django.conf import settings
from django.utils.translation import gettext as _

from assessments.common.errors import GovernError
from assessments.common.progress import Progress

LONGEST_NAME = 300


@dataclass(frozen=True)
class Limits:
    """How much one file may hold; ``bytes`` counts what is left after decompression."""

    bytes: int
    rows: int
    columns: int

    @classmethod
    def configured(cls) -> "Limits":
        return cls(settings.DATASET_MAX_BYTES, settings.DATASET_MAX_ROWS, settings.DATASET_MAX_COLUMNS)

    def check_rows(self, rows: int) -> None:
        if rows > self.rows:
            raise GovernError(
                _("The file holds more than %(limit)s rows.") % {"limit": self.rows},
                hint=_("Register a part of it, or ask for GOVERN_DATASET_MAX_ROWS to be raised."),
            )

    def check_bytes(self, size: int) -> None:
        if size > self.bytes:
            raise GovernError(
                _("The file holds more than %(limit)s bytes once unpacked.") % {"limit": self.bytes},
                hint=_("Register a part of it, or ask for GOVERN_DATASET_MAX_BYTES to be raised."),
            )


@dataclass
class Table:
    """A file whose types are known and whose rows can be read from first to last.

    ``batches`` reads the file once per call; every batch has ``schema``. ``notes`` tells the steward what was decided
    while reading.
    """

    schema: pa.Schema
    batches: Callable[[Progress], Iterator[pa.RecordBatch]]
    notes: list[str] = field(default_factory=list)


def column_names(names: Sequence[str], limits: Limits) -> tuple[list[str], list[str]]:
    """The names to use and notes about them; raises GovernError for names that nobody could tell apart."""
    if len(names) > limits.columns:
        raise GovernError(
            _("The file has %(count)s columns; at most %(limit)s can be registered.")
            % {"count": f"{len(names):,}", "limit": f"{limits.columns:,}"},
            where=_("header"),
            hint=_(
                "Keep the columns that matter, or turn columns into rows. GOVERN_DATASET_MAX_COLUMNS raises the limit."
            ),
        )
    notes, chosen = [], []
    for position, name in enumerate(names, start=1):
        if not name.strip():
            name = f"column_{position}"
            notes.append(
                _("Column %(position)s has no name; it is called “%(name)s”.") % {"position": position, "name": name}
            )
        chosen.append(name)
    _check_names(chosen)
    return chosen, notes


def _check_names(names: Sequence[str]) -> None:
    seen: dict[str, int] = {}
    for position, name in enumerate(names, start=1):
        if len(name) > LONGEST_NAME:
            raise GovernError(
                _("A column name is longer than %(limit)s characters.") % {"limit": LONGEST_NAME},
                where=_("header, column %(position)s") % {"position": position},
                hint=_("Shorten it. If the file has no header, add one as its first row."),
            )
        # Engines of SQL do not tell case apart in names, so a rule on “id” could read “ID”.
        first = seen.setdefault(name.casefold(), position)
        if first != position:
            raise GovernError(
                _("Two columns are named “%(name)s”.") % {"name": name},
                where=_("header, columns %(first)s and %(second)s") % {"first": first, "second": position},
                hint=_("Give each column a name of its own; capital letters do not count as a difference."),
            )


def no_rows() -> GovernError:
    return GovernError(
        _("The file has a header but no rows."),
        where=_("row 1"),
        hint=_("Export it again with its rows; nothing was registered."),
    )


def empty_file() -> GovernError:
    return GovernError(_("The file is empty."), hint=_("Export it again; nothing was registered."))
