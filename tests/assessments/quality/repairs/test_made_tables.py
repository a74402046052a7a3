"""What the suggestions of tables with planted errors mend, and that they leave clean tables alone."""

import pytest

from assessments.quality.repairs.evaluation import Score, scores
from benchmarks.dirty_tables import MADE
from benchmarks.repairs import accepted

ROWS, SEED = 900, 11
# Of each table: cells blamed rightly and in all, cells mended rightly and changed in all, wrong cells. Tables and
# repairs draw from seeds alone, so the counts are exact; what changes one of them changes what people are advised.
KNOWN = {
    "flights": (1609, 1635, 1566, 1627, 1730),
    "references": (189, 189, 162, 189, 189),
    "persons": (132, 133, 132, 133, 137),
    "products": (262, 262, 239, 257, 265),
    "films": (304, 304, 268, 286, 304),
}


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_planted_errors_are_found_and_mended(name: str) -> None:
    pair = MADE[name](ROWS, SEED)
    found_right, found, mended_right, mended, wrong = KNOWN[name]
    assert sum(pair.planted.values()) == wrong
    _steps, blamed, repaired = accepted(pair.dirty)
    scored = scores(dirty=pair.dirty, clean=pair.clean, repaired=repaired, blamed=blamed)
    assert scored.detection == Score(right=found_right, claimed=found, wanted=wrong)
    assert scored.repair == Score(right=mended_right, claimed=mended, wanted=wrong)


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_nothing_is_to_be_mended_in_clean_tables(name: str) -> None:
    steps, blamed, _repaired = accepted(MADE[name](ROWS, SEED).clean)
    assert steps == []
    assert blamed == set()
