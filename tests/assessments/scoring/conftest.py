"""Makes the helpers of this folder importable, and an organisation with evidence of every kind."""

import sys
from pathlib import Path

import pytest

from assessments.accounts.models import Organisation, User

sys.path.insert(0, str(Path(__file__).parent))

from shop import Shop, shop_of


@pytest.fixture
def shop(organisation: Organisation, members: dict[str, User]) -> Shop:
    """Every item answered with level 3, two datasets checked, one recommender trained."""
    return shop_of(organisation, members["assessor"])
