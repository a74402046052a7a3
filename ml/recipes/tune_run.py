"""Look for the best model and options on a validation part, as a child process: a spec in, JSON lines out.

The test part is cut off before the search and never looked at: whoever wants to know how good the winner is trains it.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ml.data.interactions import Interactions
from ml.data.preparation import load_interactions
from ml.data.splits import apply_split, parse_split
from ml.errors import DataError
from ml.memory import peak_mib
from ml.models.inputs import Inputs
from ml.models.options import check_options
from ml.recipes.common import Events, run_recipe
from ml.recipes.devices import reserve
from ml.recipes.features import title_vectors
from ml.recipes.fitting import facts_of
from ml.training.tuning import Plan, tune

DEFAULTS: dict[str, Any] = {
    "items": None,
    "users": None,
    "repeats": "allowed",
    "metric": "ndcg",
    "k": 10,
    "minutes": 10.0,
    "trials": None,
    "seed": 0,
    "study": "",
    "device": "auto",
    "devices": "",
    "encoder": "",
}


def work(spec: dict[str, Any], events: Events) -> dict[str, Any]:
    """Prepare, split, search; the result event."""
    started = time.perf_counter()
    missing = [name for name in ("interactions", "roles", "models", "split") if name not in spec]
    if missing:
        raise DataError("The specification is not complete.", where=", ".join(missing))
    spec = DEFAULTS | spec
    if spec["devices"]:
        reserve(Path(spec["devices"]), lambda message: events.progress(0.0, message))
    events.progress(0.0, "Reading the interactions")
    split = parse_split(spec["split"])
    prepared = load_interactions(Path(spec["interactions"]), spec["roles"])
    parts = apply_split(prepared.interactions, split)
    plan = Plan(
        models=tuple(spec["models"]),
        split=split.inner(parts.train),
        repeats=spec["repeats"],
        k=int(spec["k"]),
        metric=spec["metric"],
        minutes=spec["minutes"],
        trials=spec["trials"],
        study=spec["study"],
        seed=spec["seed"],
        device=spec["device"],
        preparation=prepared.rules,
    )

    def inputs(model: str, train: Interactions, on_epoch: Callable[[dict[str, Any]], None]) -> Inputs:
        masked = spec["repeats"] == "masked"
        facts = facts_of(spec, train)
        options = check_options(model, {})
        vectors = title_vectors(model, options, facts, encoder=spec["encoder"], device=spec["device"])
        return Inputs(
            facts=facts, title_vectors=vectors, unseen_only=masked, next_row=split.next_row, on_epoch=on_epoch
        )

    def told(fraction: float, message: str) -> None:
        events.progress(0.02 + 0.98 * fraction, message)
        events.log(message)

    tuned = tune(parts.train, plan, make_inputs=inputs, progress=told)
    return {
        "best": tuned.best.document(),
        "trials": [each.document() for each in tuned.tried],
        "metric": tuned.metric,
        "protocol": tuned.protocol.document(),
        "peak_mib": round(peak_mib(), 1),
        "seconds": round(time.perf_counter() - started, 3),
    }


if __name__ == "__main__":
    sys.exit(run_recipe(work, sys.argv[1:]))
