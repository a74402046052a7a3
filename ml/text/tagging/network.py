"""The network: a transformer encoder whose inputs also carry the features of the word, and one linear layer."""

from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn

from ml.text.tagging.words import FEATURES


@dataclass(frozen=True)
class Batch:
    """B windows of at most T sub-tokens and W words."""

    ids: Tensor  # [B, T]
    mask: Tensor  # [B, T] 1 where a sub-token stands
    features: Tensor  # [B, T, features] of the word of each sub-token
    firsts: Tensor  # [B, W] the place of each word's first sub-token, 0 where no word stands
    labels: Tensor | None = None  # [B, W], IGNORED where no word stands


class TaggerNetwork(nn.Module):
    """Logits per word. The tables of features start at zero, so that training starts from the encoder as it was."""

    def __init__(self, encoder: Any, labels: int, *, dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder = encoder
        width = int(encoder.config.hidden_size)
        self.tables = nn.ModuleDict({name: nn.Embedding(size, width) for name, size in FEATURES.items()})
        for table in self.tables.values():
            nn.init.zeros_(table.weight)  # type: ignore[arg-type]
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(width, labels)

    def forward(self, batch: Batch) -> Tensor:
        """[B, W, labels] logits."""
        inputs = self.encoder.get_input_embeddings()(batch.ids)
        for place, table in enumerate(self.tables.values()):
            inputs = inputs + table(batch.features[:, :, place])
        hidden = self.encoder(inputs_embeds=inputs, attention_mask=batch.mask).last_hidden_state  # [B, T, width]
        words = hidden.gather(1, batch.firsts.unsqueeze(-1).expand(-1, -1, hidden.shape[-1]))  # [B, W, width]
        logits: Tensor = self.head(self.dropout(words))
        return logits
