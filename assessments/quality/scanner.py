"""A table opened for reading, wherever it is: as an Ibis expression, with the means to run expressions on it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import duckdb
import ibis.expr.types as ir
import pyarrow as pa
from django.utils.translation import gettext as _
from ibis.common.exceptions import IbisError

from assessments.common.errors import GovernError
from assessments.common.leftovers import held_folder
from assessments.quality.connection import DuckDBDialect, DuckDBDriver, ParquetFiles, fenced, kept_table
from assessments.quality.dialect import Dialect
from assessments.quality.running import Runner
from assessments.quality.sampling import row_numbered
from assessments.quality.specs import Limits


def _kept_nowhere(small: pa.Table) -> AbstractContextManager[ir.Table]:
    raise NotImplementedError


@dataclass(frozen=True)
class Scanner:
    """What an open table offers.

    ``table`` has the columns ``names`` and, where the place numbers its rows, the column ``row`` beside them (from 0,
    an integer, always the same for the same row); else ``row`` is None and failing rows are shown without numbers.
    ``others`` are the tables of other datasets by name, each opened when it is asked for; ``earlier`` is the snapshot
    before. ``kept`` copies a small table beside it for as long as a context. ``keys`` are the columns of the primary
    key, where the place knows one.
    """

    backend: Any
    runner: Runner
    table: ir.Table
    row: str | None
    names: tuple[str, ...]
    others: Mapping[str, ir.Table] = field(default_factory=dict)
    earlier: ir.Table | None = None
    dialect: Dialect = field(default_factory=Dialect)
    kept: Callable[[pa.Table], AbstractContextManager[ir.Table]] = _kept_nowhere
    keys: tuple[str, ...] = ()

    @property
    def keeps_rows(self) -> bool:
        """Whether the pass that counts can keep the numbers of failing rows as well."""
        return self.row is not None and self.dialect.bounded_lists

    @contextmanager
    def spill(self) -> Iterator[Path | None]:
        """A folder for temporary files, gone with the context; None where a scan may have none."""
        if self.runner.limits.temporary is None:
            yield None
            return
        with held_folder(self.runner.limits.temporary) as folder:
            yield folder


class Place(Protocol):
    """A table that is not a Parquet file of ours: in a database, in a cluster."""

    def open(
        self, *, others: Mapping[str, "Source"], earlier: "Source | None", limits: Limits
    ) -> AbstractContextManager[Scanner]:
        """The open table, closed again at the end; raises GovernError when it is gone or refuses."""


# A Parquet file of ours, or a table elsewhere.
Source = Path | Place


class Others(Mapping[str, ir.Table]):
    """The tables of other datasets by name, each opened when it is asked for; only files can be joined with a file."""

    def __init__(self, parquet: ParquetFiles, files: Mapping[str, Source]) -> None:
        self._parquet, self._files = parquet, files
        self._open: dict[str, ir.Table] = {}

    def __getitem__(self, name: str) -> ir.Table:
        file = self._files[name]
        if not isinstance(file, Path):
            raise GovernError(
                _("The rows of the dataset “%(name)s” stay in their database, so they cannot be compared with a file.")
                % {"name": name},
                hint=_("Take a new snapshot of it with the option to copy the table once."),
            )
        if name not in self._open:
            self._open[name] = self._parquet.table(file)
        return self._open[name]

    def __contains__(self, name: object) -> bool:
        return name in self._files

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


@contextmanager
def scanner_open(
    table: Source,
    *,
    others: Mapping[str, Source] | None = None,
    earlier: Source | None = None,
    limits: Limits | None = None,
) -> Iterator[Scanner]:
    """Open ``table``, beside it those of other datasets by name and of the snapshot before.

    Nothing else can be read through it. Raises GovernError when it is gone or cannot be read.
    """
    others, limits = others or {}, limits or Limits()
    if not isinstance(table, Path):
        with table.open(others=others, earlier=earlier, limits=limits) as scanner:
            yield scanner
        return
    before = earlier if isinstance(earlier, Path) else None
    with _file_open(table, others, before, limits) as scanner:
        yield scanner


@contextmanager
def _file_open(table: Path, others: Mapping[str, Source], earlier: Path | None, limits: Limits) -> Iterator[Scanner]:
    if not table.is_file():
        raise GovernError(_("The file of the snapshot is gone."), where=table.name, hint=_("Take a new snapshot."))
    files = [table, *(other for other in others.values() if isinstance(other, Path)), *([earlier] if earlier else [])]
    with fenced(files, limits) as backend:
        parquet = ParquetFiles(backend)
        try:
            base, row = row_numbered(parquet, table)
            before = parquet.table(earlier) if earlier else None
        except (duckdb.Error, IbisError) as error:
            message = _("The file of the snapshot cannot be read.")
            raise GovernError(message, where=table.name, hint=_("Take a new snapshot.")) from error
        yield Scanner(
            backend=backend,
            runner=Runner(DuckDBDriver(backend, parquet), limits),
            table=base,
            row=row,
            names=tuple(name for name in base.columns if name != row),
            others=Others(parquet, others),
            earlier=before,
            dialect=DuckDBDialect(),
            kept=partial(kept_table, backend),
        )
