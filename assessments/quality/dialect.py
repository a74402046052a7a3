"""What differs between the places where tables are, as far as expressions are concerned.

Checks and the engine write Ibis expressions. Where Ibis says the same thing differently (or not at all) for DuckDB,
PostgreSQL and Spark, they ask the dialect of the table's place. This one is made of what all three can do; a place
that can do more overrides it.
"""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

SAMPLE_ROWS = 10


class Dialect:
    """Expressions that every place understands.

    ``bounded_lists`` says that ``least`` and ``value_at_least`` work, so that the pass that counts keeps the first
    failing rows too; without it the engine asks a second query with a limit.
    """

    bounded_lists = False

    def count(self, table: ir.Table, where: ir.BooleanValue) -> ir.IntegerScalar:
        """In how many rows of ``table`` the condition, which is never null, holds."""
        return table.count(where=where)

    def least(self, value: ir.Value, where: ir.BooleanValue) -> ir.Scalar:
        """The ``SAMPLE_ROWS`` least values, as a list; null when there is none."""
        raise NotImplementedError

    def value_at_least(self, value: ir.Value, by: ir.Value, where: ir.BooleanValue) -> ir.Scalar:
        """The values where ``by`` is least, ``SAMPLE_ROWS`` of them, in the order of ``by``."""
        raise NotImplementedError

    def row_hash(self, columns: Sequence[ir.Column]) -> ir.IntegerColumn | None:
        """A hash of 64 bits without sign, the same for rows that a grouping by the columns takes for equal.

        None where there is no such hash for columns of these types; repeated rows are then found by grouping alone.
        """
        return None

    def search(self, text: ir.StringValue, regex: str) -> ir.BooleanValue:
        """Whether the expression (RE2) is found in the text, in linear time; the dot matches a line break too."""
        return text.re_search(f"(?s){regex}")

    def full_match(self, text: ir.StringValue, regex: str) -> ir.BooleanValue:
        """Whether the expression (RE2) covers the whole text, in linear time."""
        return text.re_search(f"(?s)\\A(?:{regex})\\z")

    def moment(self, microseconds: ir.IntegerValue) -> ir.TimestampValue:
        """The time, in UTC without zone, of whole microseconds since 1970."""
        start = ibis.literal("1970-01-01 00:00:00").cast("timestamp")
        return start + microseconds.as_interval("us")

    def fetchable(self, column: ir.Column) -> ir.Column:
        """The column in a type that Python reads without help: times in UTC without zone, rare types as texts."""
        kind = column.type()
        if kind.is_timestamp() and kind.timezone:
            return column.cast("timestamp")
        plain = ("is_numeric", "is_string", "is_boolean", "is_timestamp", "is_date", "is_time", "is_binary")
        return column if any(getattr(kind, family)() for family in plain) else column.cast("string")
