"""One shape for all errors: problem details (RFC 9457)."""

import logging
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from assessments.common.errors import ConflictError, ForbiddenError, GovernError, NotFoundError

logger = logging.getLogger(__name__)
CONTENT_TYPE = "application/problem+json"
TITLES = {
    400: "Bad request",
    401: "Not signed in",
    403: "Forbidden",
    404: "Not found",
    405: "Method not allowed",
    406: "Not acceptable",
    409: "Conflict",
    413: "Too large",
    415: "Unsupported media type",
    429: "Too many requests",
    500: "Internal error",
}


class TooLarge(exceptions.APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"


def problem_details(error: Exception, context: dict[str, Any]) -> Response:
    """Answer any exception of a view; one that nobody expected is logged and tells people nothing."""
    if isinstance(error, GovernError):
        set_rollback()
        return problem(
            error.status,
            slug_of(error),
            detail=error.message,
            where=error.where,
            hint=error.hint,
            extra=extra_of(error),
        )
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if not isinstance(error, exceptions.APIException):
        logger.error("the API failed", exc_info=error)
        set_rollback()
        return problem(500, "internal", detail=_("Something went wrong inside Govern."), hint=_("Try again later."))
    answer = exception_handler(error, context)
    headers = dict(answer.items()) if answer is not None else {}
    if isinstance(error, exceptions.ValidationError):
        found = [{"field": field, "message": message} for field, message in field_errors(error.detail)]
        where = ", ".join(dict.fromkeys(one["field"] for one in found if one["field"]))
        return problem(400, "validation", detail=_("Some values are not valid."), where=where, errors=found)
    detail = error.detail if isinstance(error.detail, str) else str(error)
    return problem(error.status_code, str(error.default_code), detail=detail, headers=headers)


def problem(
    status: int,
    slug: str,
    *,
    detail: str,
    where: str = "",
    hint: str = "",
    errors: list[dict[str, str]] | None = None,
    extra: dict[str, Any] | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    body: dict[str, Any] = {
        "type": f"urn:govern:problem:{slug.replace('_', '-')}",
        "title": TITLES.get(status, "Error"),
        "status": status,
        "detail": detail,
        "where": where,
        "hint": hint,
    }
    if errors is not None:
        body["errors"] = errors
    kept = {
        name: value for name, value in (headers or {}).items() if name.lower() in {"www-authenticate", "retry-after"}
    }
    return Response({**body, **(extra or {})}, status=status, headers=kept, content_type=CONTENT_TYPE)


def slug_of(error: GovernError) -> str:
    if isinstance(error, NotFoundError):
        return "not-found"
    if isinstance(error, ConflictError):
        return "conflict"
    return "forbidden" if isinstance(error, ForbiddenError) else "refused"


def extra_of(error: GovernError) -> dict[str, Any]:
    """What a refused change lost to: the revision that is there now, so that a client can join the two."""
    newer = getattr(error, "newer", None)
    if newer is None:
        return {}
    return {
        "newer": {
            "revision": newer.revision,
            "status": newer.status,
            "level": newer.level,
            "comment": newer.comment,
        }
    }


def field_errors(detail: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """The nested errors of a serializer as (field, message), fields joined with dots."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            name = "" if name == "non_field_errors" else str(name)
            yield from field_errors(inner, ".".join(part for part in (path, name) if part))
    elif isinstance(detail, list):
        for number, inner in enumerate(detail):
            nested = isinstance(inner, dict | list)
            yield from field_errors(inner, f"{path}.{number}" if nested and inner else path)
    else:
        yield path, str(detail)
