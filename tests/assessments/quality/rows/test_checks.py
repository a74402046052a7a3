"""Checks decided by row against plain Python: nulls, NaN, infinities, repeats, any script."""

import math
import statistics
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assessments.common.errors import GovernError
from assessments.quality.checks import all_checks, verify
from assessments.quality.checks.completeness_disguised import DISGUISES
from assessments.quality.checks.outliers import OF_MEAN, OF_MEDIAN
from assessments.quality.specs import RuleSpec
from tests.assessments.quality.rows.verdicts import verdicts

FEW = settings(max_examples=25)
LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
NUMBERS = st.one_of(
    st.none(),
    st.sampled_from([0.0, -0.0, 1.0, 1.5, math.nan, math.inf, -math.inf, 1e300, 5e-324]),
    st.floats(width=64),
    st.decimals(-1000, 1000, places=2).map(float),
)
WHOLE = st.one_of(st.none(), st.integers(-3, 3), st.integers(-(2**63), 2**63 - 1))
TIMES = st.one_of(st.none(), st.datetimes(datetime(2024, 1, 1), datetime(2024, 1, 3)))  # noqa: DTZ001  no zone
TEXTS = st.one_of(
    st.none(), st.sampled_from(["a", "B", "é", "红茶", "", " ", "N/A", "0000"]), st.text(LETTERS, max_size=8)
)
ODD = ["  a", "a ", "a  b", "a b", "\ta", "a\nb", "a\r\nb", "a\u200bb", "a\x07", "\ufeffa", "CafÃ©", "Café", "naÃ¯ve"]
ODD += [
    "itâ€™s",
    "it’s",
    "ä¸\xadæ–‡",
    "中文",
    "a\ufffdb",
    "SPAß“",
    "mangé…”",
    "ÉTÉ",
    "x\x00y",
    "🙂",
    "ðŸ™‚",
    "Å¡",
    "a\u3000",
    "",
]


def column(values: list[Any], kind: pa.DataType) -> dict[str, pa.Array]:
    return {"x": pa.array(values, kind)}


@FEW
@given(st.lists(TEXTS, min_size=1, max_size=20), st.integers(0, 4), st.integers(4, 9))
def test_length_counts_characters(values: list[str | None], least: int, most: int) -> None:
    found = verdicts(column(values, pa.string()), "text_length", ("x",), {"min": least, "max": most})
    assert found == [None if text is None else least <= len(text) <= most for text in values]
    found = verdicts(column(values, pa.string()), "text_length", ("x",), {"max": most, "nulls": "fail"})
    assert found == [text is not None and len(text) <= most for text in values]


def test_length_of_a_whole_number_is_that_of_its_digits() -> None:
    assert verdicts({"x": [7, -12, 123, None]}, "text_length", ("x",), {"max": 2}) == [True, False, False, None]


