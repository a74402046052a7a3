"""Which table in which named connection, written ``connection:schema.table``."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from assessments.common.errors import ForbiddenError, GovernError
from assessments.common.named import Named

LONGEST = 128


@dataclass(frozen=True)
class TableAddress:
    """A table in a named connection that the organisation may use."""

    connection: Named
    schema: str
    table: str

    def __str__(self) -> str:
        return f"{self.connection.name}:{self.schema}.{self.table}"


def connections_for(organisation: str) -> list[Named]:
    """The connections that the organisation of this short name may use, by name."""
    return sorted((one for one in settings.CONNECTIONS.values() if one.serves(organisation)), key=lambda one: one.name)


def table_address(location: str, organisation: str) -> TableAddress:
    """Read ``connection:schema.table``; raises ForbiddenError for a connection or schema that is not to be used.

    The refusal is the same whether the connection exists or not.
    """
    name, _colon, path = location.strip().partition(":")
    schema, _dot, table = path.partition(".")
    if not name or not _written_well(schema) or not _written_well(table):
        raise GovernError(
            _("A table is named as connection:schema.table."),
            where=_("table"),
            hint=_("For example shop:public.orders. The operator names the connections."),
        )
    connection = settings.CONNECTIONS.get(name)
    if connection is None or not connection.serves(organisation):
        raise ForbiddenError(
            _("There is no connection of this name for your organisation."),
            where=name[:40],
            hint=_("Ask the operator to name it in GOVERN_CONNECTIONS."),
        )
    if connection.schemas and schema not in connection.schemas:
        raise ForbiddenError(
            _("Tables of this schema are not read through the connection “%(name)s”.") % {"name": name},
            where=schema,
            hint=_("Read from one of: %(schemas)s.") % {"schemas": ", ".join(sorted(connection.schemas))},
        )
    return TableAddress(connection, schema, table)


def _written_well(identifier: str) -> bool:
    return 0 < len(identifier) <= LONGEST and identifier.isprintable() and "://" not in identifier
