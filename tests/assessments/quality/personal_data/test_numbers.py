"""Numbers with their own proof: published examples, one digit wrong, and what only looks like them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.br import cnpj, cpf
from stdnum.de import idnr
from stdnum.fr import nir
from stdnum.in_ import aadhaar, pan
from stdnum.it import codicefiscale
from stdnum.jp import in_ as my_number
from stdnum.kr import rrn

from assessments.quality.personal_data import numbers, phones

RIGHT = [
    ("cn_resident_id", "11010519491231002X"),  # the example of GB 11643-1999
    ("payment_card", "4111 1111 1111 1111"),
    ("payment_card", "378282246310005"),
    ("payment_card", "6200000000000005"),
    ("iban", "GB82 WEST 1234 5698 7654 32"),  # the example of ISO 13616
    ("iban", "DE89370400440532013000"),
    ("imei", "490154203237518"),
    ("us_ssn", "536-90-4399"),
    ("uk_nino", "AB 12 34 56 C"),
    ("de_tax_id", "36574261809"),
    ("de_id_card", "T220001293"),  # the specimen card's number
    ("fr_insee", "2 95 10 99 126 111 93"),
    ("es_dni", "54362315K"),
    ("es_dni", "X-2482300W"),
    ("it_codice_fiscale", "RCCMNL83S18D969H"),
    ("br_cpf", "390.533.447-05"),
    ("br_cnpj", "16.727.230/0001-97"),
    ("in_aadhaar", "2341 2341 2346"),
    ("in_pan", "ACUPA7085R"),
    ("jp_my_number", "6214 9832 0257"),
    ("kr_rrn", "971013-9019902"),
    ("mac_address", "00:1b:44:11:3a:b7"),
    ("ip_address", "2001:db8:85a3:8d3:1319:8a2e:370:7348"),
    ("ipv4", "203.0.113.9"),
]
CHECKS = {**numbers.CHECKS, "payment_card": numbers.is_payment_card}


@pytest.mark.parametrize(("entity", "value"), RIGHT)
def test_published_examples_pass(entity: str, value: str) -> None:
    if entity == "imei":  # 49 was a German body; those in use now begin otherwise
        assert numbers.luhn.is_valid(value)
        value = "356938035643809"
    assert CHECKS[entity](value)


@pytest.mark.parametrize(
    ("entity", "value"),
    [
        ("cn_resident_id", "110105194912310021"),  # check digit
        ("cn_resident_id", "110105194913310022"),  # month 13
        ("cn_resident_id", "991231194912310021"),  # no such region
        ("payment_card", "4111111111111112"),
        ("payment_card", "9111111111111111"),  # no such issuer
        ("iban", "GB82WEST12345698765433"),
        ("us_ssn", "666-12-3456"),
        ("us_ssn", "900-12-3456"),
        ("uk_nino", "BG123456A"),
        ("de_id_card", "T220001294"),
        ("es_dni", "54362315Z"),
        ("br_cpf", "390.533.447-06"),
        ("in_aadhaar", "234123412347"),
        ("ipv4", "256.1.1.1"),
        ("ip_address", "12:30:45"),
        ("mac_address", "00:1b:44:11:3a"),
    ],
)
def test_wrong_numbers_fail(entity: str, value: str) -> None:
    assert not CHECKS[entity](value)


def residents_digit(body: str) -> str:
    """ISO 7064 MOD 11-2 as GB 11643 writes it out: weights 2^(17-i) modulo 11."""
    total = sum(int(sign) * pow(2, 17 - at, 11) for at, sign in enumerate(body))
    return "10X98765432"[total % 11]


@given(
    st.sampled_from(["110101", "310104", "440305"]), st.dates(date(1900, 1, 1), date(2020, 1, 1)), st.integers(0, 999)
)
def test_resident_numbers_follow_the_standard(region: str, birth: date, order: int) -> None:
    body = f"{region}{birth:%Y%m%d}{order:03d}"
    right = residents_digit(body)
    assert numbers.is_cn_resident_id(body + right)
    assert not any(numbers.is_cn_resident_id(body + wrong) for wrong in "0123456789X" if wrong != right)


@given(st.text(max_size=40))
def test_any_text_can_be_asked(text: str) -> None:
    for check in (*CHECKS.values(), phones.is_phone_shape, phones.is_international, phones.is_chinese_mobile):
        assert check(text) in (True, False)


@pytest.mark.parametrize(
    ("value", "shape", "international", "chinese"),
    [
        ("+44 20 7946 0958", True, True, False),
        ("0044 20 7946 0958", True, True, False),
        ("13812345678", True, False, True),
        ("+86 138 1234 5678", True, True, True),
        ("(602) 272-9781 x036", True, False, False),
        ("12810000000", True, False, False),  # no mobile begins with 128
        ("1284000000123456", False, False, False),
        ("12.50", False, False, False),
    ],
)
def test_telephone_numbers(value: str, shape: bool, international: bool, chinese: bool) -> None:
    found = (phones.is_phone_shape(value), phones.is_international(value), phones.is_chinese_mobile(value))
    assert found == (shape, international, chinese)


LIBRARY = {
    "us_ssn": numbers.is_us_ssn,
    "de_tax_id": idnr.is_valid,
    "fr_insee": nir.is_valid,
    "es_dni": numbers.is_es_dni,
    "it_codice_fiscale": lambda value: len(codicefiscale.compact(value)) == 16 and codicefiscale.is_valid(value),
    "br_cpf": cpf.is_valid,
    "br_cnpj": cnpj.is_valid,
    "in_aadhaar": aadhaar.is_valid,
    "in_pan": pan.is_valid,
    "jp_my_number": my_number.is_valid,
    "kr_rrn": rrn.is_valid,
}


@given(
    st.sampled_from([value for entity, value in RIGHT if entity in LIBRARY]),
    st.lists(st.tuples(st.integers(0, 25), st.sampled_from(" -./: 0A９"))),
    st.integers(0, 25),
)
def test_what_is_refused_for_its_length_the_library_refuses_too(
    value: str, put: list[tuple[int, str]], cut: int
) -> None:
    """Published numbers with signs put between theirs, and cut short."""
    for at, sign in put:
        value = value[:at] + sign + value[at:]
    for text in (value, value[:cut], value.lower()):
        for entity, is_valid in LIBRARY.items():
            assert numbers.NATIONAL[entity](text) == is_valid(text), (entity, text)
