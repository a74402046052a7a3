"""Leftovers of killed programs are removed; what is in use stays."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from assessments.common.leftovers import held_folder, leftovers_remove


def aged(path: Path, hours: float) -> None:
    then = time.time() - hours * 3600
    os.utime(path, (then, then))


def test_only_what_was_not_written_to_for_a_day_goes(tmp_path: Path) -> None:
    (tmp_path / "old").write_text("half a snapshot")
    (tmp_path / "new").write_text("being written")
    (tmp_path / "old-folder").mkdir()
    (tmp_path / "old-folder" / "spill").write_text("")
    (tmp_path / "busy-folder").mkdir()
    (tmp_path / "busy-folder" / "spill").write_text("")
    for name in ("old", "old-folder/spill", "old-folder", "busy-folder"):
        aged(tmp_path / name, 25)
    aged(tmp_path / "new", 23)
    assert leftovers_remove(tmp_path) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["busy-folder", "new"]


def test_a_link_is_removed_and_not_followed(tmp_path: Path) -> None:
    outside, folder = tmp_path / "outside", tmp_path / "folder"
    outside.mkdir()
    folder.mkdir()
    (outside / "precious").write_text("")
    (folder / "link").symlink_to(outside)
    for path in (outside / "precious", outside):
        aged(path, 48)
    os.utime(folder / "link", (0, 0), follow_symlinks=False)
    assert leftovers_remove(folder) == 1
    assert (outside / "precious").exists()


def test_a_folder_that_is_not_there_has_none(tmp_path: Path) -> None:
    assert leftovers_remove(tmp_path / "nowhere") == 0


HOLDS = """
import sys, time
from pathlib import Path
from assessments.common.leftovers import held_folder

with held_folder(Path(sys.argv[1])) as folder:
    (folder / "half").write_text("half a snapshot")
    print(folder.name, flush=True)
    time.sleep(600)
"""


def test_a_held_folder_goes_as_soon_as_its_program_was_killed_and_not_before(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDS, str(tmp_path)], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        name = holder.stdout.readline().strip()
        try:
            assert leftovers_remove(tmp_path, older_than=0) == 0
            assert [path.name for path in tmp_path.iterdir()] == [name]
        finally:
            holder.send_signal(signal.SIGKILL)
    assert leftovers_remove(tmp_path) == 1
    assert not list(tmp_path.iterdir())


def test_a_held_folder_goes_with_its_context(tmp_path: Path) -> None:
    with held_folder(tmp_path) as folder:
        (folder / "half").write_text("")
        assert leftovers_remove(tmp_path, older_than=0) == 0
    assert not list(tmp_path.iterdir())


def test_a_link_that_is_called_like_a_held_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "precious").mkdir()
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "held-x").symlink_to(tmp_path / "precious")
    assert leftovers_remove(tmp_path / "folder") == 0
    assert (tmp_path / "precious").is_dir()
