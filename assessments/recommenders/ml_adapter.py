"""The only way from this app to ``ml``: checks without torch here, training in a child process.

A child can be stopped at once, gives its memory back when it ends, and keeps torch out of the process that started it.
"""

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from assessments.common.errors import GovernError
from assessments.recommenders.ml_words import in_words

Tick = Callable[[], None]
OnEvent = Callable[[dict[str, Any]], None]
OnCancel = Callable[[Callable[[], None]], Any]
TICK_SECONDS = 1.0
STDERR_TAIL = 8000
TRAIN_MODULE = "ml.recipes.train"


def check_model(name: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """All options of the model with their values; GovernError names what is wrong."""
    from ml.errors import DataError
    from ml.models.options import check_options

    try:
        return dict(check_options(name, options))
    except DataError as error:
        raise GovernError(in_words(error.message), where=error.where, hint=in_words(error.hint)) from error


def check_split(text: str) -> None:
    """Raise GovernError for a split that cannot be read."""
    from ml.data.splits import parse_split
    from ml.errors import DataError

    try:
        parse_split(text)
    except DataError as error:
        raise GovernError(in_words(error.message), where=error.where or "split", hint=in_words(error.hint)) from error


def model_choices() -> dict[str, list[dict[str, Any]]]:
    """Model name → its options (name, default, low, high, help), for forms."""
    from ml.models.options import MODELS

    return {name: [vars(option) for option in options] for name, options in MODELS.items()}


def run_child(
    *,
    spec: dict[str, Any],
    on_event: OnEvent,
    tick: Tick,
    on_cancel: OnCancel | None = None,
    module: str = TRAIN_MODULE,
) -> dict[str, Any]:
    """Run the recipe in a child process and return its result.

    ``on_event`` gets every line that the child prints; ``tick`` is called about once a second, also while the child is
    silent. When either raises, the child is killed and the exception goes on. GovernError for a failure that the child
    explains or for a child that was killed; RuntimeError with the end of its standard error for a crash.
    """
    with tempfile.TemporaryDirectory(prefix="govern-train-") as folder, (Path(folder) / "stderr").open("w+b") as errors:
        spec_file = Path(folder) / "spec.json"
        spec_file.write_text(json.dumps(spec), encoding="utf-8")
        child = _start(module, spec_file, errors)
        try:
            if on_cancel is not None:
                on_cancel(lambda: _kill(child))
            result = _listen(child, on_event, tick)
            code = child.wait()
            tick()  # a child killed by on_cancel is a cancelled job, not a crash
        finally:
            _kill(child)
            _close(child)
        return result if result is not None and code == 0 else _explain(code, errors)


def _start(module: str, spec_file: Path, errors: IO[bytes]) -> subprocess.Popen[bytes]:
    import ml

    # The child needs no secret, no database and no broker: it gets none of Govern's settings.
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GOVERN_")}
    environment |= {"HF_HUB_OFFLINE": "1", "PYTHONHASHSEED": "0", "PYTHONIOENCODING": "utf-8"}
    return subprocess.Popen(  # noqa: S603 - fixed arguments, no shell
        [sys.executable, "-m", module, "--spec", str(spec_file)],
        stdin=subprocess.PIPE,  # its end of file tells the child that this process is gone
        stdout=subprocess.PIPE,
        stderr=errors,
        cwd=Path(str(ml.__file__)).resolve().parent.parent,
        env=environment,
        start_new_session=True,
    )


def _listen(child: subprocess.Popen[bytes], on_event: OnEvent, tick: Tick) -> dict[str, Any] | None:
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


def _explain(code: int, errors: IO[bytes]) -> dict[str, Any]:
    errors.seek(0)
    tail = errors.read().decode("utf-8", "replace")[-STDERR_TAIL:]
    if code == -signal.SIGKILL or "MemoryError" in tail:
        raise GovernError(
            _("The training process was ended by the system, most likely for want of memory."),
            where="memory",
            hint=_("Train on fewer items or events, or on a machine with more memory."),
        )
    raise RuntimeError(f"the training process ended with code {code}\n{tail}")
