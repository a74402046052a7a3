"""Which run is in use for a dataset."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.datasets.models import Dataset
from assessments.recommenders.models.training import TrainingRun


class Promotion(models.Model):
    """A run whose model is in use for a dataset, from ``created_at`` until another one took its place.

    ``warnings`` is what spoke against it when it was promoted: codes of ``services.promotion``.
    """

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="promotions")
    run = models.ForeignKey(TrainingRun, on_delete=models.RESTRICT, related_name="promotions")
    bundle_digest = models.CharField(_("SHA-256"), max_length=64)
    promoted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.TextField(_("reason"), blank=True, default="")
    warnings = models.JSONField(_("warnings"), default=list)
    created_at = models.DateTimeField(_("promoted"), auto_now_add=True)
    ended_at = models.DateTimeField(_("replaced"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("promotion"), _("promotions")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["dataset"], condition=models.Q(ended_at=None), name="one_promoted_run_per_dataset"
            )
        ]

    def __str__(self) -> str:
        return f"{self.run} {self.created_at:%Y-%m-%d}"
