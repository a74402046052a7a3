"""Every worker also looks for lost jobs, so that the embedded set-up needs no scheduler beside it."""

import logging
import threading
from collections.abc import Callable
from typing import Any

from celery import bootsteps
from django.conf import settings
from django.db import connection

from assessments.jobs.dispatch import jobs_recover
from assessments.jobs.services import jobs_send_again

logger = logging.getLogger(__name__)


class Reaper(bootsteps.StartStopStep):
    """Recovers lost jobs every few seconds, in a thread of the worker's main process."""

    requires = {"celery.worker.components:Pool"}

    def __init__(self, parent: Any, **options: Any) -> None:
        self._done = threading.Event()
        super().__init__(parent, **options)

    def start(self, parent: Any) -> None:
        threading.Thread(target=self._watch, name="reaper", daemon=True).start()

    def stop(self, parent: Any) -> None:
        self._done.set()

    def _watch(self) -> None:
        self._look(jobs_send_again)
        while not self._done.wait(settings.JOB_HEARTBEAT_SECONDS):
            self._look(jobs_recover)

    def _look(self, work: Callable[[], int]) -> None:
        try:
            work()
        except Exception:
            # Whatever it was, the next round is the remedy: a reaper that died would leave jobs hanging.
            logger.exception("lost jobs could not be looked for")
        finally:
            connection.close()
