"""What changed between two versions of a framework, on small documents with known differences."""

import copy
from typing import Any

import pytest

from assessments.checklists.framework_difference import Change, ItemDifference, framework_difference, item_parts_changed


def item(identifier: str, **change: Any) -> dict[str, Any]:
    levels = [{"en": f"{identifier} {n}", "zh": f"{identifier} 级 {n}"} for n in range(1, 6)]
    return {
        "id": identifier,
        "name": {"en": f"Name of {identifier}", "zh": f"{identifier} 名"},
        "question": {"en": f"Is {identifier} so?", "zh": f"{identifier} 是吗？"},
        "levels": levels,
    } | change


def document(**domains: list[dict[str, Any]]) -> dict[str, Any]:
    return {"domains": [{"id": name, "items": items} for name, items in domains.items()]}


def changes(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, str | None, str | None]]:
    return [(d.change.value, d.old_key, d.new_key) for d in framework_difference(old, new)]


def test_the_same_document_has_no_change_and_neither_have_reasons_or_spaces() -> None:
    old = document(a=[item("x"), item("y")])
    new = copy.deepcopy(old)
    first = new["domains"][0]["items"][0]
    first |= {"why": {"en": "Because.", "zh": "因为。"}, "evidence": [{"en": "E", "zh": "证"}], "reference": "art. 1"}
    first["question"]["en"] = "Is  x\nso?"
    assert framework_difference(old, new) == [
        ItemDifference(Change.UNCHANGED, "a.x", "a.x"),
        ItemDifference(Change.UNCHANGED, "a.y", "a.y"),
    ]


@pytest.mark.parametrize(
    ("place", "part"),
    [
        (("name", "en"), "name"),
        (("question", "zh"), "question"),
        (("levels", 0, "en"), "level 1"),
        (("levels", 4, "zh"), "level 5"),
    ],
)
def test_a_change_in_either_language_names_its_part(place: tuple[Any, ...], part: str) -> None:
    old, new = item("x"), item("x")
    holder: Any = new
    for step in place[:-1]:
        holder = holder[step]
    holder[place[-1]] = "Another text 另一段"
    assert item_parts_changed(old, new) == (part,)
    assert framework_difference(document(a=[old]), document(a=[new])) == [
        ItemDifference(Change.CHANGED, "a.x", "a.x", (part,))
    ]


def test_several_parts_are_named_in_their_order() -> None:
    new = item("x", name={"en": "Other", "zh": "别"}, question={"en": "Other?", "zh": "别？"})
    new["levels"][2] = {"en": "Third", "zh": "三"}
    assert item_parts_changed(item("x"), new) == ("name", "question", "level 3")


def test_added_and_removed_items() -> None:
    old, new = document(a=[item("x"), item("y")]), document(a=[item("z"), item("x")])
    assert changes(old, new) == [
        ("added", None, "a.z"),
        ("unchanged", "a.x", "a.x"),
        ("removed", "a.y", None),
    ]


def test_an_item_that_asks_the_same_elsewhere_has_moved() -> None:
    moved = item("x")
    renamed = item("y") | {"id": "other"}
    old, new = document(a=[item("x"), item("y")], b=[item("z")]), document(b=[item("z"), moved, renamed])
    found = framework_difference(old, new)
    assert [(d.change.value, d.old_key, d.new_key, d.moved) for d in found] == [
        ("unchanged", "b.z", "b.z", False),
        ("moved", "a.x", "b.x", True),
        ("moved", "a.y", "b.other", True),
    ]


def test_an_item_that_moved_and_reads_differently_is_changed_and_knows_where_it_was() -> None:
    moved = item("x", question={"en": "Is it really so?", "zh": "真的吗？"})
    assert framework_difference(document(a=[item("x")]), document(b=[moved])) == [
        ItemDifference(Change.CHANGED, "a.x", "b.x", ("question",))
    ]


def test_the_question_alone_is_enough_for_the_same_identifier_elsewhere() -> None:
    renamed = item("x", name={"en": "Renamed", "zh": "改名"})
    renamed["levels"][4] = {"en": "Higher", "zh": "更高"}
    assert framework_difference(document(a=[item("x")]), document(b=[renamed])) == [
        ItemDifference(Change.CHANGED, "a.x", "b.x", ("name", "level 5"))
    ]


def test_the_same_identifier_alone_is_no_move() -> None:
    """Domains share words such as “requirements”: one that is gone and one that is new need not be the same."""
    other = item("x", name={"en": "Else", "zh": "别"}, question={"en": "Something else?", "zh": "别的？"})
    assert changes(document(a=[item("x")]), document(b=[other])) == [("added", None, "b.x"), ("removed", "a.x", None)]


def test_of_two_that_ask_the_same_each_is_taken_once() -> None:
    twin = item("x") | {"id": "twin"}
    assert changes(document(a=[item("x")]), document(b=[item("x"), twin])) == [
        ("moved", "a.x", "b.x"),
        ("added", None, "b.twin"),
    ]


def test_swapped_identifiers_are_changes_and_never_moves() -> None:
    """The key is what answers and scoring models name: an item keeps it even when it asks something else now."""
    x, y = item("x"), item("y")
    assert changes(document(a=[x, y]), document(a=[x | {"id": "y"}, y | {"id": "x"}])) == [
        ("changed", "a.y", "a.y"),
        ("changed", "a.x", "a.x"),
    ]