BLANK = set("\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000") | {chr(c) for c in range(0x2000, 0x200B)}
WITHIN = BLANK - set("\n\v\f\r\x85\u2028\u2029")
HIDDEN = {chr(c) for c in [*range(9), *range(14, 32), 0x0B, 0x0C, *range(0x7F, 0xA0)]} - {"\x85"}
HIDDEN |= set("\u200b\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def stray(text: str) -> bool:
    ends = bool(text) and (text[0] in BLANK or text[-1] in BLANK)
    return ends or any(a in WITHIN and b in WITHIN for a, b in pairwise(text))


@FEW
@given(st.lists(st.one_of(st.sampled_from(ODD), TEXTS), min_size=1, max_size=20))
@example(ODD)
def test_stray_spaces_and_invisible_characters(values: list[str | None]) -> None:
    data, off = column(values, pa.string()), {"spaces": False, "invisible": False, "broken": False}
    found = verdicts(data, "text_form", ("x",), {**off, "spaces": True})
    assert found == [None if text is None else not stray(text) for text in values]
    found = verdicts(data, "text_form", ("x",), {**off, "invisible": True, "nulls": "fail"})
    assert found == [text is not None and not set(text) & HIDDEN for text in values]


def misread(text: str, encoding: str) -> str | None:
    """UTF-8 read in another encoding; None where that encoding has no letter for one of the bytes."""
    try:
        return text.encode("utf-8").decode(encoding)
    except UnicodeError:
        return None


WORDS = ["Café", "Größe", "naïve", "it’s", "“so”", "中文说明", "日本語", "£5", "° C", "🙂 ok"]


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_text_read_in_a_wrong_encoding_is_found(encoding: str) -> None:
    wrong = [text for text in (misread(word, encoding) for word in WORDS) if text is not None]
    assert len(wrong) >= 7
    parameters = {"spaces": False, "invisible": False}
    assert set(verdicts({"x": WORDS}, "text_form", ("x",), parameters)) == {True}
    assert dict(zip(wrong, verdicts({"x": wrong}, "text_form", ("x",), parameters), strict=True)) == dict.fromkeys(
        wrong, False
    )


def test_languages_that_use_such_letters_are_not_broken() -> None:
    fine = [
        "São Paulo",
        "AÇÃO",
        "ÂGE",
        "Spaß“",
        "mangé…”",
        "ÄÖÜß",
        "Århus",
        "Ðorđe",
        "ÊTRE “là”",
        "señor ¿qué?",
        "Ã",
        "â",
    ]
    fine += ["Łódź", "žluťoučký", "façade", "Ελλάδα", "Việt Nam", "naïve — “é”"]
    assert set(verdicts({"x": fine}, "text_form", ("x",))) == {True}


def test_one_letter_case() -> None:
    values = ["ABC", "abc", "Abc", "123", "É", "红茶", None]
    assert verdicts({"x": values}, "text_form", ("x",), {"case": "upper"}) == [
        True,
        False,
        False,
        True,
        True,
        True,
        None,
    ]
    assert verdicts({"x": values}, "text_form", ("x",), {"case": "lower"}) == [
        False,
        True,
        False,
        True,
        False,
        True,
        None,
    ]


def decimals_of(number: float) -> int:
    """The decimals of the shortest text that reads back as the number."""
    exponent = Decimal(repr(number)).normalize().as_tuple().exponent
    return max(0, -int(exponent))


@FEW
@given(st.lists(st.one_of(NUMBERS, st.floats(-1e6, 1e6)), min_size=1, max_size=30), st.integers(0, 6))
@example([1.15, 2.675, 0.1 + 0.2, 1e22, 4503599627370495.5, -1.005, 0.07, 1.1], 2)
@example([1.15, 2.675, 0.1 + 0.2, 1e22, 4503599627370495.5, -1.005, 0.07, 1.1], 0)
def test_decimals_are_those_of_the_shortest_text(values: list[float | None], most: int) -> None:
    def fits(x: float) -> bool:
        return math.isfinite(x) and (decimals_of(x) <= most or abs(x) * 10.0**most >= 2.0**53)

    found = verdicts(column(values, pa.float64()), "decimals", ("x",), {"most": most})
    assert found == [None if x is None else fits(x) for x in values]


def test_decimals_of_texts_and_of_decimals() -> None:
    texts = ["1", "1.50", "1.500", "1.505", "-.25", "5.", ".", "", "1e2", "1,50", "+3.10", None]
    found = verdicts({"x": texts}, "decimals", ("x",), {"most": 2})
    assert found == [True, True, True, False, True, True, False, False, False, False, True, None]
    exact = pa.array([Decimal("1.10"), Decimal("1.125"), None, Decimal("99999999999999999.999")], pa.decimal128(20, 3))
    assert verdicts({"x": exact}, "decimals", ("x",), {"most": 2}) == [True, False, None, False]
    assert verdicts({"x": [1, None]}, "decimals", ("x",), {"most": 0}) == [True, None]


def robust(values: list[float | None], limit: float) -> list[bool | None]:
    """Iglewicz and Hoaglin's rule, with the mean deviation where the median one is 0."""
    finite = [x for x in values if x is not None and math.isfinite(x)]
    middle = statistics.median(finite) if finite else 0.0
    away = [abs(x - middle) for x in finite]
    width = OF_MEDIAN * statistics.median(away) if away else 0.0
    width = width or (OF_MEAN * statistics.fmean(away) if away else 0.0)
    return [None if x is None else math.isfinite(x) and abs(x - middle) <= limit * width for x in values]


MODERATE = st.one_of(st.none(), st.integers(-50, 50).map(float), st.sampled_from([math.nan, math.inf, -math.inf, 1e6]))


@FEW
@given(st.lists(MODERATE, min_size=1, max_size=40), st.sampled_from([1.0, 2.5, 3.5]))
@example([5.0, 5.0, 5.0, 5.0, 900.0], 3.5)
@example([5.0, 5.0], 3.5)
@example([math.nan, None], 3.5)
def test_outliers_agree_with_the_formula(values: list[float | None], limit: float) -> None:
    found = verdicts(column(values, pa.float64()), "outliers", ("x",), {"limit": limit})
    assert found == robust(values, limit)


def test_outliers_of_a_published_example() -> None:
    """Iglewicz and Hoaglin's own ten values, of which the last two are far off."""
    values = [2.1, 2.6, 2.4, 2.5, 2.3, 2.1, 2.3, 2.6, 8.2, 8.3]
    assert verdicts({"x": values}, "outliers", ("x",)) == [True] * 8 + [False, False]


def test_the_detail_of_outliers_says_what_they_are_measured_by(measure: Any) -> None:
    outcome = measure({"x": [1.0, 2.0, 3.0, 4.0, 100.0]}, "outliers", ("x",))
    assert (outcome.rows_checked, outcome.rows_failing, outcome.sample[0]["row"]) == (5, 1, 5)
    assert (outcome.detail["median"], outcome.detail["mad"]) == (3.0, 1.0)
    assert outcome.detail["robust_standard_deviation"] == pytest.approx(1.4826)
    texts = measure({"x": ["1", "2", "3", "4", "100", "many"]}, "outliers", ("x",))
    assert (texts.rows_failing, texts.detail["median"]) == (2, 3.0)


COMPARED = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    ">=": lambda a, b: a >= b,
    ">": lambda a, b: a > b,
}


