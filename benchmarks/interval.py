"""How long the Monte Carlo interval of a score takes: trees of 100, 1,000 and 10,000 leaves, 10,000 draws.

Run: .venv/bin/python -m benchmarks.interval
The leaves are one third answers, one third rates and one third metrics, 25 under each node, every weight drawn too.
"""

import time
from typing import Any

from assessments.scoring.result import result_of
from ml.memory import peak_mib

TARGET = {1_000: 1.0}  # seconds, at most


def tree(leaves: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """A scoring model with this many leaves and evidence for all of them."""
    kinds: list[dict[str, Any]] = [
        {"kind": "answers", "groups": [{"parts": [{"levels": [3, 4], "spread": 0.5}]}]},
        {"kind": "rates", "groups": [{"parts": [{"passing": 941, "checked": 1000}]}]},
        {"kind": "metric", "groups": [{"parts": [{"value": 0.3, "standard_error": 0.02}]}]},
    ]
    scales: list[list[list[float]]] = [
        [[1, 0], [1.5, 20], [2.5, 40], [3.5, 60], [4.5, 80], [5, 100]],
        [[0, 0], [0.8, 20], [0.9, 40], [0.95, 60], [0.99, 80], [1, 100]],
        [[0, 0], [0.1, 20], [0.2, 40], [0.3, 60], [0.4, 80], [0.5, 100]],
    ]
    evidence, groups = {}, []
    for start in range(0, leaves, 25):
        group, children = f"g{start}", []
        for number in range(start, min(start + 25, leaves)):
            kind = number % 3
            leaf = {"id": f"l{number}", "name": {}, "indicator": "x", "scale": scales[kind], "validity_days": 1}
            children.append(leaf)
            # Every count differs, so that no quantile table is found ready.
            part = dict(kinds[kind]["groups"][0]["parts"][0])
            if kind == 1:
                part["checked"] += number
            measure = {"kind": kinds[kind]["kind"], "groups": [{"parts": [part]}]}
            evidence[f"{group}.l{number}"] = {"state": "known", "measure": measure}
        groups.append({"id": group, "name": {}, "children": children})
    content = {
        "level_cuts": [20, 40, 60, 80],
        "interval": {"draws": 10_000, "mass": 0.9, "concentration": 25},
        "root": {"name": {}, "children": groups},
    }
    return content, {"leaves": evidence, "gates": {}}


def main() -> None:
    for leaves in (100, 1_000, 10_000):
        content, evidence = tree(leaves)
        seconds = []
        for _ in range(3 if leaves < 10_000 else 1):
            start = time.perf_counter()
            result = result_of(content, evidence, "0" * 64)
            seconds.append(time.perf_counter() - start)
        peak = peak_mib()
        allowed = f" (target {TARGET[leaves]:.1f} s)" if leaves in TARGET else ""
        print(
            f"{leaves:6,} leaves x 10,000 draws: {min(seconds):6.3f} s best of {len(seconds)}{allowed}, "
            f"peak {peak:.0f} MiB, 90 % interval {result['low']:.2f} to {result['high']:.2f}"
        )


if __name__ == "__main__":
    main()
