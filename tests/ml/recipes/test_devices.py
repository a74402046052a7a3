"""One training at a time on each GPU: a lock that goes with the process that holds it."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ml.recipes.devices import gpus, reserve

HOLD = """
import sys, time
from pathlib import Path
from ml.recipes.devices import reserve
print(reserve(Path(sys.argv[1]), print, sys.argv[2].split(",")), flush=True)
time.sleep(60)
"""


def hold(folder: Path, devices: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", HOLD, str(folder), devices]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def first_line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_two_trainings_take_two_gpus_and_a_third_waits_until_one_is_free(tmp_path: Path) -> None:
    holders = [hold(tmp_path, "0,1")]
    try:
        assert first_line(holders[0]) == "0"
        holders.append(hold(tmp_path, "0,1"))
        assert first_line(holders[1]) == "1"
        holders.append(hold(tmp_path, "0,1"))
        assert first_line(holders[2]) == "Waiting for a GPU that no other training uses"
        holders[0].kill()  # as a worker that the system ended
        assert first_line(holders[2]) == "0"
    finally:
        for process in holders:
            process.kill()
            process.wait()


def test_a_machine_without_gpus_waits_for_none(tmp_path: Path) -> None:
    started = time.monotonic()
    assert reserve(tmp_path / "devices", print, []) is None
    assert not (tmp_path / "devices").exists()
    assert time.monotonic() - started < 1


@pytest.mark.parametrize(("visible", "expected"), [("", []), ("-1", []), ("1, 3", ["1", "3"]), ("GPU-8f", ["GPU-8f"])])
def test_the_environment_says_which_gpus_there_are(
    visible: str, expected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    assert gpus() == expected


def test_cuda_is_shown_the_reserved_gpu_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "2,5")
    assert reserve(tmp_path, print) == "2"
    assert os.environ["CUDA_VISIBLE_DEVICES"] == "2"
