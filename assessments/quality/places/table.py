"""A table where it is, opened for the engine."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import ibis.expr.types as ir
from django.utils.translation import gettext as _

from assessments.common.errors import GovernError
from assessments.datasets.sources.places import Place, TableAddress, table_open
from assessments.quality.dialect import Dialect
from assessments.quality.places import postgres, spark
from assessments.quality.places.driver import PlaceDriver
from assessments.quality.running import Runner
from assessments.quality.scanner import Scanner, Source
from assessments.quality.specs import Limits


@dataclass(frozen=True)
class TablePlace:
    """A table in a named connection; see ``Place`` of the engine's scanner."""

    address: TableAddress

    @contextmanager
    def open(self, *, others: Mapping[str, Source], earlier: Source | None, limits: Limits) -> Iterator[Scanner]:
        """Open the table. ``earlier`` is left out: what a table held before is not kept."""
        with table_open(self.address, seconds=limits.timeout_seconds) as (place, table):
            driver, dialect = _driver(self.address.connection.scheme, place)
            yield Scanner(
                backend=getattr(place, "backend", None),
                runner=Runner(driver, limits),
                table=table,
                row=None,
                names=tuple(table.columns),
                others=PlacedOthers(place, self.address, others),
                dialect=dialect,
                keys=place.keys(self.address.schema, self.address.table),
            )


def _driver(scheme: str, place: Place) -> tuple[PlaceDriver, Dialect]:
    if scheme == "spark":
        spark.functions_register(getattr(place, "session", None))
        return PlaceDriver(place, spark.rewrite), spark.SparkDialect()
    return PlaceDriver(place, postgres.rewrite), postgres.PostgresDialect()


class PlacedOthers(Mapping[str, ir.Table]):
    """The other datasets by name; only those whose tables are reached by the same connection can be joined."""

    def __init__(self, place: Place, address: TableAddress, others: Mapping[str, Any]) -> None:
        self._place, self._address, self._others = place, address, others
        self._open: dict[str, ir.Table] = {}

    def __getitem__(self, name: str) -> ir.Table:
        other = self._others[name]
        if not isinstance(other, TablePlace) or other.address.connection.name != self._address.connection.name:
            raise GovernError(
                _("The dataset “%(name)s” is not in the same place as this table, so they cannot be compared there.")
                % {"name": name},
                hint=_("Copy both once into snapshots, or register both by the same connection."),
            )
        if name not in self._open:
            self._open[name] = self._place.table(other.address.schema, other.address.table)
        return self._open[name]

    def __contains__(self, name: object) -> bool:
        return name in self._others

    def __iter__(self) -> Iterator[str]:
        return iter(self._others)

    def __len__(self) -> int:
        return len(self._others)
