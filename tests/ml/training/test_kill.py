"""A training that is killed at any moment, or whose disk is full, ends with the weights of one that is left alone."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

from ml.errors import DataError
from ml.training import checkpoints
from ml.training.checkpoints import DRAFT, FILE, read_checkpoint, write_checkpoint

ROOT = Path(__file__).parents[3]
KILLS = 4


def start(folder: Path, moment: str = "") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("killed_training.py")), str(folder), moment],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )


def finish(folder: Path, moment: str = "") -> dict[str, str]:
    """The lines that a training which comes to its end has printed, by their first word."""
    process = start(folder, moment)
    out, _ = process.communicate(timeout=300)
    assert process.returncode == 0
    return {word: rest for word, _, rest in (line.partition(" ") for line in out.splitlines())}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> str:
    return finish(tmp_path_factory.mktemp("whole") / "checkpoint")["weights"]


def test_killed_at_random_moments_it_ends_with_the_same_weights(tmp_path: Path, undisturbed: str) -> None:
    folder, seen = tmp_path / "checkpoint", []
    moments = random.Random(4)  # noqa: S311
    for _ in range(KILLS):
        process = start(folder)
        assert process.stdout is not None
        seen.append(int(process.stdout.readline().split()[1]))
        assert process.stdout.readline() == "going\n"
        time.sleep(moments.uniform(0.0, 0.2))
        process.kill()
        process.communicate()
    last = finish(folder)
    seen.append(int(last["begun"]))
    assert seen == sorted(seen)
    assert len(set(seen)) >= 3, f"the kills came too early or too late to mean anything: {seen}"
    assert any(step % 16 for step in seen), "no kill within an epoch"
    assert last["weights"] == undisturbed
    assert [path.name for path in folder.iterdir()] == [FILE]


@pytest.mark.parametrize(("moment", "steps"), [("half", 89), ("draft", 89), ("renamed", 90)])
def test_killed_while_a_checkpoint_is_written_it_ends_with_the_same_weights(
    tmp_path: Path, undisturbed: str, moment: str, steps: int
) -> None:
    """The 90th checkpoint follows the 90th step; the first two moments leave the 89th."""
    folder = tmp_path / "checkpoint"
    process = start(folder, moment)
    process.communicate(timeout=300)
    assert process.returncode == -9
    kept = read_checkpoint(folder)
    assert kept is not None
    assert kept[1]["steps"] == steps
    assert finish(folder)["weights"] == undisturbed
    assert not list(folder.glob(f"{DRAFT}*"))


def test_a_full_disk_costs_the_checkpoints_and_not_the_training(tmp_path: Path, undisturbed: str) -> None:
    """The process may write no more than 4 KiB into a file from the 90th checkpoint on."""
    folder = tmp_path / "checkpoint"
    lines = finish(folder, "full")
    assert lines["weights"] == undisturbed
    count, message = lines["logged"].split(" ", 1)
    assert int(count) > 100
    assert message.startswith("The checkpoint could not be written (")
    kept = read_checkpoint(folder)
    assert kept is not None
    assert kept[1]["steps"] == 89
    assert [path.name for path in folder.iterdir()] == [FILE]


def test_no_space_left_leaves_the_former_checkpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_checkpoint(tmp_path, {"a": torch.ones(3)}, {"steps": 1})

    def full(tensors: object, name: str, **more: object) -> None:
        Path(name).write_bytes(b"half a file")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checkpoints, "save_file", full)
    with pytest.raises(OSError, match="No space left"):
        write_checkpoint(tmp_path, {"a": torch.zeros(3)}, {"steps": 2})
    kept = read_checkpoint(tmp_path)
    assert kept is not None
    assert kept[0]["a"].tolist() == [1, 1, 1]
    assert kept[1] == {"steps": 1}
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_every_byte_of_a_checkpoint_counts(tmp_path: Path) -> None:
    write_checkpoint(tmp_path, {"a": torch.arange(9.0), "b": torch.tensor(2)}, {"steps": 1, "best": float("-inf")})
    content = (tmp_path / FILE).read_bytes()
    for place in range(len(content)):
        (tmp_path / FILE).write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        with pytest.raises(DataError, match="damaged"):
            read_checkpoint(tmp_path)
    for length in (0, 5, len(content) // 2, len(content) - 1):
        (tmp_path / FILE).write_bytes(content[:length])
        with pytest.raises(DataError, match="damaged"):
            read_checkpoint(tmp_path)
