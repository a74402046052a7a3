"""Ranking metrics against ranx and scikit-learn, and the rule about ties against a plain sort."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from sklearn.metrics import average_precision_score, ndcg_score, roc_auc_score

from ml.evaluation.ranking import hits_of, ranking_metrics, top_k, truth_of, user_auc


def random_case(seed: int, users: int = 40, items: int = 30) -> tuple[np.ndarray, csr_array, csr_array]:
    """(scores with many ties, truth, seen); everyone has a test item and one user has seen all but three items."""
    rng = np.random.default_rng(seed)
    scores = np.round(rng.normal(size=(users, items)) * 2).astype(np.float32) / 2
    truth = rng.random((users, items)) < 0.15
    truth[np.arange(users), rng.integers(0, items, users)] = True
    seen = rng.random((users, items)) < 0.2
    seen[0] = True
    seen[0, :3] = False
    return scores, csr_array(truth.astype(np.float32)), csr_array(seen.astype(np.float32))


def plain_ranking(scores: np.ndarray, seen: np.ndarray) -> list[list[int]]:
    return [
        sorted((item for item in range(scores.shape[1]) if not hidden[item]), key=lambda item: (-row[item], item))
        for row, hidden in zip(scores, seen, strict=True)
    ]


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("k", [1, 5, 10, 40])
@pytest.mark.parametrize("seed", [0, 1])
def test_metrics_equal_ranx(seed: int, k: int, masked: bool) -> None:
    ranx = pytest.importorskip("ranx", reason="ranx, an independent library, is not installed")
    scores, truth, seen = random_case(seed)
    unknown = np.random.default_rng(seed).integers(0, 3, len(scores))
    hidden = seen.toarray() > 0 if masked else np.zeros(scores.shape, bool)
    qrels, run = {}, {}
    for user, ranking in enumerate(plain_ranking(scores, hidden)):
        relevant = [str(item) for item in np.flatnonzero(truth[[user]].toarray()[0])]
        relevant += [f"unknown-{place}" for place in range(unknown[user])]
        qrels[f"{user:03d}"] = dict.fromkeys(relevant, 1)
        run[f"{user:03d}"] = {str(item): float(len(ranking) - place) for place, item in enumerate(ranking)}
    names = {"ndcg": "ndcg", "recall": "recall", "precision": "precision", "map": "map", "mrr": "mrr"}
    theirs = ranx.evaluate(
        ranx.Qrels(qrels), ranx.Run(run), [f"{name}@{k}" for name in names.values()], return_mean=False
    )
    ranked = top_k(scores, k, seen if masked else None)
    ours = ranking_metrics(hits_of(ranked, truth), np.diff(truth.indptr) + unknown, k)
    for name, other in names.items():
        np.testing.assert_allclose(ours[f"{name}@{k}"], theirs[f"{other}@{k}"], rtol=0, atol=1e-9, err_msg=name)


@pytest.mark.parametrize("masked", [False, True])
def test_user_auc_equals_scikit_learn(masked: bool) -> None:
    scores, truth, seen = random_case(3)
    ours = user_auc(scores, truth, seen if masked else None)
    checked = 0
    for user, row in enumerate(scores):
        kept = seen[[user]].toarray()[0] == 0 if masked else np.ones(len(row), bool)
        labels = truth[[user]].toarray()[0][kept] > 0
        if labels.all() or not labels.any():
            assert np.isnan(ours[user])
        else:
            assert ours[user] == pytest.approx(roc_auc_score(labels, row[kept]), abs=1e-9)
            checked += 1
    assert checked > 30


@settings(max_examples=60)
@given(st.integers(0, 2**32 - 1), st.integers(1, 12), st.integers(1, 9), st.booleans())
def test_equal_scores_stand_in_item_order(seed: int, k: int, items: int, masked: bool) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.integers(-1, 2, (5, items)).astype(np.float32) * np.float32(0.5)
    seen = rng.random((5, items)) < (0.5 if masked else 0.0)
    ranked = top_k(scores, k, csr_array(seen.astype(np.float32)))
    for user, ranking in enumerate(plain_ranking(scores, seen)):
        assert ranked[user].tolist() == (ranking + [-1] * k)[:k]


def test_known_values_by_hand() -> None:
    hits = np.array([[True, False, True], [False, False, False]])
    values = ranking_metrics(hits, np.array([4, 1]), 3)
    ideal = 1 + 1 / np.log2(3) + 1 / 2
    assert values["ndcg@3"] == pytest.approx([1.5 / ideal, 0])
    assert values["recall@3"] == pytest.approx([0.5, 0])
    assert values["precision@3"] == pytest.approx([2 / 3, 0])
    assert values["map@3"] == pytest.approx([(1 + 2 / 3) / 4, 0])
    assert values["mrr@3"] == pytest.approx([1, 0])


def test_masking_leaves_the_truth_alone() -> None:
    train = csr_array(np.array([[1, 0, 0], [0, 1, 0], [0, 0, 0]], np.float32))
    test = csr_array(np.array([[1, 0, 1], [0, 0, 0], [1, 0, 0]], np.float32))
    unknown = np.array([0, 2, 1])
    truth = truth_of(train, test, unknown, masked=True)
    assert truth.users.tolist() == [0, 1]  # the third has no row in train
    assert truth.sizes.tolist() == [2, 2]
    assert truth.seen is not None
    assert truth.seen.toarray().tolist() == [[1, 0, 0], [0, 1, 0]]
    assert truth_of(train, test, unknown, masked=False).seen is None


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_score_that_is_no_number_is_refused(bad: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        top_k(np.array([[1.0, bad]], np.float32), 1)


def test_no_users_rank_to_nothing() -> None:
    assert top_k(np.empty((0, 4), np.float32), 3).shape == (0, 3)


@pytest.mark.parametrize("k", [1, 5, 30])
def test_ndcg_equals_scikit_learn(k: int) -> None:
    _, truth, _ = random_case(5)
    scores = np.random.default_rng(5).permuted(np.tile(np.arange(30, dtype=np.float32), (40, 1)), axis=1)
    ours = ranking_metrics(hits_of(top_k(scores, k), truth), np.diff(truth.indptr).astype(np.int64), k)
    relevant = truth.toarray()
    theirs = [ndcg_score(relevant[[user]], scores[[user]], k=k) for user in range(40)]
    np.testing.assert_allclose(ours[f"ndcg@{k}"], theirs, rtol=0, atol=1e-9)
    if k == scores.shape[1]:
        whole = [average_precision_score(relevant[user], scores[user]) for user in range(40)]
        np.testing.assert_allclose(ours[f"map@{k}"], whole, rtol=0, atol=1e-9)
