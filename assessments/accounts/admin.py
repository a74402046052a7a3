"""Accounts in the admin panel: superusers edit people and organisations; keys and the audit log are only read."""

from typing import Any

from django.contrib import admin
from django.contrib.admin import RelatedOnlyFieldListFilter
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from assessments.accounts.models import ApiToken, AuditEvent, Membership, Organisation, User
from assessments.accounts.panel import OrganisationRows, ServerRows
from assessments.common.admin import ReadOnly

# Roles of memberships say what somebody may do; groups would say it a second time.
admin.site.unregister(Group)


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 0
    autocomplete_fields = ("user", "organisation")


@admin.register(User)
class PersonAdmin(ServerRows, UserAdmin):
    fieldsets = (*(UserAdmin.fieldsets or ()), (_("Preferences"), {"fields": ("language", "theme")}))
    inlines = (MembershipInline,)


@admin.register(Organisation)
class OrganisationAdmin(ServerRows, admin.ModelAdmin):
    list_display = ("name", "slug", "parent", "created_at")
    search_fields = ("name", "slug")
    inlines = (MembershipInline,)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An organisation holds sealed assessments and an audit log, which nobody removes by a click."""
        return False


@admin.register(Membership)
class MembershipAdmin(OrganisationRows, admin.ModelAdmin):
    list_display = ("user", "organisation", "role")
    list_filter = ("role", ("organisation", RelatedOnlyFieldListFilter))
    autocomplete_fields = ("user", "organisation")


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnly, OrganisationRows, admin.ModelAdmin):
    list_display = ("name", "prefix", "user", "organisation", "expires_at", "last_used_at", "revoked_at")
    list_filter = (("organisation", RelatedOnlyFieldListFilter),)
    exclude = ("digest",)


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnly, OrganisationRows, admin.ModelAdmin):
    list_display = ("at", "actor", "action", "subject", "organisation")
    list_filter = (("organisation", RelatedOnlyFieldListFilter), "action")
    search_fields = ("subject",)
    date_hierarchy = "at"
