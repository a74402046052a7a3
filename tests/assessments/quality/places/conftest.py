"""The same tables as Parquet files, in PostgreSQL and for Spark, where these are."""

import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from uuid import uuid4

import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from psycopg import sql

from assessments.common.named import Named
from assessments.datasets.sources.places import TableAddress
from assessments.quality.places import TablePlace

DATABASE = os.environ.get("GOVERN_TEST_DATABASE_URL", "postgresql://postgres@127.0.0.1:5432/postgres").replace(
    "postgres://", "postgresql://", 1
)
# A few hundred rows are done before Spark has compiled what it would do with millions.
SPARK = "spark://local[2]?spark.sql.codegen.wholeStage=false&spark.sql.shuffle.partitions=1"
TYPES = {
    "int64": "bigint",
    "double": "double precision",
    "string": "text",
    "bool": "boolean",
    "date32[day]": "date",
    "timestamp[us]": "timestamp",
    "timestamp[us, tz=UTC]": "timestamptz",
    "decimal128(12, 2)": "numeric(12,2)",
}
Tables = Mapping[str, pa.Table]


def postgres_schema() -> Iterator[str]:
    """A schema of its own in the test database; skips where the services are not asked for."""
    if not os.environ.get("GOVERN_DATABASE_URL", "").startswith("postgres"):
        pytest.skip("needs PostgreSQL: make test-services")
    name = f"govern_places_{uuid4().hex[:12]}"
    with psycopg.connect(DATABASE, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(name)))
        try:
            yield name
        finally:
            connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(name)))


@pytest.fixture(scope="module")
def schema() -> Iterator[str]:
    yield from postgres_schema()


def put(schema: str, name: str, table: pa.Table) -> None:
    """Write the table into PostgreSQL."""
    columns = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(field.name), sql.SQL(TYPES[str(field.type)])) for field in table.schema
    )
    target = sql.Identifier(schema, name)
    with psycopg.connect(DATABASE, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE TABLE {} ({})").format(target, columns))
        with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(target)) as copy:
            for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
                copy.write_row(row)


def in_postgres(schema: str, name: str) -> TablePlace:
    return TablePlace(TableAddress(Named("shop", "postgresql", DATABASE), schema, name))


def in_spark(folder: Path, name: str) -> TablePlace:
    return TablePlace(TableAddress(Named("lake", "spark", f"{SPARK}&files={folder}"), "shop", name))


def lay(folder: Path, tables: Tables) -> Path:
    """The tables as a lake: a folder of Parquet files for each."""
    for name, table in tables.items():
        place = folder / "shop" / name
        place.mkdir(parents=True)
        pq.write_table(table, place / "part.parquet")
    return folder


@pytest.fixture(scope="session")
def spark() -> None:
    """Skips where Spark is not asked for or cannot run."""
    if os.environ.get("GOVERN_TEST_SPARK") != "1":
        pytest.skip("needs Spark: make test-services")
    pytest.importorskip("pyspark", reason="needs the extra spark")
    if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
        pytest.skip("Spark needs Java 17")
