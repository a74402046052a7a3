"""What a training or a tuning said, in the language of whoever reads it now."""

from django import template
from django.utils.translation import get_language

from assessments.recommenders.ml_words import told as told_in_words

register = template.Library()


@register.filter
def told(text: str) -> str:
    """A job speaks the language of who started it, English for most; a text of ml in English is told anew."""
    return text if (get_language() or "en").startswith("en") else told_in_words(text)
