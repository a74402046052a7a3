"""Every random state that a training draws from, so that it can be put back exactly."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch import Tensor


@contextmanager
def seeded(seed: int, device: torch.device) -> Iterator[None]:
    """Inside the block torch and NumPy draw from ``seed``; outside nothing has changed."""
    devices = [device] if device.type == "cuda" else []
    before = np.random.get_state(legacy=False)
    with torch.random.fork_rng(devices=devices):
        torch.manual_seed(seed)
        np.random.seed(seed % 2**32)
        try:
            yield
        finally:
            np.random.set_state(before)


def read_states(device: torch.device) -> dict[str, Tensor]:
    """The states of torch on the CPU, of NumPy, and of CUDA where it is used, as tensors of whole numbers."""
    numpy: Any = np.random.get_state(legacy=False)
    inner = numpy["state"]
    words = np.append(inner["key"].astype(np.int64), [inner["pos"], numpy["has_gauss"]])
    states = {"torch": torch.get_rng_state(), "numpy": torch.from_numpy(words)}
    states["numpy_gauss"] = torch.tensor(numpy["gauss"], dtype=torch.float64)
    if device.type == "cuda":
        states["cuda"] = torch.cuda.get_rng_state(device)
    return states


def write_states(states: dict[str, Tensor], device: torch.device) -> None:
    torch.set_rng_state(states["torch"])
    *key, position, has_gauss = states["numpy"].tolist()
    inner = {"key": np.array(key, np.uint32), "pos": position}
    gauss = float(states["numpy_gauss"])
    np.random.set_state({"bit_generator": "MT19937", "state": inner, "has_gauss": has_gauss, "gauss": gauss})
    if device.type == "cuda" and "cuda" in states:
        torch.cuda.set_rng_state(states["cuda"], device)
