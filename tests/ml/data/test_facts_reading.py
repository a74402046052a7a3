from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ml.data.facts_reading import Table, read_facts
from ml.data.interactions import DAY, Interactions

ROLES = {"user": "u", "item": "i", "time": "t", "price": "p", "title": "n", "country": "c"}


def train() -> Interactions:
    return Interactions(
        user_codes=np.array([0, 1], np.int32),
        item_codes=np.array([0, 1], np.int32),
        times=np.array([DAY, 2 * DAY]),
        weights=np.ones(2, np.float32),
        users=np.array(["17", "18"], dtype=object),
        items=np.array(["A", "B"], dtype=object),
        until=10 * DAY,
    )


def write(path: Path, **columns: list[object]) -> Path:
    pq.write_table(pa.table(columns), path)
    return path


def interactions(folder: Path) -> Table:
    """The rows of days 11 and 12 come after the split."""
    path = write(
        folder / "events.parquet",
        u=["17.0", "17.0", "18.0", "18.0"],
        i=["A", "A", "A", "B"],
        t=pa.array([DAY, 2 * DAY, 11 * DAY, 12 * DAY], pa.timestamp("us")),
        p=[2.0, 8.0, 999.0, 5.0],
        n=[None, "lamp", "wrong", "late"],
        c=["FR", "FR", "XX", "XX"],
    )
    return Table(path, ROLES)


def test_only_rows_before_the_split_speak(tmp_path: Path) -> None:
    facts = read_facts(train(), interactions(tmp_path), None, None)
    assert facts.prices[0] == pytest.approx(4.0)  # the geometric mean of 2 and 8
    assert np.isnan(facts.prices[1])
    assert facts.titles == ["lamp", ""]
    assert facts.group_names == ["country=FR"]
    assert facts.groups.tolist() == [[1.0], [0.0]]


def test_a_catalogue_goes_before_the_interactions_and_they_fill_its_gaps(tmp_path: Path) -> None:
    items = Table(
        write(tmp_path / "items.parquet", id=["B", "A", "C"], price=[3.0, None, 1.0], k=["toys", "toys", "x"]),
        {"item": "id", "price": "price", "category": "k"},
    )
    users = Table(write(tmp_path / "users.parquet", id=[17, 18], age=["20-29", "30-39"]), {"user": "id", "age": "age"})
    facts = read_facts(train(), interactions(tmp_path), items, users)
    assert facts.prices.tolist() == pytest.approx([4.0, 3.0])
    assert facts.category_names == ["toys"]
    assert facts.categories.tolist() == [0, 0]
    assert facts.group_names == ["country=FR", "age=20-29", "age=30-39"]
    assert facts.groups.tolist() == [[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]]


def test_without_facts_in_any_table_all_is_unknown(tmp_path: Path) -> None:
    table = interactions(tmp_path)
    facts = read_facts(train(), Table(table.path, {"user": "u", "item": "i", "time": "t"}), None, None)
    assert np.isnan(facts.prices).all()
    assert (facts.categories == -1).all()
    assert facts.groups.shape == (2, 0)
