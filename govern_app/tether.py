"""Ends a process when the one that started it is gone, so that no orphan keeps a port or a job."""

import logging
import os
import signal
import threading
import time

logger = logging.getLogger(__name__)
VARIABLE = "GOVERN_SUPERVISOR"  # the process id of the supervisor; set by it alone
LOOK_SECONDS = 1.0
# First asked to finish, then to give back what it does, at last made to end; seconds to wait after each.
LADDER = ((signal.SIGTERM, 4.0), (signal.SIGQUIT, 10.0))


def tether() -> None:
    """Watch the supervisor named in the environment from a thread; without one, do nothing."""
    supervisor = os.environ.get(VARIABLE, "")
    if supervisor:
        threading.Thread(target=_watch, args=(int(supervisor),), name="tether", daemon=True).start()


def _watch(supervisor: int) -> None:
    while os.getppid() == supervisor:
        time.sleep(LOOK_SECONDS)
    logger.warning("the process that started this one (%s) is gone: ending", supervisor)
    for number, seconds in LADDER:
        os.kill(os.getpid(), number)
        time.sleep(seconds)
    os.killpg(os.getpgid(0), signal.SIGKILL)
