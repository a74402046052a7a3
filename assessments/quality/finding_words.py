"""Titles of findings and notes in their histories in the reader's language: they are stored in English."""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from assessments.common.retelling import Retelling
from assessments.quality.models import Finding
from assessments.quality.personal_data.catalogue import entities, entity

UNPROTECTED = _("%(type)s unprotected in “%(column)s”")
NOT_FOUND = _("The last search did not find it any more.")
PROTECTED = _("It is protected now.")
UNSURE = _("The last search is no longer sure of it.")
NOT_IN_USE = _("The rule is no longer in use.")
DELETED = _("The rule was deleted.")
ENDED = _("The acceptance has ended.")

note_in_words = Retelling([NOT_FOUND, PROTECTED, UNSURE, NOT_IN_USE, DELETED, ENDED])


def title_in_words(finding: Finding) -> str:
    """What the finding is about; of a rule its name, which is what people called it."""
    column, _colon, kind = finding.subject.rpartition(":")
    if finding.kind != Finding.Kind.PERSONAL_DATA or kind not in entities():
        return finding.title
    return gettext(UNPROTECTED) % {"type": entity(kind).label, "column": column}
