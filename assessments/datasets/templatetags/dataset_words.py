"""Stored texts about datasets in the reader's language."""

from django import template

from assessments.datasets.note_words import notes_in_words

register = template.Library()


@register.filter
def reading_note(note: str) -> str:
    """A function, since Django counts the ``self`` of a callable object as an argument."""
    return notes_in_words(note)
