import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import yaml

from ml.errors import DataError
from ml.models.bundle import (
    CARD,
    CORE,
    MANIFEST,
    PARTS,
    VOCABULARY,
    WEIGHTS,
    bundle_bytes,
    card_is_original,
    describe_bundle,
    read_bundle,
    write_bundle,
)


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
    """A manifest changed by somebody who knows how its digests are made."""
    manifest = json.loads((folder / MANIFEST).read_text()) | changes
    body = {key: value for key, value in manifest.items() if key not in ("digest", "seal") and value is not None}
    for part in PARTS:
        if isinstance(body.get("files"), dict) and isinstance(body["files"].get(part), dict):
            body["files"][part]["sha256"] = hashlib.sha256((folder / part).read_bytes()).hexdigest()
    body["digest"] = sha256({key: body[key] for key in CORE - {"digest"} if key in body})
    (folder / MANIFEST).write_text(json.dumps(body | {"seal": sha256(body)}))


def sha256(value: dict[str, Any]) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


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


def test_a_bundle_of_the_first_kind_is_read(tmp_path: Path) -> None:
    manifest = write(tmp_path / "bundle")
    (tmp_path / "bundle" / MANIFEST).write_text(json.dumps({key: manifest[key] for key in CORE}))
    (tmp_path / "bundle" / CARD).unlink()
    assert read_bundle(tmp_path / "bundle").manifest["digest"] == manifest["digest"]
    assert not card_is_original(tmp_path / "bundle")
    assert describe_bundle(tmp_path / "bundle")["digest"] == manifest["digest"]
    assert card_is_original(tmp_path / "bundle")


def test_the_manifest_says_where_the_model_comes_from(tmp_path: Path) -> None:
    found = write(tmp_path / "bundle")["provenance"]
    assert found["environment"]["numpy"] == np.__version__
    assert found["environment"]["torch"] == torch.__version__
    assert len(found["code"]["sha256"]) == len(found["configuration"]) == 64
    assert found["data"] is None
    again = describe_bundle(tmp_path / "bundle", data={"sha256": "ab", "rows": 3, "users": 2, "items": 2})
    assert describe_bundle(tmp_path / "bundle")["provenance"] == again["provenance"]
    assert again["provenance"]["data"]["rows"] == 3


EVALUATION = {
    "protocol": {
        "split": "time:0.9",
        "repeats": "masked",
        "candidates": "every item of train",
        "interval": "95 %",
        "digest": "d" * 64,
    },
    "ranking": {
        "ndcg@10": {"value": 0.25, "low": 0.2, "high": 0.31, "users": 40},
        "auc": {"value": None, "low": None, "high": None, "users": 0},
    },
    "groups": [
        {
            "metric": "ndcg@10",
            "attribute": "country: of residence",
            "gap": {"best": "de", "worst": "fr", "value": 0.2, "low": 0.1, "high": 0.3},
        },
        {"metric": "ndcg@10", "attribute": "age", "gap": None},
    ],
}


def test_the_card_is_read_by_the_hubs_own_reader(tmp_path: Path) -> None:
    hub = pytest.importorskip("huggingface_hub", reason="huggingface_hub, which reads model cards, is not installed")
    describe_bundle(write_and_name(tmp_path), evaluation=EVALUATION, use="Emails of the shop.")
    card = hub.ModelCard.load(tmp_path / "bundle" / CARD)
    (result,) = card.data.eval_results
    assert (result.metric_type, result.metric_value) == ("ndcg@10", 0.25)
    assert card.data.tags == ["recommendation", "collaborative-filtering", "toy"]
    for text in ("[0.1000, 0.3000]", "| ndcg@10 | 0.2500 | 0.2000 | 0.3100 | 40 |", "Emails of the shop.", "time:0.9"):
        assert text in card.text
    assert card_is_original(tmp_path / "bundle")


def write_and_name(folder: Path) -> Path:
    write(folder / "bundle")
    return folder / "bundle"


def test_a_card_cannot_break_out_of_its_front_matter(tmp_path: Path) -> None:
    write(tmp_path / "bundle", name="toy\n---\nx: !!python/object:os.system")
    front = (tmp_path / "bundle" / CARD).read_text().removeprefix("---\n").split("\n---\n")[0]
    assert yaml.safe_load(front)["tags"][2] == "toy\n---\nx: !!python/object:os.system"


def test_an_edited_card_is_told_and_changes_no_answer(tmp_path: Path) -> None:
    write(tmp_path / "bundle")
    with (tmp_path / "bundle" / CARD).open("a") as file:
        file.write("Reviewed.")
    assert not card_is_original(tmp_path / "bundle")
    assert read_bundle(tmp_path / "bundle").name == "toy"


@pytest.mark.parametrize("part", [WEIGHTS, VOCABULARY, MANIFEST, CARD])
def test_a_flipped_bit_anywhere_is_an_error_or_changes_nothing(tmp_path: Path, part: str) -> None:
    """Some hundred random bits of each file: never a wrong answer, and never any other exception."""
    folder, rng = write_and_name(tmp_path), np.random.default_rng(0)
    whole, content = read_bundle(folder), (folder / part).read_bytes()
    refused = 0
    for _ in range(150):
        flipped = bytearray(content)
        flipped[int(rng.integers(len(content)))] ^= 1 << int(rng.integers(8))
        (folder / part).write_bytes(bytes(flipped))
        try:
            found = read_bundle(folder)
        except DataError:
            refused += 1
            continue
        assert (found.name, found.config, found.vocabulary) == (whole.name, whole.config, whole.vocabulary)
        assert {k: v.tobytes() for k, v in found.arrays.items()} == {k: v.tobytes() for k, v in whole.arrays.items()}
    assert refused == (0 if part == CARD else 150) or part == MANIFEST
    (folder / part).write_bytes(content)
    assert read_bundle(folder).manifest == whole.manifest
