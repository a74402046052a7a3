"""What the suggestions of tables with planted errors mend, and that they leave clean tables alone."""

import pytest

from assessments.quality.repairs.evaluation import scores
from benchmarks.dirty_tables import MADE
from benchmarks.repairs import accepted

ROWS, SEED = 900, 11
# The least precision and recall of repairs. What nobody can know is planted too: the value behind a -1, an outlier.
KNOWN = {"flights": (0.95, 0.9), "references": (0.85, 0.8), "persons": (0.97, 0.9), "products": (0.9, 0.8)}


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_planted_errors_are_found_and_mended(name: str) -> None:
    pair = MADE[name](ROWS, SEED)
    assert sum(pair.planted.values()) > 80
    _steps, blamed, repaired = accepted(pair.dirty)
    found = scores(dirty=pair.dirty, clean=pair.clean, repaired=repaired, blamed=blamed)
    precision, recall = KNOWN[name]
    assert found.repair.precision >= precision
    assert found.repair.recall >= recall
    assert found.detection.precision >= 0.97
    assert found.detection.recall >= 0.93


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_clean_tables_stay_as_they_are(name: str) -> None:
    clean = MADE[name](ROWS, SEED).clean
    _steps, _blamed, repaired = accepted(clean)
    assert [column for column in clean if list(repaired[column]) != list(clean[column])] == []
