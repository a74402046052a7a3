"""Where training runs, and how it is said."""

import torch

from ml.errors import DataError


def choose_device(wanted: str) -> torch.device:
    """ "auto" is CUDA when it is there and the CPU otherwise. Raises DataError for a device that is not there."""
    if wanted == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if wanted not in {"cpu", "cuda"}:
        raise DataError(f"There is no device called '{wanted}'.", where="device", hint="Say auto, cpu or cuda.")
    if wanted == "cuda" and not torch.cuda.is_available():
        raise DataError("This machine has no CUDA device.", where="device", hint="Say cpu or auto.")
    return torch.device(wanted)


def device_name(device: torch.device) -> str:
    if device.type == "cuda":
        return f"CUDA ({torch.cuda.get_device_name(device)})"
    return f"CPU ({torch.get_num_threads()} threads)"
