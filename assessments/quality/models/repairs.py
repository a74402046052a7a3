"""Repairs that were previewed or made."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.datasets.models import Snapshot
from assessments.jobs.models import Job
from assessments.quality.models.findings import Finding


class RepairRun(models.Model):
    """A list of repairs on one snapshot: first previewed, then, when a person says so, made into a new snapshot.

    ``steps`` is [{"repair": name, "columns": [...], "parameters": {...}}] in their order; ``preview`` holds, for each
    step, the counts before and after and a masked sample of changed rows.
    """

    class State(models.TextChoices):
        PREVIEWED = "previewed", _("Previewed")
        MADE = "made", _("Made")
        FAILED = "failed", _("Failed")

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="repair_runs")
    result = models.ForeignKey(Snapshot, null=True, blank=True, on_delete=models.SET_NULL, related_name="made_by")
    finding = models.ForeignKey(Finding, null=True, blank=True, on_delete=models.SET_NULL, related_name="repair_runs")
    job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    steps = models.JSONField(_("steps"), default=list)
    preview = models.JSONField(_("preview"), default=list, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PREVIEWED)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("previewed"), auto_now_add=True)
    made_at = models.DateTimeField(_("made"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("repair"), _("repairs")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.snapshot}: {', '.join(step.get('repair', '') for step in self.steps)}"
