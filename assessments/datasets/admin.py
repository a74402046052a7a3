"""Datasets in the admin panel: descriptions may be edited, what was read may not."""

from django.contrib import admin
from django.contrib.admin import RelatedOnlyFieldListFilter
from django.http import HttpRequest

from assessments.accounts.panel import OrganisationRows, Within
from assessments.common.admin import ReadOnly
from assessments.datasets.models import Column, Dataset, Snapshot


class SnapshotInline(ReadOnly, Within, admin.TabularInline):
    model = Snapshot
    fields = ("number", "digest", "rows", "bytes", "created_at")
    readonly_fields = fields
    can_delete = False
    show_change_link = True


class ColumnInline(ReadOnly, Within, admin.TabularInline):
    model = Column
    fields = ("position", "name", "type", "nulls", "role", "suggested_role", "suggestion_reason")
    readonly_fields = fields
    can_delete = False


@admin.register(Dataset)
class DatasetAdmin(OrganisationRows, admin.ModelAdmin):
    list_display = ("name", "kind", "organisation", "source_kind", "created_at")
    list_filter = ("kind", ("organisation", RelatedOnlyFieldListFilter))
    search_fields = ("name", "description")
    readonly_fields = ("organisation", "kind", "source_kind", "source_shown", "source_options", "created_by")
    exclude = ("source_location",)  # an address may carry a key: source_shown leaves it out
    inlines = (SnapshotInline,)

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Snapshot)
class SnapshotAdmin(ReadOnly, OrganisationRows, admin.ModelAdmin):
    organisation_path = "dataset__organisation"
    list_display = ("dataset", "number", "rows", "digest", "created_at")
    list_filter = (("dataset__organisation", RelatedOnlyFieldListFilter),)
    inlines = (ColumnInline,)
