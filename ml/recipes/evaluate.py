"""Evaluate one model on one file, from the command line, with nothing but this package.

python -m ml.recipes.evaluate shop.csv --role user=customer --role item=article --role time=when \\
    --split time:0.9 --model ease --option l2=100 --json result.json
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from ml.data.facts_reading import Table, read_facts
from ml.data.interactions import Interactions
from ml.data.preparation import load_interactions
from ml.data.rules import PreparationRules
from ml.data.splits import apply_split, parse_split
from ml.errors import DataError
from ml.evaluation.harness import Evaluation, evaluate, protocol_of
from ml.evaluation.uncertainty import bootstrap_mean
from ml.models.base import Recommender, create
from ml.models.options import check_options, model_names
from ml.recipes.common import peak_mib


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0, 1 for a failure that it explains, 2 for wrong usage. JSON goes to standard output or to a file."""
    given = _parser().parse_args(arguments)
    try:
        document = run(given)
    except DataError as error:
        where = f" ({error.where})" if error.where else ""
        sys.stderr.write(f"{error.message}{where} {error.hint}".rstrip() + "\n")
        return 1
    text = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    if given.json and given.json != "-":
        Path(given.json).write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    return 0


def run(given: argparse.Namespace) -> dict[str, Any]:
    """Load once, fit and evaluate once for each seed."""
    options = _pairs(given.option, "option")
    check_options(given.model, options)  # before the file is read
    split, roles = parse_split(given.split), _pairs(given.role, "role")
    _say("reading")
    prepared = load_interactions(given.file, roles, PreparationRules(exclude_items=given.exclude_items))
    parts = apply_split(prepared.interactions, split)
    protocol = protocol_of(
        parts, split, repeats=given.repeats, cutoffs=tuple(given.k or [10]), preparation=prepared.rules
    )
    runs, evaluations = [], []
    for seed in range(given.seeds):
        started = time.perf_counter()
        model = create(given.model, options, seed=seed, device=given.device)
        model.fit(parts.train, features=features_of(model, parts.train, given, roles), progress=_progress)
        evaluation = evaluate(model, parts, protocol)
        seconds = round(time.perf_counter() - started, 3)
        _say(f"{given.model}, seed {seed}: {seconds} s")
        evaluations.append(evaluation)
        runs.append(
            {
                "model": given.model,
                "seed": seed,
                "seconds": seconds,
                "peak_mib": round(peak_mib(), 1),
                "metrics": evaluation.document(),
            }
        )
    return {
        "protocol": protocol.document(),
        "options": dict(model.options),
        "counts": {**prepared.counts.document(), **parts.counts, "test_users_evaluated": len(evaluation.users)},
        "runs": runs,
        "mean": mean_over_seeds(evaluations),
    }


def mean_over_seeds(evaluations: Sequence[Evaluation]) -> dict[str, Any]:
    """Each user's mean over the seeds, then the mean and interval over users; coverage: means of the runs' figures."""
    first = evaluations[0]
    estimates = dict(first.estimates)
    for name in first.estimates:
        if name in first.values:
            estimates[name] = bootstrap_mean(np.mean([each.values[name] for each in evaluations], axis=0))
            continue
        runs = [each.estimates[name] for each in evaluations]
        value, low, high = (float(np.mean([getattr(run, part) for run in runs])) for part in ("value", "low", "high"))
        estimates[name] = replace(runs[0], value=value, low=low, high=high)
    return replace(first, estimates=estimates).document()


def features_of(model: Recommender, train: Interactions, given: argparse.Namespace, roles: dict[str, str]) -> Any:
    """What the perceptron learns from besides the interactions; None for models that take nothing else."""
    if model.name != "perceptron":
        return None
    from ml.models.inputs import Inputs

    facts = read_facts(train, Table(given.file, roles), None, None)
    return Inputs(facts=facts, unseen_only=given.repeats == "masked")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ml.recipes.evaluate", description="Evaluate a recommender.")
    parser.add_argument("file", type=Path, help="Parquet or CSV, also gzipped")
    parser.add_argument("--role", action="append", default=[], metavar="ROLE=COLUMN", help="user, item, time, event, …")
    parser.add_argument("--split", required=True, help="time:2011-10-10,28d or time:0.9")
    parser.add_argument("--model", required=True, metavar="MODEL", help=", ".join(model_names()))
    parser.add_argument("--option", action="append", default=[], metavar="NAME=VALUE", help="an option of the model")
    parser.add_argument("--seeds", type=_count, default=1, help="fit with the seeds 0 to N - 1")
    parser.add_argument("--k", type=_count, action="append", help="length of the list; may be given several times")
    parser.add_argument("--repeats", choices=("allowed", "masked"), default="allowed")
    parser.add_argument("--exclude-items", default="auto", metavar="REGEX", help="ids that are no products")
    parser.add_argument("--device", default="auto", help="for models that use one: auto, cpu or cuda")
    parser.add_argument("--json", metavar="OUT", help="write the result here; - or nothing is standard output")
    return parser


def _count(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not 1 or more")
    return number


def _pairs(texts: Sequence[str], what: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name or not value or name in pairs:
            problem = "is given twice" if name in pairs else "is not NAME=VALUE"
            raise DataError(f"The {what} '{text}' {problem}.", where=f"--{what}")
        pairs[name] = value
    return pairs


def _progress(fraction: float, message: str = "") -> None:
    _say(f"{fraction:4.0%} {message}")


def _say(message: str) -> None:
    sys.stderr.write(message + "\n")


if __name__ == "__main__":
    raise SystemExit(main())
