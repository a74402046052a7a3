"""Rule packs: what is read, and how each mistake is named."""

import pytest

from assessments.common.errors import GovernError
from assessments.quality.packs import read_pack

GOOD = """\
rules:
  - {name: customer is known, check: completeness, columns: [CustomerID], threshold: 1.0, severity: error}
  - {name: not a cancellation, check: pattern, columns: [InvoiceNo], parameters: {regex: "^[^C]"}}
  - {name: positive quantity, check: range, columns: [Quantity], parameters: {min: 1}}
  - {name: no repeated row, check: duplicate_rows, parameters: {count: surplus}}
"""


def test_a_pack_is_read() -> None:
    known, cancelled, _positive, repeated = (rule.spec for rule in read_pack(GOOD))
    assert (known.check, known.columns, known.threshold, known.severity) == (
        "completeness",
        ("CustomerID",),
        1.0,
        "error",
    )
    assert cancelled.parameters == {"regex": "^[^C]"}
    assert (repeated.columns, repeated.severity, repeated.threshold) == ((), "warning", 1.0)


def one(rule: str) -> str:
    return f"rules:\n  - {{name: good, check: duplicate_rows}}\n  - {rule}\n"


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        (one("{name: a, check: rnge, columns: [x]}"), "no check “rnge”", "“range”"),
        (one("{name: a, check: range, columns: [x], parameters: {mim: 1}}"), "“mim”", "“min”"),
        (one("{name: a, check: range, columns: [x], parameters: {min: '1'}}"), "“min” cannot be '1'", "a number"),
        (one("{name: a, check: range, columns: [x], parameters: {min: true}}"), "“min” cannot be True", "a number"),
        (one("{name: a, check: range, columns: [x], parameters: {min: .nan}}"), "“min” cannot be nan", "a number"),
        (one("{name: a, check: range, columns: [x], parameters: {min: 2, max: 1}}"), "No number", "below"),
        (one("{name: a, check: range, columns: [x]}"), "needs “min”", "“max”"),
        (one("{name: a, check: range, columns: [x, y], parameters: {min: 1}}"), "2 columns", "exactly one"),
        (one("{name: a, check: unique_key, columns: [x, x]}"), "2 columns", "once"),
        (one("{name: a, check: duplicate_rows, columns: [x]}"), "1 column", "whole rows"),
        (one("{name: a, check: duplicate_rows, parameters: {count: all}}"), "“count” cannot be 'all'", "surplus"),
        (one("{name: a, check: pattern, columns: [x], parameters: {regex: '['}}"), "missing ]", "RE2"),
        (one("{name: a, check: pattern, columns: [x], parameters: {regex: '(?=x)'}}"), "RE2", "look-ahead"),
        (one("{name: a, check: pattern, columns: [x]}"), "“regex” is missing", "RE2"),
        (one("{name: a, check: allowed_values, columns: [x], parameters: {values: []}}"), "“values”", "a list"),
        (one("{name: a, check: reference, columns: [x], parameters: {dataset: d, columns: [a, b]}}"), "2 col", "each"),
        (one("{name: a, check: freshness, columns: [x], parameters: {max_age: soon}}"), "“max_age”", "36h"),
        (one("{name: a, check: range, colums: [x]}"), "“colums” is not known", "“columns”"),
        (one("{name: a, check: range, columns: x}"), "“columns” cannot be 'x'", "a list"),
        (one("{name: a, check: range, columns: [x], threshold: 1.5}"), "“threshold” cannot be 1.5", "0 to 1"),
        (one("{name: a, check: range, columns: [x], severity: bad}"), "“severity” cannot be 'bad'", "critical"),
        (one("{check: range}"), "“name” is missing", "“check”"),
        (one("{name: good, check: duplicate_rows}"), "Two rules are named “good”", "own"),
    ],
)
def test_a_wrong_rule_is_refused_with_its_line_its_name_and_the_way_to_mend_it(
    text: str, message: str, hint: str
) -> None:
    with pytest.raises(GovernError) as caught:
        read_pack(text)
    assert message in caught.value.message
    assert hint in caught.value.hint
    assert "line 3" in caught.value.where


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("rules: [\n a: b: c", "not YAML"),
        ("", "not what is expected"),
        ("- a", "not what is expected"),
        ("rules: 5", "“rules” cannot be 5"),
        ("rule: []", "“rule” is not known"),
        ("{}", "“rules” is missing"),
        ("rules:\n - {name: a, name: b, check: duplicate_rows}", "“name” is given twice"),
        ("a: &x [1]\nrules: *x", "aliases"),
        ("rules: []\n\x00", "not YAML"),
        ("rules: !!python/object/apply:os.system [ls]", "not YAML"),
        ("x" * 1_000_001, "larger than"),
        ("[" * 5_000 + "]" * 5_000, "nested too deeply"),
        ("rules: [2024-02-31]", "cannot be read"),
    ],
)
def test_a_text_that_is_no_pack_is_refused(text: str, message: str) -> None:
    with pytest.raises(GovernError) as caught:
        read_pack(text)
    assert message in caught.value.message
