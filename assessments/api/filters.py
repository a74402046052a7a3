"""Filtering lists by what stands in the address."""

from typing import Any

from django import forms
from django.db import models
from django_filters.filters import NumberFilter
from django_filters.filterset import FILTER_FOR_DBFIELD_DEFAULTS, FilterSet
from django_filters.rest_framework import DjangoFilterBackend


class NumberOfRow(NumberFilter):  # type: ignore[misc]  # the library has no types
    """The number of another row. That row is not looked up: a number of another organisation's row must find as
    little, in the same words, as one that nobody has."""

    field_class = forms.IntegerField


def _bounds(field: Any) -> dict[str, int]:
    return {"min_value": 0, "max_value": 2**63 - 1}


BY_NUMBER = {"filter_class": NumberOfRow, "extra": _bounds}


class RowFilterSet(FilterSet):  # type: ignore[misc]  # the library has no types
    FILTER_DEFAULTS = {
        **FILTER_FOR_DBFIELD_DEFAULTS,
        models.ForeignKey: BY_NUMBER,
        models.OneToOneField: BY_NUMBER,
    }


class Filters(DjangoFilterBackend):  # type: ignore[misc]  # the library has no types
    filterset_base = RowFilterSet
