"""Which organisation a signed-in person is looking at."""

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse

from assessments.accounts.models import Membership, User
from assessments.accounts.selectors import memberships_of

SESSION_KEY = "organisation"


class MemberRequest(HttpRequest):
    """A request as pages see it, after OrganisationMiddleware."""

    user: User
    memberships: list[Membership]
    membership: Membership | None


class OrganisationMiddleware:
    """Sets ``request.memberships`` and ``request.membership`` (None for a person who belongs nowhere).

    The choice is in the address (``?organisation=slug``) and is kept in the session.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request = cast(MemberRequest, request)
        memberships = memberships_of(request.user)
        asked = request.GET.get("organisation")
        chosen = asked or (request.session.get(SESSION_KEY) if memberships else None)
        current = next((m for m in memberships if m.organisation.slug == chosen), None)
        if current is not None and asked:
            request.session[SESSION_KEY] = asked
        request.memberships = memberships
        request.membership = current or (memberships[0] if memberships else None)
        return self.get_response(request)
