"""Formats against the libraries and the lists that define them."""

import ipaddress
import re
import uuid
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from stdnum import ean

from assessments.common.errors import GovernError
from assessments.quality.checks import formats_codes, verify
from assessments.quality.checks.formats import FORMATS
from assessments.quality.specs import RuleSpec
from tests.assessments.quality.rows.verdicts import verdicts

FEW = settings(max_examples=25)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


def judged(values: list[Any], form: str, **more: Any) -> list[bool | None]:
    return verdicts({"x": pa.array(values)}, "format", ("x",), {"format": form, **more})


# Texts that are of the format, and texts that are nearly.
KNOWN = {
    "email": (
        ["a@b.co", "first.last+tag@sub.example.org", "o'neil@example.com", "x@xn--bcher-kva.example"],
        [
            *("a@b", "a b@c.de", "@b.co", "a@", "a@b..co", ".a@b.co", "a.@b.co", "a..b@c.de", "a@-b.co", "a@b.c"),
            *("a@b.co\n", "büro@example.org", "a@b.co,c@d.eu", "x" * 65 + "@b.co", "a@" + "b" * 64 + ".co"),
        ],
    ),
    "url": (
        [
            *("http://example.org", "https://example.org/a?b=c#d", "HTTPS://user:pw@host:8080/", "ftp://127.0.0.1/x"),
            *("http://[2001:db8::1]/", "http://localhost", "https://a.example.org/文?q=红"),
        ],
        [
            "example.org",
            "http://",
            "http:///x",
            "https://exa mple.org",
            "javascript:alert(1)",
            "http://a..b",
            " http://a.b",
        ],
    ),
    "country_alpha2": (["DE", "CN", "GB", "TW", "SS"], ["de", "UK", "XK", "EU", "D", "DEU", "ZZ", "", "DE "]),
    "country_alpha3": (["DEU", "CHN", "GBR", "ROU", "COD"], ["GER", "DE", "YUG", "SUN", "deu", "ZAR"]),
    "country_name": (["Germany", "germany", "China", "中国", "德国", "Czechia"], ["Deutschland", "Atlantis", "DE", ""]),
    "currency": (["EUR", "USD", "CNY", "ZWG", "XOF"], ["DEM", "eur", "XXX", "HRK", "US$", "XTS", "€"]),
    "language": (["de", "zh", "en", "he"], ["DE", "xx", "iw", "deu", "sh", "english"]),
    "language_tag": (
        ["de", "zh-Hans", "zh-Hans-CN", "en_GB", "yue", "DE-de"],
        ["de-", "x", "qq-XX", "english", "-de", "de--AT"],
    ),
    "uuid": (
        [str(uuid.UUID(int=7)), str(uuid.UUID(int=2**127)).upper()],
        ["0" * 32, "{" + str(uuid.UUID(int=7)) + "}"],
    ),
    "phone": (
        ["+49 30 901820", "030/901820", "(030) 90-18-20", "13812345678", "+1 (212) 555-0100"],
        ["112", "call me", "+", "+49 30 901820 ext 5", "12345678901234567", "++49301234567", "2024:01:01"],
    ),
    "postal_code": (
        ["10115", "SW1A 1AA", "1234 AB", "100-0001", "D02 X285"],
        ["12", "ABCDE", "", "10115!", "12345678901"],
    ),
    "number": (
        ["1", "-1.5", ".5", "5.", "1e-3", "+7"],
        ["1,5", "1 000", " 1", "NaN", "inf", "0x1F", "", ".", "1e", "--1", "１"],
    ),
    "integer": (["1", "-15", "+0", "007"], ["1.0", "1e3", "", "-", "１２", "1 "]),
    "boolean": (["true", "No", "Y", "0", "F"], ["2", "oui", "", "truee", "on"]),
}


