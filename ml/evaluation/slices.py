"""Users of whom little is known, items that few have met, the long tail: groups that every dataset has."""

import numpy as np
from numpy.typing import NDArray

HISTORY_BOUNDS = (5, 20)  # different items of a user, different users of an item
HEAD, TAIL = 0.2, 0.2  # shares of all train pairs that the head and the tail hold


def history_groups(counts: NDArray[np.int64]) -> list[str | None]:
    """ "1-4" (cold), "5-19" or "20+" for each count; None for 0."""
    few, many = HISTORY_BOUNDS
    names = np.array([f"1-{few - 1}", f"{few}-{many - 1}", f"{many}+"], dtype=object)
    groups = names[np.searchsorted(HISTORY_BOUNDS, counts, side="right")]
    return [group if count > 0 else None for group, count in zip(groups, counts, strict=True)]


def popularity_groups(popularity: NDArray[np.int64]) -> list[str | None]:
    """ "head", "middle" or "tail" for each item, by [n_items] different users in train; None for an item without any.

    The head are the most popular items that together hold a fifth of all pairs, the tail the least popular that hold a
    fifth (Abdollahpouri and Mansoury, "Multi-sided exposure bias in recommendation", 2020). Equally popular items stand
    in order of code; an item that crosses a bound belongs to the side it started on.
    """
    order = np.argsort(-popularity, kind="stable")
    before = (np.cumsum(popularity[order]) - popularity[order]) / max(int(popularity.sum()), 1)
    groups = np.empty(len(popularity), dtype=object)
    groups[order] = np.where(before < HEAD, "head", np.where(before < 1 - TAIL, "middle", "tail"))
    return [group if count > 0 else None for group, count in zip(groups, popularity, strict=True)]
