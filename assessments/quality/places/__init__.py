"""Rules measured where a table is: on PostgreSQL and on Spark."""

from assessments.quality.places.table import TablePlace

__all__ = ["TablePlace"]
