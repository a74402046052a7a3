"""Tune models on one file, from the command line: the best configuration, and its test result once.

python -m ml.recipes.tune shop.csv --role user=customer --role item=article --role time=when --split time:0.9 \\
    --models ease,ials,sasrec --minutes 10 --study tuning.sqlite3 --json result.json

The options are chosen on a validation part, cut from train by the same kind of split. The winner is fitted anew on all
of train, and only then are the test rows looked at, one time.
"""

import argparse
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any

from ml.data.interactions import Interactions
from ml.data.splits import folds_of, parse_split
from ml.evaluation.harness import evaluate, protocol_of
from ml.memory import peak_mib
from ml.models.base import create
from ml.models.inputs import Inputs
from ml.recipes.arguments import (
    Options,
    count,
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
from ml.training.tuning import Plan, Tuned, tune
from ml.training.tuning.plan import METRICS, MakeInputs, OnEpoch

ROWS_SHOWN = 20


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0, 1 for a failure that it explains, 2 for wrong usage. JSON goes to standard output or to a file."""
    return run_recipe_from_shell(_parser().parse_args(arguments), run)


def run(given: argparse.Namespace) -> dict[str, Any]:
    """Tune on train, fit the best on all of train, measure it on test once."""
    started = time.monotonic()
    models = models_of(given.models)
    fixed = options_of(given.option, models)
    split = folds_of(parse_split(given.split))[-1]  # of folds the last, which may learn from all before it
    prepared = read_file(given, split)
    parts = part_rows(given, prepared, split)
    plan = Plan(
        models=tuple(models),
        split=split.inner(parts.train),
        repeats=given.repeats,
        k=given.k,
        metric=given.metric,
        minutes=given.minutes if given.minutes or given.trials else 10.0,
        trials=given.trials,
        study=given.study,
        seed=given.seed,
        device=given.device,
        fixed=fixed,
        preparation=prepared.rules,
    )
    make_inputs = _inputs(given, prepared.roles | pairs(given.role, "role"), fixed)
    tuned = tune(parts.train, plan, make_inputs=make_inputs, progress=progress)
    say(table(tuned))
    best = tuned.best
    say(f"fitting {best.model} on all of train")
    model = create(best.model, best.options, seed=given.seed, device=given.device)
    model.fit(parts.train, features=make_inputs(best.model, parts.train, lambda epoch: None), progress=progress)
    protocol = protocol_of(parts, split, repeats=given.repeats, cutoffs=(given.k,), preparation=prepared.rules)
    test = evaluate(model, parts, protocol)
    say(f"test: {tuned.metric} {test.estimates[tuned.metric].value:.4f}")
    return {
        "best": {"model": best.model, "options": best.options, "seed": given.seed, tuned.metric: best.value},
        "test": {"protocol": protocol.document(), "metrics": test.document()},
        "validation": {
            "protocol": tuned.protocol.document(),
            "metric": tuned.metric,
            "models": summary(tuned),
            "trials": [each.document() for each in tuned.tried],
        },
        "counts": {**prepared.counts.document(), **parts.counts, "test_users_evaluated": len(test.users)},
        "seconds": round(time.monotonic() - started, 3),
        "peak_mib": round(peak_mib(), 1),
    }


def summary(tuned: Tuned) -> dict[str, dict[str, Any]]:
    """{model: how many trials came to which end, and its best value and options}."""
    found: dict[str, dict[str, Any]] = {}
    for model in dict.fromkeys(each.model for each in tuned.tried):
        own = [each for each in tuned.tried if each.model == model]
        best = max((each for each in own if each.value is not None), key=lambda each: each.value or 0.0, default=None)
        found[model] = {
            "trials": len(own),
            **{state: sum(each.state == state for each in own) for state in ("complete", "pruned", "failed")},
            "seconds": round(sum(each.seconds for each in own), 3),
            tuned.metric: best.value if best else None,
            "options": best.options if best else None,
            "message": "" if best else next((each.message for each in own if each.message), ""),
        }
    return found


def table(tuned: Tuned) -> str:
    """The validation table for the eye: the best trials of all models."""
    measured = sorted((each for each in tuned.tried if each.value is not None), key=lambda each: -(each.value or 0.0))
    lines = [f"{'model':<18}{tuned.metric:>10}{'seconds':>10}  options"]
    for each in measured[:ROWS_SHOWN]:
        options = ", ".join(f"{name}={_short(value)}" for name, value in each.options.items())
        lines.append(f"{each.model:<18}{each.value:>10.4f}{each.seconds:>10.1f}  {options}")
    return "\n".join(lines)


def _short(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _inputs(given: argparse.Namespace, roles: Mapping[str, str], fixed: Options) -> MakeInputs:
    def make(model: str, train: Interactions, on_epoch: OnEpoch) -> Inputs:
        return inputs_of(
            model,
            train,
            given.file,
            roles,
            unseen_only=given.repeats == "masked",
            next_row=parse_split(given.split).next_row,
            options=fixed[model],
            device=given.device,
            on_epoch=on_epoch,
        )

    return make


def _parser() -> argparse.ArgumentParser:
    parser = data_parser("tune", "Find the best recommender for a file.")
    add = parser.add_argument
    add("--models", required=True, action="append", metavar="MODEL[,MODEL]", help="which to choose among")
    add("--minutes", type=float, help="wall time for all of it; 10 where no trials are given either")
    add("--trials", type=count, help="configurations of each model; with no --minutes the result repeats exactly")
    add("--study", default="", metavar="FILE|URL", help="keep the trials there: a later call goes on, workers share")
    add("--metric", choices=METRICS, default="ndcg", help="what is to be best, at the length of --k")
    add("--k", type=count, default=10, help="length of the list")
    add("--seed", type=int, default=0, help="of the search and of the models")
    return parser


if __name__ == "__main__":
    sys.exit(main())
