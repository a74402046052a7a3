"""Governance questions and what people answered, with what backs it."""

from collections.abc import Mapping

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from assessments.accounts.models import Organisation


def localised(texts: Mapping[str, str]) -> str:
    """The text in the language of the reader, English when it is not there."""
    return texts.get("zh" if (get_language() or "").startswith("zh") else "en") or texts.get("en", "")


class Framework(models.Model):
    """A versioned set of governance questions; a published version never changes."""

    identifier = models.SlugField(_("identifier"), max_length=60)
    version = models.PositiveIntegerField(_("version"))
    name = models.JSONField(_("name"))
    source = models.CharField(_("source"), max_length=300, blank=True, default="")
    attribution = models.JSONField(_("attribution"), default=dict, blank=True)
    digest = models.CharField(_("SHA-256"), max_length=64)
    created_at = models.DateTimeField(_("loaded"), auto_now_add=True)

    class Meta:
        verbose_name, verbose_name_plural = _("framework"), _("frameworks")
        ordering = ["identifier", "-version"]
        constraints = [models.UniqueConstraint(fields=["identifier", "version"], name="one_framework_version")]

    def __str__(self) -> str:
        return localised(self.name)

    @property
    def attribution_text(self) -> str:
        return localised(self.attribution)


class Domain(models.Model):
    """A group of items of a framework."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="domains")
    identifier = models.SlugField(_("identifier"), max_length=60)
    position = models.PositiveIntegerField(_("position"))
    name = models.JSONField(_("name"))

    class Meta:
        verbose_name, verbose_name_plural = _("domain"), _("domains")
        ordering = ["framework", "position"]
        constraints = [models.UniqueConstraint(fields=["framework", "identifier"], name="one_domain_identifier")]

    def __str__(self) -> str:
        return localised(self.name)


class Item(models.Model):
    """One question with five level descriptors: ``levels`` holds five texts, initial to optimising, each bilingual.

    ``why`` says why it matters for search and recommendation, ``typical_evidence`` what an assessor would ask to
    see, ``reference`` where the standard or law speaks of it; a framework may leave any of them out.
    """

    domain = models.ForeignKey(Domain, on_delete=models.CASCADE, related_name="items")
    identifier = models.SlugField(_("identifier"), max_length=60)
    position = models.PositiveIntegerField(_("position"))
    name = models.JSONField(_("name"))
    question = models.JSONField(_("question"))
    levels = models.JSONField(_("levels"))
    reference = models.CharField(_("reference"), max_length=120, blank=True, default="")
    why = models.JSONField(_("why it matters"), default=dict, blank=True)
    typical_evidence = models.JSONField(_("typical evidence"), default=list, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("item"), pgettext_lazy("of a checklist", "items")
        ordering = ["domain", "position"]
        constraints = [models.UniqueConstraint(fields=["domain", "identifier"], name="one_item_identifier")]

    def __str__(self) -> str:
        return localised(self.name)

    @property
    def key(self) -> str:
        """What names the item within its framework and never changes: ``strategy.planning``."""
        return f"{self.domain.identifier}.{self.identifier}"

    @property
    def question_text(self) -> str:
        return localised(self.question)

    @property
    def level_texts(self) -> list[str]:
        """The five descriptors in the reader's language; the first describes level 1."""
        return [localised(level) for level in self.levels]

    @property
    def why_text(self) -> str:
        return localised(self.why)

    @property
    def evidence_texts(self) -> list[str]:
        """What an assessor would ask to see, in the reader's language."""
        return [localised(text) for text in self.typical_evidence]


class Questionnaire(models.Model):
    """A framework version being answered by an organisation for a period."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="questionnaires")
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="questionnaires")
    period = models.CharField(_("period"), max_length=20, help_text=_("for example 2026-Q3"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("started"), auto_now_add=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("questionnaire"), _("questionnaires")
        ordering = ["-period", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "framework", "period"], name="one_questionnaire_per_period")
        ]

    def __str__(self) -> str:
        return f"{self.framework} {self.period}"


class Answer(models.Model):
    """One assessor's answer to one item.

    ``revision`` rises with every saved change; a change that was typed against an older revision is refused as a
    conflict and shown beside the newer one, so nothing is lost.
    """

    class Status(models.TextChoices):
        LEVEL = "level", _("Level given")
        NOT_APPLICABLE = "not_applicable", _("Not applicable")
        UNKNOWN = "unknown", _("Don't know")

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.CASCADE, related_name="answers")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="answers")
    assessor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="answers")
    status = models.CharField(_("status"), max_length=20, choices=Status.choices, default=Status.UNKNOWN)
    level = models.PositiveSmallIntegerField(
        _("level"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    comment = models.TextField(_("comment"), blank=True, default="")
    sample = models.BooleanField(_("sample answer"), default=False)
    carried_from = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="carried_to",
        verbose_name=_("carried from"),
        help_text=_("The answer to an older version of the checklist that this one began as."),
    )
    revision = models.PositiveIntegerField(_("revision"), default=1)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name, verbose_name_plural = _("answer"), _("answers")
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "item", "assessor"], name="one_answer_per_assessor"),
            models.CheckConstraint(
                condition=models.Q(status="level", level__gte=1, level__lte=5)
                | (~models.Q(status="level") & models.Q(level__isnull=True)),
                name="answer_level_goes_with_status",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.level or self.get_status_display()}"


class WaitingAnswer(models.Model):
    """An answer to an older version of an item that has changed since: shown, but counted nowhere.

    It waits as long as its assessor has no answer of their own to the newer item; saving one settles it.
    """

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.CASCADE, related_name="waiting_answers")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="waiting_answers")
    previous = models.ForeignKey(
        Answer, on_delete=models.CASCADE, related_name="waiting_in", verbose_name=_("previous answer")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name, verbose_name_plural = _("answer to be confirmed"), _("answers to be confirmed")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "previous"], name="an_answer_waits_once"),
        ]

    def __str__(self) -> str:
        return str(self.previous)


class AnswerRevision(models.Model):
    """An answer as it was saved at one time; rows are only ever added."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="revisions")
    revision = models.PositiveIntegerField(_("revision"))
    status = models.CharField(_("status"), max_length=20, choices=Answer.Status.choices)
    level = models.PositiveSmallIntegerField(_("level"), null=True, blank=True)
    comment = models.TextField(_("comment"), blank=True, default="")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("time"), auto_now_add=True)

    class Meta:
        verbose_name, verbose_name_plural = _("answer revision"), _("answer revisions")
        ordering = ["answer", "-revision"]
        constraints = [models.UniqueConstraint(fields=["answer", "revision"], name="one_row_per_revision")]

    def __str__(self) -> str:
        return f"{self.answer_id} r{self.revision}"


class Evidence(models.Model):
    """What backs an answer: a file kept under GOVERN_HOME, a link, or a measured value.

    ``document`` is what was measured and which level it proposed, as it stood when ``revision`` of the answer was
    saved; ``digest`` is then the SHA-256 of that document. It stays although the data change.
    """

    class Kind(models.TextChoices):
        FILE = "file", _("File")
        LINK = "link", _("Link")
        MEASURED = "measured", _("Measured value")

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="evidence")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=200)
    url = models.URLField(_("link"), max_length=500, blank=True, default="")
    file = models.FileField(_("file"), upload_to="evidence/%Y/", blank=True)
    digest = models.CharField(_("SHA-256"), max_length=64, blank=True, default="")
    document = models.JSONField(_("measured value"), default=dict, blank=True)
    revision = models.PositiveIntegerField(_("revision of the answer"), null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        verbose_name, verbose_name_plural = _("evidence"), _("evidence")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title
