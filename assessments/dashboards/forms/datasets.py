"""Registering a dataset and saying what its columns mean."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.dashboards.column_words import show_words
from assessments.dashboards.forms.fields import PageForm, offer
from assessments.dashboards.forms.sources import SourceForm, source_choices
from assessments.datasets.models import Column, Dataset
from assessments.datasets.roles import ColumnRole
from assessments.datasets.sources import SourceSpec
from assessments.datasets.sources.upload import uploads


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
        widget=forms.Select(attrs={"data-shows": "source"}),
    )

    def __init__(self, *args: Any, organisation: str, **kwargs: Any) -> None:
        super().__init__(*args, organisation=organisation, **kwargs)
        offer(self, "source", [("", _("where they were before")), *source_choices(organisation)])

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
