"""What a column can mean. The values are the words of the command line, of rule packs and of the API."""

import difflib
from collections.abc import Mapping, Sequence

from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from assessments.common.errors import GovernError


class ColumnRole(models.TextChoices):
    USER = "user", _("User")
    ITEM = "item", _("Item")
    TIME = "time", _("Time")
    EVENT = "event", _("Event type")
    QUANTITY = "quantity", _("Quantity")
    PRICE = "price", _("Price")
    ORDER = "order", _("Order number")
    SESSION = "session", _("Session")
    TITLE = "title", _("Title")
    TEXT = "text", _("Text")
    CATEGORY = "category", _("Category")
    COUNTRY = "country", _("Country or region")
    AGE = "age", _("Age band")
    QUERY = "query", _("Search words")
    GRADE = "grade", _("Grade or rating")
    POSITION = "position", _("Position in a list")
    EMAIL = "email", _("E-mail address")


# Without these a dataset of the kind cannot be used for anything.
REQUIRED: dict[str, tuple[str, ...]] = {
    "interactions": ("user", "item", "time"),
    "items": ("item",),
    "users": ("user",),
    "queries": ("query",),
    "judgments": ("query", "item", "grade"),
    "impressions": ("item",),
    "documents": ("text",),
}


def check_roles(roles: Mapping[str, str], *, kind: str, columns: Sequence[str]) -> None:
    """Raise GovernError unless each role is known and has a column, and none that the kind needs is missing."""
    for role, column in roles.items():
        if role not in ColumnRole.values:
            raise GovernError(
                _now("There is no role named “%(role)s”.") % {"role": role},
                hint=_nearest(role, ColumnRole.values),
            )
        if column not in columns:
            raise GovernError(
                _now("The column “%(column)s” for the role “%(role)s” is missing.") % {"column": column, "role": role},
                where=_now("role “%(role)s”") % {"role": role},
                hint=_nearest(column, columns),
            )
    _check_one_role_per_column(roles)
    missing = [role for role in REQUIRED.get(kind, ()) if role not in roles]
    if missing:
        raise GovernError(
            _now("A dataset of the kind “%(kind)s” needs a column for: %(roles)s.")
            % {"kind": kind, "roles": ", ".join(missing)},
            where=_now("roles"),
            hint=_now("Columns: %(columns)s.") % {"columns": ", ".join(columns[:50])},
        )


def _check_one_role_per_column(roles: Mapping[str, str]) -> None:
    taken: dict[str, str] = {}
    for role, column in roles.items():
        other = taken.setdefault(column, role)
        if other != role:
            raise GovernError(
                _now("The column “%(column)s” is given two roles: %(first)s and %(second)s.")
                % {"column": column, "first": other, "second": role},
                where=_now("role “%(role)s”") % {"role": role},
                hint=_now("Keep the one that fits better."),
            )


def _nearest(name: str, known: Sequence[str]) -> str:
    folded = {candidate.casefold(): candidate for candidate in known}
    close = difflib.get_close_matches(name.casefold(), list(folded), n=1, cutoff=0.5)
    there = _now("There are: %(names)s.") % {"names": ", ".join(known[:50])}
    return f"{_now('Did you mean “%(name)s”?') % {'name': folded[close[0]]}} {there}" if close else there
