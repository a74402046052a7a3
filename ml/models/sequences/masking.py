"""Items hidden in sequences: the task of BERT4Rec, and of pre-training."""

import numpy as np
import torch
from torch import Tensor

from ml.data.sequences import Sequences, windows
from ml.models.sequences.network import Batch
from ml.models.sequences.packing import pack
from ml.models.sequences.source import WindowSource, moved

LAST_ALONE = 0.1  # of the windows: only their last item is hidden, as when the next item is asked


class MaskedItems(WindowSource):
    """A ``share`` of the tokens of each window is hidden behind the token ``n_items`` and asked, one at least."""

    def __init__(self, sequences: Sequences, *, length: int, n_items: int, negatives: int, share: float) -> None:
        starts, lengths = windows(sequences.starts[:-1], sequences.lengths, length)
        long_enough = lengths > 1  # one item alone has no context
        self.hidden_share = share
        super().__init__(
            sequences.items, starts[long_enough], lengths[long_enough], n_items=n_items, negatives=negatives
        )

    def batch(self, positions: Tensor) -> Batch:
        chosen = positions.cpu().numpy()
        hidden = self._hide(chosen)
        count = float(hidden.sum()) / self.ranks
        places = np.arange(len(chosen))[self.share(chosen)]
        if not len(places):  # fewer windows than processes: repeat one, and let it count nothing
            places, count = np.array([0]), float("inf")
        mine = chosen[places]
        packed = pack(self.starts[mine], self.lengths[mine])
        offsets = torch.from_numpy(np.cumsum(self.lengths[chosen]) - self.lengths[chosen])
        asked = torch.from_numpy(hidden)[offsets[torch.from_numpy(places)][packed.owners] + packed.inside]
        true = self.items[packed.rows]
        ids = torch.where(asked, self.n_items, true)
        rows = torch.nonzero(asked).squeeze(1)
        negatives = self.draw_negatives(torch.device("cpu"))
        return moved(Batch(packed, ids, rows, true[rows], negatives, count), positions.device)

    def _hide(self, chosen: np.ndarray) -> np.ndarray:
        """[tokens of the chosen windows, one after another] which are hidden."""
        lengths = self.lengths[chosen]
        drawn = torch.rand(int(lengths.sum()), generator=self.draws).numpy()
        alone = torch.rand(len(chosen), generator=self.draws).numpy() < LAST_ALONE
        hidden = (drawn < self.hidden_share) & ~np.repeat(alone, lengths)
        last = np.cumsum(lengths) - 1
        some = np.add.reduceat(hidden, last - lengths + 1) > 0
        hidden[last[~some]] = True
        return hidden
