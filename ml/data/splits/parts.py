"""What a split leaves: train and test in one vocabulary, and counts of what the test asks that train does not know."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from ml.data.interactions import Interactions, compact
from ml.errors import DataError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Rows = NDArray[np.bool_]


@dataclass(frozen=True)
class Parts:
    """Train and test in one vocabulary: the users and items of train.

    Where users were held out, ``history`` is what they did before their test rows: it and ``test`` share a vocabulary
    of these users alone, whom train does not know, and train's items. A model takes it in by ``fold_in``.
    """

    train: Interactions
    test: Interactions  # rows whose user and item are known
    unknown_items: NDArray[np.int64]  # [users of test] the different test items of each user that train does not know
    at: int | None  # the instant that parts train from test, for splits in time
    until: int | None
    counts: dict[str, int]
    history: Interactions | None = None
    ties: str = ""  # how rows of equal time were parted; empty where time plays no part
    tied_share: float = 0.0  # of what the rule speaks of

    @property
    def known(self) -> Interactions:
        """What a model may know of the test users: the history of those who were held out, and train otherwise."""
        return self.history if self.history is not None else self.train


def instant_text(at: int) -> str:
    """ISO 8601 in UTC."""
    return (EPOCH + timedelta(microseconds=at)).isoformat().replace("+00:00", "Z")


def parts_of(
    rows: Interactions,
    train_rows: Rows,
    test_rows: Rows,
    *,
    where: str,
    minimum_users: int,
    at: int | None = None,
    until: int | None = None,
    ties: str = "",
    tied_share: float = 0.0,
) -> Parts:
    """Parts of users who are all in train; ``train_rows`` and ``test_rows`` are [rows].

    Raises DataError when too few users are left to learn from, or none to test.
    """
    train = trained(rows.select(train_rows, until=at), minimum_users)
    test, unknown, counts = in_codes_of(train, rows.select(test_rows, until=until))
    check_tested(test, where, timed=at is not None)
    counts |= sizes(train)
    return Parts(train, test, unknown, at, until, counts, ties=ties, tied_share=tied_share)


def trained(rows: Interactions, minimum_users: int) -> Interactions:
    """The train part in its own vocabulary. Raises DataError for fewer users than ``minimum_users``."""
    train = compact(rows)
    if train.n_users < minimum_users:
        when = f"before {instant_text(rows.until)}" if rows.until is not None else "to learn from"
        choice = "a later instant" if rows.until is not None else "another split"
        raise DataError(
            f"Only {train.n_users} user has interactions {when}.",
            where="split",
            hint=f"Training needs {minimum_users} users or more: choose {choice} or another dataset.",
        )
    return train


def check_tested(test: Interactions, where: str, *, timed: bool) -> None:
    """Raises DataError when the test part has no row."""
    if len(test):
        return
    if timed:
        raise DataError(
            "No user after the split meets an item that was known before it.",
            where=where,
            hint="Choose another instant or a longer window.",
        )
    raise DataError(
        "No user is left to test who meets an item that train knows.",
        where=where,
        hint="Choose another split, or a dataset with more interactions of each user.",
    )


def sizes(train: Interactions) -> dict[str, int]:
    return {"train_rows": len(train), "train_users": train.n_users, "train_items": train.n_items}


def in_codes_of(train: Interactions, rows: Interactions) -> tuple[Interactions, NDArray[np.int64], dict[str, int]]:
    """The test rows in train's codes, the unknown items of each user, and counts of what train does not know."""
    users, items = (
        codes_in(rows.users, train.users)[rows.user_codes],
        codes_in(rows.items, train.items)[rows.item_codes],
    )
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


def codes_in(ids: NDArray[np.object_], known: NDArray[np.object_]) -> NDArray[np.int32]:
    """[ids] the place of each id in ``known`` (ascending), -1 where it is not there."""
    if not len(known):
        return np.full(len(ids), -1, np.int32)
    places = np.searchsorted(known, ids)
    places[places == len(known)] = 0
    found: NDArray[np.int32] = np.where(known[places] == ids, places, -1).astype(np.int32)
    return found
