"""Work in a child process that prints JSON lines: it can be stopped at once and gives its memory back when it ends."""

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.conf import settings

from assessments.common.errors import GovernError

Tick = Callable[[], None]
OnEvent = Callable[[dict[str, Any]], None]
OnCancel = Callable[[Callable[[], None]], Any]
TICK_SECONDS = 1.0
STDERR_TAIL = 8000


@dataclass(frozen=True)
class Recipe:
    """The module that the child runs, from where, and how its English texts are told to the reader."""

    module: str
    root: Path
    in_words: Callable[[str], str]
    killed: Callable[[], GovernError]  # what to say of a child that the system ended


def run_child(
    *,
    recipe: Recipe,
    spec: dict[str, Any],
    on_event: OnEvent,
    tick: Tick,
    on_cancel: OnCancel | None = None,
) -> dict[str, Any]:
    """Run the recipe in a child process and return its result.

    ``on_event`` gets every line that the child prints; ``tick`` is called about once a second, also while the child is
    silent. When either raises, the child is killed and the exception goes on. GovernError for a failure that the child
    explains or for a child that was killed; RuntimeError with the end of its standard error for a crash.
    """
    with tempfile.TemporaryDirectory(prefix="govern-child-") as folder, (Path(folder) / "stderr").open("w+b") as errors:
        spec_file = Path(folder) / "spec.json"
        spec_file.write_text(json.dumps(spec), encoding="utf-8")
        child = start(recipe, spec_file, errors)
        try:
            if on_cancel is not None:
                on_cancel(lambda: _kill(child))
            result = _listen(child, recipe.in_words, on_event, tick)
            code = child.wait()
            tick()  # a child killed by on_cancel is a cancelled job, not a crash
        finally:
            _kill(child)
            _close(child)
        return result if result is not None and code == 0 else _explain(code, errors, recipe.killed)


def start(recipe: Recipe, spec_file: Path, errors: IO[bytes]) -> subprocess.Popen[bytes]:
    # The child needs no secret, no database and no broker: of Govern's settings it gets one, the folder for vectors.
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GOVERN_")}
    environment["GOVERN_VECTOR_CACHE"] = settings.VECTOR_CACHE
    environment |= {"HF_HUB_OFFLINE": "1", "PYTHONHASHSEED": "0", "PYTHONIOENCODING": "utf-8"}
    return subprocess.Popen(  # noqa: S603 - fixed arguments, no shell
        [sys.executable, "-m", recipe.module, "--spec", str(spec_file)],
        stdin=subprocess.PIPE,  # its end of file tells the child that this process is gone
        stdout=subprocess.PIPE,
        stderr=errors,
        cwd=recipe.root,
        env=environment,
        start_new_session=True,
    )


def _listen(
    child: subprocess.Popen[bytes], in_words: Callable[[str], str], on_event: OnEvent, tick: Tick
) -> dict[str, Any] | None:
    """Hand on the child's events until it closes its output; the result event, or GovernError for its error event."""
    lines: queue.Queue[bytes | None] = queue.Queue()
    threading.Thread(target=_pump, args=(child, lines), daemon=True).start()
    result = None
    while True:
        try:
            line = lines.get(timeout=TICK_SECONDS)
        except queue.Empty:
            tick()
            continue
        if line is None:
            return result
        event = _parse(line)
        if event["event"] == "error":
            message, hint = in_words(event.get("message", "")), in_words(event.get("hint", ""))
            raise GovernError(message, where=event.get("where", ""), hint=hint)
        if event["event"] == "result":
            result = event
        else:
            on_event(event)


def _pump(child: subprocess.Popen[bytes], lines: "queue.Queue[bytes | None]") -> None:
    for line in child.stdout or ():
        lines.put(line)
    lines.put(None)


def _parse(line: bytes) -> dict[str, Any]:
    """One event; a line that is none (a library that prints) becomes a line of the log."""
    text = line.decode("utf-8", "replace").strip()
    try:
        event = json.loads(text)
    except ValueError:
        event = None
    if isinstance(event, dict) and isinstance(event.get("event"), str):
        return event
    return {"event": "log", "message": text[:500]}


def _kill(child: subprocess.Popen[bytes]) -> None:
    """End the child and what it started, at once."""
    if child.poll() is None:
        with contextlib.suppress(ProcessLookupError):  # it ended just now
            os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _close(child: subprocess.Popen[bytes]) -> None:
    for stream in (child.stdin, child.stdout):
        if stream is not None:
            stream.close()


def _explain(code: int, errors: IO[bytes], killed: Callable[[], GovernError]) -> dict[str, Any]:
    errors.seek(0)
    tail = errors.read().decode("utf-8", "replace")[-STDERR_TAIL:]
    if code == -signal.SIGKILL or "MemoryError" in tail:
        raise killed()
    raise RuntimeError(f"the child process ended with code {code}\n{tail}")
