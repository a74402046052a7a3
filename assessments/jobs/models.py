"""Background work as a person sees it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.accounts.models import Organisation


class Job(models.Model):
    """A piece of background work. This row, not the broker, is the truth about it.

    ``attempt`` counts the times that the work was begun and is the fence of a claim: only the worker that holds
    the current attempt may write results or end the job. ``lease_expires_at`` is renewed by the heartbeat; a job
    whose lease has passed is handed out again, or failed after ``max_attempts``.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        SUCCEEDED = "succeeded", _("Succeeded")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="jobs")
    kind = models.CharField(_("kind"), max_length=60)
    queue = models.CharField(_("queue"), max_length=30, default="default")
    subject = models.CharField(_("subject"), max_length=300)
    parameters = models.JSONField(_("parameters"), default=dict)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    progress = models.FloatField(_("progress"), default=0.0)
    message = models.CharField(_("now doing"), max_length=300, blank=True, default="")
    attempt = models.PositiveIntegerField(_("attempt"), default=0)
    max_attempts = models.PositiveIntegerField(_("attempts at most"), default=3)
    worker = models.CharField(_("worker"), max_length=200, blank=True, default="")
    heartbeat_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    lease_expires_at = models.DateTimeField(_("lease ends"), null=True, blank=True)
    enqueued_at = models.DateTimeField(_("handed to the broker"), null=True, blank=True)
    cancel_requested_at = models.DateTimeField(_("cancel asked"), null=True, blank=True)
    result = models.JSONField(_("result"), default=dict)
    result_url = models.CharField(_("result page"), max_length=300, blank=True, default="")
    error = models.TextField(_("error"), blank=True, default="")
    hint = models.TextField(_("how to mend it"), blank=True, default="")
    trace = models.TextField(_("trace"), blank=True, default="")
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("job"), _("jobs")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["organisation", "-created_at"]),
            models.Index(fields=["state", "lease_expires_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"

    @property
    def finished(self) -> bool:
        return self.state in {self.State.SUCCEEDED, self.State.FAILED, self.State.CANCELLED}


class JobLogLine(models.Model):
    """One line of a job's log."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="lines")
    at = models.DateTimeField(_("time"), auto_now_add=True)
    level = models.CharField(_("level"), max_length=10, default="info")
    message = models.TextField(_("message"))

    class Meta:
        verbose_name, verbose_name_plural = _("log line"), _("log lines")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.message
