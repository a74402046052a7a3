"""The generated shop: repeatable, sound where nothing was planted, wrong exactly where its truth says so."""

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from ml.data.defects import RECIPES, PlantedDefect, plant_defects
from ml.data.marketplace import Shop, Size, generate_shop
from ml.errors import DataError

END = datetime(2026, 11, 1, tzinfo=UTC)
NAIVE_END = END.replace(tzinfo=None)  # the tables hold times without a zone
SIZE = Size(users=400, items=150, days=200)


@pytest.fixture(scope="module")
def shop() -> Shop:
    return generate_shop(seed=5, end=END, size=SIZE)


@pytest.fixture(scope="module")
def planted(shop: Shop) -> tuple[dict[str, pa.Table], dict[str, PlantedDefect]]:
    tables, truth = plant_defects(shop.tables, seed=6)
    return tables, {defect.name: defect for defect in truth}


def surplus(table: pa.Table) -> int:
    return table.num_rows - table.group_by(table.column_names).aggregate([]).num_rows


def test_same_seed_gives_the_same_tables(shop: Shop) -> None:
    again = generate_shop(seed=5, end=END, size=SIZE)
    assert all(again.tables[name].equals(table) for name, table in shop.tables.items())
    other = generate_shop(seed=6, end=END, size=SIZE)
    assert not other.tables["orders"].equals(shop.tables["orders"])


def test_clean_tables_have_no_defect(shop: Shop) -> None:
    for name, table in shop.tables.items():
        assert surplus(table) == 0, name
        assert sum(column.null_count for column in table.columns) == 0, name
    orders, items = shop.tables["orders"], shop.tables["items"]
    assert pc.all(pc.is_in(orders["item_id"], value_set=items["item_id"].combine_chunks())).as_py()
    assert pc.min(orders["quantity"]).as_py() >= 1
    assert pc.min(orders["unit_price"]).as_py() > 0
    for name, column in (("orders", "ordered_at"), ("events", "time"), ("reviews", "written_at")):
        assert pc.max(shop.tables[name][column]).as_py() < NAIVE_END, name


def test_titles_are_in_both_languages(shop: Shop) -> None:
    items = shop.tables["items"]
    assert pc.all(pc.match_substring_regex(items["title_zh"], r"[\x{4e00}-\x{9fff}]")).as_py()
    assert pc.all(pc.match_substring_regex(items["title"], r"^[ -~]+$")).as_py()


def test_purchases_follow_liking(shop: Shop) -> None:
    """What was bought stands far higher in the shopper's own liking than chance (0.5) would put it."""
    orders = shop.tables["orders"]
    users = np.array([int(name[1:]) for name in orders["user_id"].to_pylist()])
    items = np.array([int(name[1:]) for name in orders["item_id"].to_pylist()])
    below = (shop.liking[users] < shop.liking[users, items][:, None]).mean(axis=1)
    assert below.mean() > 0.9


def test_seasons_move_demand() -> None:
    """Toys sell best in December, garden goods in April: their shares of views differ by season as planted."""
    shop = generate_shop(seed=5, end=datetime(2026, 1, 1, tzinfo=UTC), size=Size(users=600, items=200, days=365))
    category = dict(zip(*(shop.tables["items"][c].to_pylist() for c in ("item_id", "category")), strict=True))
    events = shop.tables["events"]
    names = np.array([category[item] for item in events["item_id"].to_pylist()])
    month = pc.month(events["time"]).to_numpy()
    share = {c: (names[month == 12] == c).mean() / (names[month == 5] == c).mean() for c in ("Toys", "Garden")}
    assert share["Toys"] > 2
    assert share["Garden"] < 0.6


def test_every_recipe_is_planted(planted: tuple[dict[str, pa.Table], dict[str, PlantedDefect]]) -> None:
    assert set(planted[1]) == set(RECIPES)


def test_truth_counts_are_exact(planted: tuple[dict[str, pa.Table], dict[str, PlantedDefect]]) -> None:
    tables, truth = planted
    orders, events, items = tables["orders"], tables["events"], tables["items"]
    found = {
        "order without customer": orders["user_id"].null_count,
        "cancelled order": pc.sum(pc.starts_with(orders["order_id"], "C")).as_py(),
        "order of an unknown item": pc.sum(pc.starts_with(orders["item_id"], "X")).as_py(),
        "price not positive": pc.sum(pc.less_equal(orders["unit_price"], 0)).as_py(),
        "order in the future": pc.sum(
            pc.greater(orders["ordered_at"], pa.scalar(NAIVE_END, pa.timestamp("us")))
        ).as_py(),
        "repeated order row": surplus(orders),
        "misspelled event": pc.sum(
            pc.invert(pc.is_in(events["event"], pa.array(["view", "cart", "purchase"])))
        ).as_py(),
        "event without shopper": events["user_id"].null_count,
        "repeated event row": surplus(events),
        "item without Chinese title": items["title_zh"].null_count,
        "item without category": pc.sum(pc.fill_null(pc.equal(items["category"], "N/A"), True)).as_py(),
        "item with negative price": pc.sum(pc.less(items["price"], 0)).as_py(),
        "malformed e-mail": pc.sum(pc.invert(pc.match_substring(tables["users"]["email"], "@"))).as_py(),
        "unknown country code": pc.sum(pc.is_in(tables["users"]["country"], pa.array(["XX", "Unspecified"]))).as_py(),
        "search without words": pc.sum(pc.fill_null(pc.equal(tables["searches"]["query"], ""), True)).as_py(),
        "e-mail address in a review": pc.sum(pc.match_substring(tables["reviews"]["text"], "@")).as_py(),
        "rating out of range": pc.sum(pc.is_in(tables["reviews"]["rating"], pa.array([0, 9]))).as_py(),
    }
    assert found == {name: defect.rows for name, defect in truth.items()}


def test_severity_scales_one_defect_or_all(shop: Shop) -> None:
    assert plant_defects(shop.tables, seed=1, severity=0) == (shop.tables, [])
    _, truth = plant_defects(shop.tables, seed=1, severity={"malformed e-mail": 5.0})
    rows = {defect.name: defect.rows for defect in truth}
    assert rows["malformed e-mail"] == round(0.02 * 5 * SIZE.users)
    assert rows["unknown country code"] == round(0.01 * SIZE.users)


def test_bad_arguments_are_named(shop: Shop) -> None:
    with pytest.raises(DataError, match="Unknown defects: typo"):
        plant_defects(shop.tables, seed=1, severity={"typo": 1.0})
    with pytest.raises(DataError, match="at least one user"):
        Size(users=0)
