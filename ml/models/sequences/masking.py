"""Items hidden in sequences: the task of BERT4Rec, and of pre-training."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ml.data.sequences import Longs, Sequences, windows
from ml.models.sequences.network import Batch
from ml.models.sequences.packing import pack
from ml.models.sequences.source import WindowSource, moved, rows_of

AHEAD = 0.3  # of the windows: only the next instant is asked, as when it recommends


class MaskedItems(WindowSource):
    """A ``share`` of the tokens of each window is hidden behind the token ``n_items`` and asked, one at least.

    Of some windows the last instant, a basket perhaps, gives way to one hidden token that asks for an item of it.
    """

    def __init__(self, sequences: Sequences, *, length: int, n_items: int, negatives: int, share: float) -> None:
        starts, lengths = windows(sequences.starts[:-1], sequences.lengths, length)
        long_enough = lengths > 1  # one item alone has no context
        self.hidden_share, self.times = share, sequences.times
        super().__init__(
            sequences.items, starts[long_enough], lengths[long_enough], n_items=n_items, negatives=negatives
        )
        self.last = self._last_instants()

    def batch(self, positions: Tensor) -> Batch:
        chosen = positions.cpu().numpy()
        ahead = torch.rand(len(chosen), generator=self.draws).numpy() < AHEAD
        ahead &= self.last[chosen] < self.lengths[chosen]
        rows = rows_of(self.starts[chosen], self.lengths[chosen])
        hidden, gone = self._hide(chosen, ahead), self._leave_out(chosen, ahead)
        part, ends = self.part(chosen), self.lengths[chosen] - (self.last[chosen] - 1) * ahead
        told = rows.copy()
        self._ask_ahead(told, chosen, ahead)
        packed = pack(self.starts[part.windows], ends[part.places.numpy()])
        tokens = part.tokens(packed)
        asked = torch.from_numpy(hidden & ~gone)[tokens]
        true = self.items[torch.from_numpy(told)[tokens]]
        found = torch.nonzero(asked).squeeze(1)
        count = part.weigh(int((hidden & ~gone).sum()))
        ids = torch.where(asked, self.n_items, true)
        return moved(Batch(packed, ids, found, true[found], self.draw_negatives(), count), positions.device)

    def _last_instants(self) -> Longs:
        """[windows] how many tokens share the time of the window's last."""
        sizes = np.ones(len(self.starts), np.int64)
        for window, (start, length) in enumerate(zip(self.starts, self.lengths, strict=True)):
            times = self.times[start : start + length]
            sizes[window] = length - np.searchsorted(times, times[-1])
        return sizes

    def _hide(self, chosen: Longs, ahead: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """[tokens of the chosen windows, one after another] which are hidden."""
        lengths = self.lengths[chosen]
        drawn = torch.rand(int(lengths.sum()), generator=self.draws).numpy()
        hidden: NDArray[np.bool_] = (drawn < self.hidden_share) & ~np.repeat(ahead, lengths)
        starts = np.cumsum(lengths) - lengths
        none = ~np.logical_or.reduceat(hidden, starts) & ~ahead
        hidden[(starts + lengths - 1)[none]] = True
        hidden[(starts + lengths - self.last[chosen])[ahead]] = True
        return hidden

    def _leave_out(self, chosen: Longs, ahead: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """[tokens] those of a last instant that give way to its first, which asks for one of them."""
        lengths = self.lengths[chosen]
        from_end = np.repeat(np.cumsum(lengths), lengths) - 1 - np.arange(int(lengths.sum()))
        left: NDArray[np.bool_] = np.repeat(ahead, lengths) & (from_end < np.repeat(self.last[chosen] - 1, lengths))
        return left

    def _ask_ahead(self, told: Longs, chosen: Longs, ahead: NDArray[np.bool_]) -> None:
        """Let the first token of a last instant ask for one drawn from it."""
        drawn = torch.rand(len(chosen), generator=self.draws, dtype=torch.float64).numpy()
        places = np.cumsum(self.lengths[chosen]) - self.last[chosen]
        told[places[ahead]] += (drawn * self.last[chosen]).astype(np.int64)[ahead]
