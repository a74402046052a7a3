"""Small work that is looked after every few seconds: by each worker itself, and by Celery beat where one runs.

A round is called again and again, by several processes at once: what it does, it claims in the database first.
"""

import logging
import threading
from collections.abc import Callable
from typing import Any

from celery import bootsteps
from django.db import connection
from django.utils.module_loading import autodiscover_modules

logger = logging.getLogger(__name__)
EVERY_SECONDS = 15.0
Round = Callable[[], int]
_rounds: dict[str, Round] = {}


def every_round(name: str) -> Callable[[Round], Round]:
    """Register the decorated function, which returns how many things it did, under ``name``."""

    def register(function: Round) -> Round:
        _rounds[name] = function
        return function

    return register


def rounds_run() -> dict[str, int]:
    """Call each round once; one that fails is logged and does not keep the others from theirs."""
    autodiscover_modules("tasks")
    done = {}
    for name, function in sorted(_rounds.items()):
        try:
            done[name] = function()
        except Exception:
            # Whatever it was, the next round is the remedy.
            logger.exception("the round %s could not be made", name)
    return done


class Rounds(bootsteps.StartStopStep):
    """Makes the rounds in a thread of the worker's main process, so that the embedded set-up needs no scheduler."""

    requires = {"celery.worker.components:Pool"}

    def __init__(self, parent: Any, **options: Any) -> None:
        self._done = threading.Event()
        super().__init__(parent, **options)

    def start(self, parent: Any) -> None:
        threading.Thread(target=self._watch, name="rounds", daemon=True).start()

    def stop(self, parent: Any) -> None:
        self._done.set()

    def _watch(self) -> None:
        while not self._done.wait(EVERY_SECONDS):
            try:
                rounds_run()
            finally:
                connection.close()
