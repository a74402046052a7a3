"""A few lists as people see them: what a user had, what is recommended, what of it was right, and why."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.errors import DataError
from ml.evaluation.rankings import Rankings
from ml.explanation.features import explain_by_themes
from ml.explanation.history import PARTS, explain_by_history
from ml.models.base import BASELINES, Recommender

USERS, ITEMS, HAD, REASONS = 4, 5, 5, 3
LONGEST_TITLE = 120


def example_lists(rankings: Rankings, titles: Sequence[str] = ()) -> list[dict[str, Any]]:
    """The first items of the lists of a few test users, each with its reason; JSON values only.

    The users are those in the middle of four equal parts of all test users, by how many events are known of them: not
    those with the best lists. ``titles`` [n_items] are names of items, "" where there is none, or empty.

    [{"user": id, "known": events, "had": [item, latest first], "wanted": items to find, "found": of them in the whole
    list, "length": of the whole list, "items": [item | {"right", "had", "reason"}]}] where an item is {"item": id,
    "title"}, and a reason is a document of ``explain_by_history`` or ``explain_by_themes``, {"kind": "popular"} for a
    list that is alike for all, or None for a model that gives no reasons.
    """
    return [_example(rankings, titles, row) for row in chosen_rows(rankings)]


def chosen_rows(rankings: Rankings) -> NDArray[np.int64]:
    """Rows of ``rankings``, by ascending number of events known; of equals, by code."""
    known = np.bincount(rankings.base.user_codes, minlength=rankings.base.n_users)[rankings.truth.users]
    order = np.lexsort((rankings.truth.users, known))
    count = min(USERS, len(order))
    places = (np.arange(count) + 0.5) / max(count, 1) * len(order)
    return order[places.astype(np.int64)]


def _example(rankings: Rankings, titles: Sequence[str], row: int) -> dict[str, Any]:
    user = int(rankings.truth.users[row])
    mine = np.flatnonzero(rankings.base.user_codes == user)
    had = rankings.base.item_codes[mine]
    ranked = rankings.ranked[row]
    listed = ranked[ranked >= 0]
    items = [
        _named(rankings.model, int(item), titles)
        | {
            "right": bool(rankings.hits[row, place]),
            "had": bool((had == item).any()),
            "reason": reason_of(rankings.model, user, int(item), titles),
        }
        for place, item in enumerate(listed[:ITEMS])
    ]
    return {
        "user": str(rankings.base.users[user]),
        "known": len(mine),
        "had": [_named(rankings.model, item, titles) for item in _latest(rankings, mine)],
        "wanted": int(rankings.truth.sizes[row]),
        "found": int(rankings.hits[row].sum()),
        "length": len(listed),
        "items": items,
    }


def reason_of(model: Recommender, user: int, item: int, titles: Sequence[str] = ()) -> dict[str, Any] | None:
    """Why this item code is recommended to this user code; None where the model cannot say."""
    if model.name in BASELINES:
        return {"kind": "popular"}
    try:
        if model.name in PARTS:
            return _titled(explain_by_history(model, user, item).document(REASONS), model, titles)
        if model.name == "perceptron":
            return explain_by_themes(model, user, item, REASONS)
    except DataError:  # of users who were folded in, not every model keeps what it compared
        return None
    return None


def _titled(document: dict[str, Any], model: Recommender, titles: Sequence[str]) -> dict[str, Any]:
    """Items that say nothing are left out; the others get their titles."""
    places = {str(item): code for code, item in enumerate(model.items)} if titles else {}
    because = [
        each | {"title": _title(places.get(each["item"], -1), titles)}
        for each in document["because"]
        if each["contribution"]
    ]
    return document | {"because": because}


def _latest(rankings: Rankings, mine: NDArray[np.int64]) -> list[int]:
    """The latest different items of a user; of equal times the later row."""
    order = mine[np.argsort(rankings.base.times[mine], kind="stable")][::-1]
    return list(dict.fromkeys(rankings.base.item_codes[order].tolist()))[:HAD]


def _named(model: Recommender, item: int, titles: Sequence[str]) -> dict[str, Any]:
    return {"item": str(model.items[item]), "title": _title(item, titles)}


def _title(item: int, titles: Sequence[str]) -> str:
    text = titles[item].strip() if 0 <= item < len(titles) else ""
    return text if len(text) <= LONGEST_TITLE else text[: LONGEST_TITLE - 1] + "…"
