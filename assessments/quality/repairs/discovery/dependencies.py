"""Which columns follow from which, in a table with errors: approximate functional dependencies. Pure.

A dependency is judged by how often two rows that agree in the determinant agree in the dependent column, beyond what
chance gives (Goodman and Kruskal's tau 1954, as for dependencies by Piatetsky-Shapiro and Matheus 1993), and by its
groups: where it holds, nearly every group has a clear majority, and what deviates is rare in each of them.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from assessments.quality.repairs.discovery.grouping import Codes, grouped, key_of, said

LEAST_TAU = 0.4
# Two columns must explain much more than each alone, or they are found by trying many of them.
LEAST_TAU_OF_TWO, MORE_THAN_ONE, LEAST_AGREEMENT = 0.8, 0.15, 0.9
CLEAR = 0.7  # the share of a group's rows that its majority has at least
LEAST_GROUP = 3  # of a smaller group nobody can say which value is wrong
UNCLEAR_ROWS = 0.02  # the share of rows that may be in groups without a clear majority
COVERED = 0.5  # the share of rows that must be in groups of more than one row
# Above this share of exceptions the values are others of the group, not errors.
OF_OWN = 0.5
USUAL = 5  # so many times more right values have as few rows as the wrong ones, where being rare is no sign of an error
COMPARED, EXPLAINED, LEAST_SYSTEMATIC = 0.9, 0.3, 5
BETTER = 0.6  # two columns are named instead of one when they leave at most this share of the exceptions
# One or two exceptions from what was found by trying many pairs may be what disproves it.
LEAST_EXCEPTIONS = 3
# A few kinds of household go with a few numbers of children, and that is no dependency; six suppliers with six phones
# are one.
LEAST_GROUPS = 7
MOST_COLUMNS, MOST_FOR_PAIRS, ROWS_FOR_PAIRS = 40, 16, 20_000


@dataclass(frozen=True)
class Dependency:
    """``rows`` are compared: those of groups of at least two rows. ``exceptions`` of them deviate from the majority of
    their group where it is clear: more than half of it, and at least two rows. ``exact``: no rows of a group differ."""

    determinants: tuple[str, ...]
    dependent: str
    tau: float
    rows: int
    exceptions: int
    exact: bool = False

    @property
    def agreement(self) -> float:
        return 1.0 - self.exceptions / self.rows if self.rows else 0.0


def dependencies(
    codes: Mapping[str, Codes], *, deciding: Collection[str] | None = None, most_for_each: int = 3
) -> list[Dependency]:
    """The dependencies with exceptions among columns given as codes (−1: missing); the best of each column first.

    For each dependent column at most ``most_for_each``, ordered by how much they explain. ``deciding`` are the columns
    that may decide others, all when left out. What decides its code without exception is not decided by it: two
    things may have one name.
    """
    names = [name for name, values in codes.items() if _can_take_part(values)][:MOST_COLUMNS]
    able = [name for name in names if deciding is None or name in deciding]
    ones = {(one, two): judged((one,), two, codes) for one in able for two in names if one != two}
    exact = {pair for pair, each in ones.items() if each is not None and each.exact}
    found: list[Dependency] = []
    for dependent in names:
        kept = [each for (_by, name), each in ones.items() if name == dependent and each is not None]
        kept = [_with_a_second(each, able, codes) if each.exceptions else each for each in kept]
        kept = [each for each in kept if len(each.determinants) > 1 or (dependent, each.determinants[0]) not in exact]
        # Asked last: the second values of a group are what a second determinant explains.
        kept = [each for each in kept if not _has_others(each, codes)]
        if not kept:
            kept = _of_two(dependent, able, codes)
        best = {each.determinants: each for each in kept}
        ordered = sorted(best.values(), key=lambda each: (-round(each.agreement, 4), -each.rows, each.determinants))
        # Columns that decide by themselves are asked together; of pairs the best one is enough.
        alone = [each for each in ordered if len(each.determinants) == 1]
        found += alone[:most_for_each] or ordered[:1]
    return in_order([each for each in found if each.exceptions], codes)


def in_order(found: Sequence[Dependency], codes: Mapping[str, Codes]) -> list[Dependency]:
    """What decides others first, so that they are decided by what is right.

    Of a circle the column of most values comes first, and of equals the one with more gaps.
    """

    def dirt(name: str) -> tuple[int, int, str]:
        return -int(codes[name].max()), -int((codes[name] < 0).sum()), name

    left = sorted({each.dependent for each in found}, key=dirt)
    ordered: list[Dependency] = []
    while left:
        waits = {
            name: any(by in left for each in found if each.dependent == name for by in each.determinants)
            for name in left
        }
        chosen = next((name for name in left if not waits[name]), left[0])
        ordered += [each for each in found if each.dependent == chosen]
        left.remove(chosen)
    return ordered


def _can_take_part(values: Codes) -> bool:
    """A column with one value says nothing, and one of nearly all different values is said by everything."""
    present = values[values >= 0]
    if len(present) < LEAST_GROUP:
        return False
    different = len(np.unique(present))
    return 1 < different <= COVERED * len(present)


def judged(determinants: tuple[str, ...], dependent: str, codes: Mapping[str, Codes]) -> Dependency | None:
    """The dependency; None when it does not hold well enough to be one."""
    found = grouped(key_of([codes[name] for name in determinants]), codes[dependent])
    if found is None or found.rows < COVERED * found.both:
        return None
    if len(found.size) < LEAST_GROUPS * len(determinants) and found.different < len(found.size):
        return None
    unclear = found.size[(found.size >= LEAST_GROUP) & (found.most < CLEAR * found.size)].sum()
    least = LEAST_TAU if len(determinants) == 1 else LEAST_TAU_OF_TWO
    if found.tau < least or unclear > UNCLEAR_ROWS * found.rows:
        return None
    exact = bool((found.most == found.size).all())
    return Dependency(determinants, dependent, found.tau, found.rows, found.exceptions, exact)


def _has_others(one: Dependency, codes: Mapping[str, Codes]) -> bool:
    """Whether most exceptions are other values of their group, not errors: two codes of one town.

    Such a value stands in one group and nowhere else: in several rows, or in as few as many right values do. Where
    codes of one row are usual, one of them beside another of the same name is no sign of an error.
    """
    key, values = key_of([codes[name] for name in one.determinants]), codes[one.dependent]
    majority = said(key, values)
    deviating = (majority >= 0) & (values >= 0) & (majority != values)
    rows = np.bincount(values[values >= 0])
    right = np.sort(rows[np.unique(values[(values >= 0) & ~deviating])])
    held, n = np.unique(values[deviating], return_counts=True)
    usual = np.searchsorted(right, n, side="right") > USUAL * np.searchsorted(np.sort(n), n, side="right")
    others = held[(n == rows[held]) & (usual | (n >= LEAST_GROUP))]
    chosen = deviating & np.isin(values, others)
    groups = np.unique(np.stack([values[chosen], key[chosen]]), axis=1)[0]
    of_one = np.flatnonzero(np.bincount(groups) == 1) if len(groups) else groups
    return int(np.isin(values[chosen], of_one).sum()) > OF_OWN * one.exceptions


def _with_a_second(one: Dependency, names: Sequence[str], codes: Mapping[str, Codes]) -> Dependency:
    """The same dependency with a second determinant, when much fewer rows deviate then: state and measure, say."""
    best = one
    key, values = key_of([codes[name] for name in one.determinants]), codes[one.dependent]
    majority = said(key, values)
    deviating = (majority >= 0) & (values >= 0) & (majority != values)
    for name in names:
        if name in (*one.determinants, one.dependent):
            continue
        two = judged((*one.determinants, name), one.dependent, codes)
        if two is None or two.rows < COMPARED * one.rows or two.exceptions > BETTER * one.exceptions:
            continue
        # Rows that no other row can be compared with any more are not explained by it.
        explained = max(_explained(one, two, codes), _systematic(deviating, codes[name]))
        if explained < max(EXPLAINED * one.exceptions, LEAST_EXCEPTIONS):
            continue
        if two.exceptions < best.exceptions and not _has_others(two, codes):
            best = two
    return best


def _explained(one: Dependency, two: Dependency, codes: Mapping[str, Codes]) -> int:
    """The rows that deviate by the first dependency, and by the second agree with the majority of their group."""
    values = codes[one.dependent]
    first = said(key_of([codes[name] for name in one.determinants]), values)
    second = said(key_of([codes[name] for name in two.determinants]), values)
    return int(((first >= 0) & (values >= 0) & (first != values) & (second == values)).sum())


def _systematic(deviating: NDArray[np.bool_], column: Codes) -> int:
    """The deviating rows that are most rows of one value of the column: errors are scattered, rules are not."""
    there = column >= 0
    rows = np.bincount(column[there])
    wrong = np.bincount(column[there], deviating[there].astype(float), minlength=len(rows))
    return int(wrong[(rows >= LEAST_SYSTEMATIC) & (wrong > rows / 2)].sum())


def _of_two(dependent: str, names: Sequence[str], codes: Mapping[str, Codes]) -> list[Dependency]:
    """Dependencies on two columns of which neither decides alone, screened on the first rows."""
    few = {name: codes[name][:ROWS_FOR_PAIRS] for name in {*names, dependent}}
    alone = {}
    for name in names:
        found = grouped(few[name], few[dependent]) if name != dependent else None
        if found is not None and 2 * len(found.size) <= found.rows:
            alone[name] = found.tau
    best = sorted(alone, key=lambda name: -alone[name])[:MOST_FOR_PAIRS]
    kept = []
    for pair in combinations(best, 2):
        found = grouped(key_of([few[name] for name in pair]), few[dependent])
        together = max(alone[name] for name in pair) + MORE_THAN_ONE
        if found is None or found.tau < max(LEAST_TAU_OF_TWO, together) or found.rows < 3 * len(found.size):
            continue
        whole = judged(pair, dependent, codes)
        if whole is None or whole.agreement < LEAST_AGREEMENT or whole.exceptions < LEAST_EXCEPTIONS:
            continue
        if not _has_others(whole, codes):
            kept.append(whole)
    return kept
