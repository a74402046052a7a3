"""Lists in bounded pages."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

PAGE_SIZE = 25


def page_of(request: HttpRequest, rows: "QuerySet[Any]", size: int = PAGE_SIZE) -> "Page[Any]":
    """The page of ``rows`` that the address asks for; a wrong number gives the nearest page there is."""
    return Paginator(rows, size).get_page(request.GET.get("page"))
