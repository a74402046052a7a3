"""Fine-tuning: AdamW with warm-up and decay, clipped gradients, the best epoch kept."""

import copy
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from ml.errors import DataError
from ml.models.base import Progress, silent
from ml.text.tagging.examples import Examples
from ml.text.tagging.network import Batch, TaggerNetwork
from ml.text.tagging.windows import IGNORED

NOISE = 0.05  # of label smoothing: made texts are surer of themselves than real ones
GUARD_STEPS = 20


@dataclass(frozen=True)
class TaggerOptions:
    epochs: int = 2
    patience: int = 2
    batch_size: int = 32  # windows
    encoder_rate: float = 2e-4
    head_rate: float = 2e-3
    weight_decay: float = 0.01
    warm_up: float = 0.1  # share of all steps
    clip: float = 1.0
    frozen_layers: int = 0  # of the encoder, counted from its inputs; its word table is always frozen
    half: bool = False  # products of matrices in bfloat16; twice as fast, on processors that have it
    seed: int = 0


def fine_tune(
    network: TaggerNetwork,
    examples: Examples,
    evaluate: Callable[[], dict[str, float]],
    options: TaggerOptions,
    *,
    on_epoch: Callable[[dict[str, Any]], None] = lambda epoch: None,
    progress: Progress = silent,
) -> list[dict[str, Any]]:
    """Train in place and return the learning curve; the network ends with the weights of its best epoch.

    ``evaluate`` gives figures of which ``f1`` decides. Raises DataError when the loss is no longer a finite number.
    """
    freeze(network, options.frozen_layers)
    optimiser = torch.optim.AdamW(_groups(network, options), weight_decay=options.weight_decay)
    steps = examples.count_batches(options.batch_size) * options.epochs
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _rate(step, steps, options.warm_up))
    order = torch.Generator().manual_seed(options.seed)
    torch.manual_seed(options.seed)  # dropout
    curve: list[dict[str, Any]] = []
    best: dict[str, Tensor] = {}
    while len(curve) < options.epochs and not _stalled(curve, options.patience):
        started = time.perf_counter()
        loss = _epoch(network, examples, optimiser, schedule, order, options, progress)
        trained = time.perf_counter() - started
        network.eval()
        figures = {"epoch": len(curve) + 1, "loss": loss, "train_seconds": trained, **evaluate()}
        if not curve or figures["f1"] > max(each["f1"] for each in curve):
            best = copy.deepcopy(network.state_dict())
        curve.append(figures)
        on_epoch(figures)
    network.load_state_dict(best)
    network.eval()
    return curve


def has_fast_half() -> bool:
    """Whether this processor multiplies bfloat16 itself; where it does not, that would be slower than float32."""
    return bool(torch.cpu.get_capabilities().get("avx512_bf16", False))


def freeze(network: TaggerNetwork, layers: int) -> None:
    """Keep the word table and the first layers as they are: less to compute, and words outside the texts stay known."""
    network.encoder.get_input_embeddings().weight.requires_grad_(False)
    stack = getattr(getattr(network.encoder, "encoder", None), "layer", [])
    for layer in list(stack)[:layers]:
        layer.requires_grad_(False)
    pooler = getattr(network.encoder, "pooler", None)
    if pooler is not None:
        pooler.requires_grad_(False)  # it sees the mark before the text, which the tagger does not use


def _groups(network: TaggerNetwork, options: TaggerOptions) -> list[dict[str, Any]]:
    encoder = [each for each in network.encoder.parameters() if each.requires_grad]
    fresh = [*network.tables.parameters(), *network.head.parameters()]
    return [{"params": encoder, "lr": options.encoder_rate}, {"params": fresh, "lr": options.head_rate}]


def _rate(step: int, steps: int, warm_up: float) -> float:
    """The share of the full learning rate: up in a line, then down in a line to zero."""
    rising = max(1, round(steps * warm_up))
    if step < rising:
        return (step + 1) / rising
    return max(0.0, (steps - step) / max(1, steps - rising))


def _stalled(curve: list[dict[str, Any]], patience: int) -> bool:
    figures = [each["f1"] for each in curve]
    return len(figures) > patience and max(figures[-patience:]) <= max(figures[:-patience])


def _epoch(
    network: TaggerNetwork,
    examples: Examples,
    optimiser: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.LambdaLR,
    order: torch.Generator,
    options: TaggerOptions,
    progress: Progress,
) -> float:
    """One pass over the windows; the mean loss of its batches."""
    network.train()
    total, count = 0.0, 0
    trained = [each for each in network.parameters() if each.requires_grad]
    for batch in examples.batches(options.batch_size, order):
        optimiser.zero_grad(set_to_none=True)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=options.half):
            loss = batch_loss(network, batch)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(trained, options.clip)
        optimiser.step()
        schedule.step()
        total, count = total + loss.item(), count + 1
        if count % GUARD_STEPS == 0:
            _guard(total)
            done = schedule.last_epoch / (examples.count_batches(options.batch_size) * options.epochs)
            progress(done, f"Step {schedule.last_epoch}: mean loss {total / count:.4f}")
    _guard(total)
    return total / max(count, 1)


def batch_loss(network: TaggerNetwork, batch: Batch) -> Tensor:
    """Mean cross entropy over the words of the batch."""
    if batch.labels is None:
        raise ValueError("a batch without labels has no loss")
    logits = network(batch).float()
    return nn.functional.cross_entropy(
        logits.flatten(0, 1), batch.labels.flatten(), ignore_index=IGNORED, label_smoothing=NOISE
    )


def _guard(total: float) -> None:
    if not math.isfinite(total):
        raise DataError("The training diverged: its loss is no longer a number.", hint="Try a smaller learning rate.")
