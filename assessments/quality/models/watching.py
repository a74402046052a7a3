"""When datasets are read and checked by themselves, and who is told."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.accounts.models import Organisation
from assessments.datasets.models import Dataset
from assessments.quality.models.findings import Finding
from assessments.quality.models.rules import Severity


class Schedule(models.Model):
    """When a dataset is read again and checked: the five fields of cron, in the time zone of the settings."""

    dataset = models.OneToOneField(Dataset, on_delete=models.CASCADE, related_name="schedule")
    cron = models.CharField(_("when"), max_length=100)
    read = models.BooleanField(_("read the source again first"), default=True)
    enabled = models.BooleanField(_("in use"), default=True)
    next_at = models.DateTimeField(_("next"), null=True, blank=True, db_index=True)
    last_at = models.DateTimeField(_("last"), null=True, blank=True)
    last_problem = models.TextField(_("last problem"), blank=True, default="")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name, verbose_name_plural = _("schedule"), _("schedules")
        ordering = ["dataset"]

    def __str__(self) -> str:
        return f"{self.dataset}: {self.cron}"


class Channel(models.Model):
    """Where an organisation is told of findings: an e-mail address or a web address.

    The key that signs a webhook is derived from SECRET_KEY, the channel and its ``generation``: it is not stored.
    """

    class Kind(models.TextChoices):
        EMAIL = "email", _("E-mail")
        WEBHOOK = "webhook", _("Webhook")

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="channels")
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    target = models.CharField(_("address"), max_length=1000)
    severity = models.CharField(_("least severity"), max_length=10, choices=Severity.choices, default=Severity.ERROR)
    enabled = models.BooleanField(_("in use"), default=True)
    generation = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        verbose_name, verbose_name_plural = _("channel"), _("channels")
        ordering = ["organisation", "name"]
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="channel_name_per_organisation")]

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """One message about one finding to one channel, tried until it arrives or is given up."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Given up")

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="deliveries")
    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="deliveries")
    event = models.CharField(_("event"), max_length=10)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_at = models.DateTimeField(_("next attempt"), null=True, blank=True, db_index=True)
    problem = models.CharField(_("last problem"), max_length=300, blank=True, default="")
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("delivery"), _("deliveries")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["state", "next_at"])]

    def __str__(self) -> str:
        return f"{self.channel}: {self.finding}"
