"""Where a model comes from: which data, which code, which libraries. Recorded with each bundle."""

import hashlib
import json
import platform
from collections.abc import Callable
from functools import cache, wraps
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from ml.data.interactions import Interactions

PACKAGE = "govern"
LIBRARIES = ("numpy", "scipy", "torch", "numba", "safetensors", "sentence-transformers")
SOURCES = Path(__file__).resolve().parents[1]


def provenance(config: dict[str, Any], data: dict[str, Any] | None) -> dict[str, Any]:
    """{"code", "environment", "configuration", "data"}: JSON values; data is None where it is not known."""
    text = json.dumps(config, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return {
        "code": {"package": PACKAGE, "version": _version(PACKAGE), "sha256": code_digest()},
        "environment": {
            "python": platform.python_version(),
            "machine": f"{platform.system()} {platform.machine()}",
            **{name: found for name in LIBRARIES if (found := _version(name))},
        },
        "configuration": hashlib.sha256(text.encode()).hexdigest(),
        "data": data,
    }


def data_facts(train: Interactions) -> dict[str, Any]:
    """What a model was trained on: the SHA-256 of the rows in their order and of the ids behind the codes; counts."""
    digest = hashlib.sha256()
    for ids in (train.users, train.items):
        digest.update(json.dumps(ids.tolist(), ensure_ascii=False).encode("utf-8", "surrogatepass"))
    for column, kind in ((train.user_codes, "<i4"), (train.item_codes, "<i4"), (train.times, "<i8")):
        digest.update(column.astype(kind, copy=False).tobytes())
    digest.update(train.weights.astype("<f4", copy=False).tobytes())
    return {"sha256": digest.hexdigest(), "rows": len(train), "users": train.n_users, "items": train.n_items}


@cache
def code_digest() -> str:
    """SHA-256 over the paths and contents of this package's sources: the code's version, also between releases."""
    digest = hashlib.sha256()
    for path in sorted(SOURCES.rglob("*.py")):
        digest.update(path.relative_to(SOURCES).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def record_provenance(kind: type) -> None:
    """Let ``fit`` of this class note what it learned from, and ``save`` and ``load`` carry the note.

    Done here for all models at once, so that no model can forget it.
    """
    for name, wrapper in (("fit", _noting), ("save", _carrying), ("load", _restoring)):
        own = vars(kind).get(name)
        if isinstance(own, classmethod):
            setattr(kind, name, classmethod(wrapper(own.__func__)))
        elif own is not None:
            setattr(kind, name, wrapper(own))


def _noting(fit: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(fit)
    def noting(self: Any, train: Interactions, **options: Any) -> Any:
        fitted = fit(self, train, **options)
        self.trained_on = data_facts(train)
        return fitted

    return noting


def _carrying(save: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(save)
    def carrying(self: Any, folder: Path) -> dict[str, Any]:
        from ml.models.bundle import describe_bundle

        save(self, folder)
        return describe_bundle(folder, data=self.trained_on)

    return carrying


def _restoring(load: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(load)
    def restoring(cls: Any, folder: Path) -> Any:
        from ml.models.bundle import read_manifest

        model = load(cls, folder)
        model.trained_on = read_manifest(Path(folder)).get("provenance", {}).get("data")
        return model

    return restoring


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
