import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from ml.errors import DataError
from ml.models.bundle import MANIFEST, PARTS, VOCABULARY, WEIGHTS, bundle_bytes, read_bundle, write_bundle


def write(folder: Path, **changes: Any) -> dict[str, Any]:
    content: dict[str, Any] = {
        "name": "toy",
        "config": {"l2": 200.0, "size": np.int64(3)},
        "arrays": {"a": np.arange(6, dtype=np.float32).reshape(2, 3), "t": torch.tensor([1.5, 2.5])},
        "vocabulary": {"items": np.array(["ä", "b"], dtype=object)},
    }
    return write_bundle(folder, **(content | changes))


def test_what_is_read_is_what_was_written(tmp_path: Path) -> None:
    manifest = write(tmp_path / "bundle")
    bundle = read_bundle(tmp_path / "bundle")
    assert bundle.name == "toy"
    assert bundle.config == {"l2": 200.0, "size": 3}
    assert bundle.vocabulary == {"items": ["ä", "b"]}
    np.testing.assert_array_equal(bundle.arrays["a"], np.arange(6, dtype=np.float32).reshape(2, 3))
    np.testing.assert_array_equal(bundle.arrays["t"], np.array([1.5, 2.5], np.float32))
    assert bundle.manifest == manifest
    assert bundle_bytes(manifest) == sum((tmp_path / "bundle" / part).stat().st_size for part in (WEIGHTS, VOCABULARY))


def test_the_same_content_has_the_same_digest_and_another_has_another(tmp_path: Path) -> None:
    first, second = write(tmp_path / "one"), write(tmp_path / "two")
    assert first["digest"] == second["digest"]
    assert write(tmp_path / "three", config={"l2": 201.0})["digest"] != first["digest"]


def test_writing_again_replaces_and_leaves_nothing_else_behind(tmp_path: Path) -> None:
    write(tmp_path / "bundle")
    write(tmp_path / "bundle", name="newer")
    assert read_bundle(tmp_path / "bundle").name == "newer"
    assert [path.name for path in tmp_path.iterdir()] == ["bundle"]


def test_a_failed_write_keeps_what_was_there(tmp_path: Path) -> None:
    write(tmp_path / "bundle")
    with pytest.raises(DataError, match="numbers only"):
        write(tmp_path / "bundle", arrays={"a": np.array(["x"], dtype=object)})
    assert read_bundle(tmp_path / "bundle").name == "toy"
    assert [path.name for path in tmp_path.iterdir()] == ["bundle"]


@pytest.mark.parametrize("part", [WEIGHTS, VOCABULARY, MANIFEST])
def test_one_changed_byte_is_refused(tmp_path: Path, part: str) -> None:
    write(tmp_path / "bundle")
    path = tmp_path / "bundle" / part
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(DataError):
        read_bundle(tmp_path / "bundle")


@pytest.mark.parametrize("part", [WEIGHTS, VOCABULARY, MANIFEST])
def test_a_missing_part_is_refused(tmp_path: Path, part: str) -> None:
    write(tmp_path / "bundle")
    (tmp_path / "bundle" / part).unlink()
    with pytest.raises(DataError):
        read_bundle(tmp_path / "bundle")


@pytest.mark.parametrize("manifest", ["{}", "[]", "not json", '{"format": "govern-bundle", "version": 99}'])
def test_a_foreign_folder_is_refused(tmp_path: Path, manifest: str) -> None:
    (tmp_path / MANIFEST).write_text(manifest)
    with pytest.raises(DataError):
        read_bundle(tmp_path)


def test_a_manifest_that_points_at_other_weights_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "bundle")
    path = tmp_path / "bundle" / MANIFEST
    manifest = json.loads(path.read_text())
    manifest["config"]["l2"] = 1.0
    path.write_text(json.dumps(manifest))
    with pytest.raises(DataError, match="manifest"):
        read_bundle(tmp_path / "bundle")


def sign_again(folder: Path, **changes: Any) -> None:
    """A manifest changed by somebody who knows how its digest is made."""
    manifest = json.loads((folder / MANIFEST).read_text()) | changes
    body = {key: value for key, value in manifest.items() if key != "digest" and value is not None}
    for part in PARTS:
        if isinstance(body.get("files"), dict) and isinstance(body["files"].get(part), dict):
            body["files"][part]["sha256"] = hashlib.sha256((folder / part).read_bytes()).hexdigest()
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    (folder / MANIFEST).write_text(json.dumps(body | {"digest": hashlib.sha256(text.encode()).hexdigest()}))


@pytest.mark.parametrize(
    "changes",
    [{"files": None}, {"files": []}, {"files": {WEIGHTS: 5, VOCABULARY: 5}}, {"name": None}, {"config": None}],
)
def test_a_manifest_that_was_made_by_hand_is_refused_without_a_crash(tmp_path: Path, changes: dict[str, Any]) -> None:
    write(tmp_path / "bundle")
    sign_again(tmp_path / "bundle", **changes)
    with pytest.raises(DataError):
        read_bundle(tmp_path / "bundle")


@pytest.mark.parametrize(
    ("part", "content"), [(WEIGHTS, b"junk"), (VOCABULARY, b"[]"), (VOCABULARY, b'{"items": 1}'), (VOCABULARY, b"\xff")]
)
def test_a_part_that_was_made_by_hand_is_refused_without_a_crash(tmp_path: Path, part: str, content: bytes) -> None:
    write(tmp_path / "bundle")
    (tmp_path / "bundle" / part).write_bytes(content)
    sign_again(tmp_path / "bundle")
    with pytest.raises(DataError):
        read_bundle(tmp_path / "bundle")


def test_a_manifest_nested_too_deeply_is_refused(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text("[" * 100_000)
    with pytest.raises(DataError):
        read_bundle(tmp_path)
