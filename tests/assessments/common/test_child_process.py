"""What a child process is given, what it tells, and what becomes of one that fails."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from assessments.common.child_process import Recipe, run_child
from assessments.common.errors import CancelledError, GovernError

TELLS_ALL = """
import json, os
print("a library's own line", flush=True)
print(json.dumps({"event": "result", "names": sorted(os.environ), "cache": os.environ["GOVERN_VECTOR_CACHE"]}))
"""
REFUSES = """
import json
print(json.dumps({"event": "error", "message": "No items.", "where": "items", "hint": "Give some."}))
"""
CRASHES = "raise ValueError('a secret place')"
KILLED = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
SILENT = "import time; time.sleep(60)"


def run(folder: Path, source: str, tick: Any = lambda: None) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    (folder / "govern_child.py").write_text(source, encoding="utf-8")
    told: list[dict[str, Any]] = []
    recipe = Recipe("govern_child", folder, in_words=str.upper, killed=lambda: GovernError("ended by the system"))
    return run_child(recipe=recipe, spec={}, on_event=told.append, tick=tick), told


def test_the_child_gets_no_setting_but_the_folder_for_vectors(
    tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOVERN_SECRET_KEY", "x" * 50)
    settings.VECTOR_CACHE = str(tmp_path / "vectors")
    result, told = run(tmp_path, TELLS_ALL)
    assert [name for name in result["names"] if name.startswith("GOVERN_")] == ["GOVERN_VECTOR_CACHE"]
    assert result["cache"] == str(tmp_path / "vectors")
    assert told == [{"event": "log", "message": "a library's own line"}]


def test_a_failure_that_the_child_explains_is_told_in_the_readers_words(tmp_path: Path) -> None:
    with pytest.raises(GovernError) as caught:
        run(tmp_path, REFUSES)
    assert (caught.value.message, caught.value.where, caught.value.hint) == ("NO ITEMS.", "items", "GIVE SOME.")


def test_a_crash_carries_the_end_of_its_trace_for_the_log(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"code 1\n(?s:.*)ValueError: a secret place") as caught:
        run(tmp_path, CRASHES)
    assert not isinstance(caught.value, GovernError)


def test_a_child_that_the_system_ended_is_no_crash(tmp_path: Path) -> None:
    with pytest.raises(GovernError, match="ended by the system"):
        run(tmp_path, KILLED)


def test_a_silent_child_can_be_stopped(tmp_path: Path) -> None:
    def cancelled() -> None:
        raise CancelledError("cancelled")

    with pytest.raises(CancelledError):
        run(tmp_path, SILENT, cancelled)
