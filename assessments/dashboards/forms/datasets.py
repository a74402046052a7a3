"""Registering a dataset and saying what its columns mean."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.dashboards.column_words import show_words
from assessments.dashboards.forms.fields import PageForm
from assessments.datasets.models import Column, Dataset
from assessments.datasets.roles import ColumnRole
from assessments.datasets.sources import SourceSpec
from assessments.datasets.sources.upload import upload_store, uploads

SOURCES = [
    ("upload", gettext_lazy("a file to upload")),
    ("url", gettext_lazy("an address on the web")),
    ("path", gettext_lazy("a file on the server")),
]


class SourceForm(PageForm):
    """Where the rows are and how to read them. What is left empty is found out while reading."""

    source = forms.ChoiceField(
        label=gettext_lazy("Where the rows are"),
        choices=SOURCES,
        widget=forms.Select(attrs={"data-shows": "source"}),
    )
    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        error_messages={"empty": gettext_lazy("The file is empty. Export it again; nothing was registered.")},
        help_text=gettext_lazy("CSV, Parquet or JSON lines; CSV and JSON lines may be compressed with gzip."),
    )
    url = forms.URLField(label=gettext_lazy("Address"), required=False, assume_scheme="https", max_length=1000)
    path = forms.CharField(
        label=gettext_lazy("Path"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy("Only in folders that the operator has allowed."),
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

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        source = cleaned.get("source", "")
        field = "file" if source == "upload" else source
        if field and not cleaned.get(field) and field not in self.errors:
            self.add_error(field, _("This is needed."))
        return cleaned

    def spec(self) -> SourceSpec:
        """The source as the services take it; an uploaded file is stored first."""
        data = self.cleaned_data
        options = {name: data[name] for name in ("delimiter", "encoding") if data[name]}
        if options.get("delimiter") == "\\t":
            options["delimiter"] = "\t"
        if data["source"] == "upload":
            return upload_store(data["file"], options)
        return SourceSpec(data["source"], data[data["source"]], options)


class DatasetForm(SourceForm):
    """A new dataset: its name, its kind and its first source."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    kind = forms.ChoiceField(label=gettext_lazy("What a row is about"), choices=Dataset.Kind.choices)
    description = forms.CharField(
        label=gettext_lazy("Description"), required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=2000
    )
    field_order = ["name", "kind"]


class SnapshotForm(SourceForm):
    """The source of the next snapshot: the one that the dataset has, unless another is named."""

    source = forms.ChoiceField(
        label=gettext_lazy("Where the rows are"),
        required=False,
        choices=[("", gettext_lazy("where they were before")), *SOURCES],
        widget=forms.Select(attrs={"data-shows": "source"}),
    )

    def other(self) -> SourceSpec | None:
        """The other source, if one was named."""
        return self.spec() if self.cleaned_data["source"] else None


def discard(source: SourceSpec) -> None:
    """Remove a stored upload whose dataset was refused: nothing would ever name it."""
    if source.kind == "upload":
        (uploads() / source.location).unlink(missing_ok=True)


class RolesForm(PageForm):
    """One choice for each column: what it means. Begins with what was said before, else with the suggestion."""

    def __init__(self, *args: Any, columns: Iterable[Column], **kwargs: Any) -> None:
        self.columns = list(columns)
        super().__init__(*args, **kwargs)
        said_before = any(column.role for column in self.columns)
        for column in self.columns:
            show_words(column)
            name = f"column-{column.position}"
            self.fields[name] = forms.ChoiceField(
                label=column.name,
                required=False,
                choices=[("", _("no role")), *ColumnRole.choices],
                initial=column.role if said_before else column.suggested_role,
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    def rows(self) -> list[tuple[Column, forms.BoundField]]:
        return [(column, self[f"column-{column.position}"]) for column in self.columns]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        taken: dict[str, str] = {}
        for column in self.columns:
            role = cleaned.get(f"column-{column.position}")
            if role in taken:
                problem = _("“%(other)s” has this role already; a role belongs to one column.") % {"other": taken[role]}
                self.add_error(f"column-{column.position}", problem)
            elif role:
                taken[role] = column.name
        return cleaned

    def roles(self) -> dict[str, str]:
        """{role: column name}"""
        chosen = ((self.cleaned_data.get(f"column-{c.position}"), c.name) for c in self.columns)
        return {role: name for role, name in chosen if role}
