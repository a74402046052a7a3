"""Periods: the quarters in which assessments are made."""

from datetime import date


def quarter_of(day: date) -> str:
    """The quarter of a day, as it is written everywhere: 2026-Q3."""
    return f"{day.year}-Q{(day.month + 2) // 3}"
