"""Registered data: datasets, their immutable snapshots and their columns."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.accounts.models import Organisation
from assessments.common.masking import mask_address


class Dataset(models.Model):
    """A registered collection of one kind."""

    class Kind(models.TextChoices):
        INTERACTIONS = "interactions", _("Interactions")
        ITEMS = "items", _("Items")
        USERS = "users", _("Users")
        QUERIES = "queries", _("Queries")
        JUDGMENTS = "judgments", _("Judgments")
        IMPRESSIONS = "impressions", _("Impressions")
        DOCUMENTS = "documents", _("Documents")

    class SourceKind(models.TextChoices):
        UPLOAD = "upload", _("Upload")
        PATH = "path", _("Path")
        URL = "url", _("URL")
        OBJECT = "object", _("Object store")
        DATABASE = "database", _("Database table, where it is")

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="datasets")
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    description = models.TextField(_("description"), blank=True, default="")
    source_kind = models.CharField(_("source"), max_length=10, choices=SourceKind.choices)
    source_location = models.CharField(_("location"), max_length=1000)
    source_options = models.JSONField(_("reading options"), default=dict, blank=True)
    # {kind, location, options} of a source that takes the place of this one once it has been read; empty if none waits
    source_next = models.JSONField(_("next source"), default=dict, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("registered"), auto_now_add=True)

    class Meta:
        verbose_name, verbose_name_plural = _("dataset"), _("datasets")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="dataset_name_per_organisation")]

    def __str__(self) -> str:
        return self.name

    @property
    def source_shown(self) -> str:
        """The location as members may read it: many addresses carry a key in their query."""
        return mask_address(self.source_location) if self.source_kind == self.SourceKind.URL else self.source_location


class Snapshot(models.Model):
    """One immutable reading of a dataset, stored as Parquet under GOVERN_HOME.

    ``digest`` is the SHA-256 of the content (names, types and values in row order): the same content has the same
    digest whatever the file format, compression or row group size. ``parent`` is the snapshot that a repair made this
    one of, and ``lineage`` says how: {repair, parameters, rows_before, rows_after, rows_changed, cells_changed}.

    A snapshot that is ``in_place`` is a dated look at a table that stays in its database: it has the schema and the
    row count of that moment, no file, and a digest of names, types and row count alone.
    """

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="snapshots")
    number = models.PositiveIntegerField(_("number"))
    digest = models.CharField(_("content SHA-256"), max_length=64)
    rows = models.PositiveBigIntegerField(_("rows"))
    bytes = models.PositiveBigIntegerField(_("size in bytes"))
    storage_key = models.CharField(_("file"), max_length=300, blank=True)
    in_place = models.BooleanField(_("left where it is"), default=False)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="children")
    lineage = models.JSONField(_("lineage"), default=dict, blank=True)
    notes = models.JSONField(_("reading notes"), default=list)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("taken"), auto_now_add=True)

    class Meta:
        verbose_name, verbose_name_plural = _("snapshot"), _("snapshots")
        ordering = ["dataset", "-number"]
        constraints = [models.UniqueConstraint(fields=["dataset", "number"], name="snapshot_number_per_dataset")]

    def __str__(self) -> str:
        return f"{self.dataset} #{self.number}"


class Column(models.Model):
    """A column of a snapshot and what it means."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="columns")
    position = models.PositiveIntegerField(_("position"))
    name = models.CharField(_("name"), max_length=300)
    type = models.CharField(_("type"), max_length=40)
    nulls = models.PositiveBigIntegerField(_("empty values"), default=0)
    role = models.CharField(_("role"), max_length=20, blank=True, default="")
    suggested_role = models.CharField(_("suggested role"), max_length=20, blank=True, default="")
    suggestion_reason = models.CharField(_("reason"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name, verbose_name_plural = _("column"), _("columns")
        ordering = ["snapshot", "position"]
        constraints = [models.UniqueConstraint(fields=["snapshot", "position"], name="column_position_per_snapshot")]

    def __str__(self) -> str:
        return self.name
