"""Train one recommender and evaluate it beside the baselines, as a child process: a spec in, JSON lines out."""

import sys
import time
from pathlib import Path
from typing import Any

from ml.data.preparation import Prepared, load_interactions
from ml.data.splits import Parts, Split, apply_split, parse_split
from ml.errors import DataError
from ml.evaluation.harness import protocol_of
from ml.evaluation.stored import write_values
from ml.memory import peak_mib
from ml.models.base import Recommender
from ml.models.bundle import bundle_bytes, describe_bundle
from ml.models.options import check_options
from ml.recipes.common import Events, run_recipe
from ml.recipes.devices import reserve
from ml.recipes.fitting import facts_of, fit, plain
from ml.recipes.measuring import comparisons, measure_all

DEFAULTS: dict[str, Any] = {
    "items": None,
    "users": None,
    "options": {},
    "seed": 0,
    "repeats": "allowed",
    "k": 10,
    "device": "auto",
    "encoder": "",
    "batch_size": None,
    "checkpoint": "",
    "values": "",
    "devices": "",
}


def work(spec: dict[str, Any], events: Events) -> dict[str, Any]:
    """Prepare, split, train, evaluate, save; the result event."""
    started = time.perf_counter()
    missing = [name for name in ("interactions", "roles", "model", "split", "output") if name not in spec]
    if missing:
        raise DataError("The specification is not complete.", where=", ".join(missing))
    spec = DEFAULTS | spec
    check_options(spec["model"], spec["options"])
    if spec["devices"]:
        reserve(Path(spec["devices"]), lambda message: events.progress(0.0, message))
    events.progress(0.0, "Reading the interactions")
    prepared, split, parts = prepare(spec)
    tell_parts(prepared, parts, events)
    protocol = protocol_of(parts, split, repeats=spec["repeats"], cutoffs=(int(spec["k"]),), preparation=prepared.rules)
    facts = facts_of(spec, parts.train)
    model = fit(spec, parts.train, facts, events)
    epochs = curve_of(model, parts)
    evaluations, document, examples = measure_all(model, parts, protocol, facts, events)
    events.progress(0.97, "Saving the model")
    model.save(Path(spec["output"]))
    manifest = describe_bundle(Path(spec["output"]), evaluation=document)
    own = evaluations[model.name]
    if spec["values"]:
        write_values(Path(spec["values"]), own)
    return {
        "model": model.name,
        "protocol": protocol.document(),
        "metrics": {name: evaluation.document() for name, evaluation in evaluations.items()},
        "comparisons": comparisons(own, evaluations, model.name, int(spec["k"])),
        "counts": {**prepared.counts.document(), **parts.counts, **gpu_peak()},
        "epochs": epochs,
        "evaluation": document,
        "examples": examples,
        "device": device_of(model),
        "bundle": {"digest": manifest["digest"], "bytes": bundle_bytes(manifest), "manifest": manifest},
        "peak_mib": round(peak_mib(), 1),
        "seconds": round(time.perf_counter() - started, 3),
    }


def prepare(spec: dict[str, Any]) -> tuple[Prepared, Split, Parts]:
    split = parse_split(spec["split"])
    prepared = load_interactions(Path(spec["interactions"]), spec["roles"])
    return prepared, split, apply_split(prepared.interactions, split)


def tell_parts(prepared: Prepared, parts: Parts, events: Events) -> None:
    train = parts.train
    events.log(f"{prepared.counts.kept} of {prepared.counts.rows} rows are interactions.")
    events.log(f"Train: {len(train)} events of {train.n_users} users and {train.n_items} items.")
    events.log(f"Test: {len(parts.test)} events that train can speak to.")


def curve_of(model: Recommender, parts: Parts) -> list[dict[str, Any]]:
    """The learning curve, empty for a closed form; the best epoch also tells what it is worth on test events."""
    epochs = [plain(epoch) for epoch in (model.learning_curve or getattr(model, "epochs", []))]
    if hasattr(model, "event_auc") and parts.history is None:
        test_auc = float(model.event_auc(parts.test))
        for epoch in epochs:
            if epoch.get("best") and test_auc == test_auc:  # NaN: no test event is left to rank
                epoch["auc_test"] = test_auc
    return epochs


def gpu_peak() -> dict[str, float]:
    """The most memory of the GPU that this process has held, in MiB; nothing where it used none."""
    torch = sys.modules.get("torch")
    if torch is None or not torch.cuda.is_available():
        return {}
    return {"gpu_peak_mib": round(torch.cuda.max_memory_allocated() / 2**20, 1)}


def device_of(model: Recommender) -> str:
    return str(getattr(model, "device_used", "CPU"))


if __name__ == "__main__":
    sys.exit(run_recipe(work, sys.argv[1:]))
