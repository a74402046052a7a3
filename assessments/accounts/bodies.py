"""How large the body of a request to a page may be: said before a byte of it is read or written to disk."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from assessments.accounts.access import View
from assessments.accounts.models import Membership
from assessments.common.errors import GovernError

FORM_BYTES = 2**20  # what stands around a file


def takes_files(largest: Callable[[], int]) -> Callable[[View], View]:
    """Let the body of a request to this page hold a file of ``largest()`` bytes, if its sender may open the page."""

    def mark(view: View) -> View:
        view.largest_file = largest  # type: ignore[attr-defined]
        return view

    return mark


class BodyLimitMiddleware:
    """Refuses bodies larger than DATA_UPLOAD_MAX_MEMORY_SIZE, and than the file that a page takes.

    Django itself limits forms but not the files in them, which it writes to disk for anybody, signed in or not, as soon
    as the CSRF check looks for its field. The API has its own limits, asked before it parses anything.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponse | None:
        if getattr(view, "csrf_exempt", False) or length_of(request) <= largest_body(request, view):
            return None
        error = GovernError(_("What was sent is too large."), hint=_("Send a smaller file, or ask an administrator."))
        return render(request, "error.html", {"error": error}, status=413)


def length_of(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0  # Django reads nothing either


def largest_body(request: HttpRequest, view: View) -> int:
    usual: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    largest, capability = getattr(view, "largest_file", None), getattr(view, "capability", None)
    membership: Membership | None = getattr(request, "membership", None)
    if largest is None or capability is None or membership is None or not membership.may(capability):
        return usual
    return max(usual, int(largest()) + FORM_BYTES)
