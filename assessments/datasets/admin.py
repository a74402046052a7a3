"""Datasets in the admin panel: descriptions may be edited, what was read may not."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from assessments.datasets.models import Column, Dataset, Snapshot


class ReadOnly:
    """Rows that are made by reading files, never by hand."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class SnapshotInline(ReadOnly, admin.TabularInline):
    model = Snapshot
    fields = ("number", "digest", "rows", "bytes", "created_at")
    readonly_fields = fields
    can_delete = False
    show_change_link = True


class ColumnInline(ReadOnly, admin.TabularInline):
    model = Column
    fields = ("position", "name", "type", "nulls", "role", "suggested_role", "suggestion_reason")
    readonly_fields = fields
    can_delete = False


@admin.register(Dataset)
class DatasetAdmin(admin.ModelAdmin):
    list_display = ("name", "kind", "organisation", "source_kind", "created_at")
    list_filter = ("kind", "organisation")
    search_fields = ("name", "description")
    readonly_fields = ("organisation", "kind", "source_kind", "source_location", "source_options", "created_by")
    inlines = (SnapshotInline,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(Snapshot)
class SnapshotAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("dataset", "number", "rows", "digest", "created_at")
    list_filter = ("dataset__organisation",)
    inlines = (ColumnInline,)
