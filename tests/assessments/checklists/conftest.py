"""A loaded framework, a questionnaire of it, and a small framework file to spoil."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from assessments.accounts.models import Membership, Organisation, User
from assessments.accounts.roles import Role
from assessments.checklists.models import Framework, Item, Questionnaire
from assessments.checklists.selectors import item_get
from assessments.checklists.services import SHIPPED, framework_load, questionnaire_create

SMALL: dict[str, Any] = {
    "id": "small",
    "version": 1,
    "name": {"en": "Small", "zh": "小"},
    "source": "made for a test",
    "domains": [
        {
            "id": domain,
            "name": {"en": domain, "zh": "领域"},
            "items": [
                {
                    "id": item,
                    "name": {"en": item, "zh": "条目"},
                    "question": {"en": "Is it so?", "zh": "是这样吗？"},
                    "levels": [{"en": f"Level number {n}", "zh": f"等级 {n}"} for n in range(1, 6)],
                }
                for item in ("first", "second")
            ],
        }
        for domain in ("alpha", "beta")
    ],
}


@pytest.fixture
def small() -> dict[str, Any]:
    return copy.deepcopy(SMALL)


@pytest.fixture
def write(tmp_path: Path) -> Callable[[dict[str, Any]], Path]:
    """Writes a framework document as a YAML file."""

    def written(document: dict[str, Any]) -> Path:
        path = tmp_path / "small.yaml"
        path.write_text(yaml.safe_dump(document, sort_keys=False, allow_unicode=True), encoding="utf-8")
        return path

    return written


@pytest.fixture
def framework(db: None) -> Framework:
    return framework_load(next(path for path in SHIPPED if path.name == "dcmm-2018.yaml"))


@pytest.fixture
def assessor(members: dict[str, User]) -> User:
    return members["assessor"]


@pytest.fixture
def second_assessor(organisation: Organisation) -> User:
    user = User.objects.create_user("second", "second@example.org", "correct horse battery")
    Membership.objects.create(user=user, organisation=organisation, role=Role.ASSESSOR)
    return user


@pytest.fixture
def questionnaire(organisation: Organisation, framework: Framework, assessor: User) -> Questionnaire:
    return questionnaire_create(organisation=organisation, framework=framework, period="2026-Q3", user=assessor)


@pytest.fixture
def item(questionnaire: Questionnaire) -> Item:
    return item_get(questionnaire=questionnaire, key="strategy.planning")
