"""Mappings of items: what is read, and that every contradiction is refused with its line."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from assessments.checklists.framework_file import framework_read
from assessments.checklists.mapping_file import ItemName, mappings_read, shipped_mappings, shipped_paths
from assessments.checklists.services import SHIPPED, framework_load, mappings_check
from assessments.common.errors import GovernError

ITEMS = {"one": {"a.x", "a.y"}, "two": {"b.x", "b.y"}, "three": {"c.x"}}
BECAUSE = "because: {en: For a reason, zh: 有原因}"
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a file of mappings between two frameworks, one line each: ``a.x part_of b.x 0.5``."""

    def written(pair: str, *lines: str) -> Path:
        first, second = pair.split()
        text = [f"frameworks: {{from: {first}, to: {second}}}", "mappings:"]
        for line in lines:
            item, relation, other, strength = line.split()
            text.append(f"  - {{from: {item}, to: {other}, relation: {relation}, strength: {strength}, {BECAUSE}}}")
        path = tmp_path / f"{first}--{second}.yaml"
        path.write_text("\n".join(text) + "\n", encoding="utf-8")
        return path

    return written


def refused(*paths: Path) -> GovernError:
    with pytest.raises(GovernError) as caught:
        mappings_read(paths, items=ITEMS)
    return caught.value


def test_a_mapping_is_found_from_both_sides(write: Write) -> None:
    found = mappings_read([write("one two", "a.x part_of b.x 0.5", "a.y equal b.y 1")], items=ITEMS)
    (there,), (back,) = found[ItemName("one", "a.x")], found[ItemName("two", "b.x")]
    assert (there.other, there.relation, there.strength) == (ItemName("two", "b.x"), "part_of", 0.5)
    assert (back.other, back.relation, back.strength) == (ItemName("one", "a.x"), "contains", 0.5)
    assert there.where == back.where == "one--two.yaml:3"
    assert dict(there.because) == {"en": "For a reason", "zh": "有原因"}
    assert [each.relation for each in found[ItemName("two", "b.y")]] == ["equal"]


@pytest.mark.parametrize(
    ("pair", "line", "where", "message"),
    [
        ("one four", "a.x equal b.x 1", 1, "There is no framework “four”."),
        ("one two", "a.z equal b.x 1", 3, "The framework “one” has no item “a.z”."),
        ("one two", "a.x equal b.z 1", 3, "The framework “two” has no item “b.z”."),
        ("one one", "a.x equal a.x 1", 1, "An item is not mapped to itself, nor to another of its own framework."),
        ("one two", "a.x equal b.x 1.5", 3, "A strength is above 0 and at most 1; here is 1.5."),
        ("one two", "a.x equal b.x 0", 3, "A strength is above 0 and at most 1; here is 0."),
        ("one two", "a.x equal b.x .nan", 3, "A strength is above 0 and at most 1; here is nan."),
        ("one two", "a.x like b.x 1", 3, "This does not follow the schema: 'like' is not one of"),
    ],
)
def test_a_wrong_line_is_named(pair: str, line: str, where: int, message: str, write: Write) -> None:
    path = write(pair, line)
    error = refused(path)
    assert (error.message[: len(message)], error.where) == (message, f"{path.name}:{where}")


def test_a_missing_language_is_named(write: Write) -> None:
    path = write("one two", "a.x equal b.x 1")
    path.write_text(path.read_text(encoding="utf-8").replace(", zh: 有原因", ""), encoding="utf-8")
    error = refused(path)
    assert (error.message, error.where) == ("The text in this language is missing: zh.", "one--two.yaml:3")


def test_a_pair_stands_once(write: Write) -> None:
    error = refused(write("one two", "a.x overlaps b.x 1", "a.x overlaps b.x 0.5"))
    assert error.message == "“one a.x” and “two b.x” are mapped already, at one--two.yaml:3."
    assert error.where == "one--two.yaml:4"


def test_the_reverse_of_a_pair_in_another_file_is_the_pair_again(write: Write) -> None:
    error = refused(write("one two", "a.x part_of b.x 1"), write("two one", "b.x contains a.x 1"))
    assert error.message == "“two b.x” and “one a.x” are mapped already, at one--two.yaml:3."
    assert error.where == "two--one.yaml:3"


@pytest.mark.parametrize("relation", ["equal", "part_of", "overlaps"])
def test_a_reverse_that_contradicts_is_refused(relation: str, write: Write) -> None:
    error = refused(write("one two", "a.x part_of b.x 1"), write("two one", f"b.x {relation} a.x 1"))
    assert error.message == "“two b.x” and “one a.x” are related otherwise at one--two.yaml:3."
    assert error.where == "two--one.yaml:3"


@pytest.mark.parametrize(
    ("first", "second", "third"),
    [
        ("a.x part_of b.x 1", "b.x part_of c.x 1", "c.x part_of a.x 1"),
        ("a.x part_of b.x 1", "b.x part_of c.x 1", "c.x equal a.x 1"),
        ("b.x equal", "b.x part_of c.x 1", "c.x part_of a.x 1"),
        ("a.x contains b.x 1", "b.x contains c.x 1", "c.x contains a.x 1"),
    ],
)
def test_nothing_is_a_part_of_itself(first: str, second: str, third: str, write: Write) -> None:
    first = "a.x equal b.x 1" if first == "b.x equal" else first
    paths = [write("one two", first), write("two three", second), write("three one", third)]
    error = refused(*paths)
    assert re.fullmatch(r"With this line “\w+ \w\.x” is a part of itself\.", error.message)
    assert error.where == "three--one.yaml:3"


def test_parts_of_parts_and_overlaps_in_a_circle_are_no_contradiction(write: Write) -> None:
    paths = [write("one two", "a.x part_of b.x 1"), write("two three", "b.x part_of c.x 1")]
    assert len(mappings_read([*paths, write("three one", "c.x overlaps a.x 1")], items=ITEMS)) == 3


def test_every_shipped_mapping_names_items_that_there_are() -> None:
    items = {}
    for path in SHIPPED:
        document, _digest = framework_read(path)
        items[document["id"]] = {f"{d['id']}.{i['id']}" for d in document["domains"] for i in d["items"]}
    found = mappings_read(shipped_paths(), items=items)
    entries = [each for name in found for each in found[name]]
    assert len(entries) == 2 * 62
    assert len({each.because["en"] for each in entries}) == len({each.because["zh"] for each in entries}) == 62
    for each in entries:
        assert each.because["en"].endswith(".")
        assert each.because["zh"].endswith("。")
        assert not re.search(r"[,;?!](?=[一-鿿])|(?<=[一-鿿])[,;:?!.]", each.because["zh"]), each.because["zh"]
    assert {tuple(sorted((each.item.framework, each.other.framework))) for each in entries} == {
        ("data-quality-25012", "dcmm-2018"),
        ("dcmm-2018", "fair-data"),
        ("dcmm-2018", "recommender-law"),
        ("recommender-law", "trustworthy-recommender"),
        ("data-quality-25012", "fair-data"),
    }
    assert shipped_mappings() == found


@pytest.mark.django_db
def test_loading_looks_the_names_up(write: Write) -> None:
    with pytest.raises(GovernError, match="There is no framework “data-quality-25012”"):
        mappings_check()
    for path in SHIPPED:
        framework_load(path)
    assert mappings_check() == 62
    assert mappings_check([write("dcmm-2018 fair-data", "quality.checks overlaps findable.rda-f1-01m 0.5")]) == 1
