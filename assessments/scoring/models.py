"""Scoring models, the assessments made by them, and the score of every node."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments.accounts.models import Organisation
from assessments.checklists.models import localised
from assessments.common.errors import ConflictError


class ScoringModel(models.Model):
    """A versioned tree of indicators with weights, scales, aggregation and gates; a loaded version never changes."""

    identifier = models.SlugField(_("identifier"), max_length=60)
    version = models.PositiveIntegerField(_("version"))
    name = models.JSONField(_("name"))
    content = models.JSONField(_("content"))
    digest = models.CharField(_("SHA-256"), max_length=64)
    created_at = models.DateTimeField(_("loaded"), auto_now_add=True)

    class Meta:
        verbose_name, verbose_name_plural = _("scoring model"), _("scoring models")
        ordering = ["identifier", "-version"]
        constraints = [models.UniqueConstraint(fields=["identifier", "version"], name="one_scoring_model_version")]

    def __str__(self) -> str:
        return f"{self.identifier} {self.version}"


class Assessment(models.Model):
    """One organisation scored by one scoring model from named evidence.

    ``document`` is the whole of it as canonical JSON data (model, evidence, result): what is sealed, exported and
    recomputed. ``score``, ``low``, ``high`` and ``coverage`` repeat its result for lists and charts; scores run from
    0 to 100, ``low`` and ``high`` are the 90 % interval, ``coverage`` the share of weight with evidence, 0 to 1.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        IN_REVIEW = "in_review", _("In review")
        PUBLISHED = "published", _("Published")

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="assessments")
    scoring_model = models.ForeignKey(ScoringModel, on_delete=models.PROTECT, related_name="assessments")
    period = models.CharField(_("period"), max_length=20)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    as_of = models.DateTimeField(_("as of"))
    score = models.FloatField(_("score"), null=True, blank=True)
    median = models.FloatField(_("median"), null=True, blank=True)
    low = models.FloatField(_("low"), null=True, blank=True)
    high = models.FloatField(_("high"), null=True, blank=True)
    level = models.PositiveSmallIntegerField(_("level"), null=True, blank=True)
    coverage = models.FloatField(_("coverage"), default=0.0)
    document = models.JSONField(_("document"), default=dict)
    seal = models.CharField(_("seal"), max_length=64, blank=True, default="")
    previous_seal = models.CharField(_("previous seal"), max_length=64, blank=True, default="")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("computed"), auto_now_add=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("assessment"), _("assessments")
        ordering = ["-as_of", "-pk"]
        indexes = [models.Index(fields=["organisation", "state", "-as_of"])]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "previous_seal"],
                condition=models.Q(state="published"),
                name="one_link_after_each_seal",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="published") | (~models.Q(seal="") & models.Q(published_at__isnull=False)),
                name="published_is_sealed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.period}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._refuse_when_published(_("A published assessment does not change."))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self._refuse_when_published(_("A published assessment is not deleted."))
        return super().delete(*args, **kwargs)

    def _refuse_when_published(self, message: str | Promise) -> None:
        """The database refuses it too (migration 0002); here it is said in words."""
        stored = Assessment.objects.filter(pk=self.pk).values_list("state", flat=True).first() if self.pk else None
        if stored == self.State.PUBLISHED:
            raise ConflictError(str(message), hint=str(_("To correct it, compute and publish a new one.")))


class Score(models.Model):
    """The score of one node of an assessment's tree; ``path`` is its identifiers joined with dots, root ``""``.

    ``value`` is null when nothing below it is known. ``weight`` is the share among its siblings, ``share`` the share
    in the whole.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="scores")
    path = models.CharField(_("path"), max_length=200, blank=True)
    parent = models.CharField(_("parent"), max_length=200, blank=True, default="")
    position = models.PositiveIntegerField(_("position"))
    name = models.JSONField(_("name"))
    method = models.CharField(_("method"), max_length=40)
    weight = models.FloatField(_("weight"))
    share = models.FloatField(_("share of the whole"))
    value = models.FloatField(_("score"), null=True, blank=True)
    low = models.FloatField(_("low"), null=True, blank=True)
    high = models.FloatField(_("high"), null=True, blank=True)
    coverage = models.FloatField(_("coverage"), default=0.0)
    raw = models.FloatField(_("value in its own units"), null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=40, blank=True, default="")
    evidence = models.JSONField(_("evidence"), default=list)

    class Meta:
        verbose_name, verbose_name_plural = _("score"), _("scores")
        ordering = ["assessment", "position"]
        constraints = [models.UniqueConstraint(fields=["assessment", "path"], name="one_score_per_node")]

    def __str__(self) -> str:
        return f"{self.path or 'total'} {self.value}"

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return localised(self.name)
