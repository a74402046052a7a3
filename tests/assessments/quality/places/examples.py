"""A generated table with every kind of awkward value, and an example of each check on it."""

import math
import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
ROWS = 400
CODES = [
    "A1",
    "a1",
    "Ä2",
    "ä2",
    "b 3",
    " b3",
    "客户",
    "客户 ",
    "ß",
    "",
    "  ",
    "N/A",
    "?",
    "\u200bz",
    "Ünïcode",
    "x\ny",
    "É",
]
TIMES = [
    *("2024-05-01", "2024-05-01 10:00:00", "2024-05-01T10:00Z", "2024/05/01", "2024-02-29", "2023-02-29", "2024-02-30"),
    *("2024-5-1 9:30", "2024-05-01 10:00:00+02:00", "2030-01-01", "soon", "", "2024-13-01", "2024-05-01 25:00"),
]
NUMBERS = ["1", "-2.5", " 3 ", "1e3", ".5", "5.", "nan", "inf", "-Infinity", "1,5", "x", "", "1e", "+7", "007"]
MAILS = ["a@x.org", "b@x.org", "no mail", "a" * 40 + "!", "ä@x.org", "C@X.ORG", "d@x.org\n"]
URLS = ["https://x.org/a?b=1", "ftp://x.org", "x.org", "http://"]


def tables(seed: int = 7) -> dict[str, pa.Table]:
    """``events`` and ``items``, the same for the same seed."""
    draw = random.Random(seed)  # noqa: S311  no secret
    return {"events": _events(draw), "items": _items(draw)}


def _some(draw: random.Random, values: list[Any], nulls: float = 0.1) -> list[Any]:
    return [None if draw.random() < nulls else draw.choice(values) for _row in range(ROWS)]


