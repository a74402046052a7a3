"""Bodies of requests."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class JsonParser(JSONParser):
    """JSON whose texts every database keeps, and that is not nested without end."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        try:
            document = super().parse(stream, media_type, parser_context)
            storable = kept_by_databases(document)
        except RecursionError as error:
            raise ParseError(_("The JSON text is nested too deeply.")) from error
        if not storable:
            raise ParseError(_("A text holds a NUL character or half of a surrogate pair."))
        return document


def kept_by_databases(value: Any) -> bool:
    """Whether no text in the document holds a NUL character (PostgreSQL) or a lone surrogate (UTF-8)."""
    if isinstance(value, str):
        return "\0" not in value and not any("\ud800" <= character <= "\udfff" for character in value)
    if isinstance(value, dict):
        return all(kept_by_databases(name) and kept_by_databases(inner) for name, inner in value.items())
    return all(kept_by_databases(inner) for inner in value) if isinstance(value, list) else True
