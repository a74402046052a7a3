"""The check for near duplicates: what is counted, and what is shown."""

import pytest

from assessments.quality.checks import check_named
from assessments.quality.checks.near_duplicates import SIMILARITIES
from assessments.quality.near_duplicates import SIMILARITIES as KNOWN
from tests.assessments.quality.near_duplicates.planted import planted
from tests.assessments.quality.tables.measuring import counts, outcome_of

TITLES = {"title": ["Red tea pot", "Blue jug", "red teapot!", None, "Tea pot, red", "Red tea pot", " ", "Blue mug 3"]}


def test_surplus_and_members_of_clusters() -> None:
    """Rows 1, 3, 5 and 6 are one thing: 1 and 6 letter by letter."""
    outcome = outcome_of(TITLES, "near_duplicates", ("title",))
    assert counts(outcome) == (6, 3)
    assert outcome.detail["clusters"] == 1
    assert outcome.detail["largest_cluster_rows"] == 4
    assert (outcome.detail["surplus_of_equal_texts"], outcome.detail["surplus_of_near_duplicates"]) == (1, 2)
    assert [(row["row"], row["same_as"]) for row in outcome.sample] == [(3, 1), (5, 1)]
    assert "Approximate" in outcome.meaning
    assert counts(outcome_of(TITLES, "near_duplicates", ("title",), {"count": "members"})) == (6, 4)


def test_equal_texts_may_count_as_one() -> None:
    outcome = outcome_of(TITLES, "near_duplicates", ("title",), {"equal": "one"})
    assert counts(outcome) == (5, 2)
    assert "Different texts" in outcome.meaning
    assert counts(outcome_of(TITLES, "near_duplicates", ("title",), {"equal": "one", "count": "members"})) == (5, 3)


def test_several_columns_are_read_as_one_text() -> None:
    columns = {"brand": ["Acme", "acme", None], "title": ["kettle 2 l", "kettle, 2 L", "kettle 2 l"], "size": [2, 2, 9]}
    outcome = outcome_of(columns, "near_duplicates", ("brand", "title", "size"))
    assert counts(outcome) == (3, 1)


def test_personal_texts_are_masked() -> None:
    columns = {"name": ["Ada Lovelace", "Ada Lovelac"]}
    outcome = outcome_of(columns, "near_duplicates", ("name",), masked=["name"])
    assert outcome.sample[0]["values"] == {"name": "A" + "•" * 10}


@pytest.mark.parametrize(("name", "value"), [("threshold", 0), ("threshold", 1.5), ("block", 1), ("similarity", "x")])
def test_wrong_parameters_are_refused(name: str, value: object) -> None:
    assert f"“{name}”" in outcome_of(TITLES, "near_duplicates", ("title",), {name: value}).error


def test_planted_records_are_counted_within_what_the_meaning_says() -> None:
    titles, products = planted(1_500)
    outcome = outcome_of({"title": titles}, "near_duplicates", ("title",), {"threshold": 0.85})
    surplus = len(titles) - len(set(products))
    assert 0.97 * surplus <= outcome.rows_failing <= surplus


def test_the_check_is_marked_as_approximate_and_knows_the_similarities() -> None:
    assert check_named("near_duplicates").approximate
    assert SIMILARITIES == KNOWN


def test_no_texts_at_all() -> None:
    assert "Nothing was checked" in outcome_of({"title": [None, ""]}, "near_duplicates", ("title",)).error
