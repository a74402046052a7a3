"""How much memory a process has needed."""

import contextlib
import resource
from pathlib import Path


def reset_peak() -> None:
    """Let ``peak_mib`` begin anew from what is held now, where the system allows it (Linux)."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def peak_mib() -> float:
    """The most memory that this process has held since its start or ``reset_peak``, in MiB.

    Not ``ru_maxrss`` where it can be helped: on Linux a child process begins with that of its parent.
    """
    try:
        for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # Linux counts it in KiB
