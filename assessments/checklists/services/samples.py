"""Filling a questionnaire with plausible answers, each marked as a sample, for demonstrations."""

from collections.abc import Mapping, Sequence

from assessments.accounts.models import User
from assessments.checklists.models import Answer, Questionnaire

# Mean level by domain. The later profile is nowhere lower, so answers of the same seed never fall from one period
# to the next.
SAMPLE_PROFILES: dict[str, dict[str, float]] = {
    "earlier": {
        "strategy": 2.1,
        "governance": 2.0,
        "architecture": 2.4,
        "application": 2.8,
        "security": 2.3,
        "quality": 1.9,
        "standards": 1.8,
        "lifecycle": 2.2,
    },
    "later": {
        "strategy": 2.7,
        "governance": 2.6,
        "architecture": 2.7,
        "application": 3.3,
        "security": 2.9,
        "quality": 2.8,
        "standards": 2.2,
        "lifecycle": 2.5,
    },
}


def sample_answers(
    *, questionnaire: Questionnaire, assessors: Sequence[User], seed: int, profile: Mapping[str, float]
) -> list[Answer]:
    raise NotImplementedError
