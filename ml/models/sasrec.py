"""SASRec: self-attention over a user's last items tells the next one. Kang and McAuley, ICDM 2018.

The losses are binary cross-entropy with shared negatives, gSASRec's calibrated form of it (Petrov and Macdonald, RecSys
2023), sampled softmax and full cross-entropy (which closes the gap to BERT4Rec: Klenitskiy and Vasilev, RecSys 2023).
"""

from ml.data.sequences import Sequences
from ml.models.sequences.layers import Block, check_heads
from ml.models.sequences.network import Loss, SequenceNetwork
from ml.models.sequences.recommender import SequenceRecommender
from ml.models.sequences.source import NextItems


class SasRec(SequenceRecommender):
    name = "sasrec"

    def make_network(self, n_items: int, loss: Loss) -> SequenceNetwork:
        options = self.options
        width, heads, dropout = int(options["width"]), int(options["heads"]), float(options["dropout"])
        check_heads(width, heads)
        return SequenceNetwork(
            n_items,
            width=width,
            length=self.length,
            body=[Block(width, heads, dropout, causal=True, hidden=width) for _ in range(int(options["blocks"]))],
            dropout=dropout,
            specials=1,  # the masked item of pre-training
            loss=loss,
            calibration=float(options["calibration"]),
        )

    def make_source(self, sequences: Sequences, negatives: int) -> NextItems:
        return NextItems(sequences, length=self.length, n_items=len(self.items), negatives=negatives)
