"""Hints of the network: published card and account numbers, and what only looks like them."""

import pytest

from ml.text.tagging import patterns
from ml.text.tagging.patterns import find_patterns, iban_remainder, luhn


def kinds(text: str) -> dict[int, str]:
    return {kind: text[start:end] for start, end, kind in find_patterns(text)}


@pytest.mark.parametrize(
    ("number", "valid"), [("4111111111111111", True), ("79927398713", True), ("79927398710", False)]
)
def test_luhn_on_published_numbers(number: str, valid: bool) -> None:
    assert luhn(number) is valid


def test_iban_of_the_standard() -> None:
    assert iban_remainder("GB82WEST12345698765432") == 1
    assert iban_remainder("GB82WEST12345698765433") != 1


def test_each_pattern_finds_its_own() -> None:
    assert kinds("write to a.b@c.org now")[patterns.EMAIL] == "a.b@c.org"
    assert kinds("see https://a.org/x today")[patterns.URL] == "https://a.org/x"
    assert kinds("from 10.0.0.254.")[patterns.IP] == "10.0.0.254"
    assert kinds("GB82 WEST 1234 5698 7654 32")[patterns.IBAN] == "GB82 WEST 1234 5698 7654 32"
    assert kinds("4111-1111-1111-1111")[patterns.CARD] == "4111-1111-1111-1111"
    assert kinds("078-05-1120")[patterns.SSN] == "078-05-1120"
    assert kinds("on 2020-01-31 at")[patterns.DATE] == "2020-01-31"
    assert kinds("+44 20 7946 0958")[patterns.PHONE] == "+44 20 7946 0958"


def test_what_fails_its_proof_is_none() -> None:
    assert patterns.IP not in kinds("1.2.3.400")
    assert patterns.CARD not in kinds("4111111111111112")
    assert patterns.IBAN not in kinds("GB82WEST12345698765433")
