"""Searches for good options."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.datasets.models import Dataset, Snapshot
from assessments.jobs.models import Job
from assessments.recommenders.models.training import TrainingRun


class TuningRun(models.Model):
    """A search for the recommender and options that do best on a validation part; test rows are never looked at.

    ``trials`` holds each configuration that was tried with its value of ``metric``, ``best`` the one that did best. The
    study lies in a file of its own (``places.study_of``), so that a killed search goes on.
    """

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="tuning_runs")
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="+")
    items_snapshot = models.ForeignKey(Snapshot, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    users_snapshot = models.ForeignKey(Snapshot, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    job = models.OneToOneField(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="tuning_run")
    model_names = models.JSONField(_("models"), default=list)
    split = models.CharField(_("split"), max_length=100)
    repeats = models.CharField(
        _("items already bought"), max_length=10, choices=TrainingRun.repeats.field.choices, default="allowed"
    )
    metric = models.CharField(_("metric"), max_length=20, default="ndcg")
    minutes = models.FloatField(_("minutes"), default=10.0)
    seed = models.PositiveIntegerField(_("seed"), default=0)
    state = models.CharField(
        _("state"), max_length=10, choices=TrainingRun.State.choices, default=TrainingRun.State.QUEUED
    )
    trials = models.JSONField(_("trials"), default=list)
    best = models.JSONField(_("best configuration"), default=dict)
    protocol = models.JSONField(_("protocol of the validation"), default=dict)
    seconds = models.FloatField(_("seconds"), default=0.0)
    error = models.TextField(_("error"), blank=True, default="")
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("tuning"), _("tunings")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{', '.join(self.model_names)} · {self.dataset}"

    @property
    def current(self) -> "TuningRun | Job":
        """Whose state is to be shown, as for a training run."""
        told = self.state not in {TrainingRun.State.QUEUED, TrainingRun.State.RUNNING}
        return self if told or self.job is None or not self.job.finished else self.job