@pytest.mark.parametrize("form", KNOWN)
def test_texts_of_a_format_pass_and_texts_that_are_nearly_fail(form: str) -> None:
    good, bad = KNOWN[form]
    found = dict(zip([*good, *bad], judged([*good, *bad], form), strict=True))
    assert found == {**dict.fromkeys(good, True), **dict.fromkeys(bad, False)}


def test_every_format_is_tried_here() -> None:
    assert set(FORMATS) == {*KNOWN, "date", "ip", "ean8", "upc_a", "ean13", "gtin14", "gtin"}


def test_code_lists_have_as_many_codes_as_their_standards() -> None:
    assert len(formats_codes.countries_alpha2()) == len(formats_codes.countries_alpha3()) == 249
    assert len(formats_codes.languages()) == 183
    assert 150 <= len(formats_codes.currencies()) <= 160
    assert "CLDR 4" in verify(spec := RuleSpec("r", "format", ("x",), {"format": "currency"})).meaning(spec)


def test_case_may_be_ignored() -> None:
    assert judged(["de", "De", "xk", None], "country_alpha2", case="ignore") == [True, True, False, None]
    assert judged(["EN", "eN"], "language", case="ignore") == [True, True]
    assert judged(["eur"], "currency", case="ignore", nulls="fail") == [True]


def known_as_ean(text: str) -> bool:
    return bool(re.fullmatch("[0-9]{8}|[0-9]{12,14}", text)) and set(text) != {"0"} and ean.is_valid(text)


DIGITS = st.text("0123456789", min_size=7, max_size=15)
VALID = DIGITS.map(lambda text: text + ean.calc_check_digit(text))


@settings(max_examples=10)
@given(st.lists(st.one_of(DIGITS, VALID, TEXTS), min_size=1, max_size=30))
@example(
    [
        "4006381333931",
        "4006381333932",
        "96385074",
        "036000291452",
        "00000000",
        "",
        "４００６３８１３３３９３１",
        "4006381333931\n",
    ]
)
def test_check_digits_agree_with_stdnum(values: list[str]) -> None:
    assert judged(values, "gtin") == [known_as_ean(value) for value in values]
    for form, length in (("ean8", 8), ("upc_a", 12), ("ean13", 13), ("gtin14", 14)):
        assert judged(values, form) == [len(value) == length and known_as_ean(value) for value in values]


def test_codes_read_as_numbers_get_their_zeros_back() -> None:
    values = pa.array([36000291452, 36000291453, 96385074, 0, -96385074, None], pa.int64())
    assert judged(values.to_pylist(), "upc_a") == [True, False, True, False, False, None]
    assert judged(values.to_pylist(), "gtin") == [True, False, True, False, False, None]


