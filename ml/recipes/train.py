"""Train one recommender and evaluate it beside the baselines, as a child process: a spec in, JSON lines out."""

import sys
import time
from pathlib import Path
from typing import Any

from ml.data.facts_reading import Table, read_facts
from ml.data.interactions import Interactions
from ml.data.preparation import Prepared, load_interactions
from ml.data.splits import Parts, Split, apply_split, parse_split
from ml.errors import DataError
from ml.evaluation.harness import Evaluation, compare, evaluate, protocol_of
from ml.evaluation.protocol import Protocol
from ml.models.base import BASELINES, Recommender, create
from ml.models.bundle import bundle_bytes
from ml.models.options import check_options
from ml.recipes.common import Events, peak_mib, run_recipe

COMPARED = ("ndcg", "recall")  # at the spec's k: paired differences, besides the AUC
DEFAULTS: dict[str, Any] = {
    "items": None,
    "users": None,
    "options": {},
    "seed": 0,
    "repeats": "allowed",
    "k": 10,
    "device": "auto",
    "encoder": "",
}


def work(spec: dict[str, Any], events: Events) -> dict[str, Any]:
    """Prepare, split, train, evaluate, save; the result event."""
    started = time.perf_counter()
    missing = [name for name in ("interactions", "roles", "model", "split", "output") if name not in spec]
    if missing:
        raise DataError("The specification is not complete.", where=", ".join(missing))
    spec = DEFAULTS | spec
    check_options(spec["model"], spec["options"])
    events.progress(0.0, "Reading the interactions")
    prepared, split, parts = prepare(spec)
    model = create(spec["model"], spec["options"], seed=spec["seed"], device=spec["device"])  # may take torch seconds
    tell_parts(prepared, parts, events)
    protocol = protocol_of(parts, split, repeats=spec["repeats"], cutoffs=(int(spec["k"]),), preparation=prepared.rules)
    epochs = fit(model, spec, parts, events)
    evaluations = evaluate_all(model, parts, protocol, events)
    events.progress(0.97, "Saving the model")
    manifest = model.save(Path(spec["output"]))
    own = evaluations[model.name]
    return {
        "model": model.name,
        "protocol": protocol.document(),
        "metrics": {name: evaluation.document() for name, evaluation in evaluations.items()},
        "comparisons": comparisons(own, evaluations, model.name, int(spec["k"])),
        "counts": {**prepared.counts.document(), **parts.counts},
        "epochs": epochs,
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


def fit(model: Recommender, spec: dict[str, Any], parts: Parts, events: Events) -> list[dict[str, Any]]:
    """Fit in place; the learning curve, empty for a model that has none."""
    progress = events.part(0.1, 0.75)
    if model.name != "perceptron":
        events.log(f"Training on {device_of(model)}.")
        model.fit(parts.train, progress=progress)
        return []
    return fit_perceptron(model, spec, parts, events)


def fit_perceptron(model: Any, spec: dict[str, Any], parts: Parts, events: Events) -> list[dict[str, Any]]:
    from ml.models.inputs import Inputs

    facts = read_facts(parts.train, Table(spec["interactions"], spec["roles"]), *(side_tables(spec)))
    vectors = None
    if model.options["titles"]:
        vectors = encode_titles(parts.train, facts.titles, spec, events)
    model.fit(
        parts.train,
        features=Inputs(
            facts=facts,
            title_vectors=vectors,
            unseen_only=spec["repeats"] == "masked",
            on_epoch=lambda epoch: events.send("epoch", **epoch),
            log=events.log,
        ),
        progress=events.part(0.1, 0.75),
    )
    test_auc = model.event_auc(parts.test)
    for epoch in model.epochs:
        if epoch["best"] and test_auc == test_auc:  # NaN: no test event is left to rank
            epoch["auc_test"] = test_auc
    return list(model.epochs)


def encode_titles(train: Interactions, titles: list[str], spec: dict[str, Any], events: Events) -> Any:
    from ml.text.encoder import SentenceEncoder
    from ml.training.device import choose_device

    if not any(titles):
        raise DataError(
            "The items have no titles to encode.",
            where="option titles",
            hint="Give a table of items with a column of the role title, or leave the option out.",
        )
    events.progress(0.05, f"Encoding the titles of {train.n_items} items")
    return SentenceEncoder(spec["encoder"], device=choose_device(spec["device"]).type).encode(titles)


def side_tables(spec: dict[str, Any]) -> tuple[Table | None, Table | None]:
    items, users = (
        Table(Path(spec[side]["path"]), spec[side]["roles"]) if spec[side] else None for side in ("items", "users")
    )
    return items, users


def evaluate_all(model: Recommender, parts: Parts, protocol: Protocol, events: Events) -> dict[str, Evaluation]:
    """The model and the baselines that it is not one of, all under the one protocol."""
    found = {model.name: evaluate(model, parts, protocol, progress=events.part(0.75, 0.9))}
    for name in BASELINES:
        if name not in found:
            events.progress(0.9, f"Evaluating the baseline {name}")
            found[name] = evaluate(create(name).fit(parts.train), parts, protocol)
    return found


def comparisons(own: Evaluation, all_of_them: dict[str, Evaluation], name: str, k: int) -> list[dict[str, Any]]:
    """The model's paired differences to each baseline, over the same users."""
    rows = []
    for baseline, theirs in all_of_them.items():
        for metric in (*(f"{each}@{k}" for each in COMPARED), "auc"):
            if baseline == name:
                continue
            difference = compare(own, theirs, metric)
            if difference.users:
                rows.append(
                    {
                        "model": name,
                        "baseline": baseline,
                        "metric": metric,
                        "difference": difference.value,
                        "low": difference.low,
                        "high": difference.high,
                        "users": difference.users,
                    }
                )
    return rows


def device_of(model: Recommender) -> str:
    return str(getattr(model, "device_used", "CPU"))


if __name__ == "__main__":
    sys.exit(run_recipe(work, sys.argv[1:]))
