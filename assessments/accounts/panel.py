"""Who sees what in the admin panel: a superuser everything, an administrator the rows of their organisations.

Django's own permissions and the staff flag give nobody anything: they know no organisations. Every admin class says
which rows it shows by one of the two mixins ``OrganisationRows`` and ``ServerRows``; inlines by ``Within``.
"""

from typing import Any, cast

from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from assessments.accounts.models import Membership
from assessments.accounts.roles import Capability
from assessments.accounts.selectors import memberships_of
from assessments.common.errors import ForbiddenError


def is_superuser(request: HttpRequest) -> bool:
    return bool(request.user.is_active and getattr(request.user, "is_superuser", False))


def administered(request: HttpRequest) -> list[int]:
    """The numbers of the organisations that the person administers."""
    if not request.user.is_active:
        return []
    kept = getattr(request, "memberships", None)
    memberships = cast(list[Membership], memberships_of(request.user) if kept is None else kept)
    return [membership.organisation_id for membership in memberships if membership.may(Capability.MANAGE)]


def has_panel(request: HttpRequest) -> bool:
    return is_superuser(request) or bool(administered(request))


class GovernAdminSite(AdminSite):
    """The panel without a sign-in of its own: there is one door, and it is the one that slows guessing down."""

    def has_permission(self, request: HttpRequest) -> bool:
        return has_panel(request)

    @method_decorator(never_cache)
    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index", current_app=self.name))
        if request.user.is_authenticated:
            raise ForbiddenError(_("You administer no organisation."), hint=_("Ask an administrator."))
        return redirect_to_login(request.GET.get("next") or reverse("admin:index", current_app=self.name))


class OrganisationRows:
    """Rows that belong to an organisation, found at ``organisation_path``: its administrators see them.

    What may be added, changed or deleted is said by the class itself; by default only superusers do.
    """

    organisation_path = "organisation"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)  # type: ignore[misc]  # mixed into a ModelAdmin
        return self.of_organisations(rows, request, self.organisation_path)

    @staticmethod
    def of_organisations(rows: QuerySet[Any], request: HttpRequest, path: str) -> QuerySet[Any]:
        return rows if is_superuser(request) else rows.filter(**{f"{path}__in": administered(request)})

    def has_module_permission(self, request: HttpRequest) -> bool:
        return has_panel(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return has_panel(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_superuser(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_superuser(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_superuser(request)


class ServerRows:
    """Rows that all organisations share, or that make them: superusers alone see and change them."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_superuser(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return is_superuser(request)

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission


class Within:
    """Mixed into an inline: whoever sees the row above sees these."""

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return has_panel(request)
