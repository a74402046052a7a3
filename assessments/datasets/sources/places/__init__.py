"""Databases and clusters whose tables stay where they are: one file per kind of place."""

from assessments.datasets.sources.places.address import TableAddress, connections_for, table_address
from assessments.datasets.sources.places.base import Place, PlaceGoneError, PlaceRunner, QueryRefusedError
from assessments.datasets.sources.places.opening import place_open, table_open

__all__ = [
    "Place",
    "PlaceGoneError",
    "PlaceRunner",
    "QueryRefusedError",
    "TableAddress",
    "connections_for",
    "place_open",
    "table_address",
    "table_open",
]
