"""How numbers, times and icons are written."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone, translation

from assessments.common.templatetags import govern


def test_what_is_not_known_is_not_zero() -> None:
    assert govern.one(None) == govern.share(None) == govern.whole(None) == govern.level_name(None) == "not known"
    assert govern.one(0) == "0.0"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0.0 %"),
        (1.0, "100.0 %"),
        (0.5, "50.0 %"),
        (0.0001, "under 0.1 %"),
        (0.9999, "over 99.9 %"),
        (0.12345, "12.3 %"),
    ],
)
def test_a_share_is_never_rounded_to_all_or_nothing(value: float, text: str) -> None:
    assert govern.share(value) == text


@pytest.mark.parametrize(("value", "text"), [(2.14, "+2.1"), (-0.4, "−0.4"), (0.04, "±0.0"), (-0.04, "±0.0")])
def test_a_change_has_a_sign(value: float, text: str) -> None:
    assert govern.signed(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.01, "under 0.1 s"), (0.44, "0.4 s"), (42, "42 s"), (200, "3 min 20 s"), (7500, "2 h 5 min")],
)
def test_durations_are_said_as_people_say_them(seconds: float, text: str) -> None:
    assert govern.duration(seconds) == text


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0 B"), (1536, "1.5 KiB"), (5 * 2**20, "5.0 MiB"), (3 * 2**40, "3.0 TiB")]
)
def test_sizes_have_binary_units(size: int, text: str) -> None:
    assert govern.bytes_short(size) == text


def test_counts_are_grouped() -> None:
    assert govern.whole(1234567) == "1,234,567"


def test_a_time_is_absolute_with_the_relative_one_in_its_tooltip() -> None:
    with timezone.override("UTC"):
        text = govern.when(datetime(2026, 1, 2, 3, 4, tzinfo=UTC))
    assert ">2026-01-02 03:04</time>" in text
    assert 'title="' in text


def test_levels_have_words() -> None:
    assert [govern.level_name(n) for n in range(1, 6)] == [
        "initial",
        "managed",
        "robust",
        "quantitatively managed",
        "optimising",
    ]


def test_a_sparkline_needs_two_known_values_and_leaves_out_the_unknown() -> None:
    assert govern.sparkline([0.5]) == ""
    assert govern.sparkline([0.5, None]) == ""
    drawn = govern.sparkline([0.5, None, 1.0], "<label>")
    assert 'points="2.0,18.0 78.0,2.0"' in drawn
    assert "&lt;label&gt;" in drawn


def test_numbers_do_not_depend_on_the_language() -> None:
    with translation.override("zh-hans"):
        assert govern.one(62.44) == "62.4"


@pytest.mark.parametrize(
    ("value", "shown"), [(67.8725, "67.9"), (72.6808, "72.7"), (0.04, "0.0"), (1234.56, "1,234.6"), (None, "not known")]
)
def test_one_decimal_is_rounded_and_not_cut(value: float | None, shown: str) -> None:
    assert govern.one(value) == shown


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_thousands_are_grouped_by_three_in_both_languages(language: str) -> None:
    with translation.override(language):
        assert govern.whole(13222) == "13,222"
        assert govern.one(1234.56) == "1,234.6"
