"""Rules, and the words that they are sorted by."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.datasets.models import Dataset


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
