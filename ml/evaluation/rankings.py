"""The lists that a model makes for the test users, from which every figure about them is computed."""

from dataclasses import dataclass

import numpy as np

from ml.data.interactions import Codes, Ids, Interactions
from ml.data.splits import Parts
from ml.errors import DataError
from ml.evaluation.protocol import Protocol
from ml.evaluation.ranking import Flags, Truth, Values, hits_of, top_k, truth_of, user_auc
from ml.models.base import BLOCK_CELLS, Progress, Recommender, blocks, silent

AUC_SCORES = 250_000_000  # users x items up to which the AUC is measured without being asked for


@dataclass(frozen=True)
class Rankings:
    """One row for each test user, in the order of ``truth.users``, which are codes of ``base``.

    ``base`` holds what the model knew of these users: train, or the history of users who were held out of it.
    """

    base: Interactions
    truth: Truth
    ranked: Codes  # [n, k] item codes, best first, -1 where nothing was left
    hits: Flags  # [n, k] whether each is a test item
    areas: Values  # [n] AUC, NaN where there is none
    model: Recommender  # folded in where users were held out

    @property
    def users(self) -> Ids:
        """[n] ids."""
        return self.base.users[self.truth.users]


def rank(
    model: Recommender, parts: Parts, protocol: Protocol, *, auc: bool | None = None, progress: Progress = silent
) -> Rankings:
    """Rank every item of train for every test user, a block of users at a time, to the largest cut-off.

    ``auc`` None measures the AUC up to AUC_SCORES scores: counting below each test item can take half as long as the
    scores themselves, so that larger shops have to ask for it, and have NaN otherwise.

    Where the split held users out, the model is folded in on their history first. Raises DataError when nobody is left
    to test, and from a model that cannot be folded in.
    """
    base = parts.history if parts.history is not None else parts.train
    masked = protocol.repeats == "masked"
    truth = truth_of(base.matrix(), parts.test.matrix(), parts.unknown_items, masked=masked)
    if not len(truth.users):
        raise DataError(
            "There is nobody to test: no user has both a history and an item to find.",
            where="test",
            hint="Choose another split or a dataset with more interactions of each user.",
        )
    if parts.history is not None:
        model = model.fold_in(parts.history)
    asked = truth.items.shape[0] * truth.items.shape[1] <= AUC_SCORES if auc is None else auc
    ranked, areas = _lists(model, truth, max(protocol.cutoffs), asked, progress)
    return Rankings(base, truth, ranked, hits_of(ranked, truth.items), areas, model)


def _lists(model: Recommender, truth: Truth, k: int, auc: bool, progress: Progress) -> tuple[Codes, Values]:
    """[users, k] the lists, and [users] the AUC."""
    users, n_items = truth.items.shape
    lists, areas, done = np.empty((users, k), np.int32), np.full(users, np.nan), 0
    for block in blocks(truth.users, n_items, BLOCK_CELLS // 4):
        rows = slice(done, done + len(block))
        scores = model.score(block)
        seen = truth.seen[rows] if truth.seen is not None else None
        lists[rows] = top_k(scores, k, seen)
        if auc:
            areas[rows] = user_auc(scores, truth.items[rows], seen)
        done += len(block)
        progress(done / users, "ranking")
    return lists, areas
