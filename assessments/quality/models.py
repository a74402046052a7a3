"""Rules on datasets, what their runs measured, and what stands as wrong."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.datasets.models import Dataset, Snapshot
from assessments.jobs.models import Job


class Dimension(models.TextChoices):
    COMPLETENESS = "completeness", _("Completeness")
    UNIQUENESS = "uniqueness", _("Uniqueness")
    VALIDITY = "validity", _("Validity")
    CONSISTENCY = "consistency", _("Consistency")
    TIMELINESS = "timeliness", _("Timeliness")
    INTEGRITY = "integrity", _("Integrity")


class Severity(models.TextChoices):
    INFO = "info", _("Information")
    WARNING = "warning", _("Warning")
    ERROR = "error", _("Error")
    CRITICAL = "critical", _("Critical")


class Rule(models.Model):
    """One configurable expectation on a dataset.

    ``threshold`` is the least share (0 to 1) of checked rows that must pass.
    """

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="rules")
    name = models.CharField(_("name"), max_length=200)
    check_name = models.CharField(_("check"), max_length=40)
    columns = models.JSONField(_("columns"), default=list, blank=True)
    parameters = models.JSONField(_("parameters"), default=dict, blank=True)
    dimension = models.CharField(_("dimension"), max_length=20, choices=Dimension.choices, blank=True)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity.choices, default=Severity.WARNING)
    threshold = models.FloatField(_("threshold"), default=1.0)
    enabled = models.BooleanField(_("in use"), default=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name, verbose_name_plural = _("rule"), _("rules")
        ordering = ["dataset", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["dataset", "name"], name="rule_name_per_dataset"),
            models.CheckConstraint(
                condition=models.Q(threshold__gte=0.0, threshold__lte=1.0), name="rule_threshold_is_a_share"
            ),
        ]

    def __str__(self) -> str:
        return self.name


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


class Finding(models.Model):
    """Something wrong that stands until it is resolved or accepted."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        RESOLVED = "resolved", _("Resolved")
        ACCEPTED = "accepted", _("Accepted")

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="findings")
    rule = models.ForeignKey(Rule, null=True, blank=True, on_delete=models.SET_NULL, related_name="findings")
    title = models.CharField(_("what"), max_length=300)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity.choices)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    first_result = models.ForeignKey(RuleResult, null=True, on_delete=models.SET_NULL, related_name="+")
    last_result = models.ForeignKey(RuleResult, null=True, on_delete=models.SET_NULL, related_name="+")
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
            )
        ]

    def __str__(self) -> str:
        return self.title
