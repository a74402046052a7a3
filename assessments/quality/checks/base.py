"""What every check is, and what it gives the engine: expressions over a table, never rows."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Protocol

import ibis.expr.types as ir
import pyarrow as pa
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.common.errors import GovernError
from assessments.common.progress import Progress, silent
from assessments.quality.checks.parameters import Parameter, Words, nearest, read_parameters
from assessments.quality.dialect import Dialect
from assessments.quality.expressions.families import Family
from assessments.quality.specs import Look, RuleSpec

NULLS = Parameter(
    "nulls",
    "choice",
    gettext_lazy("What an empty cell means: skip leaves the row out of the count, fail counts it as failing."),
    default="skip",
    choices=("skip", "fail"),
    label=gettext_lazy("Empty cells"),
    shown=(gettext_lazy("leave the row out"), gettext_lazy("the row fails")),
)


@dataclass(frozen=True)
class Scope:
    """The table as a check sees it.

    ``as_of`` is "now" in UTC without zone. ``known`` holds, by rule name, the flag that a row's value was found in
    the rule's reference (null when it was not). ``measured`` holds what this rule's ``prepare`` asked for. ``others``
    are the datasets that the rule's ``datasets`` named, by name; ``earlier`` is the snapshot before this one, None
    when there is none, and ``looked`` what is kept of an earlier look whose rows are not. ``roles`` maps confirmed
    roles to columns. ``row`` is the column of row numbers from 0, None where the place of the table has none.
    ``dialect`` says what Ibis does not say alike for every place. Values of the columns ``masked`` may not be quoted in
    details.
    """

    table: ir.Table
    names: tuple[str, ...]
    as_of: datetime
    known: Mapping[str, ir.Value] = field(default_factory=dict)
    measured: Mapping[str, Any] = field(default_factory=dict)
    others: Mapping[str, ir.Table] = field(default_factory=dict)
    earlier: ir.Table | None = None
    looked: Look | None = None
    roles: Mapping[str, str] = field(default_factory=dict)
    row: ir.Column | None = None
    dialect: Dialect = field(default_factory=Dialect)
    masked: frozenset[str] = frozenset()

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


@dataclass(frozen=True)
class RowPlan:
    """A rule that one pass can decide row by row.

    ``checked`` and ``failing`` are boolean expressions without nulls; a row fails when both hold. ``extra`` are
    aggregates that the same pass computes for ``detail``; ``judge`` may turn (checked, failing, extra) into other
    counts and the detail to show.
    """

    checked: ir.BooleanValue
    failing: ir.BooleanValue
    extra: Mapping[str, ir.Scalar] = field(default_factory=dict)
    judge: Callable[[int, int, dict[str, Any]], tuple[int, int, dict[str, Any]]] | None = None


@dataclass(frozen=True)
class GroupPlan:
    """A rule that needs the table grouped by ``columns``.

    ``count`` is "surplus" (all but one row of each repeated group fail) or "members" (every row of it fails);
    ``nulls`` is "count" (empty cells equal each other), "skip" (a row with one is not checked) or "fail".
    """

    columns: tuple[str, ...]
    count: str
    nulls: str


@dataclass(frozen=True)
class QueryPlan:
    """A rule that needs a query of its own: a grouping, a join, a comparison with another table.

    ``summary`` is a table of exactly one row with the whole numbers ``checked`` and ``failing``; its other columns
    are details. ``failing_rows`` selects failing rows, without limit or order: the engine takes the first ten by the
    row number ``row`` where it has that column, masks the columns that are about persons and shows them all; None
    when no rows can be named. ``judge`` as in RowPlan, over (checked, failing, the other columns).
    """

    summary: ir.Table
    failing_rows: ir.Table | None = None
    judge: Callable[[int, int, dict[str, Any]], tuple[int, int, dict[str, Any]]] | None = None


class Reader(Protocol):
    """Runs expressions for an ``inspect``; fenced, limited in time, interrupted when the job is cancelled."""

    def rows(self, expression: Any, progress: Progress = silent, message: str = "") -> list[dict[str, Any]]:
        """All rows of the expression as dicts: only for expressions whose size is bounded."""

    def batches(self, expression: Any, progress: Progress = silent, message: str = "") -> Iterator[pa.RecordBatch]:
        """The rows of the expression as Arrow batches of bounded size."""


@dataclass(frozen=True)
class Measurement:
    """What an ``inspect`` found: exact counts, details, and the numbers (from 0) of some failing rows."""

    checked: int
    failing: int
    detail: Mapping[str, Any] = field(default_factory=dict)
    rows: tuple[int, ...] = ()
    same_as: tuple[int, ...] = ()


@dataclass(frozen=True)
class Reference:
    """Where a reference rule looks its values up: columns of another dataset, in the order of the rule's columns."""

    dataset: str
    columns: tuple[str, ...]


