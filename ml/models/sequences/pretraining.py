"""Learning from sequences without asking what comes next, before that is asked: masked items or contrastive views."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import torch
from torch import nn

from ml.data.sequences import Sequences
from ml.models.base import Progress
from ml.models.inputs import Inputs
from ml.models.sequences.contrast import Contrast, Views
from ml.models.sequences.layers import Attention
from ml.models.sequences.masking import MaskedItems
from ml.models.sequences.network import SequenceNetwork
from ml.training.loop import LoopOptions, Source, train

MASK_SHARE = 0.2


def pretrain(
    network: SequenceNetwork,
    sequences: Sequences,
    model_options: Mapping[str, Any],
    options: LoopOptions,
    inputs: Inputs,
    device: torch.device,
    progress: Progress,
) -> list[dict[str, Any]]:
    """Train the network in place for all epochs and return the losses.

    ``masked``: hidden items are told from both sides (S3-Rec's task; Zhou et al., CIKM 2020). ``contrastive``: CL4SRec.
    """
    kind, length = model_options["pretraining"], network.length
    source: Source
    model: nn.Module = network
    if kind == "masked":
        negatives = 0 if network.loss == "full_cross_entropy" else int(model_options["negatives"])
        source = MaskedItems(sequences, length=length, n_items=network.n_items, negatives=negatives, share=MASK_SHARE)
    else:
        source, model = Views(sequences, length=length, n_items=network.n_items), Contrast(network)
    inputs.log(f"Pre-training: {kind}, {options.epochs} epochs.")
    with both_sides(network, kind == "masked"):
        return train(
            model,
            source,
            lambda model: {},
            replace(options, metric="", patience=options.epochs),
            device=device,
            progress=progress,
            checkpoint=inputs.checkpoint / "pretraining" if inputs.checkpoint is not None else None,
            log=inputs.log,
        )


@contextmanager
def both_sides(network: nn.Module, wanted: bool) -> Iterator[None]:
    """Let causal attention see later tokens too inside the block."""
    layers = [each for each in network.modules() if isinstance(each, Attention) and each.causal and wanted]
    for layer in layers:
        layer.causal = False
    try:
        yield
    finally:
        for layer in layers:
            layer.causal = True
