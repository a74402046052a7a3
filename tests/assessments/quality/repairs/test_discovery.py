"""What a table suggests by itself, on planted tables and, where they are, on the published pairs."""

import os
import random
from pathlib import Path

import numpy as np
import pytest

from assessments.quality.repairs.discovery.dependencies import dependencies
from assessments.quality.repairs.discovery.sources import Told, told_by_sources
from assessments.quality.repairs.evaluation import Score, scores
from assessments.quality.repairs.spelling import corrections
from benchmarks.repairs import accepted, read

PAIRS = Path(os.environ.get("GOVERN_DATA_DIR", "../shared/data")) / "dirty_clean_pairs"


def found_in(table: dict[str, list[str]]) -> list[tuple[tuple[str, ...], str, int]]:
    codes = {name: np.unique(values, return_inverse=True)[1] for name, values in table.items()}
    return [(one.determinants, one.dependent, one.exceptions) for one in dependencies(codes)]


def told_of(table: dict[str, list[str]]) -> list[Told]:
    return told_by_sources({name: np.unique(values, return_inverse=True)[1] for name, values in table.items()})


def test_a_dependency_with_errors_is_found_and_one_by_chance_is_not() -> None:
    draw = random.Random(3)  # noqa: S311  no secret
    codes = [f"c{draw.randrange(20)}" for _row in range(600)]
    table = {
        "code": codes,
        "city": [code.replace("c", "city ") for code in codes],
        "weekday": [draw.choice(["mon", "tue", "wed"]) for _row in codes],
    }
    for row in (5, 50, 500):
        table["city"][row] = "elsewhere"
    assert found_in(table) == [(("code",), "city", 3)]


def test_two_columns_decide_where_one_does_not() -> None:
    """State and measure give the average; the measure alone seems to, in a table with few rows of the second state."""
    draw = random.Random(5)  # noqa: S311  no secret
    rows = [("ak" if draw.random() < 0.08 else "al", f"m{draw.randrange(12)}") for _row in range(900)]
    average = [f"{state}_{measure}" for state, measure in rows]
    average[7], average[77] = "al_mx", "ax_m1"
    table = {"state": [row[0] for row in rows], "measure": [row[1] for row in rows], "average": average}
    decided = {by for by, name, _exceptions in found_in(table) if name == "average"}
    assert decided == {("measure", "state")}


def test_a_second_thing_of_one_name_is_no_error() -> None:
    """Where a third of all codes has one row, a single row of another code beside its namesakes is one more of them."""
    codes = [f"b{number}" for number in range(60) for _row in range(6)] + [f"s{number}" for number in range(30)]
    names = [code.replace("b", "brewery ") for code in codes]
    names[20] = "brewry 3"  # without it each code has one name, and what decides its code is not decided by it
    wrong = [f"x{number}" for number in range(11)]
    assert of_code(names=[*names, "brewery 4"], codes=[*codes, "x0"]) == []
    more = [f"brewery {number}" for number in range(10, 21)]
    assert of_code(names=[*names, *more], codes=[*codes, *wrong]) == [(("name",), "code", 11)]


def of_code(*, names: list[str], codes: list[str]) -> list[tuple[tuple[str, ...], str, int]]:
    return [one for one in found_in({"name": names, "code": codes}) if one[1] == "code"]


def test_where_all_sources_agree_no_other_thing_is_looked_for() -> None:
    """Two flights leave at one time; that their sources say two things of that time is no disagreement."""
    leaves = [f"{min(flight, 38)}:00" for flight in range(40)]
    told = [(f"site{site}", f"f{flight}", leaves[flight], f"{flight}:30") for flight in range(40) for site in range(5)]
    table = dict(zip(("site", "flight", "leaves", "arrives"), map(list, zip(*told, strict=True)), strict=True))
    assert told_of(table) == []
    table["arrives"][7] = "another"
    assert told_of(table) == [Told("site", "flight", "arrives", 1, 200)]


def test_typing_errors_and_what_only_looks_like_them() -> None:
    counts = {"yellow": 50, "yelow": 1, "Austria": 40, "Australia": 30, "Austrla": 1, "al_hf-1": 30, "ak_hf-1": 2}
    counts |= {"hospital": 80, "hxspitxl": 1, "hospxtal": 1, "blue": 50, "bleu": 1}
    assert corrections(counts) == {"yelow": "yellow", "hospxtal": "hospital", "Austrla": "Austria"}
    assert corrections({"acute care": 90, "acutx carx": 1}) == {"acutx carx": "acute care"}


@pytest.mark.parametrize(
    ("other", "frequent"),
    [
        ("Windows 10 Home S", "Windows 10 Home"),
        ("Intel Celeron M 400 MHz", "Intel Celeron 400 MHz"),
        ("USB port B", "USB port A"),
        ("SDRAM", "DRAM"),
        ("PATA disks", "SATA disks"),
        ("Quad-channel", "Dual-channel"),
        ("NEMA 5-15R plug", "NEMA 5-15P plug"),
        ("0 - 9999", "0 - 999.9"),
    ],
)
def test_another_thing_is_no_typing_error(other: str, frequent: str) -> None:
    assert corrections({frequent: 400, other: 1}) == {}


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("micro-ATX", "microATX"),
        ("Print only, 2 siddes", "Print only, 2 sides"),
        ("Dot matrix", "Dot Matrix"),
        ("prevention of infectoin", "prevention of infection"),
        ("NEMA 5-15r plug", "NEMA 5-15R plug"),
        ("percent xf patients", "percent of patients"),
        ("New Yrok", "New York"),
        ("NewYork", "New York"),
    ],
)
def test_a_slip_within_words_is_one(wrong: str, right: str) -> None:
    assert corrections({right: 400, wrong: 1}) == {wrong: right}


def test_scores_against_hand_counts() -> None:
    dirty = {"a": ["x", "y", None, "w"], "b": ["1", "2", "3", "4"]}
    clean = {"a": ["x", "Y", "", "W"], "b": ["1", "2", "0", "4"]}
    repaired = {"a": ["x", "Y", None, "v"], "b": ["9", "2", "3", "4"]}
    found = scores(dirty=dirty, clean=clean, repaired=repaired, blamed={(2, "b")})
    assert found.wrong_cells == 3
    assert found.detection == Score(right=3, claimed=4, wanted=3)
    assert found.repair == Score(right=1, claimed=3, wanted=3)
    assert (found.repair.precision, found.repair.recall, found.repair.f1) == (1 / 3, 1 / 3, 1 / 3)
    assert Score(0, 0, 0).f1 == 1.0


@pytest.mark.data
@pytest.mark.skipif(not PAIRS.is_dir(), reason="the published pairs of dirty and clean tables are not here")
@pytest.mark.parametrize(("name", "wrong", "least"), [("beers", 4_362, 0.99), ("hospital", 509, 0.96)])
def test_the_published_pairs_are_mended(home: Path, name: str, wrong: int, least: float) -> None:
    dirty, clean = read(PAIRS / name / "dirty.csv"), read(PAIRS / name / "clean.csv")
    _steps, blamed, repaired = accepted(dirty)
    clean = dict(zip(dirty, clean.values(), strict=True))
    found = scores(dirty=dirty, clean=clean, repaired=repaired, blamed=blamed)
    assert found.wrong_cells == wrong
    assert found.repair.f1 >= least
    assert found.repair.precision >= 0.99
    assert found.detection.f1 >= 0.98
