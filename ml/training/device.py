"""Where training runs, and how it is said."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from ml.errors import DataError


def choose_device(wanted: str) -> torch.device:
    """ "auto" is CUDA when it is there and the CPU otherwise. Raises DataError for a device that is not there."""
    if wanted == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if wanted not in {"cpu", "cuda"}:
        raise DataError(f"There is no device called '{wanted}'.", where="device", hint="Say auto, cpu or cuda.")
    if wanted == "cuda" and not torch.cuda.is_available():
        raise DataError("This machine has no CUDA device.", where="device", hint="Say cpu or auto.")
    return torch.device(wanted)


def device_name(device: torch.device) -> str:
    if device.type == "cuda":
        return f"CUDA ({torch.cuda.get_device_name(device)})"
    return "CPU (1 thread)"


@contextmanager
def one_thread() -> Iterator[None]:
    """Let torch compute on one thread of the CPU inside the block.

    The batches of a small network are too short to share. Threads that wait for each other spin, and where the cores
    are taken by others a training becomes ten times slower; and sums taken in one order are the same on every machine
    with the same instructions, however many cores it has.
    """
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
