"""Recommenders that were trained and evaluated, and what each run left."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.datasets.models import Dataset, Snapshot
from assessments.jobs.models import Job


class TrainingRun(models.Model):
    """One recommender trained and evaluated on named snapshots with a named configuration.

    ``protocol`` (split, masking of seen items, cut-off, candidate set) has a digest; numbers are compared only under
    the same one. ``epochs`` is the learning curve: one object per epoch. ``evaluation`` holds what is known besides
    the metrics (groups, robustness, explanations of the model), ``examples`` some lists with their reasons, ``notes``
    what happened on the way, such as a batch that was halved for want of memory.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        SUCCEEDED = "succeeded", _("Succeeded")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="training_runs")
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="training_runs")
    items_snapshot = models.ForeignKey(Snapshot, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    users_snapshot = models.ForeignKey(Snapshot, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    job = models.OneToOneField(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="training_run")
    model_name = models.CharField(_("model"), max_length=40)
    options = models.JSONField(_("options"), default=dict)
    split = models.CharField(_("split"), max_length=100)
    repeats = models.CharField(
        _("items already bought"),
        max_length=10,
        choices=[("allowed", _("may be recommended again")), ("masked", _("left out"))],
        default="allowed",
    )
    seed = models.PositiveIntegerField(_("seed"), default=0)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    protocol = models.JSONField(_("protocol"), default=dict)
    protocol_digest = models.CharField(_("protocol SHA-256"), max_length=64, blank=True, default="", db_index=True)
    counts = models.JSONField(_("counts"), default=dict)
    epochs = models.JSONField(_("learning curve"), default=list)
    comparisons = models.JSONField(_("paired differences"), default=list)
    evaluation = models.JSONField(_("further evaluation"), default=dict)
    examples = models.JSONField(_("examples of lists"), default=list)
    notes = models.JSONField(_("notes"), default=list)
    values_key = models.CharField(_("file of the values of each user"), max_length=300, blank=True, default="")
    device = models.CharField(_("device"), max_length=100, blank=True, default="")
    seconds = models.FloatField(_("seconds"), default=0.0)
    peak_mib = models.FloatField(_("peak memory, MiB"), default=0.0)
    error = models.TextField(_("error"), blank=True, default="")
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("training run"), _("training runs")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["dataset", "state", "-created_at"])]

    def __str__(self) -> str:
        return f"{self.model_name} · {self.dataset}"

    @property
    def current(self) -> "TrainingRun | Job":
        """Whose state is to be shown: the job's when it ended without telling the run.

        A job that is cancelled while it waits never begins, and one whose workers all died is given up by the reaper.
        """
        told = self.state not in {self.State.QUEUED, self.State.RUNNING}
        return self if told or self.job is None or not self.job.finished else self.job


class MetricValue(models.Model):
    """One metric of one model under a run's protocol, with its 95 % interval over users.

    ``model`` is the run's own model or one of the baselines that were evaluated beside it.
    """

    run = models.ForeignKey(TrainingRun, on_delete=models.CASCADE, related_name="metrics")
    model = models.CharField(_("model"), max_length=40)
    name = models.CharField(_("metric"), max_length=40)
    value = models.FloatField(_("value"))
    low = models.FloatField(_("low"), null=True, blank=True)
    high = models.FloatField(_("high"), null=True, blank=True)
    standard_error = models.FloatField(_("standard error"), null=True, blank=True)
    users = models.PositiveIntegerField(_("users"), default=0)

    class Meta:
        verbose_name, verbose_name_plural = _("metric value"), _("metric values")
        ordering = ["run", "pk"]
        constraints = [models.UniqueConstraint(fields=["run", "model", "name"], name="one_value_per_metric")]

    def __str__(self) -> str:
        return f"{self.model} {self.name} {self.value:.4f}"


class ModelBundle(models.Model):
    """What a training run leaves: weights (safetensors), vocabulary, configuration, metrics, digests."""

    run = models.OneToOneField(TrainingRun, on_delete=models.CASCADE, related_name="bundle")
    storage_key = models.CharField(_("folder"), max_length=300)
    digest = models.CharField(_("SHA-256"), max_length=64)
    bytes = models.PositiveBigIntegerField(_("size in bytes"))
    manifest = models.JSONField(_("manifest"), default=dict)
    created_at = models.DateTimeField(_("saved"), auto_now_add=True)

    class Meta:
        verbose_name, verbose_name_plural = _("model bundle"), _("model bundles")

    def __str__(self) -> str:
        return f"{self.run} {self.digest[:12]}"
