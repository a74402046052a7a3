"""Asking for an assessment."""

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from assessments.dashboards.forms.fields import PageForm


class AssessForm(PageForm):
    period = forms.CharField(
        label=_("Period"),
        max_length=7,
        validators=[
            RegexValidator(r"\A20[0-9]{2}-Q[1-4]\Z", _("Write the year and the quarter, for example 2026-Q3."))
        ],
        help_text=_("Year and quarter, for example 2026-Q3."),
    )
