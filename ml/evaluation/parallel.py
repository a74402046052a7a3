"""Rows shared among the processors, for NumPy and compiled loops that release the interpreter."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

WORTH_THREADS = 1_000_000  # cells below which starting threads costs more than it saves


def processors() -> int:
    """How many this process may use: OMP_NUM_THREADS where it is set, as for the matrix products beside it."""
    asked = os.environ.get("OMP_NUM_THREADS", "")
    allowed = len(os.sched_getaffinity(0))
    return min(allowed, int(asked)) if asked.isdecimal() and int(asked) else allowed


def over_rows(work: Callable[[slice], None], rows: int, columns: int, *, size: int) -> None:
    """Call ``work`` with slices of ``size`` rows that together are all of them, each in one of the threads.

    The slices do not depend on the number of threads, so neither does the result.
    """
    slices = [slice(start, min(start + size, rows)) for start in range(0, rows, size)]
    threads = min(processors(), len(slices)) if rows * columns >= WORTH_THREADS else 1
    if threads < 2:
        for each in slices:
            work(each)
        return
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, slices))  # the list raises what a thread raised