def _events(draw: random.Random) -> pa.Table:
    amounts = [Decimal("1.50"), Decimal("-2.00"), Decimal("1000000.01")]
    moments = [NOW, NOW - timedelta(hours=5), NOW + timedelta(hours=1)]
    prices = [0.5, 1.0, -1.0, -0.0, 0.0, 99.99, 1e300, math.nan, math.inf, -math.inf, 2.125]
    base = NOW.replace(tzinfo=None)
    at = [base - timedelta(minutes=draw.randrange(60 * 24 * 40) // 30 * 30) for _row in range(ROWS)]
    at[3] = base + timedelta(days=3650)
    columns = {
        "id": pa.array([*range(1, ROWS - 4), 1, 2, 3, None, None], pa.int64()),
        "code": pa.array(_some(draw, CODES), pa.string()),
        "price": pa.array(_some(draw, prices), pa.float64()),
        "amount": pa.array(_some(draw, amounts), pa.decimal128(12, 2)),
        "quantity": pa.array(_some(draw, [0, 1, 2, 3, -1, 50, 2**40]), pa.int64()),
        "paid": pa.array(_some(draw, [True, False]), pa.bool_()),
        "day": pa.array(_some(draw, [date(2024, 5, 1), date(2024, 7, 1), date(1969, 12, 31)]), pa.date32()),
        "at": pa.array(at, pa.timestamp("us")),
        "zoned": pa.array(_some(draw, moments), pa.timestamp("us", "UTC")),
        "seconds": pa.array(_some(draw, [1_700_000_000, 1_717_243_200, 1_900_000_000, 10**15]), pa.int64()),
        "mail": pa.array(_some(draw, MAILS), pa.string()),
        "url": pa.array(_some(draw, URLS), pa.string()),
        "time text": pa.array(_some(draw, TIMES), pa.string()),
        "number text": pa.array(_some(draw, NUMBERS), pa.string()),
        "user": pa.array(_some(draw, [f"u{number}" for number in range(30)], 0.02), pa.string()),
        "item": pa.array(_some(draw, list(range(1, 60))), pa.int64()),
        "country": pa.array(_some(draw, ["DE", "cn", "XX", "GB", "de", ""]), pa.string()),
        "language": pa.array(_some(draw, ["en", "zh-CN", "xx-YY", "deu"]), pa.string()),
        "ean": pa.array(_some(draw, ["4006381333931", "4006381333930", "12345"]), pa.string()),
        "grade": pa.array(_some(draw, [0, 1, 2, 3], 0.2), pa.int64()),
        "second grade": pa.array(_some(draw, [0, 1, 2, 3], 0.2), pa.int64()),
    }
    table = pa.table(columns)
    return pa.concat_tables([table, table.slice(10, 5), table.slice(10, 3)])


def _items(draw: random.Random) -> pa.Table:
    keys = [*range(1, 45), 1, 2, None]
    return pa.table(
        {
            "item": pa.array(keys, pa.int64()),
            "price": pa.array([draw.choice([1.0, 2.0, math.nan, None]) for _key in keys], pa.float64()),
            "title": pa.array([draw.choice(["Lamp", "lamp", "Red lamp", None]) for _key in keys], pa.string()),
            "at": pa.array([NOW.replace(tzinfo=None) - timedelta(days=3)] * len(keys), pa.timestamp("us")),
            "user": pa.array([f"u{key}" for key in keys], pa.string()),
        }
    )


ITEMS = {"dataset": "items"}
Example = tuple[tuple[str, ...], dict[str, Any]]
# A check that is not named here fails the test of its name: add an example of it.
EXAMPLES: dict[str, list[Example]] = {
    "allowed_values": [
        (("code",), {"values": ["A1", "客户", "ß"]}),
        (("code",), {"values": ["a1", "ÄLT", "ä2", "é"], "case": "ignore", "nulls": "fail"}),
        (("quantity",), {"values": [1, 2.0, 3]}),
        (("price",), {"values": [1, 0, 2.125]}),
        (("paid",), {"values": [True]}),
    ],
    "code_collision": [(("code",), {"ignore": one}) for one in ("case", "space", "case_and_space")],
    "cold_start": [(("user",), {"min_events": 14}), (("item",), {"min_events": 7})],
    "compare_columns": [
        (("price", "quantity"), {"operator": "<="}),
        (("grade", "second grade"), {"operator": "!=", "nulls": "equal"}),
        (("at", "zoned"), {"operator": "<", "nulls": "fail"}),
    ],
    "completeness": [(("price",), {}), (("code", "mail"), {"blank": "missing"}), (("id", "price", "zoned"), {})],
    "conditional_completeness": [(("price",), {"where": "quantity > 0 and paid"})],
    "decimals": [(("price",), {"most": 2}), (("amount",), {"most": 1}), (("number text",), {"most": 0})],
    "disguised_missing": [(("code",), {}), (("country",), {"values": ["XX"]}), (("quantity",), {"values": [50]})],
    "duplicate_rows": [((), {}), ((), {"count": "members"})],
    "expression": [
        ((), {"expression": "price * quantity >= 0 or mail is null"}),
        ((), {"expression": "length(code) < 4 and lower(country) = 'de'", "nulls": "fail"}),
    ],
    "format": [
        *[(("time text",), {"format": one}) for one in ("date", "number")],
        *[(("number text",), {"format": one}) for one in ("number", "integer", "boolean")],
        *[(("mail",), {"format": "email"}), (("url",), {"format": "url"}), (("ean",), {"format": "ean13"})],
        *[(("country",), {"format": "country_alpha2", "case": one}) for one in ("exact", "ignore")],
        (("language",), {"format": "language"}),
    ],
    "freshness": [
        *[(("at",), {"max_age": "1h"}), (("zoned",), {"max_age": "1h"}), (("day",), {"max_age": "1h"})],
        *[(("time text",), {"max_age": "40d"}), (("seconds",), {"max_age": "1h", "unit": "s"})],
    ],
    "functional_dependency": [
        (("code",), {"dependent": "country"}),
        (("item",), {"dependent": "price", "nulls": "fail"}),
    ],
    "label_balance": [(("grade",), {"min_share": 0.3}), (("code",), {})],
    "leakage": [(("user", "item"), ITEMS), (("user",), {**ITEMS, "match": "loose"})],
    "never_seen": [(("item",), ITEMS)],
    "not_in_future": [
        *[(("at",), {}), (("zoned",), {"tolerance": "30m"}), (("day",), {}), (("time text",), {})],
        (("seconds",), {"unit": "s"}),
    ],
    "outliers": [(("quantity",), {}), (("price",), {"limit": 2.0}), (("amount",), {})],
    "pattern": [
        (("mail",), {"regex": r"^[^@\s]+@[^@\s]+\.[a-z]+$"}),
        (("mail",), {"regex": "(a+)+$"}),
        (("code",), {"regex": r"(?i)\bA\d\b", "expect": "no_match", "nulls": "fail"}),
        (("code",), {"regex": r"\w+", "match": "full"}),
        (("code",), {"regex": "x.y", "match": "full"}),
        (("quantity",), {"regex": "^-?[0-9]$"}),
    ],
    "range": [
        (("price",), {"min": 0}),
        (("price",), {"max": 100, "nulls": "fail"}),
        (("amount",), {"min": 0}),
        (("quantity",), {"min": 1, "max": 50, "max_exclusive": True}),
        (("number text",), {"min": 0, "max": 10}),
    ],
    "reference": [
        *[(("item",), ITEMS), (("item",), {**ITEMS, "nulls": "fail"}), (("price",), ITEMS)],
        (("item", "user"), {**ITEMS, "columns": ["item", "user"]}),
    ],
    "row_count_matches": [((), ITEMS)],
    "sum_matches": [(("item",), ITEMS), (("item",), {**ITEMS, "by": ["user"]})],
    "text_form": [(("code",), {}), (("country",), {"case": "upper"})],
    "text_length": [(("code",), {"max": 3}), (("code",), {"min": 2, "nulls": "fail"})],
    "time_leakage": [(("at",), ITEMS)],
    "time_order": [(("at",), {}), (("at",), {"within": ["user"]}), (("at",), {"within": ["user"], "sequence": "id"})],
    "time_ties": [(("at",), {"user": "user"}), (("at",), {"user": "user", "last": 3})],
    "unique_key": [
        *[(("id",), {}), (("id",), {"nulls": "fail", "count": "members"}), (("price",), {}), (("code", "item"), {})],
    ],
    "volume": [((), {"min": 10, "max": 100})],
    "volume_change": [((), {})],
    "distinct_count": [(("code",), {"min": 1000}), (("price",), {"max": 3})],
    "statistic": [
        *[(("quantity",), {"statistic": one, "max": 1}) for one in ("mean", "deviation", "sum", "min", "max")],
    ],
    "drift": [(("price",), {})],
    "judge_agreement": [(("grade", "second grade"), {}), (("grade",), {"judge": "user", "unit": ["item"]})],
    "near_duplicates": [(("code",), {}), (("mail", "code"), {})],
    "schema_change": [((), {"expected": ["id", "code"], "added": "allow"})],
}