def compared(pairs: list[tuple[Any, Any]], how: str, nulls: str) -> list[bool | None]:
    found: list[bool | None] = []
    for a, b in pairs:
        if a is None or b is None:
            alike = nulls == "equal" and a is None and b is None and how in ("<=", "=", ">=")
            found.append(None if nulls == "skip" else alike)
        elif any(isinstance(x, float) and math.isnan(x) for x in (a, b)):
            found.append(False)
        elif isinstance(a, str):  # as bytes of UTF-8, which is the order of code points
            found.append(COMPARED[how](a.encode(), b.encode()))
        else:
            found.append(COMPARED[how](a, b))
    return found


@FEW
@given(
    st.one_of(
        st.tuples(st.just(pa.float64()), st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=20)),
        st.tuples(st.just(pa.int64()), st.lists(st.tuples(WHOLE, WHOLE), min_size=1, max_size=20)),
        st.tuples(st.just(pa.string()), st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=20)),
        st.tuples(st.just(pa.timestamp("us")), st.lists(st.tuples(TIMES, TIMES), min_size=1, max_size=20)),
    ),
    st.sampled_from(sorted(COMPARED)),
    st.sampled_from(["skip", "fail", "equal"]),
)
def test_two_columns_compare_as_in_python(case: tuple[Any, list[tuple[Any, Any]]], how: str, nulls: str) -> None:
    kind, pairs = case
    data = {"a": pa.array([a for a, _b in pairs], kind), "b": pa.array([b for _a, b in pairs], kind)}
    found = verdicts(data, "compare_columns", ("a", "b"), {"operator": how, "nulls": nulls})
    assert found == compared(pairs, how, nulls)


