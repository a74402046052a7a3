"""Parting interactions at one instant: what came before trains, what came after tests."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from ml.data.interactions import DAY, Interactions, compact
from ml.errors import DataError

HINT = "Write time:2011-10-10,28d, time:2011-10-10 or time:0.9."
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class TimeSplit:
    """A global split: train before ``at``, test from it on, for ``window_days`` or to the last row.

    Instead of an instant, ``share`` names the part of the rows that train: the split falls at the time of the first row
    after that share, and rows of that time all test, so that rows of equal time stay together.
    """

    at: int | None  # microseconds since 1970, UTC
    share: float | None = None
    window_days: float | None = None

    @property
    def text(self) -> str:
        """The split in one canonical way of writing."""
        start = instant_text(self.at) if self.at is not None else f"{self.share:g}"
        return f"time:{start}" + (f",{self.window_days:g}d" if self.window_days else "")


@dataclass(frozen=True)
class Parts:
    """Train and test in one vocabulary: the users and items of train."""

    train: Interactions
    test: Interactions  # rows whose user and item train knows
    unknown_items: NDArray[np.int64]  # [train users] the different test items of each user that train does not know
    at: int
    until: int | None
    counts: dict[str, int]


def parse_split(text: str) -> TimeSplit:
    """Read ``time:DATE[,28d]`` or ``time:SHARE``. Raises DataError for anything else."""
    wrong = DataError(f"The split '{text}' is not understood.", where="split", hint=HINT)
    match = re.fullmatch(r"time:([^,]+)(?:,\s*(\d+(?:\.\d+)?)d)?", text.strip())
    if match is None:
        raise wrong
    start, window = match.group(1).strip(), match.group(2)
    days = float(window) if window else None
    if days is not None and not 0 < days <= 36_500:
        raise wrong
    if re.fullmatch(r"0?\.\d+", start):
        share = float(start)
        if not 0 < share < 1:
            raise wrong
        return TimeSplit(at=None, share=share, window_days=days)
    try:
        moment = datetime.fromisoformat(start)
    except ValueError as error:
        raise wrong from error
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return TimeSplit(at=(moment - EPOCH) // timedelta(microseconds=1), window_days=days)


def apply_split(rows: Interactions, split: TimeSplit, *, minimum_users: int = 2) -> Parts:
    """Part the rows. Raises DataError when nothing is before or after, or too few users are left to learn from."""
    at = split.at if split.at is not None else _instant(rows.times, split.share or 0.0)
    until = at + round(split.window_days * DAY) if split.window_days else None
    before = rows.times < at
    after = (rows.times >= at) & (rows.times < (until if until is not None else np.iinfo(np.int64).max))
    _check_sides(rows, at, until, before, after)
    train = compact(rows.select(before, until=at))
    if train.n_users < minimum_users:
        raise DataError(
            f"Only {train.n_users} user has interactions before {instant_text(at)}.",
            where="split",
            hint=f"Training needs {minimum_users} users or more: choose a later instant or another dataset.",
        )
    test, unknown_items, counts = _known(rows.select(after, until=until), train)
    if not len(test):
        raise DataError(
            "No user after the split meets an item that was known before it.",
            where=f"split at {instant_text(at)}",
            hint="Choose another instant or a longer window.",
        )
    unused = len(rows) - int(before.sum()) - int(after.sum())
    counts |= {"train_rows": len(train), "train_users": train.n_users, "train_items": train.n_items}
    return Parts(train, test, unknown_items, at, until, {**counts, "rows_after_the_window": unused})


def validation_tail(train: Interactions, share: float = 0.1) -> tuple[Interactions, Interactions]:
    """(fit, validation): the last ``share`` of train's rows by time, cut between two instants, in train's vocabulary.

    Raises DataError when train has only one instant.
    """
    at = _instant(train.times, 1.0 - share)
    early = train.times < at
    return train.select(early, until=at), train.select(~early, until=train.until)


def instant_text(at: int) -> str:
    """ISO 8601 in UTC."""
    return (EPOCH + timedelta(microseconds=at)).isoformat().replace("+00:00", "Z")


def _instant(times: NDArray[np.int64], share: float) -> int:
    ordered = np.sort(times)
    if not len(ordered) or ordered[0] == ordered[-1]:
        raise DataError(
            "All rows have the same time, so nothing can come before or after.",
            where="column with the role time",
            hint="Check that the column with the role time is the right one.",
        )
    at = int(ordered[min(int(np.ceil(share * len(ordered))), len(ordered) - 1)])
    return at if at > ordered[0] else int(ordered[np.searchsorted(ordered, at, side="right")])


def _check_sides(
    rows: Interactions, at: int, until: int | None, before: NDArray[np.bool_], after: NDArray[np.bool_]
) -> None:
    if len(rows) and before.any() and after.any():
        return
    first, last = (int(rows.times.min()), int(rows.times.max())) if len(rows) else (0, 0)
    reach = f"The interactions reach from {instant_text(first)} to {instant_text(last)}."
    if not before.any():
        raise DataError(
            f"Nothing happened before {instant_text(at)}, so nothing can be learned.", where="split", hint=reach
        )
    window = f" and before {instant_text(until)}" if until is not None else ""
    raise DataError(
        f"Nothing happened from {instant_text(at)} on{window}, so nothing can be tested.", where="split", hint=reach
    )


def _known(rows: Interactions, train: Interactions) -> tuple[Interactions, NDArray[np.int64], dict[str, int]]:
    """The test rows in train's codes, the unknown items of each user, and counts of what train does not know."""
    users, items = _codes(rows.users, train.users)[rows.user_codes], _codes(rows.items, train.items)[rows.item_codes]
    kept, strange = (users >= 0) & (items >= 0), (users >= 0) & (items < 0)
    pairs = np.unique(users[strange].astype(np.int64) * rows.n_items + rows.item_codes[strange])
    unknown = np.bincount(pairs // max(rows.n_items, 1), minlength=train.n_users).astype(np.int64)
    counts = {
        "test_rows": len(rows),
        "test_users": len(np.unique(rows.user_codes)),
        "test_users_unknown_in_train": len(np.unique(rows.user_codes[users < 0])),
        "test_rows_of_unknown_users": int((users < 0).sum()),
        "test_rows_of_unknown_items": int(strange.sum()),
        "test_rows_kept": int(kept.sum()),
    }
    recoded = replace(rows.select(kept, until=rows.until), user_codes=users[kept], item_codes=items[kept])
    return replace(recoded, users=train.users, items=train.items), unknown, counts


def _codes(ids: NDArray[np.object_], known: NDArray[np.object_]) -> NDArray[np.int32]:
    """[ids] the place of each id in ``known`` (ascending), -1 where it is not there."""
    places = np.searchsorted(known, ids)
    places[places == len(known)] = 0
    found: NDArray[np.int32] = np.where(known[places] == ids, places, -1).astype(np.int32)
    return found
