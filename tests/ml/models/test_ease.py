"""EASE against its definition: a ridge regression of each item on all others."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import Ridge

from ml.data.interactions import Interactions
from ml.errors import DataError
from ml.models import ease
from ml.models.base import create
from ml.models.ease import Ease


def random_shop(seed: int = 0, users: int = 80, items: int = 12) -> Interactions:
    rng = np.random.default_rng(seed)
    size = 500
    return Interactions(
        rng.integers(0, users, size).astype(np.int32),
        rng.integers(0, items, size).astype(np.int32),
        np.arange(size, dtype=np.int64),
        rng.integers(1, 4, size).astype(np.float32),
        np.array([f"u{n:03d}" for n in range(users)], dtype=object),
        np.array([f"i{n:03d}" for n in range(items)], dtype=object),
    )


@pytest.mark.parametrize("binary", [True, False])
@pytest.mark.parametrize("single", [False, True])
def test_each_column_is_the_ridge_regression_on_the_others(
    binary: bool, single: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if single:
        monkeypatch.setattr(ease, "DOUBLE_ITEMS", 1)
    shop = random_shop()
    model = create("ease", {"l2": 5.0, "binary": binary}).fit(shop)
    assert isinstance(model, Ease)
    history = shop.matrix(binary=binary).toarray().astype(np.float64)
    for item in range(shop.n_items):
        others = np.arange(shop.n_items) != item
        ridge = Ridge(alpha=5.0, fit_intercept=False).fit(history[:, others], history[:, item])
        np.testing.assert_allclose(model.weights[others, item], ridge.coef_, atol=2e-5 if single else 1e-6)
        assert model.weights[item, item] == 0
    scores = model.score(np.arange(80, dtype=np.int32))
    np.testing.assert_allclose(scores, history @ model.weights.astype(np.float64), atol=1e-4)


def test_blocks_of_the_matrix_fit_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """More items than one slice of 1,024, so that slices and triangles are put together rightly."""
    rng = np.random.default_rng(1)
    size, items = 6000, 1500
    shop = Interactions(
        rng.integers(0, 400, size).astype(np.int32),
        rng.integers(0, items, size).astype(np.int32),
        np.arange(size, dtype=np.int64),
        np.ones(size, np.float32),
        np.array([f"u{n}" for n in range(400)], dtype=object),
        np.array([f"i{n}" for n in range(items)], dtype=object),
    )
    model = create("ease", {"l2": 10.0}).fit(shop)
    assert isinstance(model, Ease)
    history = shop.matrix().toarray().astype(np.float64)
    inverse = np.linalg.inv(history.T @ history + 10.0 * np.eye(items))
    expected = np.eye(items) - inverse / np.diag(inverse)[None, :]
    np.testing.assert_allclose(model.weights, expected, atol=1e-6)


def test_too_many_items_are_refused_before_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DataError, match="allowed 10 items; train has 12") as caught:
        create("ease", {"max_items": 10}).fit(random_shop())
    assert caught.value.where == "option max_items"
    monkeypatch.setattr(ease, "SHARE_OF_MEMORY", 1e-9)
    with pytest.raises(DataError, match="MiB"):
        create("ease").fit(random_shop())


def test_a_damaged_bundle_is_refused(tmp_path: Path) -> None:
    create("ease").fit(random_shop()).save(tmp_path / "bundle")
    weights = tmp_path / "bundle" / "weights.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    with pytest.raises(DataError, match="damaged"):
        Ease.load(tmp_path / "bundle")
