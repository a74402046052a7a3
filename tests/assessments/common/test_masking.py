"""What of a failing row is kept."""

from datetime import UTC, datetime

import pytest

from assessments.common.masking import is_personal_name, mask_address, mask_quoted, mask_value, personal_columns


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("anna@example.com", "a" + "•" * 15),
        ("ask anna@example.com today", "ask a" + "•" * 15 + " today"),
        ("+44 20 7946 0958", "+" + "•" * 15),
        ("4111 1111 1111 1111", "4" + "•" * 18),
        ("13800138000", "1" + "•" * 10),
        ("11010519491231002X", "1" + "•" * 17),
        (13800138000, "1" + "•" * 10),
        (13800138000.0, "1" + "•" * 10),
        ("RED MUG 85123A", "RED MUG 85123A"),
        ("536365", "536365"),
        ("2011-12-09 12:50:00", "2011-12-09 12:50:00"),
        (-11062.06, -11062.06),
        (7, 7),
        (2.0, 2),
        (float("nan"), "nan"),
        (float("inf"), "inf"),
        (None, None),
        (True, True),
        (datetime(2024, 1, 2, tzinfo=UTC), "2024-01-02T00:00:00+00:00"),
        ("x" * 100, "x" * 79 + "…"),
        (b"\x00\xff", "b'\\x00\\xff'"),
    ],
)
def test_values_that_look_like_personal_data_are_masked(value: object, shown: object) -> None:
    assert mask_value(value, personal=False) == shown


@pytest.mark.parametrize("value", ["17850", 17850, 17850.0])
def test_every_value_of_a_personal_column_is_masked(value: object) -> None:
    assert mask_value(value, personal=True) == "1••••"


def test_an_address_that_the_cut_would_split_is_masked_before_it() -> None:
    assert "anna" not in str(mask_value("y" * 70 + " anna.long.name@example.com", personal=False))


@pytest.mark.parametrize(
    ("name", "personal"),
    [
        ("CustomerID", True),
        ("email", True),
        ("userEmail", True),
        ("phone_number", True),
        ("first_name", True),
        ("name", True),
        ("IPAddress", True),
        ("手机号", True),
        ("product_name", False),
        ("StockCode", False),
        ("description", False),
        ("zip_discount", False),
        ("Country", False),
    ],
)
def test_column_names_tell_personal_data(name: str, personal: bool) -> None:
    assert is_personal_name(name) is personal


def test_a_role_makes_a_column_personal_whatever_its_name() -> None:
    assert personal_columns(["c1", "c2", "c3"], {"user": "c1", "item": "c2"}) == {"c1"}


def test_an_error_of_the_database_keeps_its_words_and_loses_the_cell() -> None:
    told = "Conversion Error: Could not convert string 'Anna Berg' to INT32 in column \"buyer\""
    assert mask_quoted(told) == told.replace("Anna Berg", "A••••••••")
    assert mask_quoted("near anna@example.com") == "near a" + "•" * 15


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://shop.example/a.csv", "https://shop.example/a.csv"),
        ("https://shop.example/a.csv?token=SECRET&day=1", "https://shop.example/a.csv?token=…&day=…"),
        ("https://shop.example/a.csv?SECRET", "https://shop.example/a.csv?…"),
        ("https://shop.example/a.csv?a=1&SECRET=", "https://shop.example/a.csv?a=…&SECRET=…"),
        ("https://shop.example/a.csv#SECRET", "https://shop.example/a.csv?…"),
        ("ftp://ada:SECRET@shop.example/a.csv", "ftp://•••@shop.example/a.csv"),
        ("https://ada:p@SECRET@shop.example/", "https://•••@shop.example/"),
        ("", ""),
    ],
)
def test_an_address_is_shown_without_its_keys(address: str, shown: str) -> None:
    assert mask_address(address) == shown
