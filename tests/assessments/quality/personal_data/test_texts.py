"""Personal data in texts: what is found where, what is left alone, and that no text takes long."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.quality.personal_data.span import Span, apart
from assessments.quality.personal_data.texts import LEAST, find_all, find_spans
from assessments.quality.personal_data.vocabulary import words


def found(text: str) -> list[tuple[str, str]]:
    return [(span.entity, text[span.start : span.end]) for span in find_spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Write to jo.o'neil+shop@mail.example.org.", [("email", "jo.o'neil+shop@mail.example.org")]),
        ("Call me on 020 7946 0958 after six", [("phone", "020 7946 0958")]),
        ("ring +49 151 23456789 or not", [("phone", "+49 151 23456789")]),
        ("我的手机是13812345678，谢谢", [("phone", "13812345678")]),
        ("身份证号11010519491231002X请核对", [("cn_resident_id", "11010519491231002X")]),
        ("card 4111-1111-1111-1111 was charged", [("payment_card", "4111-1111-1111-1111")]),
        ("pay to GB82 WEST 1234 5698 7654 32 today", [("iban", "GB82 WEST 1234 5698 7654 32")]),
        ("SSN 536-90-4399", [("us_ssn", "536-90-4399")]),
        ("login from 203.0.113.9", [("ip_address", "203.0.113.9")]),
        ("device 00:1b:44:11:3a:b7 joined", [("mac_address", "00:1b:44:11:3a:b7")]),
        ("寄到上海市徐汇区中山路88号302室", [("postal_address", "寄到上海市徐汇区中山路88号302室")]),
        ("She is 34 years old", [("age", "34")]),
        ("收货人：王小明", [("person_name", "王小明")]),
        ("born on 1984-05-06 in Leeds", [("birth_date", "1984-05-06")]),
        ("passport E12345678 expired", [("passport", "E12345678")]),
        ("see https://shop.example/a?b=1 for more", [("url", "https://shop.example/a?b=1")]),
    ],
)
def test_what_is_found(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "updated to version 1.2.3.4 yesterday",
        "order 4111111111111111 has shipped",
        "tracking number 4532015112830366",
        "event at 1700000000",
        "EAN 4006381333931",
        "part 123456789012",
        "between 2010-2015 we sold 100 000 pieces",
        "price 1.234.567,00",
        "a lovely cup of tea",
        "订单 13812345678901",
        "ISBN 9783161484100",
        "size 10 12 14 16",
    ],
)
def test_what_is_left_alone(text: str) -> None:
    assert [span for span in found(text) if span[0] not in {"date", "url"}] == []


def test_overlaps_leave_the_surer_then_the_longer() -> None:
    spans = [
        Span(0, 9, "phone", 0.6),
        Span(0, 19, "payment_card", 0.9),
        Span(25, 30, "age", 0.8),
        Span(24, 30, "date", 0.8),
    ]
    assert apart(spans) == [Span(0, 19, "payment_card", 0.9), Span(24, 30, "date", 0.8)]


def test_words_of_things_that_are_sold_do_not_speak_for_a_number() -> None:
    name = "Office phone 0204 555 0123, memory card 4111111111111111"
    assert [span.entity for span in find_all([name])[0] if span.score >= 0.8] == ["phone", "payment_card"]
    assert [span for span in find_all([name], context=False)[0] if span.score >= 0.8] == []


def test_a_tagger_adds_what_has_no_pattern() -> None:
    text = "Ottoline lives here, call 020 7946 0958"
    spans = find_all([text], lambda texts: [[Span(0, 8, "person_name", 0.9), Span(26, 30, "age", 0.5)]])[0]
    assert [(span.entity, text[span.start : span.end]) for span in spans] == [
        ("person_name", "Ottoline"),
        ("phone", "020 7946 0958"),
    ]


@given(st.text(max_size=300))
def test_spans_of_any_text_lie_apart_inside_it(text: str) -> None:
    end = 0
    for span in find_spans(text):
        assert end <= span.start < span.end <= len(text)
        assert LEAST <= span.score <= 1
        end = span.end


@pytest.mark.parametrize("piece", ["1", "1 ", "1-", "a@", "a.", "(", "1:", "aB ", "GB82 ", "0.", "中", "12 Aa "])
def test_no_text_takes_long(piece: str) -> None:
    started = time.perf_counter()
    find_spans(piece * 20_000)
    assert time.perf_counter() - started < 2


def test_every_word_belongs_to_a_known_type() -> None:
    from assessments.quality.personal_data.catalogue import entities

    assert set(words()) <= set(entities())
