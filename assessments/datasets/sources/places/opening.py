"""Opening the place of a table by the kind of its connection."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import ibis.expr.types as ir

from assessments.common.named import Named
from assessments.datasets.sources.places.address import TableAddress
from assessments.datasets.sources.places.base import Place
from assessments.datasets.sources.places.postgres import postgres_open
from assessments.datasets.sources.places.spark import spark_open

Opens = Callable[[Named, float], AbstractContextManager[Place]]
PLACES: dict[str, Opens] = {"postgresql": postgres_open, "postgres": postgres_open, "spark": spark_open}


def place_open(connection: Named, *, seconds: float) -> AbstractContextManager[Place]:
    """Connect, read only; no statement may take longer than ``seconds``. Raises GovernError without any secret."""
    return PLACES[connection.scheme](connection, seconds)


@contextmanager
def table_open(address: TableAddress, *, seconds: float) -> Iterator[tuple[Place, ir.Table]]:
    """The place of a table and the table in it."""
    with place_open(address.connection, seconds=seconds) as place:
        yield place, place.table(address.schema, address.table)
