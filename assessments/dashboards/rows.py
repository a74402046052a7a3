"""Rows with what a template shows beside their own fields."""

from typing import Any

from django.db.models import Model


def show(row: Model, **beside: Any) -> None:
    """Give a row attributes for its template. They are never saved."""
    for name, value in beside.items():
        setattr(row, name, value)
