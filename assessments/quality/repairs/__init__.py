"""The code behind repairs: one small class each, found in a registry. A repair never changes a table in place.

A new repair is a class in one of these files (or in a new one, imported below) with ``@register`` over it.
"""

from assessments.quality.repairs import (
    alike,
    anonymise,
    cancellations,
    columns,
    dates,
    duplicates,
    generalise,
    majorities,
    missing,
    near,
    orphans,
    pseudonyms,
    ranges,
    splits,
    swaps,
    texts,
    ties,
    typos,
    units,
    where,
)
from assessments.quality.repairs.base import Repair, Step
from assessments.quality.repairs.registry import all_repairs, repair_named, steps_read

__all__ = [
    "Repair",
    "Step",
    "alike",
    "all_repairs",
    "anonymise",
    "cancellations",
    "columns",
    "dates",
    "duplicates",
    "generalise",
    "majorities",
    "missing",
    "near",
    "orphans",
    "pseudonyms",
    "ranges",
    "repair_named",
    "splits",
    "steps_read",
    "swaps",
    "texts",
    "ties",
    "typos",
    "units",
    "where",
]
