"""Inner loops compiled by Numba, shared among threads by rows.

A compiled function lets go of the interpreter, so plain threads share its work: no OpenMP, whose threads would stand
beside those of torch and spin. The compiled code is kept on disk (Numba's cache), so that a process compiles once ever.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

import numba

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

# Sums may be taken in another order, which is what vector units need; NaN and infinity keep their meaning.
FAST = {"reassoc", "contract", "arcp", "nsz"}
SLICES = 16  # of each thread: rows differ in length, so that equal slices would end at different times


def compiled(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """The function compiled when it is first called, from the cache on disk where one can be written."""
    settings: dict[str, Any] = {"nogil": True, "fastmath": FAST, "error_model": "numpy"}
    try:
        result: Callable[Arguments, Result] = numba.njit(cache=True, **settings)(function)
    except RuntimeError:  # neither the source's folder nor the home can be written: compile in each process
        result = numba.njit(**settings)(function)
    return result


def thread_count() -> int:
    """The cores that this process may use, or fewer where OMP_NUM_THREADS says so."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    wanted = os.environ.get("OMP_NUM_THREADS", "")
    return max(1, min(cores, int(wanted))) if wanted.isdecimal() else cores


def share_rows(work: Callable[[int, int], object], rows: int, *, slices: int = SLICES) -> None:
    """Call ``work(start, stop)`` until all rows are done, on all threads; which thread does which changes no result.

    ``slices`` are the parts of each thread.
    """
    threads = thread_count()
    size = max(1, -(-rows // (threads * slices)))
    starts = range(0, rows, size)
    if threads == 1:
        for start in starts:
            work(start, min(start + size, rows))
        return
    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(work, start, min(start + size, rows)) for start in starts]:
            done.result()
