"""Filling a questionnaire with plausible answers, each marked as a sample, for demonstrations."""

import random
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.utils.translation import gettext as _

from assessments.accounts.models import User
from assessments.checklists.models import Answer, Item, Questionnaire
from assessments.checklists.selectors import answers_of, items_of
from assessments.checklists.services.answers import answer_save
from assessments.checklists.services.evidence import evidence_add
from assessments.common.errors import GovernError

WORDS = Path(__file__).parent.parent / "samples.yaml"

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


@transaction.atomic
def sample_answers(
    *, questionnaire: Questionnaire, assessors: Sequence[User], seed: int, profile: Mapping[str, float]
) -> list[Answer]:
    """Answer every item for every assessor with a level near the profile's mean of its domain.

    Answers and links are marked as samples; an answer that a person gave is never replaced. The same seed gives the
    same answers.
    """
    if not assessors:
        raise GovernError(_("Sample answers need at least one assessor."))
    items = list(items_of(questionnaire))
    for domain in sorted({item.domain.identifier for item in items}):
        if not 1 <= profile.get(domain, 0) <= 5:
            raise GovernError(_("The profile needs a mean level from 1 to 5."), where=domain)
    there = {(answer.item_id, answer.assessor_id): answer for answer in answers_of(questionnaire)}
    saved = []
    for n, assessor in enumerate(assessors):
        for item in items:
            found = there.get((item.pk, assessor.pk))
            if found is None or found.sample:
                saved.append(_answer(questionnaire, item, assessor, n, seed, profile, found))
    return saved


def _answer(
    questionnaire: Questionnaire,
    item: Item,
    assessor: User,
    number: int,
    seed: int,
    profile: Mapping[str, float],
    found: Answer | None,
) -> Answer:
    level = sample_level(profile[item.domain.identifier], key=item.key, assessor=number, seed=seed)
    seen = _words()["seen"].get(item.key, item.name["en"])
    said = _words()["said"][level]
    answer = answer_save(
        questionnaire=questionnaire,
        item=item,
        assessor=assessor,
        status=Answer.Status.LEVEL,
        level=level,
        comment=said[number % len(said)] % {"seen": seen},
        revision=found.revision if found else 0,
        sample=True,
    )
    if level >= 3 and number == 0 and not answer.evidence.exists():
        link = f"https://example.org/sample/{item.domain.identifier}/{item.identifier}"
        evidence_add(answer=answer, user=assessor, url=link, title=f"Sample link, not real: {seen}")
    return answer


def sample_level(mean: float, *, key: str, assessor: int, seed: int) -> int:
    """A level from 1 to 5: the mean, moved by up to 0.7 for the item and by up to 0.45 for the assessor's judgment.

    For the same key, assessor and seed a higher mean never gives a lower level.
    """
    own = random.Random(f"{seed}/{key}").uniform(-0.7, 0.7)  # noqa: S311 - samples, nothing secret
    judged = random.Random(f"{seed}/{key}/{assessor}").uniform(-0.45, 0.45)  # noqa: S311 - samples, nothing secret
    return min(5, max(1, round(mean + own + judged)))


@cache
def _words() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return loaded
