"""A snapshot opened for reading: its table as an Ibis expression, and the means to run expressions on it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import ibis.expr.types as ir
from django.utils.translation import gettext as _
from ibis.backends.duckdb import Backend
from ibis.common.exceptions import IbisError

from assessments.common.errors import GovernError
from assessments.quality.connection import Runner, fenced
from assessments.quality.sampling import row_numbered
from assessments.quality.specs import Limits


@dataclass(frozen=True)
class Scanner:
    """What an open snapshot offers. ``table`` has the column ``row`` of row numbers beside its own, ``names``."""

    backend: Backend
    runner: Runner
    table: ir.Table
    row: str
    names: tuple[str, ...]
    others: Mapping[str, ir.Table]
    earlier: ir.Table | None


class Others(Mapping[str, ir.Table]):
    """The tables of other datasets by name, each opened when it is asked for."""

    def __init__(self, backend: Backend, files: Mapping[str, Path]) -> None:
        self._backend, self._files = backend, files
        self._open: dict[str, ir.Table] = {}

    def __getitem__(self, name: str) -> ir.Table:
        if name not in self._open:
            self._open[name] = self._backend.read_parquet(self._files[name])
        return self._open[name]

    def __contains__(self, name: object) -> bool:
        return name in self._files

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


@contextmanager
def scanner_open(
    table: Path,
    *,
    others: Mapping[str, Path] | None = None,
    earlier: Path | None = None,
    limits: Limits | None = None,
) -> Iterator[Scanner]:
    """Open the Parquet file ``table``, beside it those of other datasets by name and of the snapshot before.

    Nothing else can be read through it. Raises GovernError when the file is gone or cannot be read.
    """
    others, limits = others or {}, limits or Limits()
    if not table.is_file():
        raise GovernError(_("The file of the snapshot is gone."), where=table.name, hint=_("Take a new snapshot."))
    with fenced([table, *others.values(), *([earlier] if earlier else [])], limits) as backend:
        try:
            base, row = row_numbered(backend, table)
            before = backend.read_parquet(earlier) if earlier else None
        except (duckdb.Error, IbisError) as error:
            message = _("The file of the snapshot cannot be read.")
            raise GovernError(message, where=table.name, hint=_("Take a new snapshot.")) from error
        names = tuple(name for name in base.columns if name != row)
        yield Scanner(backend, Runner(backend, limits), base, row, names, Others(backend, others), before)
