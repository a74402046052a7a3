"""Train and evaluate one recommender, and print its metrics beside the baselines."""

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import OutputWrapper

from assessments.accounts.selectors import organisation_by_slug
from assessments.common.command import GovernCommand
from assessments.datasets.selectors import dataset_by_name
from assessments.jobs.dispatch import job_run_here
from assessments.recommenders.ml_adapter import model_choices
from assessments.recommenders.models import TrainingRun
from assessments.recommenders.selectors import metric_documents
from assessments.recommenders.services import training_run_create

SPLITS = "time:2011-10-10,28d, time:0.9, loo, random:0.25, users:0.1, folds:5,fold=5"


def named_value(text: str) -> tuple[str, str]:
    name, found, value = text.partition("=")
    if not found or not name.strip():
        raise ArgumentTypeError(f"“{text}” is not of the form NAME=VALUE")
    return name.strip(), value.strip()


class Command(GovernCommand):
    help = "Train a recommender on a registered dataset of interactions and evaluate it by full ranking."

    def add_options(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="name of the dataset of interactions")
        parser.add_argument("--model", required=True, help=", ".join(model_choices()))
        parser.add_argument("--split", required=True, help=f"one of {SPLITS}")
        parser.add_argument(
            "--option",
            action="append",
            default=[],
            type=named_value,
            metavar="NAME=VALUE",
            help="an option of the model, as often as needed",
        )
        parser.add_argument("--seed", type=int, default=0, help="the same seed gives the same numbers")
        parser.add_argument(
            "--repeats", choices=["allowed", "masked"], default="allowed", help="items that a user had before"
        )
        parser.add_argument("--items", default="", metavar="DATASET", help="dataset of the items")
        parser.add_argument("--users", default="", metavar="DATASET", help="dataset of the users")
        parser.add_argument("--organisation", default="", metavar="SLUG", help="needed when there are several")

    def run(self, **options: Any) -> dict[str, Any]:
        organisation = organisation_by_slug(options["organisation"] or None)
        items, users = (
            dataset_by_name(organisation=organisation, name=options[side]) if options[side] else None
            for side in ("items", "users")
        )
        run = training_run_create(
            dataset=dataset_by_name(organisation=organisation, name=options["name"]),
            model_name=options["model"],
            split=options["split"],
            options=dict(options["option"]),
            seed=options["seed"],
            repeats=options["repeats"],
            items_dataset=items,
            users_dataset=users,
        )
        job_run_here(
            organisation=organisation,
            kind="recommenders.train",
            subject=str(run),
            parameters={"run_id": run.pk},
            progress=self.progress,
        )
        run.refresh_from_db()
        return run_document(run)

    def show(self, document: dict[str, Any], out: OutputWrapper) -> None:
        out.write(f"run {document['run']}: {document['model']} in {document['seconds']:.1f} s on {document['device']}")
        for model, metrics in ({document["model"]: document["metrics"]} | document["baselines"]).items():
            for name, metric in metrics.items():
                interval = "" if metric["low"] is None else f"  [{metric['low']:.4f}, {metric['high']:.4f}]"
                out.write(f"  {model:<16} {name:<16} {metric['value']:.4f}{interval}")


def run_document(run: TrainingRun) -> dict[str, Any]:
    models = list(dict.fromkeys(run.metrics.values_list("model", flat=True)))
    documents = {model: metric_documents(run.metrics.filter(model=model)) for model in models}
    return {
        "run": run.pk,
        "dataset": run.dataset.name,
        "snapshot": run.snapshot.digest,
        "model": run.model_name,
        "options": run.options,
        "seed": run.seed,
        "protocol": run.protocol,
        "metrics": documents.pop(run.model_name, {}),
        "baselines": documents,
        "comparisons": run.comparisons,
        "counts": run.counts,
        "seconds": run.seconds,
        "peak_mib": run.peak_mib,
        "device": run.device,
        "bundle": run.bundle.digest,
    }
