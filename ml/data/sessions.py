"""Sessions: rows of one user with no long pause between them."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ml.data.interactions import SHARED_CLOCK, Interactions
from ml.errors import DataError

MINUTE = 60_000_000  # microseconds


def sessions_of(rows: Interactions, gap_minutes: float = 30.0) -> NDArray[np.int64]:
    """[rows] the number of each row's session, counted over users and, within each, in time.

    A session ends before a pause longer than ``gap_minutes``. Raises DataError where rows have no common clock.
    """
    if rows.clock != SHARED_CLOCK:
        raise DataError(
            "Sessions cannot be told: the rows have no times.", where="sessions", hint="Give a time column."
        )
    if not gap_minutes > 0:
        raise DataError(f"A pause cannot be {gap_minutes:g} minutes.", where="sessions", hint="For example 30.")
    if not len(rows):
        return np.empty(0, np.int64)
    order = np.lexsort((rows.times, rows.user_codes))
    users, times = rows.user_codes[order], rows.times[order]
    begins = np.concatenate([[True], (users[1:] != users[:-1]) | (np.diff(times) > gap_minutes * MINUTE)])
    numbers = np.empty(len(rows), np.int64)
    numbers[order] = np.cumsum(begins) - 1
    return numbers


def sessions_as_users(rows: Interactions, gap_minutes: float = 30.0) -> Interactions:
    """The same rows with a session where the user stood, named "user/number", for models of what comes next in one."""
    numbers = sessions_of(rows, gap_minutes)
    sessions, first = np.unique(numbers, return_index=True)
    users = rows.user_codes[first]
    start = np.searchsorted(users, users)  # sessions are numbered user by user
    names = np.array(
        [f"{rows.users[u]}/{n:06}" for u, n in zip(users, sessions - sessions[start], strict=True)], object
    )
    order = np.argsort(names, kind="stable")
    place = np.empty(len(order), np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    return replace(rows, user_codes=place[numbers], users=names[order])
