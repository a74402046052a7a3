"""Roles suggested from names in two languages and from values."""

from typing import Any

import pyarrow as pa
import pytest

from assessments.datasets.suggestion import suggest_roles, words_of

AT = pa.array([0, 1], pa.timestamp("us"))


def suggested(columns: dict[str, Any], kind: str = "interactions") -> dict[str, str]:
    return {str(found.role): name for name, found in suggest_roles(pa.table(columns), kind=kind).items()}


@pytest.mark.parametrize(
    "name", ["CustomerID", "cust_no", "customer-id", "user_id", "userId", "客户编号", "用户ID", "会员号"]
)
def test_user_names(name: str) -> None:
    assert suggested({name: ["a", "b"]}) == {"user": name}


@pytest.mark.parametrize("name", ["StockCode", "item_id", "SKU", "product_code", "商品编号", "货号"])
def test_item_names(name: str) -> None:
    assert suggested({name: ["a", "b"]}) == {"item": name}


def test_online_retail() -> None:
    columns = {
        "InvoiceNo": ["536365", "C536379"],
        "StockCode": ["85123A", "71053"],
        "Description": ["LAMP", "LANTERN"],
        "Quantity": [6, 8],
        "InvoiceDate": AT,
        "UnitPrice": [2.5, 3.0],
        "CustomerID": [17850.0, None],
        "Country": ["United Kingdom", "France"],
    }
    expected = ["order", "item", "title", "quantity", "time", "price", "user", "country"]
    assert suggested(columns) == dict(zip(expected, columns, strict=True))


def test_values_decide_where_names_say_nothing() -> None:
    columns = {
        "f1": ["view", "cart"],
        "f2": AT,
        "f3": ["a@example.org", "b@example.org"],
        "f4": ["中国", "美国"],
        "f5": ["x", "y"],
    }
    assert suggested(columns) == {"event": "f1", "time": "f2", "email": "f3", "country": "f4"}


def test_chinese_shop() -> None:
    columns = {"客户编号": ["1"], "商品编号": ["2"], "下单时间": AT[:1], "行为": ["购买"], "数量": [1], "单价": [2.0]}
    expected = ["user", "item", "time", "event", "quantity", "price"]
    assert suggested(columns) == dict(zip(expected, columns, strict=True))


def test_one_column_per_role_and_the_clearer_name_wins() -> None:
    assert suggested({"item": ["a"], "item_id": ["1"]})["item"] == "item_id"


def test_a_name_whose_type_cannot_be_is_not_believed() -> None:
    assert suggested({"price_note": ["cheap"], "user_flag": [True]}) == {}


def test_values_that_cannot_be_are_not_believed() -> None:
    assert suggested({"Revenue": [0, 1, 0, None], "Region": [1, 2, 9, 3]}) == {}
    assert suggested({"Revenue": [0.0, 1.0], "market": [1, 2]}) == {}
    assert suggested({"Revenue": [0, 1, 2], "Region": ["north", "south", "east"]}) == {
        "price": "Revenue",
        "country": "Region",
    }
    assert suggested({"country": [276, 826]}) == {"country": "country"}


def test_what_is_about_a_user_is_no_user() -> None:
    assert suggested({"user_feature_0": ["a"], "ProductRelated": [1], "propensity_score": [0.1]}) == {}


def test_words() -> None:
    assert words_of("CustomerID") == ["customer", "id", "customerid"]
    assert words_of("HTTPStatus") == ["http", "status", "httpstatus"]
