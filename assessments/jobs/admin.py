"""Jobs in the admin panel: to be read, never changed; the trace of a crash for superusers alone."""

from typing import Any

from django.contrib import admin
from django.contrib.admin import RelatedOnlyFieldListFilter
from django.http import HttpRequest

from assessments.accounts.panel import OrganisationRows, Within, is_superuser
from assessments.common.admin import ReadOnly
from assessments.jobs.models import Job, JobLogLine

ABOUT = ["organisation", "kind", "subject", "parameters", "queue", "started_by"]
STATE = ["state", "progress", "message", "attempt", "max_attempts", "worker", "cancel_requested_at"]
TIMES = ["created_at", "enqueued_at", "started_at", "heartbeat_at", "lease_expires_at", "finished_at"]
OUTCOME = ["result", "result_url", "error", "hint"]


class LogLines(ReadOnly, Within, admin.TabularInline):
    model = JobLogLine
    fields = readonly_fields = ("at", "level", "message")
    extra = 0


@admin.register(Job)
class JobAdmin(ReadOnly, OrganisationRows, admin.ModelAdmin):
    list_display = ["id", "kind", "subject", "organisation", "state", "attempt", "created_at", "finished_at"]
    list_filter = ["state", "kind", ("organisation", RelatedOnlyFieldListFilter)]
    list_select_related = ["organisation"]
    search_fields = ["subject", "kind"]
    inlines = [LogLines]

    def get_fields(self, request: HttpRequest, obj: Job | None = None) -> list[Any]:
        shown = [*ABOUT, *STATE, *TIMES, *OUTCOME]
        return [*shown, "trace"] if is_superuser(request) else shown
