"""Show what a dataset's newest snapshot looks like."""

from argparse import ArgumentParser
from typing import Any

from assessments.accounts.selectors import organisation_by_slug
from assessments.common.command import GovernCommand
from assessments.datasets.models import Snapshot
from assessments.datasets.selectors import dataset_by_name, snapshot_newest
from assessments.quality.services.profiles import profile_make


class Command(GovernCommand):
    help = "Measure what the newest snapshot of a dataset looks like, keep it, and print it."

    def add_options(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME", help="name of the dataset")
        parser.add_argument("--organisation", metavar="SLUG", help="needed when there are several")
        parser.add_argument("--again", action="store_true", help="measure again what was measured before")

    def run(self, **options: Any) -> dict[str, Any]:
        snapshot = newest_snapshot(options["organisation"], options["name"])
        profile = profile_make(snapshot=snapshot, again=options["again"], progress=self.progress)
        return {
            "dataset": snapshot.dataset.name,
            "snapshot": snapshot.number,
            "seconds": profile.seconds,
            **profile.content,
        }

    def show(self, document: dict[str, Any], out: Any) -> None:
        out.write(f"{document['dataset']} #{document['snapshot']}: {document['rows']:,} rows")
        for column in document["columns"]:
            about = "~" if column["distinct_sketched"] else ""
            empty = "" if column["null_share"] is None else f"{column['null_share']:7.2%} empty"
            out.write(
                f"  {column['name']:30} {column['kind']:10} {empty}  {about}{column['distinct']:,} different values"
            )
        surplus = document["duplicates"].get("surplus")
        out.write(f"repeated rows: {'not counted' if surplus is None else f'{surplus:,}'}")
        for name in ("users", "items"):
            told = document["activity"].get(name)
            if told and told["count"]:
                out.write(f"{name}: {told['count']:,}, Gini {told['gini']:.3f}, top 1 % has {told['top_share']:.1%}")


def newest_snapshot(slug: str | None, name: str) -> Snapshot:
    dataset = dataset_by_name(organisation=organisation_by_slug(slug), name=name)
    return snapshot_newest(dataset)
