"""What the recipes that run as a child process share: spec, events on standard output, end with the parent."""

import json
import os
import sys
import threading
import traceback
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

from ml.errors import DataError
from ml.models.base import part

Work = Callable[[dict[str, Any], "Events"], dict[str, Any]]


class Events:
    """Prints one JSON object a line; NaN is no JSON, so a number that does not exist must be None."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def send(self, event: str, **values: Any) -> None:
        self.stream.write(json.dumps({"event": event, **values}, ensure_ascii=False, allow_nan=False) + "\n")
        self.stream.flush()

    def progress(self, fraction: float, message: str = "") -> None:
        self.send("progress", fraction=round(fraction, 4), message=message)

    def log(self, message: str) -> None:
        self.send("log", message=message)

    def part(self, start: float, end: float) -> Callable[[float, str], None]:
        return part(self.progress, start, end)


def run_recipe(work: Work, arguments: list[str]) -> int:
    """Do the work of the spec that ``--spec`` names; the exit code is 0, or 1 after an error event or a crash."""
    parser = ArgumentParser(description="Started by Govern; prints JSON lines.")
    parser.add_argument("--spec", required=True, type=Path)
    spec_file = parser.parse_args(arguments).spec
    events = Events(sys.stdout)
    sys.stdout = sys.stderr  # what a library prints must not stand between the events
    end_with_parent()
    try:
        events.send("result", **work(read_spec(spec_file), events))
    except DataError as error:
        events.send("error", message=error.message, where=error.where, hint=error.hint)
        return 1
    except Exception:
        traceback.print_exc()  # a crash: the parent keeps the end of standard error
        return 1
    return 0


def read_spec(path: Path) -> dict[str, Any]:
    try:
        spec = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError("The specification cannot be read.", where=str(path)) from error
    if not isinstance(spec, dict):
        raise DataError("The specification is not a JSON object.", where=str(path))
    return spec


def end_with_parent() -> None:
    """End this process when its standard input closes: the worker that started it is gone."""

    def wait() -> None:
        while os.read(0, 4096):
            pass
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
