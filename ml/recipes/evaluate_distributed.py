"""Train one model in several processes or on several GPUs, then evaluate it: the arguments are those of evaluate.

python -m torch.distributed.run --nproc_per_node 2 -m ml.recipes.evaluate_distributed shop.csv --role user=customer \\
    --role item=article --role time=when --split time:0.9 --model sasrec --json result.json

Each process reads the data and computes its share of every batch; the first one writes the result. Models without
gradients gain nothing by it. On the CPU the processes are one thread each.
"""

import os
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from pathlib import Path

from ml.errors import DataError
from ml.recipes import evaluate


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code of ``ml.recipes.evaluate``."""
    from ml.training.device import choose_device
    from ml.training.distributed import process_group

    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        with process_group(choose_device(_device(given))) as group:
            if group.first:
                return evaluate.main(given)
            with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
                return evaluate.main([*_without_json(given), "--json", "-"])
    except DataError as error:
        sys.stderr.write(f"{error.message} {error.hint}\n")
        return 1


def _device(given: Sequence[str]) -> str:
    for place, word in enumerate(given):
        if word == "--device" and place + 1 < len(given):
            return given[place + 1]
        if word.startswith("--device="):
            return word.removeprefix("--device=")
    return "auto"


def _without_json(given: Sequence[str]) -> list[str]:
    kept, skip = [], False
    for word in given:
        if not skip and word != "--json" and not word.startswith("--json="):
            kept.append(word)
        skip = word == "--json"
    return kept


if __name__ == "__main__":
    raise SystemExit(main())
