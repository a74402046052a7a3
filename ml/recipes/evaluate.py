"""Evaluate models on one file, from the command line, with nothing but this package.

python -m ml.recipes.evaluate shop.csv --role user=customer --role item=article --role time=when \\
    --split time:0.9 --model ease,ials --option ease.l2=100 --seeds 3 --json result.json

The result is {"protocol", "options", "counts", "runs": [{"model", "seed", "seconds", "peak_mib", "metrics"}], "mean"}:
``mean`` gives the metrics over the seeds (and folds), or {model: metrics} where several models ran.
"""

import argparse
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.data.preparation import Prepared
from ml.data.splits import FoldSplit, Parts, Split, folds_of, parse_split
from ml.evaluation.harness import Evaluation, evaluate, protocol_of
from ml.evaluation.protocol import Protocol
from ml.evaluation.uncertainty import Estimate, Values, bootstrap_means
from ml.memory import peak_mib, reset_peak
from ml.models.base import create
from ml.recipes.arguments import (
    Options,
    count,
    counts,
    data_parser,
    models_of,
    options_of,
    pairs,
    part_rows,
    progress,
    read_file,
    run_recipe_from_shell,
    say,
)
from ml.recipes.features import inputs_of


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0, 1 for a failure that it explains, 2 for wrong usage. JSON goes to standard output or to a file."""
    return run_recipe_from_shell(_parser().parse_args(arguments), run)


def run(given: argparse.Namespace) -> dict[str, Any]:
    """Load once, then fit and evaluate once for each model, fold and seed."""
    models = models_of(given.model)
    options = options_of(given.option, models)  # before the file is read
    split = parse_split(given.split)
    prepared = read_file(given, split)
    found: dict[str, list[Evaluation]] = {model: [] for model in models}
    runs, used = [], {}
    for fold in folds_of(split):
        parts = part_rows(given, prepared, fold)
        protocol = _protocol(given, parts, fold, prepared)
        for model in models:
            for seed in range(given.seeds):
                document, evaluation, used[model] = _run(given, prepared, parts, protocol, model, options, seed)
                if isinstance(fold, FoldSplit):
                    document["fold"] = fold.fold
                runs.append(document)
                found[model].append(evaluation)
    if fold != split:
        protocol = replace(protocol, split=split.text, train_until="", test_until="")
    means = {model: mean_of_runs(evaluations) for model, evaluations in found.items()}
    several = len(models) > 1
    return {
        "protocol": protocol.document(),
        "options": used if several else used[models[0]],
        "counts": {
            **prepared.counts.document(),
            **parts.counts,
            "test_users_evaluated": len({user for each in found[models[0]] for user in each.users}),
        },
        "runs": runs,
        "mean": means if several else means[models[0]],
    }


def _protocol(given: argparse.Namespace, parts: Parts, split: Split, prepared: Prepared) -> Protocol:
    cutoffs = tuple(sorted({k for each in given.k or [[10]] for k in each}))
    return protocol_of(parts, split, repeats=given.repeats, cutoffs=cutoffs, preparation=prepared.rules)


def _run(
    given: argparse.Namespace,
    prepared: Prepared,
    parts: Parts,
    protocol: Protocol,
    name: str,
    options: Options,
    seed: int,
) -> tuple[dict[str, Any], Evaluation, dict[str, Any]]:
    """One fit and its evaluation: as the result tells it, with each user's values, and all options used."""
    reset_peak()
    started = time.perf_counter()
    roles = prepared.roles | pairs(given.role, "role")
    features = inputs_of(
        name,
        parts.train,
        given.file,
        roles,
        unseen_only=given.repeats == "masked",
        next_row=parse_split(given.split).next_row,
        options=options[name],
        device=given.device,
    )
    model = create(name, options[name], seed=seed, device=given.device)
    model.fit(parts.train, features=features, progress=progress)
    evaluation = evaluate(model, parts, protocol)
    seconds = round(time.perf_counter() - started, 3)
    say(f"{name}, seed {seed}: {seconds} s")
    document = {
        "model": name,
        "seed": seed,
        "seconds": seconds,
        "peak_mib": round(peak_mib(), 1),
        "metrics": evaluation.document(),
    }
    return document, evaluation, dict(model.options)


def mean_of_runs(evaluations: Sequence[Evaluation]) -> dict[str, Any]:
    """Each user's mean over the runs that tested him, then the mean and interval over users.

    Figures that users do not have, such as coverage: the means of the runs' figures.
    """
    first = evaluations[0]
    users, places = np.unique(np.concatenate([each.users for each in evaluations]), return_inverse=True)
    means = bootstrap_means(
        {
            name: _mean_by(places, np.concatenate([each.values[name] for each in evaluations]), len(users))
            for name in first.values
        }
    )
    estimates = {name: means.get(name) or _mean_estimate(evaluations, name) for name in first.estimates}
    return replace(first, estimates=estimates).document()


def _mean_by(places: NDArray[np.int64], values: Values, size: int) -> Values:
    """[size] the mean of the values of each place that are there; NaN where none is."""
    there = ~np.isnan(values)
    total = np.bincount(places[there], weights=values[there], minlength=size)
    with np.errstate(invalid="ignore"):
        mean: Values = total / np.bincount(places[there], minlength=size)
    return mean


def _mean_estimate(evaluations: Sequence[Evaluation], name: str) -> Estimate:
    runs = [each.estimates[name] for each in evaluations]
    value, low, high = (float(np.mean([getattr(run, part) for run in runs])) for part in ("value", "low", "high"))
    return replace(runs[0], value=value, low=low, high=high)


def _parser() -> argparse.ArgumentParser:
    parser = data_parser("evaluate", "Evaluate recommenders.")
    parser.add_argument(
        "--model", required=True, action="append", metavar="MODEL[,MODEL]", help="may be given several times"
    )
    parser.add_argument("--seeds", type=count, default=1, help="fit with the seeds 0 to N - 1")
    parser.add_argument("--k", type=counts, action="append", help="length of the list; several with commas between")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
