"""What a column can mean. The values are the words of the command line, of rule packs and of the API."""

from django.db import models
from django.utils.translation import gettext_lazy as _


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