class Check(ABC):
    """One kind of expectation.

    Subclasses say how they are measured in exactly one of four ways, the cheapest that fits: ``plan`` (decided row by
    row, all such rules of a table share one pass), ``group`` (repeated values; rules on the same columns share one
    grouping), ``query`` (one query of its own) or ``inspect`` (Python over bounded pieces). ``prepare`` may ask for
    aggregates first; those of all rules are computed in one pass. ``characteristic`` is the data quality
    characteristic of ISO/IEC 25012 that the check measures. ``approximate`` says that the count is not exact.
    ``column_labels`` says what each column is for where their order matters, and ``several_at`` which of these may be
    more than one. ``example`` holds the columns and parameters of a rule that shows what the check is good for.
    """

    name: ClassVar[str]
    label: ClassVar[Words]
    help: ClassVar[Words]
    dimension: ClassVar[str]
    characteristic: ClassVar[str]
    measured_by: ClassVar[str] = "plan"
    needs_earlier: ClassVar[bool] = False
    approximate: ClassVar[bool] = False
    parameters: ClassVar[tuple[Parameter, ...]] = ()
    least_columns: ClassVar[int] = 1
    most_columns: ClassVar[int] = 1
    column_labels: ClassVar[tuple[Words, ...]] = ()
    several_at: ClassVar[int | None] = None
    example: ClassVar[Mapping[str, Any]] = {}

    def read(self, spec: RuleSpec) -> dict[str, Any]:
        """The rule's parameters with defaults; raises GovernError naming what is wrong."""
        self.require_columns(spec)
        values = read_parameters(self.parameters, spec.parameters, place(spec))
        self.verify(spec, values)
        return values

    def require_columns(self, spec: RuleSpec) -> None:
        count = len(spec.columns)
        if self.least_columns <= count <= self.most_columns and len(set(spec.columns)) == count:
            return
        if self.most_columns == 0:
            hint = _("The check “%(check)s” looks at whole rows: leave the columns out.")
        elif len(set(spec.columns)) != count:
            hint = _("Name each column once.")
        elif self.most_columns == 1:
            hint = _("The check “%(check)s” takes exactly one column.")
        elif self.least_columns == self.most_columns == 2:
            hint = _("The check “%(check)s” takes exactly two columns.")
        else:
            hint = _("The check “%(check)s” takes one column or more.")
        message = ngettext("The rule names %(count)d column.", "The rule names %(count)d columns.", count)
        raise GovernError(message % {"count": count}, where=place(spec), hint=hint % {"check": self.name})

    def verify(self, spec: RuleSpec, values: dict[str, Any]) -> None:  # noqa: B027  most checks have nothing to refuse
        """Refuse parameters that are wrong together (a least value above the greatest, for example)."""

    def verify_columns(self, spec: RuleSpec, families: Mapping[str, Family]) -> None:  # noqa: B027  as above
        """Refuse parameters that do not fit the table, whose columns and their types are known here."""

    def shown(self, spec: RuleSpec) -> tuple[str, ...]:
        """The columns that a sample of failing rows shows."""
        return spec.columns

    @abstractmethod
    def meaning(self, spec: RuleSpec) -> str:
        """Which rows are counted and which of them fail, in words."""

    def reference(self, spec: RuleSpec) -> Reference | None:
        """The other table that the rule needs, if any."""
        return None

    def datasets(self, spec: RuleSpec) -> tuple[str, ...]:
        """The names of the other datasets whose tables ``query`` or ``inspect`` read."""
        return ()

    def prepare(self, scope: Scope, spec: RuleSpec) -> Mapping[str, ir.Scalar]:
        """Aggregates of the table that the rule needs before it can be planned (a median, say)."""
        return {}

    def plan(self, scope: Scope, spec: RuleSpec) -> RowPlan:
        raise NotImplementedError

    def query(self, scope: Scope, spec: RuleSpec) -> QueryPlan:
        raise NotImplementedError

    def inspect(self, scope: Scope, spec: RuleSpec, reader: Reader, progress: Progress) -> Measurement:
        raise NotImplementedError

    def group(self, names: tuple[str, ...], spec: RuleSpec) -> GroupPlan | None:
        """The grouping that the rule needs, None for a rule decided row by row."""
        return None


def place(spec: RuleSpec) -> str:
    return _("rule “%(rule)s”") % {"rule": spec.name}


def require_column(name: str, names: tuple[str, ...]) -> str:
    if name not in names:
        raise GovernError(
            _("The column “%(name)s” is not in the table.") % {"name": name},
            where=_("column “%(name)s”") % {"name": name},
            hint=nearest(name, names),
        )
    return name


def by_row(value: ir.Value, passes: ir.BooleanValue, nulls: str) -> RowPlan:
    """The plan of a rule on one value: rows where it is null are left out, or fail when ``nulls`` is "fail"."""
    passes = passes.fill_null(False)
    if nulls == "fail":
        return RowPlan(checked=value.isnull() | value.notnull(), failing=value.isnull() | ~passes)
    return RowPlan(checked=value.notnull(), failing=~passes)


def nulls_in_words(nulls: str) -> str:
    if nulls == "fail":
        return _("All rows; an empty cell fails.")
    return _("Rows whose cell is not empty.")
