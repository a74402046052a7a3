"""What the runs of rules measured."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.datasets.models import Snapshot
from assessments.jobs.models import Job
from assessments.quality.models.rules import Dimension, Rule, Severity


class QualityRun(models.Model):
    """One execution of a dataset's rules on a snapshot."""

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        SUCCEEDED = "succeeded", _("Succeeded")
        FAILED = "failed", _("Failed")

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="quality_runs")
    job = models.OneToOneField(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="quality_run")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.RUNNING)
    as_of = models.DateTimeField(_("now, for freshness"))
    rows = models.PositiveBigIntegerField(_("rows"), default=0)
    seconds = models.FloatField(_("seconds"), default=0.0)
    started_at = models.DateTimeField(_("started"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("quality run"), _("quality runs")
        ordering = ["-started_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.snapshot} {self.started_at:%Y-%m-%d %H:%M}"


class RuleResult(models.Model):
    """One rule's measured outcome in a run; carries the rule as it was then.

    ``passed`` is null when the rule could not run, and ``error`` says why.
    """

    run = models.ForeignKey(QualityRun, on_delete=models.CASCADE, related_name="results")
    rule = models.ForeignKey(Rule, null=True, blank=True, on_delete=models.SET_NULL, related_name="results")
    rule_name = models.CharField(_("rule"), max_length=200)
    check_name = models.CharField(_("check"), max_length=40)
    columns = models.JSONField(_("columns"), default=list)
    parameters = models.JSONField(_("parameters"), default=dict)
    dimension = models.CharField(_("dimension"), max_length=20, choices=Dimension.choices)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity.choices)
    threshold = models.FloatField(_("threshold"))
    rows_checked = models.PositiveBigIntegerField(_("rows checked"), default=0)
    rows_failing = models.PositiveBigIntegerField(_("rows failing"), default=0)
    fraction = models.FloatField(_("share passing"), null=True, blank=True)
    passed = models.BooleanField(_("passed"), null=True, blank=True)
    meaning = models.CharField(_("what was counted"), max_length=500, blank=True, default="")
    detail = models.JSONField(_("detail"), default=dict)
    sample = models.JSONField(_("failing rows, masked"), default=list)
    error = models.TextField(_("error"), blank=True, default="")
    seconds = models.FloatField(_("seconds"), default=0.0)

    class Meta:
        verbose_name, verbose_name_plural = _("rule result"), _("rule results")
        ordering = ["run", "pk"]
        constraints = [models.UniqueConstraint(fields=["run", "rule_name"], name="one_result_per_rule_and_run")]

    def __str__(self) -> str:
        return self.rule_name
