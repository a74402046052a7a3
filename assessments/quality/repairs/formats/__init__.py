"""Ways of writing one thing: times of day, dates, durations, amounts, numbers with separators. Pure.

A family reads a text into a value and writes a value in one of its ways; a repair writes a whole column in one way.
"""

from assessments.quality.repairs.formats import (
    amounts,
    clocks,
    days,
    durations,
    lists,
    quantities,
    spreadsheets,
    templates,
)
from assessments.quality.repairs.formats.family import Family, rewritten

FAMILIES: dict[str, Family] = {
    family.name: family
    for family in (
        clocks.FAMILY,
        days.FAMILY,
        durations.FAMILY,
        quantities.FAMILY,
        spreadsheets.FAMILY,
        amounts.FAMILY,
        templates.WIDTHS,
        templates.SEPARATORS,
        lists.FAMILY,
    )
}

__all__ = ["FAMILIES", "Family", "rewritten"]
