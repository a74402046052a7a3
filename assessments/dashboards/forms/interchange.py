"""Rules from a file."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.dashboards.forms.fields import PageForm
from assessments.quality.yaml_text import LARGEST


class RulesImportForm(PageForm):
    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml"}),
        help_text=gettext_lazy("A rule pack of Govern, or a data contract (Open Data Contract Standard 3.1), as YAML."),
    )
    replace = forms.BooleanField(
        label=gettext_lazy("Take the dataset's other rules out of use"),
        required=False,
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > 4 * LARGEST:
            raise ValidationError(_("This file is too large for rules."))
        try:
            self._text: str = file.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise ValidationError(_("This file is not text in UTF-8.")) from error
        return file

    def text(self) -> str:
        return self._text
