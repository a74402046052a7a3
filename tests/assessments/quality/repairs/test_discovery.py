"""What a table suggests by itself, on planted tables and, where they are, on the published pairs."""

import csv
import os
import random
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assessments.quality.repairs import Step
from assessments.quality.repairs.discovery import discover
from assessments.quality.repairs.evaluation import Score, scores
from assessments.quality.repairs.execution import Surroundings, steps_done
from assessments.quality.repairs.spelling import corrections

PAIRS = Path(os.environ.get("GOVERN_DATA_DIR", "../shared/data")) / "dirty_clean_pairs"


def steps_of(table: dict[str, list[Any]]) -> list[tuple[str, tuple[str, ...], dict[str, Any]]]:
    found = discover(pa.table(table)).repairs
    return [(one.step.repair, one.step.columns, dict(one.step.parameters)) for one in found]


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
    found = discover(pa.table(table)).repairs
    assert [(one.step.columns, one.rows) for one in found if one.step.repair == "correct_by_dependency"] == [
        (("code", "city"), 3)
    ]


def test_two_columns_decide_where_one_does_not() -> None:
    """State and measure give the average; the measure alone seems to, in a table with few rows of the second state."""
    draw = random.Random(5)  # noqa: S311  no secret
    rows = [("ak" if draw.random() < 0.08 else "al", f"m{draw.randrange(12)}") for _row in range(900)]
    average = [f"{state}_{measure}" for state, measure in rows]
    average[7], average[77] = "al_mx", "ax_m1"
    table = {"state": [row[0] for row in rows], "measure": [row[1] for row in rows], "average": average}
    steps = [columns for name, columns, _p in steps_of(table) if name == "correct_by_dependency"]
    assert ("measure", "state", "average") in steps
    assert ("measure", "average") not in steps


def test_writings_suggest_their_repairs() -> None:
    table = {
        "ounces": ["12.0 oz", "12 oz.", "16.0 ounce"] * 20,
        "ibu": ["N/A", "20", "31"] * 20,
        "city": (["Portland OR"] * 4 + ["Salem"] * 56),
        "state": ([None] * 4 + ["OR"] * 56),
        "kind": ["Lager"] * 30 + ["lager"] * 10 + [" Stout"] * 20,
    }
    steps = steps_of(table)
    assert ("normalise_units", ("ounces",), {"write": "number", "rest": "drop"}) in steps
    assert ("missing_to_null", ("ibu",), {"values": ["N/A"]}) in steps
    assert ("move_last_word", ("city", "state"), {}) in steps
    assert ("normalise_codes", ("kind",), {}) in steps
    assert ("normalise_spaces", ("kind",), {}) in steps


def test_shares_of_another_size_are_not_taken_for_one_unit() -> None:
    table = {"abv": ["0.05", "0.06", "0.07"] * 10 + ["5%", "6%"] * 10}
    assert steps_of(table) == []


def test_a_clean_table_suggests_nothing() -> None:
    draw = random.Random(1)  # noqa: S311  no secret
    table = {
        "id": [f"u{row}" for row in range(500)],
        "country": [draw.choice(["Austria", "Australia", "Italy"]) for _row in range(500)],
        "size": [draw.choice(["small", "large"]) for _row in range(500)],
    }
    assert discover(pa.table(table)).repairs == []


def test_typing_errors_and_what_only_looks_like_them() -> None:
    counts = {"yellow": 50, "yelow": 1, "Austria": 40, "Australia": 30, "Austrla": 1, "al_hf-1": 30, "ak_hf-1": 2}
    counts |= {"hospital": 80, "hxspitxl": 1, "hospxtal": 1, "blue": 50, "bleu": 1}
    assert corrections(counts) == {"yelow": "yellow", "hospxtal": "hospital", "Austrla": "Austria"}
    assert corrections({"acute care": 90, "acutx carx": 1}) == {"acutx carx": "acute care"}


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


def read(file: Path) -> dict[str, list[str | None]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        names, *rows = csv.reader(lines)
    return {name: [row[at] or None for row in rows] for at, name in enumerate(names)}


@pytest.mark.data
@pytest.mark.skipif(not PAIRS.is_dir(), reason="the published pairs of dirty and clean tables are not here")
@pytest.mark.parametrize(("name", "wrong", "least"), [("beers", 4_362, 0.99), ("hospital", 509, 0.95)])
def test_the_published_pairs_are_mended(home: Path, name: str, wrong: int, least: float) -> None:
    dirty, clean = read(PAIRS / name / "dirty.csv"), read(PAIRS / name / "clean.csv")
    file = home / "dirty.parquet"
    table = pa.table({column: pa.array(values, pa.string()) for column, values in dirty.items()})
    pq.write_table(table, file)
    steps: list[Step] = [one.step for one in discover(table).repairs]
    with steps_done(file, steps, Surroundings(others={}, roles={}, masked=())) as (staged, _outcomes):
        repaired = pq.read_table(staged.path).to_pydict()
    found = scores(dirty=dirty, clean=dict(zip(dirty, clean.values(), strict=True)), repaired=repaired)
    assert found.wrong_cells == wrong
    assert found.repair.f1 >= least
    assert found.repair.precision >= 0.99
