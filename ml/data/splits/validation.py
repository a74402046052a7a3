"""A validation part for a model's own early stopping, cut from train alone."""

import numpy as np

from ml.data.interactions import NO_CLOCK, SHARED_CLOCK, Interactions
from ml.data.splits.at_random import random_rows
from ml.data.splits.time import instant_after


def validation_tail(
    train: Interactions, share: float = 0.1, *, of_each: bool = False
) -> tuple[Interactions, Interactions]:
    """(fit, validation): the last ``share`` of train's rows by time, cut between two instants, in train's vocabulary.

    Where users have no clock in common, or with ``of_each``, it is the last ``share`` of each one's own sequence, and
    without any order a share drawn by seed 0; a user with few rows then gives none. Raises DataError when a clock shows
    only one instant.
    """
    if train.clock == SHARED_CLOCK and not of_each:
        at = instant_after(train.times, 1.0 - share)
        early = train.times < at
        return train.select(early, until=at), train.select(~early, until=train.until)
    if train.clock == NO_CLOCK:
        late = random_rows(train, share, seed=0)
        return train.select(~late), train.select(late)
    order = np.lexsort((train.times, train.user_codes))
    counts = np.bincount(train.user_codes, minlength=train.n_users)
    users = train.user_codes[order]
    place = np.arange(len(train)) - (np.cumsum(counts) - counts)[users]
    wanted = np.minimum(np.floor(share * counts + 0.5).astype(np.int64), counts - 1)
    late = np.empty(len(train), bool)
    late[order] = place >= (counts - wanted)[users]
    return train.select(~late), train.select(late)
