"""Keys of the best items against a plain sort, and the bound that decides what is looked at."""

import numpy as np
import pytest

from ml.kernels.lists import FOLD, best_keys
from ml.kernels.lists import _bound as bound_of  # the halving has its own promises

NOTHING = np.uint64(2**64 - 1)


def keys_of(
    scores: np.ndarray, hidden: list[list[int]], kept: int, groups: int, width: int
) -> tuple[int, list[list[int]]]:
    """The state, and each row's items in the order of their keys."""
    starts = np.cumsum([0, *map(len, hidden)]).astype(np.int32)
    flat = np.array([item for row in hidden for item in row], np.int32)
    keys = np.full((len(scores), width), NOTHING)
    state = best_keys(scores.astype(np.float32), starts, flat, kept, groups, keys)
    keys.sort(axis=1)
    return state, [[int(key & np.uint64(2**32 - 1)) for key in row if key != NOTHING] for row in keys]


@pytest.mark.parametrize("items", [64, 75, 400, 1601])
@pytest.mark.parametrize("seed", range(4))
def test_the_best_stand_first_whatever_is_hidden_and_however_the_items_are_grouped(items: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    scores = np.round(rng.normal(size=(5, items)) * 3)  # many ties
    hidden = [sorted(rng.choice(items, count, replace=False).tolist()) for count in (0, 1, 10, items // 2, items)]
    for groups in (0, items // FOLD**2):
        state, found = keys_of(scores, hidden, 3, groups, items)
        assert state == 1
        for row in range(5):
            order = sorted(set(range(items)) - set(hidden[row]), key=lambda item: (-scores[row, item], item))
            assert found[row][:3] == order[:3]
            assert found[row] == order[: len(found[row])]  # all that reach one bound


def test_too_little_room_is_told() -> None:
    assert keys_of(np.zeros((1, 320)), [[]], 2, 20, 319)[0] == 0
    state, found = keys_of(np.zeros((1, 320)), [[]], 2, 20, 320)
    assert (state, found[0]) == (1, list(range(320)))


def test_the_largest_and_smallest_finite_scores_are_ranked() -> None:
    top = np.finfo(np.float32).max
    scores = np.full((1, 160), -top)
    scores[0, [7, 90]] = [top, 1e-45]
    assert keys_of(scores, [[]], 2, 10, 160)[1][0][:2] == [7, 90]
    assert keys_of(scores, [[7, 90]], 2, 10, 160)[1][0][:2] == [0, 1]


@pytest.mark.parametrize("seed", range(20))
def test_the_bound_is_reached_by_enough_and_by_few_more(seed: int) -> None:
    rng = np.random.default_rng(seed)
    best = (rng.standard_cauchy(1250) * 10.0 ** rng.integers(-30, 30)).astype(np.float32)
    kept = int(rng.integers(1, 400))
    reached = np.count_nonzero(best >= bound_of(best, np.empty(1250, np.int32), kept))
    assert kept <= reached <= kept + kept // 8


def test_the_bound_of_too_few_groups_lets_everything_through() -> None:
    best = np.array([3.0, -np.inf, 5.0], np.float32)
    assert bound_of(best, np.empty(3, np.int32), 3) == np.finfo(np.float32).min
    assert bound_of(best, np.empty(3, np.int32), 4) == np.finfo(np.float32).min
    assert -1e38 < bound_of(best, np.empty(3, np.int32), 2) <= 3.0
