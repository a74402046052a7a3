"""What is asked of windows: the next instant, hidden items, changed views."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from ml.data.sequences import Sequences
from ml.models.sequences.contrast import TEMPERATURE, Views, crop, mask, reorder, tell_views
from ml.models.sequences.masking import MaskedItems
from ml.models.sequences.source import NextItems
from ml.training.sources import PlannedSource

# User 0: baskets {0, 1}, {2, 3, 4}, {0}; user 1: 5, 6; user 2: one basket {7, 8}, so nothing comes next.
ITEMS = np.array([0, 1, 2, 3, 4, 0, 5, 6, 7, 8])
TIMES = np.array([1, 1, 2, 2, 2, 3, 1, 2, 4, 4])
SHOP = Sequences(ITEMS, TIMES, np.array([0, 6, 8, 10]))
MASK = 9


def source(**changes: object) -> NextItems:
    made = NextItems(SHOP, **{"length": 10, "n_items": 9, "negatives": 4, **changes})  # type: ignore[arg-type]
    made.draws.manual_seed(0)
    return made


def test_what_is_asked_is_of_the_next_instant() -> None:
    made = source()
    assert len(made) == 2
    assert isinstance(made, PlannedSource)
    asked: dict[int, set[int]] = {}
    for _ in range(40):
        batch = made.batch(torch.tensor([1, 0]))
        assert batch.count == 6
        assert len(set(batch.negatives.tolist())) == 4
        for row, target in zip(batch.packed.rows.tolist(), batch.targets.tolist(), strict=True):
            asked.setdefault(row, set()).add(target)
    assert asked == {0: {2, 3, 4}, 1: {2, 3, 4}, 2: {0}, 3: {0}, 4: {0}, 6: {6}}


def test_long_histories_are_cut_into_windows() -> None:
    many = Sequences(np.arange(11) % 9, np.arange(11), np.array([0, 11]))
    made = NextItems(many, length=4, n_items=9, negatives=0)
    assert sorted(made.lengths.tolist()) == [2, 4, 4]
    batch = made.batch(torch.arange(3))
    rows = batch.packed.rows.tolist()
    assert sorted(rows) == list(range(10))
    assert batch.targets.tolist() == [(row + 1) % 9 for row in rows]


def test_processes_share_a_batch_and_weigh_it_as_one() -> None:
    losses = []
    for rank in range(2):
        made = source()
        made.rank, made.ranks = rank, 2
        batch = made.batch(torch.tensor([0, 1]))
        losses.append((len(batch.targets), batch.count))
    assert losses == [(5, 3.0), (1, 3.0)]  # the mean of sum / 3 over two processes is the whole sum / 6
    made = source()
    made.rank, made.ranks = 1, 2
    assert made.batch(torch.tensor([0])).count == float("inf")


def test_the_plan_holds_each_window_once_and_the_fingerprint_tells_sources_apart() -> None:
    many = Sequences(np.arange(100) % 9, np.tile(np.arange(5), 20), np.arange(0, 101, 5))
    made = NextItems(many, length=4, n_items=9, negatives=0)
    plan = made.plan(3, torch.Generator().manual_seed(0))
    assert sorted(torch.cat(plan).tolist()) == list(range(20))
    other = NextItems(many, length=3, n_items=9, negatives=0)
    new = NextItems(many, length=4, n_items=9, negatives=5)
    assert len({made.fingerprint(), other.fingerprint(), new.fingerprint()}) == 3


def test_hidden_items_are_asked_and_one_at_least() -> None:
    many = Sequences(np.arange(4000) % 9, np.tile(np.arange(10), 400), np.arange(0, 4001, 10))
    made = MaskedItems(many, length=10, n_items=9, negatives=0, share=0.2)
    made.draws.manual_seed(1)
    batch = made.batch(torch.arange(400))
    assert batch.rows is not None
    hidden = torch.zeros(len(batch.ids), dtype=torch.bool)
    hidden[batch.rows] = True
    true = torch.from_numpy(many.items)[batch.packed.rows]
    assert torch.equal(batch.ids == MASK, hidden)
    assert torch.equal(batch.ids[~hidden], true[~hidden])
    assert torch.equal(batch.targets, true[hidden])
    per_window = torch.bincount(batch.packed.owners[hidden], minlength=400)
    assert per_window.min() == 1
    only_last = (per_window == 1) & hidden[batch.packed.last]
    assert 0.25 < float(only_last.float().mean()) < 0.45  # 0.3 of them ask ahead, and some by chance
    assert batch.count == len(batch.targets)


def test_asking_ahead_leaves_the_last_basket_out() -> None:
    basket = Sequences(np.array([0, 1, 2, 3, 4]), np.array([1, 2, 5, 5, 5]), np.array([0, 5]))
    made = MaskedItems(basket, length=10, n_items=9, negatives=0, share=0.01)
    seen = set()
    for _ in range(60):
        batch = made.batch(torch.tensor([0]))
        if len(batch.ids) == 3:
            assert batch.ids.tolist() == [0, 1, MASK]
            seen.add(batch.targets.item())
        else:
            assert len(batch.ids) == 5
            assert batch.ids[4] == MASK or MASK in batch.ids[:4]
    assert seen == {2, 3, 4}


def test_views_are_crops_masks_and_reorderings() -> None:
    rng, items = np.random.default_rng(0), np.arange(10)
    for _ in range(20):
        cropped = crop(items, rng)
        assert len(cropped) == 6
        assert (np.diff(cropped) == 1).all()
        masked = mask(items, rng, MASK + 1)
        assert (masked == MASK + 1).sum() == 3
        assert (masked[masked <= 9] == items[masked <= 9]).all()
        shuffled = reorder(items, rng)
        moved = np.flatnonzero(shuffled != items)
        assert sorted(shuffled) == list(items)
        assert not len(moved) or moved.max() - moved.min() < 6


def test_telling_views_is_infonce() -> None:
    states = torch.randn(6, 4, generator=torch.Generator().manual_seed(0))
    unit = functional.normalize(states, dim=1)
    expected = 0.0
    for row in range(6):
        likeness = torch.tensor([float(unit[row] @ unit[j]) / TEMPERATURE for j in range(6) if j != row]).exp()
        own = torch.tensor(float(unit[row] @ unit[(row + 3) % 6]) / TEMPERATURE).exp()
        expected -= float(torch.log(own / likeness.sum())) / 6
    assert float(tell_views(states)) == pytest.approx(expected, rel=1e-5)


def test_a_batch_of_one_sequence_has_nothing_to_be_told_from() -> None:
    many = Sequences(np.arange(35) % 9, np.tile(np.arange(5), 7), np.arange(0, 36, 5))
    made = Views(many, length=10, n_items=9)
    assert [len(each) for each in made.plan(3, torch.Generator().manual_seed(0))] == [3, 3]
