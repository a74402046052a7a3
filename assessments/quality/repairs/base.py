"""What every repair is: a change of a table, said as an expression over it, never done in place."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

import ibis.expr.types as ir
import pyarrow as pa
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.common.errors import GovernError
from assessments.common.progress import Progress, silent
from assessments.quality.checks.base import Reader, require_column
from assessments.quality.checks.parameters import Parameter, Words, nearest, read_parameters
from assessments.quality.dialect import Dialect

# The name of the flag that says, beside a row, whether it stays; nobody names a column so.
KEEP = "govern keeps this row"
OWN = "govern's {name}"  # what a repair calls its own columns, so that the table may hold any other


def own(name: str) -> str:
    """The name of a column that a repair puts beside those of the table while it works."""
    return OWN.format(name=name)


@dataclass(frozen=True)
class Step:
    """One repair of a list: its name, the columns that it changes or looks at, its parameters."""

    repair: str
    columns: tuple[str, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """The step as it is stored."""
        return {"repair": self.repair, "columns": list(self.columns), "parameters": dict(self.parameters)}


@dataclass(frozen=True)
class Scope:
    """The table as a repair sees it.

    ``row`` names the column of row numbers from 0, ``names`` are the table's own columns. ``others`` are other
    datasets by name. ``reader`` runs expressions (bounded results only); ``hold`` makes a small Arrow table one that
    expressions can join. ``key`` gives the key of the organisation's pseudonyms, which is kept nowhere near the data.
    ``as_of`` is "now" in UTC without zone: the time of the snapshot, so that a repair always gives the same.
    """

    table: ir.Table
    row: str
    names: tuple[str, ...]
    reader: Reader
    hold: Callable[[pa.Table], ir.Table]
    roles: Mapping[str, str] = field(default_factory=dict)
    others: Mapping[str, ir.Table] = field(default_factory=dict)
    key: Callable[[], bytes] = bytes
    as_of: datetime = datetime(1970, 1, 1)  # noqa: DTZ001  UTC without zone, as engines hold it
    dialect: Dialect = field(default_factory=Dialect)
    progress: Progress = silent

    def column(self, name: str) -> ir.Column:
        """The column, or GovernError saying which columns there are."""
        return self.table[require_column(name, self.names)]

    def other(self, name: str) -> ir.Table:
        """The other dataset's table, or GovernError saying which there are."""
        if name not in self.others:
            raise GovernError(
                _("There is no dataset “%(dataset)s” with a snapshot.") % {"dataset": name},
                hint=nearest(name, sorted(self.others)),
            )
        return self.others[name]

    def with_columns(self, **columns: ir.Value) -> ir.Table:
        """The table with some columns replaced, each at its place."""
        return self.table.mutate(**columns)


@dataclass(frozen=True)
class Change:
    """What a repair makes of the table.

    ``table`` has the row numbers and the columns to keep, and may have the flag ``KEEP``: rows where it is false or
    null are left out. (A flag and no filter, because DuckDB's statistics leave NaN out and a filter would believe
    them.) ``sliced`` says that what becomes of a row depends on that row alone, so that the table may be read in
    slices. ``each`` changes the rows once more in Python, batch by batch, with every row in its place. ``notes`` say
    what the repair left as it was, ``tell`` what only the end shows of it.
    """

    table: ir.Table
    sliced: bool = False
    each: Callable[[pa.RecordBatch], pa.RecordBatch] | None = None
    notes: tuple[str, ...] = ()
    tell: Callable[[], tuple[str, ...]] = tuple


class Repair(ABC):
    """One kind of repair; a subclass says what it takes, what it does in words, and the expression that does it.

    Repairing twice changes nothing more. ``column_labels`` name the columns for a form where their order says what each
    of them is, and ``several_at`` which of these may be more than one. ``about_persons`` is true for the protections of
    personal data: their columns are masked in every sample.
    """

    name: ClassVar[str]
    label: ClassVar[Words]
    help: ClassVar[Words]
    parameters: ClassVar[tuple[Parameter, ...]] = ()
    least_columns: ClassVar[int] = 1
    most_columns: ClassVar[int] = 1
    column_labels: ClassVar[tuple[Words, ...]] = ()
    several_at: ClassVar[int | None] = None
    about_persons: ClassVar[bool] = False

    def read(self, step: Step) -> dict[str, Any]:
        """The step's parameters with defaults; raises GovernError naming what is wrong."""
        self.require_columns(step)
        values = read_parameters(self.parameters, step.parameters, place(step))
        self.verify(step, values)
        return values

    def require_columns(self, step: Step) -> None:
        count = len(step.columns)
        if self.least_columns <= count <= self.most_columns and len(set(step.columns)) == count:
            return
        if self.most_columns == 0:
            hint = _("The repair “%(repair)s” works on whole rows: leave the columns out.")
        elif len(set(step.columns)) != count:
            hint = _("Name each column once.")
        elif self.most_columns == 1:
            hint = _("The repair “%(repair)s” takes exactly one column.")
        else:
            hint = _("The repair “%(repair)s” takes at least %(least)d and at most %(most)d columns.")
        message = ngettext("The repair names %(count)d column.", "The repair names %(count)d columns.", count)
        words = {"repair": self.name, "least": self.least_columns, "most": self.most_columns}
        raise GovernError(message % {"count": count}, where=place(step), hint=hint % words)

    def verify(self, step: Step, values: dict[str, Any]) -> None:  # noqa: B027  most repairs have nothing to refuse
        """Refuse parameters that are wrong together."""

    @abstractmethod
    def meaning(self, step: Step) -> str:
        """What is changed and what is left, in words."""

    @abstractmethod
    def apply(self, scope: Scope, step: Step) -> Change: ...

    def datasets(self, step: Step) -> tuple[str, ...]:
        """The names of the other datasets that the repair reads."""
        return ()


def place(step: Step) -> str:
    return _("repair “%(repair)s”") % {"repair": step.repair}


def text_column(scope: Scope, name: str) -> ir.StringColumn:
    """The column, which must hold texts."""
    column = scope.column(name)
    if column.type().is_string():
        return column
    raise GovernError(
        _("The column “%(name)s” holds %(type)s, not texts.") % {"name": name, "type": column.type()},
        where=_("column “%(name)s”") % {"name": name},
        hint=_("Choose a column of texts."),
    )


def number_column(scope: Scope, name: str) -> ir.NumericColumn:
    """The column, which must hold numbers."""
    column = scope.column(name)
    if column.type().is_numeric() and not column.type().is_boolean():
        return column
    raise GovernError(
        _("The column “%(name)s” holds %(type)s, not numbers.") % {"name": name, "type": column.type()},
        where=_("column “%(name)s”") % {"name": name},
        hint=_("Choose a column of numbers, or make its texts numbers first (repair “normalise_units”)."),
    )


def is_missing(column: ir.Column) -> ir.BooleanValue:
    """Null, or NaN, which holds no value either."""
    if column.type().is_floating():
        return column.isnull() | column.isnan().fill_null(False)
    return column.isnull()
