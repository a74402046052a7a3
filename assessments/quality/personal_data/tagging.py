"""The trained tagger of texts, under this package's names of types."""

from collections.abc import Sequence

from assessments.quality.ml_adapter import tagger_load
from assessments.quality.personal_data.span import Span
from assessments.quality.personal_data.texts import Tagger

# The names of the labelled sets and of the tagger (those of Presidio), and ours.
NAMES: dict[str, str] = {
    "AGE": "age",
    "CREDIT_CARD": "payment_card",
    "DATE_TIME": "date",
    "DOMAIN_NAME": "url",
    "EMAIL_ADDRESS": "email",
    "GPE": "place",
    "IBAN_CODE": "iban",
    "IP_ADDRESS": "ip_address",
    "NRP": "nationality",
    "ORGANIZATION": "organisation",
    "PERSON": "person_name",
    "PHONE_NUMBER": "phone",
    "STREET_ADDRESS": "postal_address",
    "TITLE": "title",
    "US_DRIVER_LICENSE": "driver_licence",
    "US_SSN": "us_ssn",
    "ZIP_CODE": "postcode",
}
# Found better by shape and proof than by the tagger; measured in docs/personal_data.md.
BY_PATTERN = frozenset({"payment_card", "url", "email", "iban", "ip_address", "us_ssn", "phone"})


def trained_tagger() -> Tagger | None:
    """The tagger of this installation; None before one was trained. Loads torch: on workers and in commands only."""
    found = tagger_load()
    if found is None:
        return None

    def find(texts: Sequence[str]) -> list[list[Span]]:
        return [
            [
                Span(start, end, NAMES[entity], score)
                for start, end, entity, score in spans
                if NAMES.get(entity, "") not in BY_PATTERN | {""}
            ]
            for spans in found(texts)
        ]

    return find
