"""Look for personal data in a dataset."""

from argparse import ArgumentParser
from typing import Any

from assessments.accounts.selectors import organisation_by_slug
from assessments.common.command import GovernCommand
from assessments.datasets.selectors import dataset_by_name, snapshot_newest
from assessments.jobs.dispatch import job_run_here
from assessments.quality.models import PersonalDataHit
from assessments.quality.personal_data.catalogue import entity
from assessments.quality.personal_data.selectors import personal_data_scan_get


class Command(GovernCommand):
    help = "Look for personal data in a dataset's newest snapshot, keep masked examples and follow up the findings."

    def add_options(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME", help="name of the dataset")
        parser.add_argument(
            "--organisation", metavar="SLUG", help="short name of the organisation, if there are several"
        )

    def run(self, **options: Any) -> dict[str, Any]:
        organisation = organisation_by_slug(options["organisation"])
        dataset = dataset_by_name(organisation=organisation, name=options["name"])
        snapshot = snapshot_newest(dataset)
        job = job_run_here(
            organisation=organisation,
            kind="quality.personal_data",
            subject=dataset.name,
            parameters={"snapshot_id": snapshot.pk},
            progress=self.progress,
        )
        scan = personal_data_scan_get(organisation=organisation, pk=job.result["scan"])
        return {
            "dataset": dataset.name,
            "snapshot": snapshot.number,
            "scan": scan.pk,
            "rows": scan.rows,
            "rows_sampled": scan.rows_sampled,
            "detectors": scan.detectors,
            "seconds": scan.seconds,
            "risk": scan.risk,
            "hits": [document(hit) for hit in scan.hits.order_by("-confidence", "pk")],
        }

    def show(self, document: dict[str, Any], out: Any) -> None:
        for hit in document["hits"]:
            protection = hit["protection"] or "UNPROTECTED"
            where = " in texts" if hit["in_text"] else ""
            out.write(
                f"{hit['column']}: {hit['label']}{where}, {hit['confidence']:.0%} sure, "
                f"{hit['share']:.2%} of filled cells, {protection}"
            )
        sampled = document["rows_sampled"]
        looked = f", {sampled:,} of them looked into" if sampled is not None else ""
        out.write(f"{len(document['hits'])} hits in {document['rows']:,} rows{looked}, {document['seconds']:.2f} s")


def document(hit: PersonalDataHit) -> dict[str, Any]:
    kind = entity(hit.entity)
    return {
        "column": hit.column,
        "entity": hit.entity,
        "label": kind.label,
        "kind": kind.kind,
        "sensitive": kind.sensitive,
        "articles": [article.name for article in kind.articles],
        "confidence": hit.confidence,
        "share": hit.share,
        "rows": hit.rows,
        "in_text": hit.in_text,
        "protection": hit.protection,
        "examples": hit.examples,
        "evidence": hit.evidence,
        "decision": hit.decision,
    }
