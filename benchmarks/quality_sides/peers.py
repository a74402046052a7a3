"""The same rules in libraries that people use for them. Each counts what it can; none is told more than it asks for."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks.quality_sides.table import COLUMNS, COUNTRIES, EMAIL, EVENTS, LEAST, MOST, NOW

Answer = dict[str, Any]
LATEST = NOW.replace(tzinfo=None)
DAYS = timedelta(days=2)


def by_pandera(paths: dict[str, Path]) -> Answer:
    """pandera on Polars. It collects all failing rows, and counts all members of repeated groups."""
    import pandera.polars as pandera
    import polars as pl
    from pandera.errors import SchemaErrors

    frame = pl.read_parquet(paths["parquet"])
    items = pl.read_parquet(paths["items"])["item_id"].to_list()
    check = pandera.Check
    columns = {
        "event_id": pandera.Column(int, unique=True),
        "user_id": pandera.Column(str),
        "item_id": pandera.Column(str, check.isin(items)),
        "event_type": pandera.Column(str, check.isin(EVENTS)),
        "price": pandera.Column(float, check.in_range(LEAST, MOST)),
        "time": pandera.Column(pl.Datetime("us"), check.le(LATEST)),
        "email": pandera.Column(str, check.str_matches(EMAIL), nullable=True),
        "country": pandera.Column(str, check.isin(COUNTRIES)),
    }
    whole = [
        check(
            lambda data: data.lazyframe.select(pl.col("time").filter(pl.col("time") <= LATEST).max() > LATEST - DAYS)
        ),
        check(lambda data: data.lazyframe.select(pl.col("user_id").n_unique() >= 1000)),
        check(lambda data: data.lazyframe.select(pl.col("price").mean().is_between(1, 400))),
    ]
    schema = pandera.DataFrameSchema(columns, checks=whole, unique=list(COLUMNS))
    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases.group_by("column", "check").len().rows()
    return _read_pandera({(column, rule): count for column, rule, count in cases})


def _read_pandera(cases: dict[tuple[str, str], int]) -> Answer:
    names = {
        ("price", "not_nullable"): "no_price",
        ("event_id", "field_uniqueness"): "repeated_key_members",
        ("item_id", "isin"): "unknown_item",
        ("event_type", "isin"): "event",
        ("price", "in_range"): "price_range",
        ("time", "less_than_or_equal_to"): "future",
        ("email", "str_matches"): "email",
        ("country", "isin"): "country",
    }
    answer: Answer = {"no_user": 0, "no_item": 0}
    for (column, rule), count in cases.items():
        name = names.get((column, rule.split("(")[0]))
        if name is not None:
            answer[name] = count
    return {**answer, "samples": sum(cases.values())}


def by_pointblank(paths: dict[str, Path]) -> Answer:
    """Pointblank on Polars. It counts all members of repeated groups."""
    import pointblank as pb
    import polars as pl

    frame = pl.read_parquet(paths["parquet"])
    items = pl.read_parquet(paths["items"])["item_id"].to_list()
    steps = ["no_user", "no_item", "no_price", "repeated_key_members", "price_range", "email", "country", "event"]
    steps += ["future", "repeated_row_members", "unknown_item", "fresh", "users_at_least", "mean_within"]
    plan = (
        pb.Validate(frame)
        .col_vals_not_null(columns=["user_id", "item_id", "price"])
        .rows_distinct(columns_subset="event_id")
        .col_vals_between(columns="price", left=LEAST, right=MOST, na_pass=True)
        .col_vals_regex(columns="email", pattern=EMAIL, na_pass=True)
        .col_vals_in_set(columns="country", set=list(COUNTRIES))
        .col_vals_in_set(columns="event_type", set=list(EVENTS))
        .col_vals_le(columns="time", value=LATEST)
        .rows_distinct()
        .col_vals_in_set(columns="item_id", set=items)
        .specially(expr=lambda table: table["time"].filter(table["time"] <= LATEST).max() > LATEST - DAYS)
        .specially(expr=lambda table: table["user_id"].n_unique() >= 1000)
        .specially(expr=lambda table: 1 <= table["price"].mean() <= 400)
    )
    failed = plan.interrogate(collect_extracts=False).n_failed()
    counts = dict(zip(steps, (int(failed[position + 1]) for position in range(len(steps))), strict=True))
    assert not any(counts.pop(name) for name in ("fresh", "users_at_least", "mean_within"))
    return {**counts, "samples": 0}


def by_great_expectations(paths: dict[str, Path]) -> Answer:
    """Great Expectations on pandas. It counts all members of repeated keys."""
    import great_expectations as gx
    import great_expectations.expectations as gxe
    import pandas as pd

    frame = pd.read_parquet(paths["parquet"])
    items = pd.read_parquet(paths["items"])["item_id"].tolist()
    context = gx.get_context(mode="ephemeral")
    asset = context.data_sources.add_pandas("pandas").add_dataframe_asset("events")
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame})
    wanted = {
        "no_user": gxe.ExpectColumnValuesToNotBeNull(column="user_id"),
        "no_item": gxe.ExpectColumnValuesToNotBeNull(column="item_id"),
        "no_price": gxe.ExpectColumnValuesToNotBeNull(column="price"),
        "repeated_key_members": gxe.ExpectColumnValuesToBeUnique(column="event_id"),
        "price_range": gxe.ExpectColumnValuesToBeBetween(column="price", min_value=LEAST, max_value=MOST),
        "email": gxe.ExpectColumnValuesToMatchRegex(column="email", regex=EMAIL),
        "country": gxe.ExpectColumnValuesToBeInSet(column="country", value_set=list(COUNTRIES)),
        "event": gxe.ExpectColumnValuesToBeInSet(column="event_type", value_set=list(EVENTS)),
        "future": gxe.ExpectColumnValuesToBeBetween(column="time", max_value=LATEST),
        "fresh": gxe.ExpectColumnMaxToBeBetween(column="time", min_value=LATEST - DAYS),
        "repeated_row_members": gxe.ExpectCompoundColumnsToBeUnique(column_list=list(COLUMNS), ignore_row_if="never"),
        "unknown_item": gxe.ExpectColumnValuesToBeInSet(column="item_id", value_set=items),
        "users": gxe.ExpectColumnUniqueValueCountToBeBetween(column="user_id", min_value=1000),
        "mean_price": gxe.ExpectColumnMeanToBeBetween(column="price", min_value=1, max_value=400),
    }
    for name, expectation in wanted.items():
        expectation.meta = {"name": name}  # the results come in another order
    suite = gx.ExpectationSuite(name="events", expectations=list(wanted.values()))
    results = batch.validate(suite, result_format="BASIC").results
    answer: Answer = {"samples": 0}
    for found in results:
        name = found.expectation_config.meta["name"]
        assert not found.exception_info.get("raised_exception"), found.exception_info
        if name in ("users", "mean_price"):
            answer[name] = found.result["observed_value"]
        elif name != "fresh":
            answer[name] = found.result["unexpected_count"]
            answer["samples"] += len(found.result.get("partial_unexpected_list") or [])
    return answer
