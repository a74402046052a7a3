"""One option of a recommender as a field of a form: number, yes or no, word, or several words."""

from typing import Any

from django import forms
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from assessments.dashboards.model_words import choice_word, option_word


def option_field(option: dict[str, Any]) -> forms.Field:
    default, choices = option["default"], option.get("choices") or ()
    common: dict[str, Any] = {
        "label": option_word(option["name"], option["help"]),
        "required": False,
        "help_text": _("By command and API: %(name)s.") % {"name": option["name"]},
    }
    if choices and option.get("several"):
        several = [(word, choice_word(word)) for word in choices]
        shown = ", ".join(choice_word(word) for word in str(default).split(","))
        common["help_text"] = _("None: as usual (%(default)s).") % {"default": shown} + " " + common["help_text"]
        return forms.MultipleChoiceField(choices=several, widget=forms.CheckboxSelectMultiple, **common)
    if choices:
        words = [("", _("as usual (%(default)s)") % {"default": choice_word(str(default))})]
        return forms.ChoiceField(choices=[*words, *((word, choice_word(word)) for word in choices)], **common)
    if isinstance(default, bool):
        shown = _("yes") if default else _("no")
        usual = ("", _("as usual (%(default)s)") % {"default": shown})
        return forms.ChoiceField(choices=[usual, ("true", _("yes")), ("false", _("no"))], **common)
    ends = {"low": plain_number(option["low"]), "high": plain_number(option["high"])}
    common["help_text"] = _("From %(low)s to %(high)s.") % ends + " " + common["help_text"]
    field = forms.IntegerField if isinstance(default, int) else forms.FloatField
    return field(
        widget=forms.NumberInput(attrs={"placeholder": plain_number(default), "step": "any"}),
        min_value=option["low"],
        max_value=option["high"],
        **common,
    )


def plain_number(value: float) -> str:
    """Without an exponent, which not everybody reads: 10,000,000 and 0.0000001."""
    return number_format(f"{value:.10f}".rstrip("0").rstrip("."), force_grouping=True)
