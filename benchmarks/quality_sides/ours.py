"""The rule engine, and the same work written by hand as one statement of DuckDB."""

import os
from pathlib import Path
from typing import Any

from benchmarks.quality_sides.table import COLUMNS, COUNTRIES, EMAIL, EVENTS, LEAST, MOST, NOW

THREADS, MEMORY = 2, "2GiB"
Answer = dict[str, Any]
BY_HAND = """
SELECT * FROM (
    SELECT
        count(*) FILTER (user_id IS NULL) AS no_user,
        count(*) FILTER (item_id IS NULL) AS no_item,
        count(*) FILTER (price IS NULL) AS no_price,
        count(*) FILTER (price NOT BETWEEN {least} AND {most}) AS price_range,
        count(*) FILTER (NOT regexp_matches(email, '{email}')) AS email,
        count(*) FILTER (country NOT IN {countries}) AS country,
        count(*) FILTER (event_type NOT IN {events}) AS event,
        count(*) FILTER (time > TIMESTAMP '{now}') AS future,
        max(time) FILTER (time <= TIMESTAMP '{now}')::VARCHAR AS newest,
        count(*) FILTER (item_id IS NOT NULL AND known IS NULL) AS unknown_item,
        count(DISTINCT user_id) AS users,
        avg(price) AS mean_price
    FROM {table} LEFT JOIN (SELECT DISTINCT item_id AS known FROM '{items}') ON item_id = known
), (
    SELECT coalesce(sum(n - 1), 0)::BIGINT AS repeated_keys, coalesce(sum(n), 0)::BIGINT AS repeated_key_members
    FROM (SELECT count(*) AS n FROM {table} GROUP BY event_id HAVING count(*) > 1)
), (
    SELECT coalesce(sum(n - 1), 0)::BIGINT AS repeated_rows, coalesce(sum(n), 0)::BIGINT AS repeated_row_members
    FROM (SELECT count(*) AS n FROM {table} GROUP BY {columns} HAVING count(*) > 1)
)
"""


def by_hand(paths: dict[str, Path]) -> Answer:
    """Counts only: no failing rows, no row numbers, nothing masked."""
    import duckdb

    table = f"read_csv('{paths['csv']}')" if "csv" in paths else f"read_parquet('{paths['parquet']}')"
    statement = BY_HAND.format(
        table=table,
        items=paths["items"],
        least=LEAST,
        most=MOST,
        email=EMAIL,
        countries=COUNTRIES,
        events=EVENTS,
        now=f"{NOW:%Y-%m-%d %H:%M:%S}",
        columns=", ".join(COLUMNS),
    )
    config = {"threads": THREADS, "memory_limit": MEMORY, "temp_directory": str(paths["work"])}
    with duckdb.connect(config=config) as con:
        cursor = con.execute(statement)
        row = cursor.fetchone()
        assert row is not None
        return {**dict(zip([column[0] for column in cursor.description], row, strict=True)), "samples": 0}


def django_ready() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "govern_app.settings")
    django.setup()
    from assessments.quality import engine  # noqa: F401  imported before the clock starts


def by_engine(paths: dict[str, Path]) -> Answer:
    """Counts, and ten failing rows of each rule, masked, with their keys."""
    from assessments.quality.engine import scan
    from assessments.quality.specs import Limits, RuleSpec

    rules = [
        RuleSpec("no_user", "completeness", ("user_id",)),
        RuleSpec("no_item", "completeness", ("item_id",)),
        RuleSpec("no_price", "completeness", ("price",)),
        RuleSpec("repeated_keys", "unique_key", ("event_id",)),
        RuleSpec("price_range", "range", ("price",), {"min": LEAST, "max": MOST}),
        RuleSpec("email", "pattern", ("email",), {"regex": EMAIL}),
        RuleSpec("country", "allowed_values", ("country",), {"values": list(COUNTRIES)}),
        RuleSpec("event", "allowed_values", ("event_type",), {"values": list(EVENTS)}),
        RuleSpec("future", "not_in_future", ("time",)),
        RuleSpec("newest", "freshness", ("time",), {"max_age": "2d"}),
        RuleSpec("repeated_rows", "duplicate_rows"),
        RuleSpec("unknown_item", "reference", ("item_id",), {"dataset": "items"}),
        RuleSpec("users", "distinct_count", ("user_id",), {"min": 1000}),
        RuleSpec("mean_price", "statistic", ("price",), {"min": 1, "max": 400}),
    ]
    outcomes = scan(
        paths["parquet"],
        rules,
        references={"items": paths["items"]},
        roles={"user": "user_id", "item": "item_id"},
        masked=("user_id", "email"),
        as_of=NOW,
        limits=Limits(memory=MEMORY, threads=THREADS, temporary=paths["work"]),
    )
    assert not any(outcome.error for outcome in outcomes), [outcome.error for outcome in outcomes]
    found = {outcome.rule.name: outcome for outcome in outcomes}
    answer: Answer = {name: outcome.rows_failing for name, outcome in found.items()}
    answer["newest"] = found["newest"].detail["newest"].replace("T", " ")
    answer["users"] = found["users"].detail["distinct"]
    answer["mean_price"] = found["mean_price"].detail["value"]
    for rule, members in (("repeated_keys", "repeated_key_members"), ("repeated_rows", "repeated_row_members")):
        answer[members] = found[rule].rows_failing + found[rule].detail["repeated_groups"]
    return {**answer, "samples": sum(len(outcome.sample) for outcome in outcomes)}


def read_csv(paths: dict[str, Path]) -> Answer:
    """Read the CSV once into a snapshot, as registering it does."""
    from assessments.datasets.services.reading import rows_staged
    from assessments.datasets.sources import SourceSpec

    with rows_staged(SourceSpec("path", str(paths["csv"])), operator=True, progress=lambda *_: None) as staged:
        assert staged.path is not None
        staged.path.rename(paths["parquet"])
        return {}
