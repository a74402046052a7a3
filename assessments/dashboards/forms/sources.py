"""Saying where the rows of a dataset are."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.dashboards.forms.fields import PageForm, offer
from assessments.datasets.sources import SourceSpec
from assessments.datasets.sources.places import connections_for
from assessments.datasets.sources.upload import upload_store

FIELDS = {
    "upload": ("file",),
    "url": ("url",),
    "path": ("path",),
    "object": ("object",),
    "database": ("connection", "table"),
}


def source_choices(organisation: str) -> list[tuple[str, str]]:
    """The kinds of sources that the organisation of this short name can use."""
    choices = [
        ("upload", _("a file to upload")),
        ("url", _("an address on the web")),
        ("path", _("a file on the server")),
    ]
    if any(store.serves(organisation) for store in settings.OBJECT_STORES.values()):
        choices.append(("object", _("an object in a store (S3)")))
    if connections_for(organisation):
        choices.append(("database", _("a table in a database")))
    return choices


class SourceForm(PageForm):
    """Where the rows are and how to read them. What is left empty is found out while reading."""

    source = forms.ChoiceField(
        label=gettext_lazy("Where the rows are"), widget=forms.Select(attrs={"data-shows": "source"})
    )
    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        error_messages={"empty": gettext_lazy("The file is empty. Export it again; nothing was registered.")},
        help_text=gettext_lazy("CSV, Parquet, JSON lines or Excel; CSV and JSON lines may be compressed with gzip."),
    )
    url = forms.URLField(label=gettext_lazy("Address"), required=False, assume_scheme="https", max_length=1000)
    path = forms.CharField(
        label=gettext_lazy("Path"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy("Only in folders that the operator has allowed."),
    )
    object = forms.CharField(
        label=gettext_lazy("Object"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy("Written s3://bucket/key; only in buckets that the operator has named."),
    )
    connection = forms.ChoiceField(
        label=gettext_lazy("Connection"),
        required=False,
        help_text=gettext_lazy("The operator names connections and keeps their passwords."),
    )
    table = forms.CharField(
        label=gettext_lazy("Table"), required=False, max_length=300, help_text=gettext_lazy("Written schema.table.")
    )
    copy = forms.BooleanField(
        label=gettext_lazy("Copy the table once"),
        required=False,
        help_text=gettext_lazy("Needed to train, repair and export. Otherwise the table stays where it is."),
    )
    delimiter = forms.CharField(
        label=gettext_lazy("Delimiter"),
        required=False,
        max_length=2,
        strip=False,
        help_text=gettext_lazy("Of a CSV file; found out when empty. Write \\t for a tab."),
    )
    encoding = forms.ChoiceField(
        label=gettext_lazy("Encoding"),
        required=False,
        choices=[("", gettext_lazy("find out")), ("utf-8", "UTF-8"), ("latin-1", "Latin-1")],
    )
    sheet = forms.CharField(
        label=gettext_lazy("Sheet"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("Of an Excel workbook; the first one when empty."),
    )

    def __init__(self, *args: Any, organisation: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "source", source_choices(organisation))
        offer(self, "connection", [("", "–"), *((one.name, one.name) for one in connections_for(organisation))])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for field in FIELDS.get(cleaned.get("source", ""), ()):
            if not cleaned.get(field) and field not in self.errors:
                self.add_error(field, _("This is needed."))
        return cleaned

    def spec(self) -> SourceSpec:
        """The source as the services take it; an uploaded file is stored first."""
        data = self.cleaned_data
        if data["source"] == "database":
            location = f"{data['connection']}:{data['table']}"
            return SourceSpec("database", location, {"copy": True} if data["copy"] else {})
        options = {name: data[name] for name in ("delimiter", "encoding", "sheet") if data[name]}
        if options.get("delimiter") == "\\t":
            options["delimiter"] = "\t"
        if data["source"] == "upload":
            return upload_store(data["file"], options)
        return SourceSpec(data["source"], data[data["source"]], options)
