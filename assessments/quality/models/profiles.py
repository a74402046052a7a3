"""What a snapshot looks like, and the rules that this suggests."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.datasets.models import Snapshot
from assessments.jobs.models import Job
from assessments.quality.models.rules import Dimension, Rule, Severity


class Profile(models.Model):
    """The statistics of a snapshot's table and columns; ``content`` is what ``assessments.quality.profile`` gives."""

    snapshot = models.OneToOneField(Snapshot, on_delete=models.CASCADE, related_name="profile")
    job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    content = models.JSONField(_("content"), default=dict)
    seconds = models.FloatField(_("seconds"), default=0.0)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)

    class Meta:
        verbose_name, verbose_name_plural = _("profile"), _("profiles")

    def __str__(self) -> str:
        return str(self.snapshot)


class RuleSuggestion(models.Model):
    """A rule that a snapshot suggests; a person accepts it, which adds ``rule``, or declines it.

    ``share`` is the share (0 to 1) of checked rows that the rule would flag on that snapshot.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="rule_suggestions")
    name = models.CharField(_("name"), max_length=200)
    check_name = models.CharField(_("check"), max_length=40)
    columns = models.JSONField(_("columns"), default=list, blank=True)
    parameters = models.JSONField(_("parameters"), default=dict, blank=True)
    dimension = models.CharField(_("dimension"), max_length=20, choices=Dimension.choices, blank=True)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity.choices, default=Severity.WARNING)
    threshold = models.FloatField(_("threshold"), default=1.0)
    reason = models.CharField(_("reason"), max_length=500)
    rows_flagged = models.PositiveBigIntegerField(_("rows that it would flag"), null=True, blank=True)
    share = models.FloatField(_("share that it would flag"), null=True, blank=True)
    # The repair that would mend what the rule flags: {"repair": name, "parameters": {...}}, empty when there is none.
    repair = models.JSONField(_("repair"), default=dict, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    rule = models.ForeignKey(Rule, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name, verbose_name_plural = _("suggested rule"), _("suggested rules")
        ordering = ["snapshot", "pk"]
        constraints = [models.UniqueConstraint(fields=["snapshot", "name"], name="suggestion_name_per_snapshot")]

    def __str__(self) -> str:
        return self.name
