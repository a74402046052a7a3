"""What the tagger can say of a word: outside, or the beginning or the inside of one of its entities (BIO)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

ENTITIES = (
    "AGE",
    "CREDIT_CARD",
    "DATE_TIME",
    "DOMAIN_NAME",
    "EMAIL_ADDRESS",
    "GPE",
    "IBAN_CODE",
    "IP_ADDRESS",
    "NRP",
    "ORGANIZATION",
    "PERSON",
    "PHONE_NUMBER",
    "STREET_ADDRESS",
    "TITLE",
    "US_DRIVER_LICENSE",
    "US_SSN",
    "ZIP_CODE",
)
OUTSIDE = 0
NEVER = -1e9


def begin(entity: int) -> int:
    """The label of an entity's first word; its other words have the next number."""
    return 1 + 2 * entity


def count_labels(entities: Sequence[str]) -> int:
    return 1 + 2 * len(entities)


def entity_of(label: int) -> int:
    """The position of the label's entity; -1 for outside."""
    return (label - 1) // 2


def is_inside(label: int) -> bool:
    return label > OUTSIDE and label % 2 == 0


def transitions(labels: int) -> NDArray[np.float32]:
    """[labels, labels]: 0 where the second may follow the first, else NEVER: an inside follows its own entity only."""
    allowed = np.zeros((labels, labels), np.float32)
    for label in range(2, labels, 2):
        allowed[:, label] = NEVER
        allowed[label - 1, label] = allowed[label, label] = 0.0
    return allowed


def starts(labels: int) -> NDArray[np.float32]:
    """[labels]: 0 where a text may begin with the label, else NEVER."""
    allowed = np.zeros(labels, np.float32)
    allowed[2::2] = NEVER
    return allowed
