"""The events and items of the quality benchmark, from a seed."""

from datetime import UTC, datetime
from pathlib import Path

NOW = datetime(2024, 6, 1, tzinfo=UTC)
COLUMNS = ("event_id", "user_id", "item_id", "event_type", "price", "time", "email", "country")
COUNTRIES = ("CN", "DE", "ES", "FR", "GB", "IT", "JP", "US")
EVENTS = ("view", "cart", "purchase", "remove")
EMAIL = r"^[^@ ]+@[^@ ]+\.[a-z]+$"
LEAST, MOST = 0, 500
ITEMS = 100_000
# Of the rows: 1 % repeat an earlier one, 2 % have no price and 0.5 % a negative one, 30 % no e-mail and 1 % a malformed
# one, 1 % an unknown country, 0.1 % an unknown event, 0.5 % an unknown item, 0.2 % a time in the future.
EVENTS_SQL = """
COPY (SELECT
    k AS event_id,
    'U' || (hash(k, {seed}, 1) % 400000) AS user_id,
    'I' || (hash(k, {seed}, 2) % 100500) AS item_id,
    CASE WHEN hash(k, {seed}, 3) % 1000 = 0 THEN 'unknown' ELSE {events}[(hash(k, {seed}, 3) % 4)::BIGINT + 1] END
        AS event_type,
    CASE WHEN hash(k, {seed}, 4) % 200 < 4 THEN NULL WHEN hash(k, {seed}, 4) % 200 = 4
        THEN -0.01 - (hash(k, {seed}, 5) % 10000) / 100.0
        ELSE (hash(k, {seed}, 5) % 50000) / 100.0 END::DOUBLE AS price,
    TIMESTAMP '2023-06-01' + to_seconds((hash(k, {seed}, 6) % 31684000)::BIGINT) AS time,
    CASE WHEN hash(k, {seed}, 7) % 100 < 30 THEN NULL WHEN hash(k, {seed}, 7) % 100 = 30
        THEN 'user' || (hash(k, {seed}, 8) % 400000) || '.example.com'
        ELSE 'user' || (hash(k, {seed}, 8) % 400000) || '@example.com' END AS email,
    CASE WHEN hash(k, {seed}, 9) % 100 = 0 THEN 'XX' ELSE {countries}[(hash(k, {seed}, 9) % 8)::BIGINT + 1] END
        AS country
FROM (SELECT CASE WHEN range < {own} THEN range ELSE hash(range, {seed}) % {own} END::BIGINT AS k FROM range({rows}))
) TO '{target}' (FORMAT {kind})
"""


def make_tables(folder: Path, rows: int, seed: int, *, csv: bool) -> dict[str, Path]:
    """Write events.parquet, items.parquet and, when asked, events.csv; return their paths by name."""
    import duckdb  # not by the peers, which read NOW and the words from here

    paths = {"parquet": folder / "events.parquet", "items": folder / "items.parquet"}
    with duckdb.connect(config={"threads": 2, "memory_limit": "2GiB", "temp_directory": str(folder)}) as con:
        words = {"seed": seed, "rows": rows, "own": rows - rows // 100}
        words |= {"events": list(EVENTS), "countries": list(COUNTRIES)}
        con.execute(EVENTS_SQL.format(**words, target=paths["parquet"], kind="parquet, compression zstd"))
        if csv:
            paths["csv"] = folder / "events.csv"
            con.execute(f"COPY (FROM '{paths['parquet']}') TO '{paths['csv']}' (FORMAT csv, HEADER)")
        con.sql("SELECT 'I' || range AS item_id FROM range($items)", params={"items": ITEMS}).write_parquet(
            str(paths["items"])
        )
    return paths
