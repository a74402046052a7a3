"""Holding users out: what a model makes of people whom it was not trained on (strong generalisation).

Marlin, "Modeling user rating profiles for collaborative filtering", NIPS 2003; Liang et al., WWW 2018.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ml.data.interactions import NO_CLOCK, Interactions, compact
from ml.data.splits.base import Split
from ml.data.splits.parts import Parts, check_tested, codes_in, sizes, trained
from ml.errors import DataError

TIES = "a held-out user's rows of one time stand in an order drawn by the seed; the share is of the held-out users"


@dataclass(frozen=True)
class UserSplit(Split):
    """``share`` of the users with two rows or more are held out, drawn by ``seed``.

    The first ``history`` of each one's rows is folded in, by time, or in a drawn order where rows have no times; the
    rest, one row at least, is the truth.
    """

    share: float
    seed: int = 0
    history: float = 0.8

    @property
    def text(self) -> str:
        return f"users:{self.share:g},seed={self.seed},history={self.history:g}"

    def inner(self, train: Interactions) -> "UserSplit":
        return UserSplit(self.share, self.seed + 1, self.history)

    def apply(self, rows: Interactions, *, minimum_users: int) -> Parts:
        rng = np.random.default_rng(self.seed)
        held = self._drawn(rows, rng)
        train = trained(rows.select(~held[rows.user_codes]), minimum_users)
        theirs = compact(rows.select(held[rows.user_codes]))
        known = _first_rows(theirs, self.history, rng)
        history, history_unknown = _on_items(theirs.select(known), train)
        test, unknown = _on_items(theirs.select(~known), train)
        check_tested(test, f"split {self.text}", timed=False)
        counts = {
            "test_rows": int((~known).sum()),
            "test_users": theirs.n_users,
            "test_users_without_known_history": theirs.n_users - len(np.unique(history.user_codes)),
            "test_rows_of_unknown_items": int((~known).sum()) - len(test),
            "test_rows_kept": len(test),
            "history_rows": len(history),
            "history_rows_of_unknown_items": int(history_unknown.sum()),
        }
        timed = rows.clock != NO_CLOCK
        return Parts(
            train,
            test,
            unknown,
            None,
            None,
            counts | sizes(train),
            history=history,
            ties=TIES if timed else "",
            tied_share=_tied_share(theirs) if timed else 0.0,
        )

    def _drawn(self, rows: Interactions, rng: np.random.Generator) -> NDArray[np.bool_]:
        """[users] whether each is held out."""
        counts = np.bincount(rows.user_codes, minlength=rows.n_users)
        usable = np.flatnonzero(counts > 1)
        wanted = int(np.floor(self.share * np.count_nonzero(counts) + 0.5))
        if not 0 < wanted <= len(usable):
            raise DataError(
                f"{wanted} users are to be held out, and {len(usable)} have two interactions or more.",
                where=f"split {self.text}",
                hint="Change the share, or choose a dataset with more interactions of each user.",
            )
        held = np.zeros(rows.n_users, bool)
        held[rng.choice(usable, wanted, replace=False)] = True
        return held


def _first_rows(rows: Interactions, share: float, rng: np.random.Generator) -> NDArray[np.bool_]:
    """[rows] whether a row is among the first ``share`` of its user's rows: one at least, and never all."""
    order = np.lexsort((rng.random(len(rows)), rows.times, rows.user_codes))
    counts = np.bincount(rows.user_codes, minlength=rows.n_users)
    place = np.arange(len(rows)) - (np.cumsum(counts) - counts)[rows.user_codes[order]]
    kept = np.clip(np.floor(share * counts + 1e-9).astype(np.int64), 1, counts - 1)
    first = np.empty(len(rows), bool)
    first[order] = place < kept[rows.user_codes[order]]
    return first


def _tied_share(rows: Interactions) -> float:
    """The share of users with two or more different items at one time."""
    keys = np.unique(np.stack([rows.user_codes, rows.times, rows.item_codes], axis=1), axis=0)
    same = (keys[1:, 0] == keys[:-1, 0]) & (keys[1:, 1] == keys[:-1, 1])
    return len(np.unique(keys[1:, 0][same])) / max(rows.n_users, 1)


def _on_items(rows: Interactions, train: Interactions) -> tuple[Interactions, NDArray[np.int64]]:
    """The rows whose item train knows, in its item codes; [users] the different items that it does not know."""
    items = codes_in(rows.items, train.items)[rows.item_codes]
    strange = items < 0
    pairs = np.unique(rows.user_codes[strange].astype(np.int64) * max(rows.n_items, 1) + rows.item_codes[strange])
    unknown = np.bincount(pairs // max(rows.n_items, 1), minlength=rows.n_users).astype(np.int64)
    kept = rows.select(~strange)
    return replace(kept, item_codes=items[~strange], items=train.items), unknown
