"""What a view wants to know about the request in front of it."""

from typing import cast

from django.http import HttpRequest

from assessments.accounts.access import require
from assessments.accounts.models import Membership, Organisation, User
from assessments.accounts.roles import Capability


def membership_of(request: HttpRequest) -> Membership:
    """The reader's membership; raises ForbiddenError for somebody who belongs nowhere."""
    return require(getattr(request, "membership", None), Capability.VIEW)


def organisation_of(request: HttpRequest) -> Organisation:
    return membership_of(request).organisation


def user_of(request: HttpRequest) -> User:
    """The signed-in person, who is already read: a membership would read them again."""
    membership_of(request)
    return cast(User, request.user)


def from_htmx(request: HttpRequest) -> bool:
    """A part of a page asks, not a person who opens an address."""
    return bool(getattr(request, "htmx", False))


def may(request: HttpRequest, capability: Capability) -> bool:
    return membership_of(request).may(capability)
