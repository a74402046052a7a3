"""Columns in the reader's language: their types, and why a role was suggested."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assessments.dashboards.rows import show
from assessments.datasets.models import Column
from assessments.datasets.roles import ColumnRole
from assessments.datasets.suggestion import reason_in_words

TYPES = {
    "integer": _("whole number"),
    "number": pgettext_lazy("type of a column", "number"),
    "boolean": _("true or false"),
    "text": _("text"),
    "date": _("date"),
    "timestamp": _("date and time"),
    "timestamp with zone": _("date and time with zone"),
}


def show_words(column: Column) -> None:
    """Give the column ``type_label``, ``suggested_label`` and ``reason`` for its template."""
    roles = dict(ColumnRole.choices)
    show(
        column,
        type_label=TYPES.get(column.type, column.type),
        suggested_label=roles.get(column.suggested_role, column.suggested_role),
        reason=reason_in_words(column.suggestion_reason),
    )
