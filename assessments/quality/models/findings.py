"""What stands as wrong, and what has happened to it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.datasets.models import Dataset
from assessments.quality.models.rules import Rule, Severity
from assessments.quality.models.runs import QualityRun, RuleResult


class Finding(models.Model):
    """Something wrong that stands until it is resolved or accepted."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        RESOLVED = "resolved", _("Resolved")
        ACCEPTED = "accepted", _("Accepted")

    class Kind(models.TextChoices):
        RULE = "rule", _("Failing rule")
        PERSONAL_DATA = "personal_data", _("Unprotected personal data")

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="findings")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.RULE)
    # What a finding that no rule opened is about: "column:entity type" for personal data.
    subject = models.CharField(_("subject"), max_length=400, blank=True, default="")
    rule = models.ForeignKey(Rule, null=True, blank=True, on_delete=models.SET_NULL, related_name="findings")
    title = models.CharField(_("what"), max_length=300)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity.choices)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    first_result = models.ForeignKey(RuleResult, null=True, on_delete=models.SET_NULL, related_name="+")
    last_result = models.ForeignKey(RuleResult, null=True, on_delete=models.SET_NULL, related_name="+")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    opened_at = models.DateTimeField(_("since"), auto_now_add=True)
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    accepted_reason = models.TextField(_("reason for accepting"), blank=True, default="")
    accepted_until = models.DateField(_("accepted until"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("finding"), _("findings")
        ordering = ["-opened_at", "-pk"]
        indexes = [models.Index(fields=["dataset", "state"])]
        constraints = [
            models.UniqueConstraint(
                fields=["dataset", "rule"],
                condition=~models.Q(state="resolved"),
                name="one_standing_finding_per_rule",
            ),
            models.UniqueConstraint(
                fields=["dataset", "kind", "subject"],
                condition=~models.Q(state="resolved") & ~models.Q(subject=""),
                name="one_standing_finding_per_subject",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class FindingEvent(models.Model):
    """One thing that happened to a finding: its history, never changed.

    ``share`` is the failing share (0 to 1) that was measured then, null where nothing was measured.
    """

    class What(models.TextChoices):
        OPENED = "opened", _("Opened")
        STAYED = "stayed", _("Stayed")
        WORSENED = "worsened", _("Worsened")
        IMPROVED = "improved", _("Improved")
        RESOLVED = "resolved", _("Resolved")
        ACCEPTED = "accepted", _("Accepted")
        REOPENED = "reopened", _("Open again")
        ASSIGNED = "assigned", _("Assigned")

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="events")
    what = models.CharField(_("what"), max_length=10, choices=What.choices)
    share = models.FloatField(_("share failing"), null=True, blank=True)
    run = models.ForeignKey(QualityRun, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    note = models.TextField(_("note"), blank=True, default="")
    at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name, verbose_name_plural = _("event of a finding"), _("events of findings")
        ordering = ["finding", "pk"]

    def __str__(self) -> str:
        return f"{self.finding}: {self.get_what_display()}"
