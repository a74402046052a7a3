"""One training at a time on each GPU, whatever number of workers start trainings on this machine."""

import fcntl
import os
import re
import time
from collections.abc import Callable
from pathlib import Path

PROC, LOOK_AGAIN_SECONDS = Path("/proc/driver/nvidia/gpus"), 1.0
_held: list[int] = []  # descriptors of lock files: the system lets go of them when the process ends, however it ends


def gpus() -> list[str]:
    """The GPUs that this process may use, as CUDA_VISIBLE_DEVICES names them; found without loading CUDA."""
    named = os.environ.get("CUDA_VISIBLE_DEVICES")
    if named is not None:
        return [part.strip() for part in named.split(",") if part.strip() and part.strip() != "-1"]
    return [str(number) for number in range(len(list(PROC.iterdir())))] if PROC.is_dir() else []


def reserve(folder: Path, say: Callable[[str], None], devices: list[str] | None = None) -> str | None:
    """Wait until one GPU is free, keep it until this process ends and show CUDA no other; None where there is none.

    Must come before torch is imported. ``folder`` holds the lock files and is shared by all workers of the machine.
    """
    found = gpus() if devices is None else devices
    if not found:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    said = False
    while True:
        for device in found:
            if _lock(folder / (re.sub(r"[^\w-]", "_", device) + ".lock")):
                os.environ["CUDA_VISIBLE_DEVICES"] = device
                return device
        if not said:
            say("Waiting for a GPU that no other training uses")
            said = True
        time.sleep(LOOK_AGAIN_SECONDS)


def _lock(path: Path) -> bool:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return False
    _held.append(descriptor)
    return True
