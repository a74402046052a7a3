"""Finders of personal data in texts, compared on texts whose spans are labelled."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from assessments.common.errors import GovernError
from assessments.quality.ml_adapter import spans_score
from assessments.quality.personal_data.presidio import presidio_spans
from assessments.quality.personal_data.span import Span
from assessments.quality.personal_data.tagging import NAMES, trained_tagger
from assessments.quality.personal_data.texts import find_all

Find = Callable[[Sequence[str]], list[list[Span]]]
# Types that a shape tells: reported together.
STRUCTURED = ("PHONE_NUMBER", "EMAIL_ADDRESS", "CREDIT_CARD", "IP_ADDRESS", "IBAN_CODE", "US_SSN")
LABELS = {ours: theirs for theirs, ours in NAMES.items()}
PRESIDIO = {"URL": "DOMAIN_NAME"}  # where its names differ from those of the labelled sets


def texts_of(document: Any, *, where: str) -> tuple[list[str], list[list[Span]]]:
    """The texts and their labelled spans; GovernError when the document is not of that form."""
    try:
        texts = [str(one["full_text"]) for one in document]
        spans = [
            [Span(int(s["start_position"]), int(s["end_position"]), str(s["entity_type"]), 1.0) for s in one["spans"]]
            for one in document
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise GovernError(
            _("The file holds no labelled texts."),
            where=where,
            hint=_("Each text needs full_text and spans with entity_type, start_position and end_position."),
        ) from error
    return texts, spans


def evaluate(truth: Sequence[Sequence[Span]], found: Sequence[Sequence[Span]]) -> dict[str, Any]:
    """Agreement per labelled type, over the structured types, and over all; types that nobody labelled do not count."""
    known = {span.entity for spans in truth for span in spans}
    kept = [[span for span in spans if span.entity in known] for spans in found]
    return spans_score(truth, kept, groups={"structured": STRUCTURED, "all": sorted(known)})


def _govern() -> Find:
    tagger = trained_tagger()
    return lambda texts: [_labelled(spans, LABELS) for spans in find_all(texts, tagger)]


def _patterns() -> Find:
    return lambda texts: [_labelled(spans, LABELS) for spans in find_all(texts)]


def _tagger() -> Find:
    tagger = trained_tagger()
    if tagger is None:
        raise GovernError(_("No tagger was trained here yet."), hint=_("Train it: manage.py train_tagger"))
    return lambda texts: [_labelled(spans, LABELS) for spans in tagger(texts)]


def _presidio() -> Find:
    find = presidio_spans()
    return lambda texts: [_labelled(spans, PRESIDIO) for spans in find(texts)]


def _labelled(spans: Sequence[Span], names: Mapping[str, str]) -> list[Span]:
    return [span._replace(entity=names.get(span.entity, span.entity)) for span in spans]


FINDERS: Mapping[str, Callable[[], Find]] = {
    "govern": _govern,
    "patterns": _patterns,
    "tagger": _tagger,
    "presidio": _presidio,
}
