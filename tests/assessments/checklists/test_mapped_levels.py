"""What levels answered items propose: the rules of relations, strengths, limits and medians."""

import pytest

from assessments.checklists.mapped_levels import composed, items_within_reach, mapped_level, weighted_median
from assessments.checklists.mapping_file import ItemMapping, ItemName, Mappings

TARGET, A, B, C = (ItemName(name, "d.i") for name in ("target", "a", "b", "c"))


def mappings(*entries: tuple[ItemName, str, ItemName, float]) -> Mappings:
    found: dict[ItemName, list[ItemMapping]] = {}
    for item, relation, other, strength in entries:
        entry = ItemMapping(item, other, relation, strength, {"en": "Because.", "zh": "因为。"})
        found.setdefault(item, []).append(entry)
        found.setdefault(other, []).append(entry.reversed())
    return found


@pytest.mark.parametrize(
    ("relation", "level", "strength", "at_most"),
    [("equal", 4, 0.8, False), ("part_of", 4, 0.8, False), ("overlaps", 4, 0.4, False), ("contains", 4, 0.8, True)],
)
def test_one_mapping_proposes_the_level(relation: str, level: int, strength: float, at_most: bool) -> None:
    found = mapped_level(TARGET, mappings=mappings((TARGET, relation, A, 0.8)), levels={A: 4})
    assert found is not None
    assert (found.level, found.at_most) == (level, at_most)
    assert found.strength == pytest.approx(strength)
    assert [(path.answered, path.relation, path.level) for path in found.paths] == [(A, relation, 4)]


def test_nothing_answered_or_mapped_proposes_nothing() -> None:
    assert mapped_level(TARGET, mappings=mappings((TARGET, "equal", A, 1)), levels={}) is None
    assert mapped_level(TARGET, mappings=mappings((A, "equal", B, 1)), levels={A: 3, B: 3}) is None


@pytest.mark.parametrize(("strength", "proposed"), [(0.5, True), (0.49, False)])
def test_a_weak_path_proposes_nothing(strength: float, proposed: bool) -> None:
    found = mapped_level(TARGET, mappings=mappings((TARGET, "overlaps", A, strength)), levels={A: 3})
    assert (found is not None) is proposed


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [
        ("equal", "equal", "equal"),
        ("equal", "contains", "contains"),
        ("part_of", "equal", "part_of"),
        ("part_of", "part_of", "part_of"),
        ("contains", "contains", "contains"),
        ("part_of", "contains", "overlaps"),
        ("contains", "part_of", "overlaps"),
        ("overlaps", "equal", "overlaps"),
        ("overlaps", "part_of", "overlaps"),
        ("contains", "overlaps", "overlaps"),
        ("overlaps", "overlaps", "overlaps"),
    ],
)
def test_two_relations_make_one(first: str, second: str, whole: str) -> None:
    assert composed(first, second) == whole


@pytest.mark.parametrize(
    ("first", "second", "strength"),
    [
        ("equal", "part_of", 0.72),
        ("part_of", "contains", 0.36),
        ("overlaps", "equal", 0.36),
        ("overlaps", "contains", 0.36),
    ],
)
def test_two_mappings_multiply_and_an_overlap_halves_once(first: str, second: str, strength: float) -> None:
    known = mappings((TARGET, first, A, 0.9), (A, second, B, 0.8))
    found = mapped_level(TARGET, mappings=known, levels={B: 2})
    assert found is not None
    assert found.level == 2
    assert found.strength == pytest.approx(strength)
    assert [step.other for step in found.paths[0].steps] == [A, B]


def test_two_overlaps_halve_twice_and_so_propose_nothing() -> None:
    known = mappings((TARGET, "overlaps", A, 0.9), (A, "overlaps", B, 0.9))
    assert mapped_level(TARGET, mappings=known, levels={B: 2}) is None


def test_three_mappings_are_too_many() -> None:
    known = mappings((TARGET, "equal", A, 1), (A, "equal", B, 1), (B, "equal", C, 1))
    assert mapped_level(TARGET, mappings=known, levels={C: 2}) is None
    assert items_within_reach(TARGET, known) == {A, B}


def test_a_path_ends_at_the_first_answer() -> None:
    known = mappings((TARGET, "equal", A, 0.5), (A, "equal", B, 1))
    found = mapped_level(TARGET, mappings=known, levels={A: 2, B: 5})
    assert found is not None
    assert (found.level, [path.answered for path in found.paths]) == (2, [A])


def test_a_path_never_returns_to_the_framework_of_the_item() -> None:
    sibling = ItemName("target", "d.other")
    known = mappings((TARGET, "equal", A, 1), (sibling, "equal", A, 1))
    assert mapped_level(TARGET, mappings=known, levels={sibling: 4, TARGET: 4}) is None
    assert items_within_reach(TARGET, known) == {A}


def test_several_levels_are_joined_by_the_weighted_median() -> None:
    known = mappings((TARGET, "equal", A, 0.9), (TARGET, "part_of", B, 0.3), (TARGET, "part_of", C, 0.3))
    found = mapped_level(TARGET, mappings=known, levels={A: 4, B: 1, C: 2})
    assert found is not None
    assert (found.level, found.at_most, len(found.paths)) == (4, False, 3)
    assert [path.answered for path in found.paths] == [A, B, C]


def test_the_lowest_part_limits_what_others_propose() -> None:
    known = mappings((TARGET, "equal", A, 0.9), (TARGET, "contains", B, 0.6), (TARGET, "contains", C, 0.6))
    found = mapped_level(TARGET, mappings=known, levels={A: 4, B: 2, C: 3})
    assert found is not None
    assert (found.level, found.at_most) == (2, False)
    found = mapped_level(TARGET, mappings=known, levels={A: 1, B: 2, C: 3})
    assert found is not None
    assert (found.level, found.at_most) == (1, False)


def test_parts_alone_say_at_most() -> None:
    known = mappings((TARGET, "contains", A, 0.6), (TARGET, "contains", B, 0.6))
    found = mapped_level(TARGET, mappings=known, levels={A: 5, B: 3})
    assert found is not None
    assert (found.level, found.at_most) == (3, True)


def test_an_answer_reached_twice_counts_once_with_its_strongest_path() -> None:
    known = mappings(
        (TARGET, "equal", A, 0.5), (TARGET, "equal", B, 0.6), (A, "equal", C, 1), (B, "equal", C, 1),
        (TARGET, "equal", ItemName("d", "d.i"), 0.7),
    )  # fmt: skip
    found = mapped_level(TARGET, mappings=known, levels={C: 1, ItemName("d", "d.i"): 4})
    assert found is not None
    assert (found.level, [path.strength for path in found.paths]) == (4, [0.7, 0.6, 0.5])


@pytest.mark.parametrize(
    ("weighted", "median"),
    [([(3, 0.2)], 3), ([(2, 0.5), (4, 0.5)], 2), ([(4, 0.5), (2, 0.4)], 4), ([(1, 0.1), (3, 0.1), (5, 0.1)], 3)],
)
def test_the_lower_weighted_median(weighted: list[tuple[int, float]], median: int) -> None:
    assert weighted_median(weighted) == median
