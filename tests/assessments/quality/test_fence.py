"""What DuckDB may not reach, whatever it is asked."""

from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from assessments.quality.connection import DuckDBDriver, fenced
from assessments.quality.specs import Limits
from tests.assessments.quality.conftest import write_table


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('secret.txt')",
        "SELECT * FROM read_text('t.parquet/../secret.txt')",
        "SELECT * FROM read_blob('/etc/passwd')",
        "SELECT * FROM sniff_csv('/etc/passwd')",
        "SELECT * FROM glob('/*')",
        "SELECT getenv('HOME')",
        "COPY (SELECT 1) TO 'out.csv'",
        "COPY (SELECT 1) TO 't.parquet' (FORMAT parquet)",
        "EXPORT DATABASE 'out'",
        "IMPORT DATABASE 'in'",
        "ATTACH 'other.db'",
        "CREATE SECRET (TYPE s3, KEY_ID 'a')",
        "INSTALL httpfs",
        "INSTALL h3 FROM community",
        "LOAD httpfs",
        "SELECT * FROM 'http://127.0.0.1/x.parquet'",
        "SET enable_external_access = true",
        "SET allowed_paths = ['/etc/passwd']",
        "SET autoload_known_extensions = true",
        "SET allow_community_extensions = true",
        "SET python_enable_replacements = true",
        "SET memory_limit = '64GB'",
        "SET threads = 64",
        "SET temp_directory = '/tmp'",
        "SET max_temp_directory_size = '1TB'",
        "SET profiling_output = '/tmp/profile.json'",
        "CALL enable_logging(storage = 'file', storage_path = '/tmp/log')",
        "SET lock_configuration = false",
        "RESET lock_configuration",
        "SELECT * FROM secret_variable",
    ],
)
def test_the_database_reaches_only_the_files_that_it_was_given(tmp_path: Path, statement: str) -> None:
    secret_variable = pa.table({"x": [1]})
    allowed = write_table(tmp_path / "t.parquet", {"x": [1]})
    (tmp_path / "secret.txt").write_text("secret")
    before = allowed.read_bytes()
    for name in ("secret.txt", "t.parquet", "out", "in", "other.db"):
        statement = statement.replace(f"'{name}", f"'{tmp_path / name}")
    with fenced([allowed], Limits(temporary=tmp_path)) as backend:
        assert backend.read_parquet(allowed).count().execute() == 1
        with pytest.raises(duckdb.Error):
            backend.con.execute(statement).fetchall()
    assert secret_variable.num_rows == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["secret.txt", "t.parquet"]
    assert allowed.read_bytes() == before


def test_settings_are_what_the_limits_say_and_no_variable_of_python_is_looked_up(tmp_path: Path) -> None:
    wanted = {
        "python_enable_replacements": "false",
        "enable_external_access": "false",
        "autoload_known_extensions": "false",
        "autoinstall_known_extensions": "false",
        "allow_community_extensions": "false",
        "lock_configuration": "true",
        "threads": "1",
        "memory_limit": "300.0 MiB",
        "max_temp_directory_size": "2.0 GiB",
    }
    limits = Limits(memory="300MiB", threads=1, temporary=tmp_path, temporary_bytes="2GiB")
    with fenced([], limits) as backend:
        found = dict(backend.con.execute("SELECT name, value FROM duckdb_settings()").fetchall())
    assert {name: found[name] for name in wanted} == wanted


@pytest.mark.parametrize(
    "statement",
    [
        "COPY (SELECT 2 AS x) TO 't.parquet' (FORMAT parquet, USE_TMP_FILE false)",
        "SELECT 1; COPY (SELECT 2 AS x) TO 't.parquet' (FORMAT parquet, USE_TMP_FILE false)",
        "CREATE TABLE x AS SELECT 1",
        "",
    ],
)
def test_only_a_select_is_run_so_that_no_file_is_written(tmp_path: Path, statement: str) -> None:
    """DuckDB itself would write to a path that it may read."""
    table = write_table(tmp_path / "t.parquet", {"x": [1]})
    before = table.read_bytes()
    with fenced([table], Limits()) as backend:
        driver = DuckDBDriver(backend)
        driver.compile = str  # type: ignore[method-assign]
        for run in (driver.fetch, lambda sql: driver.stream(sql, 1000)):
            with pytest.raises(duckdb.PermissionException):
                run(statement.replace("t.parquet", str(table)))
    assert table.read_bytes() == before
