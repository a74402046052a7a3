"""Personal data that was found in snapshots."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.datasets.models import Snapshot
from assessments.jobs.models import Job


class PersonalDataScan(models.Model):
    """One look for personal data in a snapshot. ``risk`` is the re-identification risk that was measured with it."""

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        SUCCEEDED = "succeeded", _("Succeeded")
        FAILED = "failed", _("Failed")

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="personal_data_scans")
    job = models.OneToOneField(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="personal_data_scan")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.RUNNING)
    rows = models.PositiveBigIntegerField(_("rows"), default=0)
    # How many rows of free text were read where a column was too long to read whole; null: all were.
    rows_sampled = models.PositiveBigIntegerField(_("rows sampled"), null=True, blank=True)
    risk = models.JSONField(_("re-identification risk"), default=dict, blank=True)
    detectors = models.JSONField(_("detectors"), default=list, blank=True)
    seconds = models.FloatField(_("seconds"), default=0.0)
    started_at = models.DateTimeField(_("started"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("search for personal data"), _("searches for personal data")
        ordering = ["-started_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.snapshot} {self.started_at:%Y-%m-%d %H:%M}"


class PersonalDataHit(models.Model):
    """One type of personal data in one column.

    ``share`` is the share (0 to 1) of filled cells that hold it, ``confidence`` how sure the judgement is (0 to 1);
    ``evidence`` holds what it rests on: {pattern, checksum, name, distinct, ...}. ``examples`` are masked.
    """

    class Decision(models.TextChoices):
        OPEN = "open", _("Not looked at yet")
        CONFIRMED = "confirmed", _("Confirmed")
        DISMISSED = "dismissed", _("No personal data")

    scan = models.ForeignKey(PersonalDataScan, on_delete=models.CASCADE, related_name="hits")
    column = models.CharField(_("column"), max_length=300)
    entity = models.CharField(_("type"), max_length=40)
    confidence = models.FloatField(_("confidence"))
    share = models.FloatField(_("share"))
    rows = models.PositiveBigIntegerField(_("rows"), default=0)
    in_text = models.BooleanField(_("inside free text"), default=False)
    evidence = models.JSONField(_("evidence"), default=dict, blank=True)
    examples = models.JSONField(_("examples, masked"), default=list, blank=True)
    protection = models.CharField(_("protected by"), max_length=40, blank=True, default="")
    decision = models.CharField(_("decision"), max_length=10, choices=Decision.choices, default=Decision.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True, default="")

    class Meta:
        verbose_name, verbose_name_plural = _("personal data found"), _("personal data found")
        ordering = ["scan", "pk"]
        constraints = [models.UniqueConstraint(fields=["scan", "column", "entity"], name="one_hit_per_column_and_type")]

    def __str__(self) -> str:
        return f"{self.column}: {self.entity}"
