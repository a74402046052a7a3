"""What the asker may do: whatever a view does not name is denied."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from assessments.accounts.access import require
from assessments.accounts.models import ApiToken, Membership
from assessments.accounts.roles import Capability
from assessments.common.errors import ForbiddenError

if TYPE_CHECKING:  # REST framework imports this module while it builds that class
    from rest_framework.views import APIView


def token_membership(token: ApiToken) -> Membership | None:
    """The owner's membership now, read once for each request."""
    if "membership" not in token.__dict__:
        found = Membership.objects.filter(user=token.user_id, organisation=token.organisation_id)
        token.__dict__["membership"] = found.select_related("organisation", "user").first()
    membership: Membership | None = token.__dict__["membership"]
    return membership


def membership_of(request: Request) -> Membership | None:
    """The membership in which the asker acts: the token's organisation, or the one that the browser looks at."""
    if isinstance(request.auth, ApiToken):
        return token_membership(request.auth)
    return getattr(request._request, "membership", None)


def require_capability(request: Request, capability: Capability) -> Membership:
    """Return the membership; raises ForbiddenError when its role, or the token's scopes, do not allow it."""
    membership = require(membership_of(request), capability)
    if isinstance(request.auth, ApiToken) and capability not in request.auth.scopes:
        raise ForbiddenError(
            _("This token does not allow this."),
            hint=_("It needs the scope %(scope)s.") % {"scope": capability.value},
        )
    return membership


class HasCapability(BasePermission):
    """Asks for ``view.capabilities[action or method]``; a view or a method without one is denied."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        if not (request.user and request.user.is_authenticated):
            return False
        method = (request.method or "").lower()
        if request.method not in view.allowed_methods:
            return True  # nothing answers this method: the view says 405
        named = getattr(view, "capabilities", {})
        capability = named.get(getattr(view, "action", None)) or named.get(method)
        if capability is None:
            return False
        require_capability(request, capability)
        return True


class BySession(BasePermission):
    """Lets in signed-in browsers only: a stolen token must not be able to make another one."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        if isinstance(request.auth, ApiToken):
            raise ForbiddenError(_("A token cannot do this."), hint=_("Sign in with your name and password."))
        return bool(request.user and request.user.is_authenticated)
