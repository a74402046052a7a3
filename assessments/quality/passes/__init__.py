"""The passes over a table: one for all rules decided row by row, one for each set of columns to group by, and one for
each rule that needs a query of its own."""

from assessments.quality.passes.entries import Entry, alone
from assessments.quality.passes.groups import measure_groups
from assessments.quality.passes.queries import measure_inspections, measure_queries
from assessments.quality.passes.rows import fails, measure_first, measure_rows

__all__ = [
    "Entry",
    "alone",
    "fails",
    "measure_first",
    "measure_groups",
    "measure_inspections",
    "measure_queries",
    "measure_rows",
]
