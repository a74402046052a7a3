"""The one way in which pages ask whether somebody may."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from assessments.accounts.models import Membership
from assessments.accounts.roles import Capability
from assessments.common.errors import ForbiddenError

View = Callable[..., HttpResponse]


def require(membership: Membership | None, capability: Capability) -> Membership:
    """Return the membership, or raise ForbiddenError when its role does not allow ``capability``."""
    if membership is None:
        raise ForbiddenError(_("You do not belong to an organisation yet."), hint=_("Ask an administrator."))
    if not membership.may(capability):
        raise ForbiddenError(
            _("Your role “%(role)s” does not allow this.") % {"role": membership.get_role_display()},
            hint=_("Needed: %(capability)s.") % {"capability": capability.label},
        )
    return membership


def allowed(capability: Capability) -> Callable[[View], View]:
    """Let a page be opened only by members whose role has ``capability``."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            require(getattr(request, "membership", None), capability)
            return view(request, *args, **kwargs)

        guarded.capability = capability  # type: ignore[attr-defined]  # asked before the body is read
        return guarded

    return decorate
