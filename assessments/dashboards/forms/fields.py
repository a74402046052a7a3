"""Forms that look like the rest of the pages."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet


class PageForm(forms.Form):
    """A form whose fields carry the classes of the style sheet."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.style()

    def style(self) -> None:
        """Give every field its class; again for fields that came later."""
        for field in self.fields.values():
            widget = field.widget
            if isinstance(widget, forms.CheckboxSelectMultiple | forms.RadioSelect):
                continue
            if isinstance(widget, forms.CheckboxInput):
                kind = "form-check-input d-block"
            elif isinstance(widget, forms.Select):
                kind = "form-select"
            else:
                kind = "form-control"
            widget.attrs.setdefault("class", kind)


def choose_from(form: forms.Form, name: str, rows: "QuerySet[Any]") -> None:
    """Let a field of the form choose among these rows."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - a mistake in the form's own code
    field.queryset = rows


def offer(form: forms.Form, name: str, choices: Iterable[tuple[str, Any]]) -> None:
    """Let a field of the form choose among these values."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 - a mistake in the form's own code
    field.choices = list(choices)
