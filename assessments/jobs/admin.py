"""Jobs in the admin panel: to be read, never changed; the trace of a crash for superusers alone."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from assessments.common.admin import ReadOnly
from assessments.jobs.models import Job, JobLogLine

ABOUT = ["organisation", "kind", "subject", "parameters", "queue", "started_by"]
STATE = ["state", "progress", "message", "attempt", "max_attempts", "worker", "cancel_requested_at"]
TIMES = ["created_at", "enqueued_at", "started_at", "heartbeat_at", "lease_expires_at", "finished_at"]
OUTCOME = ["result", "result_url", "error", "hint"]


class LogLines(ReadOnly, admin.TabularInline):
    model = JobLogLine
    fields = readonly_fields = ("at", "level", "message")
    extra = 0


@admin.register(Job)
class JobAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["id", "kind", "subject", "organisation", "state", "attempt", "created_at", "finished_at"]
    list_filter = ["state", "kind", "organisation"]
    list_select_related = ["organisation"]
    search_fields = ["subject", "kind"]
    inlines = [LogLines]

    def get_fields(self, request: HttpRequest, obj: Job | None = None) -> list[Any]:
        shown = [*ABOUT, *STATE, *TIMES, *OUTCOME]
        return [*shown, "trace"] if getattr(request.user, "is_superuser", False) else shown