def known_as_ip(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return "%" not in text  # a zone is of one machine, not of the address


GROUPS = st.lists(
    st.sampled_from(["", "0", "1", "ffff", "12345", "g", "::", "1.2.3.4", "2001"]), min_size=1, max_size=9
)
ADDRESSES = st.one_of(
    st.ip_addresses().map(str),
    st.ip_addresses(v=6).map(lambda one: one.exploded),
    GROUPS.map(":".join),
    st.lists(st.integers(-1, 300), min_size=3, max_size=5).map(lambda parts: ".".join(map(str, parts))),
)


@FEW
@given(st.lists(ADDRESSES, min_size=1, max_size=30))
@example(
    ["::", "::1", "1::", "1:2:3:4:5:6:7::", "::ffff:1.2.3.4", "1::2:1.2.3.4", "01.2.3.4", ":::", "1:2:3:4:5:6:7:8:9"]
)
def test_addresses_agree_with_the_standard_library(values: list[str]) -> None:
    assert judged(values, "ip") == [known_as_ip(value) for value in values]


def read_by_python(text: str, form: str) -> bool:
    try:
        found = datetime.strptime(text, form)  # noqa: DTZ007  only whether it can be read
    except ValueError:
        return False
    if "%j" in form and str(found.year) != text[:4].lstrip("0"):
        return False  # Python takes the 366th day of a common year for the first of the next
    return text.isascii() and not re.search(r"\s\s|^\s|\s$|\.\s", text)


FORMS = ["%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y", "%y%m%d", "%d %b %Y", "%d-%B-%y", "%Y-%m-%d %H:%M:%S", "%Y%j"]
DAYS = st.one_of(
    st.dates(),
    st.sampled_from([date(2024, 2, 29), date(2000, 2, 29), date(1900, 2, 28), date(2023, 12, 31), date(1, 1, 1)]),
)
WRITTEN = st.one_of(
    st.builds(lambda day, form: day.strftime(form), DAYS, st.sampled_from(FORMS)),
    st.builds(lambda y, m, d: f"{y:04}-{m:02}-{d:02}", st.integers(0, 2400), st.integers(0, 13), st.integers(0, 32)),
    st.builds(lambda d, m, y: f"{d}.{m}.{y:04}", st.integers(0, 32), st.integers(0, 13), st.integers(1890, 2030)),
    st.builds(
        lambda d, m, y: f"{d} {m} {y:04}", st.integers(28, 32), st.sampled_from(["Feb", "APR", "sept"]), st.just(1999)
    ),
    st.sampled_from(["2024-02-30", "2023-02-29", "1900-02-29", "240229", "230229", "2023366", "2024366", "", "soon"]),
)


@FEW
@given(st.lists(WRITTEN, min_size=1, max_size=30), st.sampled_from(FORMS))
def test_dates_agree_with_strptime(values: list[str], form: str) -> None:
    assert judged(values, "date", pattern=form) == [read_by_python(value, form) for value in values]


@FEW
@given(st.lists(st.one_of(WRITTEN, st.datetimes().map(str), st.dates().map(str)), min_size=1, max_size=20))
@example(
    ["2024-01-01T10:00:00Z", "2024-01-01 10:00+02:00", "2024-01-01T24:00", "2024-1-1", "20240101", "2024-01-01T10"]
)
def test_dates_without_a_format_are_those_of_iso_8601(values: list[str]) -> None:
    def known(text: str) -> bool:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?", text, re.ASCII):
            return False
        try:
            datetime.fromisoformat(text)
        except ValueError:
            return False
        return True

    assert judged(values, "date") == [known(value) for value in values]


def test_typed_columns_are_judged_by_their_type() -> None:
    nan, inf = float("nan"), float("inf")
    assert judged([date(2024, 1, 1), None], "date") == [True, None]
    assert judged([True, None], "boolean") == [True, None]
    assert judged([1.0, 1.5, nan, inf, None, 1e300], "number") == [True, True, False, False, None, True]
    assert judged([1.0, 1.5, nan, inf, None, 1e300], "integer") == [True, False, False, False, None, True]
    assert judged([1, 2], "integer") == [True, True]
    assert judged([10115, 7], "postal_code") == [True, False]
    decimals = pa.array([1, 2], pa.int64()).cast(pa.decimal128(21, 2))
    assert judged(decimals.to_pylist(), "integer") == [True, True]


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({}, "“format” is missing"),
        ({"format": "isbn"}, "cannot be 'isbn'"),
        ({"format": "email", "pattern": "%Y"}, "is for dates"),
        ({"format": "date", "pattern": "%Q"}, "no part %Q"),
        ({"format": "date", "pattern": "%Y %Y"}, "has %Y twice"),
        ({"format": "date", "pattern": "day"}, "no part of a date"),
        ({"format": "date", "pattern": "%Y-%"}, "no part %"),
    ],
)
def test_a_format_that_there_is_not_is_refused(parameters: dict[str, Any], words: str) -> None:
    with pytest.raises(GovernError) as refused:
        verify(RuleSpec("r", "format", ("x",), parameters))
    assert words in refused.value.message
    assert refused.value.hint


def test_a_column_that_holds_no_texts_is_named() -> None:
    with pytest.raises(GovernError, match="“x” holds float64, not texts"):
        judged([1.5], "email")