def test_days_compare_with_moments_and_whole_numbers_with_others() -> None:
    days, moments = [date(2024, 1, 1)] * 2, [datetime(2024, 1, 1), datetime(2024, 1, 1, 1)]  # noqa: DTZ001  no zone
    assert verdicts({"a": days, "b": moments}, "compare_columns", ("a", "b"), {"operator": "="}) == [True, False]
    zoned = pa.array([datetime(2024, 1, 1, tzinfo=UTC)] * 2).cast(pa.timestamp("us", tz="Asia/Shanghai"))
    assert verdicts({"a": days, "b": zoned}, "compare_columns", ("a", "b"), {"operator": "="}) == [True, True]
    assert verdicts({"a": [1, 2], "b": [1.0, 2.5]}, "compare_columns", ("a", "b"), {"operator": "="}) == [True, False]


def test_a_tolerance_widens_every_comparison_but_the_unequal() -> None:
    data = {"a": [1.0, 1.05, 1.2, math.nan], "b": [1.0, 1.0, 1.0, 1.0]}
    for how, expected in {
        "=": [True, True, False, False],
        "<=": [True, True, False, False],
        ">=": [True, True, True, False],
        "!=": [False, False, True, False],
    }.items():
        assert verdicts(data, "compare_columns", ("a", "b"), {"operator": how, "tolerance": 0.1}) == expected, how


@FEW
@given(
    st.lists(
        st.one_of(TEXTS, st.sampled_from(["?", " n/A ", "Unspecified", "EMPTY", "未知", "0", "noneS"])), min_size=1
    )
)
def test_disguised_values_are_those_of_the_list(values: list[str | None]) -> None:
    def stripped(text: str) -> str:
        return text.strip(" \t\n\r\v\f").lower()

    found = verdicts(column(values, pa.string()), "disguised_missing", ("x",))
    assert found == [None if text is None else stripped(text) not in DISGUISES for text in values]
    found = verdicts(column(values, pa.string()), "disguised_missing", ("x",), {"values": ["A", 0], "nulls": "fail"})
    assert found == [text is not None and stripped(text) not in ("a", "0") for text in values]


def test_disguised_numbers_and_days() -> None:
    listed = {"values": [-1, "999", "?"]}
    assert verdicts({"x": [-1, 5, 999, None]}, "disguised_missing", ("x",), listed) == [False, True, False, None]
    assert verdicts({"x": [-1.0, math.nan]}, "disguised_missing", ("x",), listed) == [False, True]
    days = [date(1900, 1, 1), date(2024, 1, 1)]
    assert verdicts({"x": days}, "disguised_missing", ("x",)) == [False, True]
    moments = [datetime(9999, 12, 31, 23), datetime(2024, 1, 1)]  # noqa: DTZ001  no zone
    assert verdicts({"x": moments}, "disguised_missing", ("x",)) == [False, True]
    with pytest.raises(GovernError, match="no value of the list is one"):
        verdicts({"x": [1]}, "disguised_missing", ("x",))


ROWS = st.lists(st.tuples(TEXTS, NUMBERS, WHOLE), min_size=1, max_size=20)


@FEW
@given(ROWS)
def test_a_condition_says_for_which_rows_a_value_is_needed(rows: list[tuple[Any, Any, Any]]) -> None:
    texts, floats, whole = (list(values) for values in zip(*rows, strict=True))
    data = {"w": pa.array(texts, pa.string()), "x": pa.array(floats, pa.float64()), "n": pa.array(whole, pa.int64())}
    found = verdicts(data, "conditional_completeness", ("w", "x"), {"where": "n >= 0"})
    there = [w is not None and x is not None and not math.isnan(x) for w, x, _n in rows]
    assert found == [ok if n is not None and n >= 0 else None for ok, n in zip(there, whole, strict=True)]
    found = verdicts(data, "conditional_completeness", ("w",), {"where": "n is null", "blank": "missing"})
    assert found == [
        (w is not None and w.strip(" \t\n\r\v\f") != "") if n is None else None
        for w, n in zip(texts, whole, strict=True)
    ]


