"""What the bundles of several models hold alike: the ids behind the codes, the options, sparse matrices."""

from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from scipy.sparse import csr_array

from ml.models.base import Recommender
from ml.models.bundle import Bundle, read_named_bundle, write_bundle

Kind = TypeVar("Kind", bound=Recommender)


def store(model: Recommender, folder: Path, arrays: dict[str, Any], **config: Any) -> dict[str, Any]:
    """Write the bundle of a fitted model and return its manifest; a sparse matrix among the arrays becomes three."""
    flat: dict[str, Any] = {}
    for name, array in arrays.items():
        flat |= _sparse_arrays(name, array) if isinstance(array, csr_array) else {name: array}
    return write_bundle(
        folder,
        name=model.name,
        config={"options": model.options, "seed": model.seed, "learning_curve": model.learning_curve, **config},
        arrays=flat,
        vocabulary={"users": model.users.tolist(), "items": model.items.tolist()},
    )


def restore(kind: type[Kind], folder: Path) -> tuple[Kind, Bundle]:
    """A model of this kind with its options and ids, and the rest of its bundle."""
    bundle = read_named_bundle(folder, kind.name)
    model = kind(bundle.config["options"], seed=bundle.config["seed"], device="cpu")
    model.users = np.array(bundle.vocabulary["users"], dtype=object)
    model.items = np.array(bundle.vocabulary["items"], dtype=object)
    model.learning_curve = list(bundle.config["learning_curve"])
    return model, bundle


def sparse_matrix(bundle: Bundle, name: str, shape: tuple[int, int]) -> csr_array:
    """The matrix that ``store`` took apart. Raises ValueError when it does not fit the shape."""
    parts = tuple(bundle.arrays[f"{name}.{part}"] for part in ("data", "indices", "indptr"))
    matrix = csr_array(parts, shape=shape)
    matrix.check_format(full_check=True)  # an index beyond the matrix would read other memory
    return matrix


def _sparse_arrays(name: str, matrix: csr_array) -> dict[str, Any]:
    return {f"{name}.data": matrix.data, f"{name}.indices": matrix.indices, f"{name}.indptr": matrix.indptr}
