"""NextItNet: dilated causal convolutions over a user's last items. Yuan et al., WSDM 2019."""

from ml.data.sequences import Sequences
from ml.models.sequences.layers import DilatedBlock
from ml.models.sequences.network import Loss, SequenceNetwork
from ml.models.sequences.recommender import SequenceRecommender
from ml.models.sequences.source import NextItems

REACH = 4  # dilations 1, 4, 16, 1, …: three blocks see 127 tokens back


class Convolution(SequenceRecommender):
    name = "convolution"

    def make_network(self, n_items: int, loss: Loss) -> SequenceNetwork:
        width, dropout = int(self.options["width"]), float(self.options["dropout"])
        return SequenceNetwork(
            n_items,
            width=width,
            length=self.length,
            body=[DilatedBlock(width, REACH ** (place % 3), dropout) for place in range(int(self.options["blocks"]))],
            dropout=dropout,
            specials=1,  # the masked item of pre-training
            loss=loss,
            calibration=float(self.options["calibration"]),
        )

    def make_source(self, sequences: Sequences, negatives: int) -> NextItems:
        return NextItems(sequences, length=self.length, n_items=len(self.items), negatives=negatives)