REFUSED = [
    ("text_length", ("x",), {}, "needs “min”, “max” or both"),
    ("text_length", ("x",), {"min": 5, "max": 2}, "No text is so long"),
    ("text_length", ("x",), {"min": -1}, "cannot be -1"),
    ("text_length", ("x",), {"min": 1.5}, "cannot be 1.5"),
    ("text_form", ("x",), {"spaces": False, "invisible": False, "broken": False}, "looks for nothing"),
    ("decimals", ("x",), {}, "“most” is missing"),
    ("decimals", ("x",), {"most": 16}, "cannot be 16"),
    ("outliers", ("x",), {"limit": 0}, "cannot be 0"),
    ("compare_columns", ("x",), {"operator": "="}, "names 1 column"),
    ("compare_columns", ("x", "x"), {"operator": "="}, "names 2 columns"),
    ("compare_columns", ("x", "y"), {"operator": "=="}, "cannot be '=='"),
    ("compare_columns", ("x", "y"), {"operator": "=", "tolerance": -1}, "below 0"),
    ("disguised_missing", ("x",), {"values": []}, "cannot be []"),
    ("disguised_missing", ("x",), {"values": ["\ud800"]}, "cannot be"),
    ("conditional_completeness", ("x",), {}, "“where” is missing"),
    ("conditional_completeness", ("x",), {"where": "y ="}, "At character 4"),
    ("expression", (), {"expression": "1 = 1"}, "names no column"),
    ("expression", (), {"expression": "lenght(x) > 1"}, "no function “lenght”"),
    ("pattern", ("x",), {"regex": "\ud800"}, "cannot be"),
    ("pattern", ("x",), {"regex": "(?=a)"}, "not a regular expression of RE2"),
    ("pattern", ("x",), {"regex": "(a{1000}){1000}"}, "not a regular expression of RE2"),
    ("pattern", ("x",), {"regex": "a" * 2001}, "longer than 2000 characters"),
]


@pytest.mark.parametrize(("check", "names", "parameters", "words"), REFUSED)
def test_a_wrong_rule_is_refused_with_a_way_to_mend_it(
    check: str, names: tuple[str, ...], parameters: dict[str, Any], words: str
) -> None:
    with pytest.raises(GovernError) as refused:
        verify(RuleSpec("my rule", check, names, parameters))
    assert words in refused.value.message
    assert "my rule" in refused.value.where


@pytest.mark.parametrize(
    ("check", "columns", "parameters", "words"),
    [
        ("text_length", {"x": [1.5]}, {"min": 1}, "holds float64, not texts"),
        ("text_form", {"x": [True]}, {}, "holds boolean, not texts"),
        ("decimals", {"x": [True]}, {"most": 1}, "holds boolean, not numbers"),
        ("outliers", {"x": [True]}, {}, "holds boolean, not numbers"),
        ("compare_columns", {"x": [1], "y": ["1"]}, {"operator": "="}, "holds int64 and “y” holds string"),
        ("compare_columns", {"x": ["a"], "y": ["1"]}, {"operator": "=", "tolerance": 1}, "for numbers"),
        ("expression", {"x": ["a"]}, {"expression": "x > 1"}, "At character 3: A text and a whole number"),
    ],
)
def test_a_column_of_the_wrong_type_is_named(
    measure: Any, check: str, columns: Any, parameters: Any, words: str
) -> None:
    names = () if check == "expression" else tuple(columns)
    outcome = measure(columns, check, names, parameters)
    assert words in outcome.error
    assert outcome.passed is None


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*b", "(.*)*x", "^(([a-z])+.)+[A-Z]([a-z])+$"])
def test_patterns_that_never_end_elsewhere_take_no_time(measure: Any, pattern: str) -> None:
    long = "a" * 50_000 + "!"
    for check, names, parameters in (
        ("pattern", ("x",), {"regex": pattern}),
        ("expression", (), {"expression": f"matches(x, '{pattern}')"}),
    ):
        outcome = measure({"x": [long]}, check, names, parameters)
        assert outcome.rows_checked == 1, outcome.error
        assert outcome.seconds < 5


def test_every_check_says_what_it_counts_of_its_own_example() -> None:
    for check in all_checks():
        if check.example:
            columns = tuple(check.example.get("columns", ()))
            spec = RuleSpec("example", check.name, columns, check.example.get("parameters", {}))
            meaning = verify(spec).meaning(spec)
            assert 20 < len(meaning) <= 500, check.name
            assert meaning.endswith("."), check.name
