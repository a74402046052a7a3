"""Span agreement on cases counted by hand, and against the definition in plain Python."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.evaluation.spans import Agreement, Span, match_spans, overlap, score_spans


def test_half_of_the_union_is_a_hit_and_less_is_none():
    assert overlap(Span(0, 10, "A"), Span(0, 5, "A")) == 0.5
    assert overlap(Span(0, 10, "A"), Span(5, 15, "A")) == pytest.approx(1 / 3)
    assert overlap(Span(0, 5, "A"), Span(5, 9, "A")) == 0.0
    scores = score_spans([[Span(0, 10, "A")], [Span(0, 11, "A")]], [[Span(0, 5, "A")], [Span(0, 5, "A")]])
    assert scores.types["A"] == Agreement(hits=1, found=2, labelled=2)


def test_type_must_agree_and_counts_are_per_type():
    truth = [[Span(0, 4, "PERSON"), Span(10, 14, "GPE")], []]
    found = [[Span(0, 4, "GPE"), Span(10, 14, "GPE")], [Span(0, 3, "AGE")]]
    scores = score_spans(truth, found)
    assert scores.types == {"AGE": Agreement(0, 1, 0), "GPE": Agreement(1, 2, 1), "PERSON": Agreement(0, 0, 1)}
    assert scores.micro() == Agreement(1, 3, 2)
    assert scores.micro({"GPE", "PERSON", "ABSENT"}) == Agreement(1, 2, 2)
    assert scores.micro().f1 == pytest.approx(0.4)
    assert scores.document()["GPE"]["precision"] == 0.5


def test_nothing_found_is_zero_not_an_error():
    assert (Agreement().precision, Agreement().recall, Agreement().f1) == (0.0, 0.0, 0.0)
    assert score_spans([], []).types == {}
    assert score_spans([], []).micro() == Agreement()


def test_one_label_is_hit_once_and_by_its_best_answer():
    truth = [Span(0, 10, "A")]
    found = [Span(0, 6, "A"), Span(0, 9, "A"), Span(0, 10, "A")]
    assert match_spans(truth, found) == [(0, 2)]
    assert score_spans([truth], [found]).types["A"] == Agreement(1, 3, 1)


def test_lengths_must_agree():
    with pytest.raises(ValueError, match="zip"):
        score_spans([[]], [[], []])
    with pytest.raises(ValueError, match="share"):
        score_spans([[]], [[]], iou=0)


def side(draw):
    cuts = sorted(draw(st.sets(st.integers(0, 30), max_size=8)))
    return [Span(a, b, draw(st.sampled_from("AB"))) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]


@given(st.data())
def test_spans_that_do_not_overlap_themselves_match_by_the_definition(data):
    """With such sides a match at more than a half is unique, so that a plain double loop is the truth."""
    truth, found = side(data.draw), side(data.draw)
    expected = 0
    for one in truth:
        for other in found:
            letters, others = set(range(one.start, one.end)), set(range(other.start, other.end))
            expected += one.entity == other.entity and len(letters & others) > 0.5 * len(letters | others)
    pairs = match_spans(truth, found, iou=0.5 + 1e-9)
    assert len(pairs) == expected
    assert score_spans([truth], [found], iou=0.5 + 1e-9).micro().hits == expected
