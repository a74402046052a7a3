"""Making a key for the API."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.accounts.models import Membership
from assessments.accounts.roles import Capability
from assessments.dashboards.forms.fields import PageForm, offer


class TokenForm(PageForm):
    """Only what the person's own role allows can be given to a key."""

    name = forms.CharField(label=_("What is it for?"), max_length=100)
    scopes = forms.MultipleChoiceField(
        label=_("What may it do?"), widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"})
    )
    days = forms.IntegerField(label=_("Days until it expires"), min_value=1, max_value=366, initial=90)

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = [(c.value, c.label) for c in Capability if membership.may(c)]
        offer(self, "scopes", own)
