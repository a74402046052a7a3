"""Random bytes as expressions of rules, guided by coverage.

``PYTHONPATH=. python tests/fuzz/fuzz_expressions.py -max_total_time=60 -artifact_prefix=/tmp/`` needs the extra
``[fuzz]`` (Atheris). Whatever the text is, it is refused with a GovernError, or becomes an expression that prints and
parses to itself and compiles to one SELECT of the one table in which every text is a literal.
"""

import sys

import atheris

with atheris.instrument_imports(include=["assessments.quality.expressions"]):
    import django
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=False)
        django.setup()
    import ibis
    import sqlglot
    from sqlglot import expressions as sql

    from assessments.common.errors import GovernError
    from assessments.quality.connection import DuckDBDialect
    from assessments.quality.expressions import families_of, parse, printed, translate, verify_truth
    from assessments.quality.expressions.tree import Call, Constant, In, walk

from datetime import datetime

TYPES = {"a": "int64", "b": "float64", "c": "string", "d": "timestamp(6)", "e": "date", "f": "boolean", "列": "string"}
TABLE = ibis.table(TYPES, name="t")
FAMILIES = families_of(TABLE, tuple(TYPES))
DIALECT = DuckDBDialect()
# How often each of the stages was passed.
PASSED = {"texts": 0, "parsed": 0, "fitting": 0}


def one_text(data: bytes) -> None:
    PASSED["texts"] += 1
    if PASSED["texts"] % 10_000 == 0:  # libFuzzer leaves without saying goodbye
        sys.stderr.write(f"{PASSED}\n")
    source = data.decode("utf-8", errors="surrogateescape")
    try:
        tree = parse(source)
        PASSED["parsed"] += 1
        if parse(printed(tree)) != tree:
            raise AssertionError(f"printed and parsed, it is another: {source!r}")
        verify_truth(tree, FAMILIES)
    except GovernError:
        return
    PASSED["fitting"] += 1
    expression = TABLE.select(v=translate(tree, TABLE, FAMILIES, datetime(2024, 6, 1), DIALECT))  # noqa: DTZ001  UTC
    [statement] = sqlglot.parse(str(ibis.to_sql(expression, dialect="duckdb")), read="duckdb")
    nodes = [node for node, _depth in walk(tree)]
    nodes += [value for node in nodes if isinstance(node, In) for value in node.values]
    written = {str(node.value) for node in nodes if isinstance(node, Constant)}
    # What the translation writes itself: options of a search, values that are no numbers, and names of units.
    written |= {"s", "nan", "0", " \t\n\r\v\f", "DAY"} | {
        part for one in written for part in one.replace(" ", "T").split("T")
    }
    texts = {one.this for one in statement.find_all(sql.Literal) if one.is_string}
    if not texts <= written and not any(isinstance(node, Call) and node.function == "now" for node in nodes):
        raise AssertionError(f"texts that nobody wrote: {texts - written!r} of {source!r}")
    if [one.name for one in statement.find_all(sql.Table)] != ["t"] or not isinstance(statement, sql.Select):
        raise AssertionError(f"another table is read: {source!r}")


if __name__ == "__main__":
    sys.setrecursionlimit(10_000)  # sqlglot reads SQL with a dozen calls for each bracket
    atheris.Setup(sys.argv, one_text)
    atheris.Fuzz()
