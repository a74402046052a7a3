"""Counts of a dataset that were published with noise, and what they used up of its privacy budget."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.datasets.models import Dataset, Snapshot
from assessments.jobs.models import Job


class NoisyCounts(models.Model):
    """Counts of one column's values with differential privacy; never changed, since asking again would tell more.

    ``epsilon`` is what they cost of the dataset's budget. ``unit`` is the column whose values are protected as one
    (a person), empty when single rows are; ``most`` is how many values one unit counts for. ``counts`` is
    [{"value", "count"}] with noise, the last one for all other values (its value is null); true counts are not kept.
    """

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="noisy_counts")
    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="noisy_counts")
    job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    column = models.CharField(_("column"), max_length=300)
    values = models.JSONField(_("values"), default=list)
    unit = models.CharField(_("protected unit"), max_length=300, blank=True, default="")
    most = models.PositiveIntegerField(_("values counted for one unit"), default=1)
    epsilon = models.FloatField(_("epsilon"))
    margin = models.FloatField(_("margin of error at 95 %"))
    counts = models.JSONField(_("counts with noise"), default=list)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("published"), auto_now_add=True)

    class Meta:
        verbose_name, verbose_name_plural = _("published counts"), _("published counts")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.snapshot}: {self.column}"
