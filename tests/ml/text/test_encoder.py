import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from ml.errors import DataError
from ml.text.encoder import SentenceEncoder, check_folder, default_folder


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return SentenceEncoder()


def test_vectors_have_384_dimensions_and_length_1(encoder: SentenceEncoder) -> None:
    vectors = encoder.encode(["red wine glass", "", "a bag for lunch"])
    assert vectors.shape == (3, 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), [1.0, 0.0, 1.0], atol=1e-5)


def test_like_texts_are_nearer_than_unlike_ones(encoder: SentenceEncoder) -> None:
    wine, glass, bag = encoder.encode(["red wine glass", "glass for wine", "school bag"])
    assert wine @ glass > 0.7 > wine @ bag


def test_the_size_of_a_batch_does_not_matter(encoder: SentenceEncoder) -> None:
    texts = ["one", "two words", "three words here", "and a somewhat longer text about a lamp"]
    np.testing.assert_allclose(encoder.encode(texts, batch_size=1), encoder.encode(texts, batch_size=4), atol=1e-5)


def test_no_texts_give_no_rows(encoder: SentenceEncoder) -> None:
    assert encoder.encode([]).shape == (0, 384)


def test_making_one_loads_no_torch() -> None:
    import subprocess

    code = (
        "import sys; from ml.text.encoder import SentenceEncoder; SentenceEncoder(); assert 'torch' not in sys.modules"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_folder_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GOVERN_ENCODER_MODEL", str(tmp_path))
    with pytest.raises(DataError, match=r"no modules\.json"):
        SentenceEncoder()
    assert SentenceEncoder(default_folder()).folder == default_folder()


@pytest.mark.parametrize("name", ["pytorch_model.bin", "weights.PT", "1_Dense/model.pt"])
def test_pickled_weights_are_refused_even_beside_good_ones(tmp_path: Path, name: str) -> None:
    for good in ("modules.json", "model.safetensors"):
        (tmp_path / good).touch()
    assert check_folder(tmp_path) == tmp_path
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).touch()
    with pytest.raises(DataError, match="can run code"):
        SentenceEncoder(tmp_path)


def test_a_damaged_model_is_explained(tmp_path: Path) -> None:
    shutil.copytree(default_folder(), tmp_path / "model", ignore=shutil.ignore_patterns("*.safetensors"))
    with pytest.raises(DataError, match="no safetensors"):
        SentenceEncoder(tmp_path / "model")
    (tmp_path / "model" / "model.safetensors").write_bytes(b"nonsense")
    with pytest.raises(DataError, match="cannot be loaded"):
        SentenceEncoder(tmp_path / "model").encode(["x"])
