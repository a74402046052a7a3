"""Nothing that an attacker writes into a rule is run: constants stay literals, names stay names, no file is read."""

from pathlib import Path
from typing import Any

import ibis
import pytest
import sqlglot
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import expressions as sql

from assessments.common.errors import GovernError
from assessments.quality.checks import verify
from assessments.quality.connection import DuckDBDialect
from assessments.quality.dialect import Dialect
from assessments.quality.expressions import families_of, parse, translate, verify_truth
from assessments.quality.specs import RuleSpec
from tests.assessments.quality.rows.verdicts import NOW, verdicts

ATTACKS = [
    "'; DROP TABLE t; --",
    "' OR 1=1 --",
    "\\' OR 1=1 --",
    "\\",
    "\\\\'",
    "a\\'; SELECT 1; --",
    "*/ SELECT /* 1",
    "'' || (SELECT content FROM read_text('/etc/passwd')) || ''",
    "${HOME} {{7*7}} %s $1 ? :name",
    "\u02bc OR \uff07 1=1 \u2019 \u2032",
    "a\u0000".replace("\u0000", "\u0001"),
    "\u202e' OR",
    "E'\\x27'",
    "$$; select 1; $$",
    "U&'\\0027'",
    "`; --",
    '"; --',
    "--",
    "\n; attach '/tmp/x' as x; --",
    "=cmd()|'/c calc'!A0",
]
QUOTED = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
WRITTEN = st.one_of(st.sampled_from(ATTACKS), QUOTED, st.lists(st.sampled_from(ATTACKS), max_size=3).map("".join))
NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12)


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def name(text: str) -> str:
    return "`" + text.replace("`", "``") + "`"


def statement(source: str, column: str, dialect: str) -> Any:
    table = ibis.table({column: "string"}, name="t")
    tree, families = parse(source), families_of(table, (column,))
    verify_truth(tree, families)
    place = DuckDBDialect() if dialect == "duckdb" else Dialect()
    found = ibis.to_sql(table.select(v=translate(tree, table, families, NOW, place)), dialect=dialect)
    statements = sqlglot.parse(str(found), read={"pyspark": "spark"}.get(dialect, dialect))
    assert len(statements) == 1
    return statements[0]


@pytest.mark.parametrize("dialect", ["duckdb", "postgres", "pyspark"])
@settings(max_examples=40)
@given(WRITTEN, NAMES)
def test_texts_stay_literals_and_names_stay_names(dialect: str, text: str, column: str) -> None:
    found = statement(f"{name(column)} = {literal(text)} or contains({name(column)}, {literal(text)})", column, dialect)
    assert {one.this for one in found.find_all(sql.Literal) if one.is_string} == {text}
    assert {one.name for one in found.find_all(sql.Column)} == {column}
    assert [one.name for one in found.find_all(sql.Table)] == ["t"]
    assert not list(found.find_all(sql.Subquery, sql.Union, sql.Drop, sql.Attach, sql.Command))


@settings(max_examples=40)
@given(st.lists(WRITTEN, min_size=1, max_size=8), WRITTEN)
def test_a_text_equals_only_itself(values: list[str], text: str) -> None:
    found = verdicts({"x": values}, "expression", (), {"expression": f"x = {literal(text)}"})
    assert found == [value == text for value in values]
    found = verdicts({"x": values}, "expression", (), {"expression": f"contains(x, {literal(text)})"})
    assert found == [text in value for value in values]


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_written_as_an_expression_is_refused(attack: str) -> None:
    for source in (attack, f"x = 1 {attack}", f"x {attack}", f"matches(x, 'a') {attack}"):
        with pytest.raises(GovernError):
            verify_truth(parse(source), {})


@pytest.mark.parametrize(
    "source",
    [
        "read_text('{file}') = x",
        "x = (select content from read_text('{file}'))",
        "x in (select * from '{file}')",
        "x = '{file}' or `{file}` = 'secret'",
        "`{file}`.content = x",
        "getenv('HOME') = x",
        "x = current_setting('home_directory')",
        "x is null or system('id') = 0",
        "x = pg_read_file('{file}')",
        "java_method('java.lang.Runtime', 'exec') = x",
    ],
)
def test_no_file_and_no_setting_is_read(measure: Any, tmp_path: Path, source: str) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    outcome = measure({"x": ["secret"]}, "expression", (), {"expression": source.format(file=secret)})
    assert outcome.passed is None
    assert outcome.error.startswith("At character")


@pytest.mark.parametrize(
    "values", [["v" * 1_000_001], ["v" * 200] * 10_000, []], ids=["one long text", "many texts", "none"]
)
def test_lists_that_would_be_kept_with_every_result_are_bounded(values: list[str]) -> None:
    with pytest.raises(GovernError, match="“values” cannot be"):
        verify(RuleSpec("r", "allowed_values", ("a",), {"values": values}))


def test_texts_are_bounded() -> None:
    with pytest.raises(GovernError, match="“regex” cannot be"):
        verify(RuleSpec("r", "pattern", ("a",), {"regex": "a" * 10_001}))
