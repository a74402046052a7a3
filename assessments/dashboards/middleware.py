"""Expected failures as pages: what, where, and how to mend it."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url

from assessments.common.errors import GovernError
from assessments.dashboards.asking import from_htmx


class ProblemPageMiddleware:
    """Shows a GovernError that a view raised: a page, or only its text to a part of a page that asked for it.

    A part of a page whose reader has been signed out meanwhile makes the whole page load again, so that the sign-in
    form is not put into a corner of it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        sign_in = resolve_url(settings.LOGIN_URL)
        if from_htmx(request) and response.status_code == 302 and response["Location"].startswith(sign_in):
            return HttpResponse(status=204, headers={"HX-Refresh": "true"})
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, GovernError):
            return None
        template = "components/problem.html" if from_htmx(request) else "error.html"
        return render(request, template, {"error": exception}, status=exception.status)
