"""BERT4Rec: items hidden at random are told from both sides; the next is a mask at the end (Sun et al., CIKM 2019)."""

from ml.data.sequences import Sequences
from ml.models.sequences.layers import Block, check_heads
from ml.models.sequences.masking import MaskedItems
from ml.models.sequences.network import Loss, SequenceNetwork
from ml.models.sequences.recommender import SequenceRecommender


class Bert4Rec(SequenceRecommender):
    name = "bert4rec"
    asks = True

    def make_network(self, n_items: int, loss: Loss) -> SequenceNetwork:
        options = self.options
        width, heads, dropout = int(options["width"]), int(options["heads"]), float(options["dropout"])
        check_heads(width, heads)
        return SequenceNetwork(
            n_items,
            width=width,
            length=self.length,
            body=[Block(width, heads, dropout, causal=False, hidden=4 * width) for _ in range(int(options["blocks"]))],
            dropout=dropout,
            specials=1,  # the masked item
            loss=loss,
            calibration=float(options["calibration"]),
        )

    def make_source(self, sequences: Sequences, negatives: int) -> MaskedItems:
        return MaskedItems(
            sequences,
            length=self.length,
            n_items=len(self.items),
            negatives=negatives,
            share=float(self.options["mask_share"]),
        )
