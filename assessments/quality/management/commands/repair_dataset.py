"""Preview repairs of a dataset, or make them into its next snapshot."""

import json
import shlex
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from assessments.accounts.selectors import organisation_by_slug
from assessments.common.command import GovernCommand
from assessments.common.errors import GovernError
from assessments.datasets.selectors import dataset_by_name, snapshot_newest
from assessments.jobs.dispatch import job_run_here
from assessments.quality.models import RepairRun
from assessments.quality.repairs import repair_named, steps_read
from assessments.quality.selectors import repair_run_get


class Command(GovernCommand):
    help = "Preview repairs of a dataset's newest snapshot, or make them into its next one."

    def add_options(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME", help="name of the dataset")
        parser.add_argument(
            "--step",
            action="append",
            type=step_of,
            required=True,
            metavar="REPAIR",
            help="a repair with its columns and parameters, once for each in their order, such as "
            "'clip_out_of_range column=price min=0' or 'impute column=age method=median by=country,city'",
        )
        parser.add_argument("--make", action="store_true", help="make the new snapshot; a preview by default")
        parser.add_argument("--check", action="store_true", help="have the rules measured on the new snapshot")
        parser.add_argument("--force", action="store_true", help="make it also when no row would be left")
        parser.add_argument(
            "--organisation", metavar="SLUG", help="short name of the organisation, if there are several"
        )

    def run(self, **options: Any) -> dict[str, Any]:
        organisation = organisation_by_slug(options["organisation"])
        dataset = dataset_by_name(organisation=organisation, name=options["name"])
        snapshot = snapshot_newest(dataset)
        steps = [step.document() for step in steps_read(options["step"])]
        parameters: dict[str, Any] = {"snapshot_id": snapshot.pk, "steps": steps}
        if options["make"]:
            parameters |= {"force": options["force"], "check": options["check"]}
        job = job_run_here(
            organisation=organisation,
            kind="quality.repair" if options["make"] else "quality.repair_preview",
            subject=dataset.name,
            parameters=parameters,
            progress=self.progress,
        )
        return document(repair_run_get(organisation=organisation, pk=job.result["repair"]))

    def show(self, document: dict[str, Any], out: Any) -> None:
        for step in document["steps"]:
            cells = ", ".join(f"{name} {count:,}" for name, count in step["cells_changed"].items()) or "none"
            out.write(f"{step['repair']}: {step['rows_before']:,} rows, then {step['rows_after']:,}; cells: {cells}")
            for note in step["notes"]:
                out.write(f"  {note}")
        made = f"snapshot {document['result']}" if document["result"] else "a preview, nothing was made"
        out.write(f"{document['dataset']}, snapshot {document['snapshot']}: {made}")


def document(run: RepairRun) -> dict[str, Any]:
    """What the command prints: the dataset, each step with its counts, and the snapshot that was made."""
    return {
        "dataset": run.snapshot.dataset.name,
        "snapshot": run.snapshot.number,
        "repair": run.pk,
        "state": run.state,
        "result": run.result.number if run.result else None,
        "digest": run.preview[-1]["digest"],
        "steps": run.preview,
    }


def step_of(text: str) -> dict[str, Any]:
    """``REPAIR [column=NAME …] [parameter=value …]``; values with spaces are quoted as in a shell.

    Several columns are given one by one, in their order; lists of a parameter are parted by commas.
    """
    try:
        name, *pairs = shlex.split(text)
    except ValueError as error:
        raise ArgumentTypeError(f"“{text}” names no repair, such as drop_duplicates") from error
    columns: list[str] = []
    parameters: dict[str, Any] = {}
    lists = {one.name for one in known_parameters(name) if one.kind in {"names", "values"}}
    written = {"text", "column", "choice", "expression", "duration"}
    texts = {one.name for one in known_parameters(name) if one.kind in written}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals:
            raise ArgumentTypeError(f"“{pair}” is not NAME=VALUE, such as min=0")
        if key == "column":
            columns.append(value)
        elif key in lists:
            parameters[key] = [scalar(one) for one in value.split(",")]
        else:
            parameters[key] = value if key in texts else scalar(value)
    return {"repair": name, "columns": columns, "parameters": parameters}


def known_parameters(name: str) -> tuple[Any, ...]:
    """The parameters of a repair; none for one that is not there, which is refused later by name."""
    try:
        return repair_named(name).parameters
    except GovernError:
        return ()


def scalar(text: str) -> Any:
    """A number, true or false when it is written as one, else the text."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value if isinstance(value, bool | int | float) else text
