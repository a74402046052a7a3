"""What ml says is recognised, so that a Chinese reader does not meet English."""

import pytest
from django.utils import translation

from assessments.common.errors import GovernError
from assessments.recommenders.ml_adapter import check_model, check_split
from assessments.recommenders.ml_words import in_words, told


@pytest.mark.parametrize(
    "text",
    [
        "Reading the interactions",
        "Reading the history, period 3 of 14",
        "Epoch 12: validation AUC 0.8500",
        "Evaluating the baseline recent_popular",
        "12328 of 13222 rows are interactions.",
        "Train: 11318 events of 1760 users and 652 items.",
        "Training on CPU (1 thread).",
    ],
)
def test_progress_is_told_in_chinese(text: str) -> None:
    with translation.override("zh-hans"):
        assert in_words(text) != text
    with translation.override("en"):
        assert in_words(text) == text


def refusals() -> list[GovernError]:
    """What ml itself says to wrong options and splits."""
    wrong = []
    for name, options in (
        ("eas", {}),
        ("ease", {"l": 3}),
        ("popular", {"l2": 3}),
        ("ease", {"l2": -1}),
        ("ease", {"binary": "x"}),
    ):
        with pytest.raises(GovernError) as caught:
            check_model(name, options)
        wrong.append(caught.value)
    with pytest.raises(GovernError) as caught:
        check_split("tomorrow")
    return [*wrong, caught.value]


def test_refusals_of_ml_are_told_in_chinese() -> None:
    with translation.override("en"):
        english = refusals()
    with translation.override("zh-hans"):
        chinese = refusals()
    for before, after in zip(english, chinese, strict=True):
        assert after.message != before.message
        assert after.hint != before.hint


def test_a_failure_and_its_hint_are_told_together() -> None:
    text = "EASE was allowed 10 items; train has 20. Leave out rare items, or choose another model."
    with translation.override("en"):
        assert told(text) == text
    with translation.override("zh-hans"):
        assert told(text) == in_words(text[:40]) + in_words(text[41:])
        assert told("cut off by the time budget") != "cut off by the time budget"
    assert told("Something. Unknown.") == "Something. Unknown."
