"""Stored texts about quality in the reader's language."""

from django import template

from assessments.quality.finding_words import note_in_words, title_in_words
from assessments.quality.suggestion_words import in_words

register = template.Library()
register.filter("finding_title", title_in_words)
register.filter("suggested", in_words)


@register.filter
def finding_note(note: str) -> str:
    """A function, since Django counts the ``self`` of a callable object as an argument."""
    return note_in_words(note)
