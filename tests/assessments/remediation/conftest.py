"""The shop of the scoring tests, here too."""

import sys
from pathlib import Path

import pytest

from assessments.accounts.models import Organisation, User

sys.path.insert(0, str(Path(__file__).parents[1] / "scoring"))

from shop import Shop, shop_of


@pytest.fixture
def shop(organisation: Organisation, members: dict[str, User]) -> Shop:
    return shop_of(organisation, members["assessor"])
