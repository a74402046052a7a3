"""Suggest rules for a dataset."""

from argparse import ArgumentParser
from typing import Any

from assessments.common.command import GovernCommand
from assessments.quality.management.commands.profile_dataset import newest_snapshot
from assessments.quality.models import RuleSuggestion
from assessments.quality.services.suggestions import suggestions_accept, suggestions_make
from assessments.quality.suggestion_words import in_words


class Command(GovernCommand):
    help = "Suggest rules from a dataset's newest snapshot, with what each would flag; accept all of them if asked."

    def add_options(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME", help="name of the dataset")
        parser.add_argument("--organisation", metavar="SLUG", help="needed when there are several")
        parser.add_argument("--accept", choices=["all"], help="add the suggested rules to the dataset")

    def run(self, **options: Any) -> dict[str, Any]:
        snapshot = newest_snapshot(options["organisation"], options["name"])
        found = suggestions_make(snapshot=snapshot, progress=self.progress)
        accepted = suggestions_accept(suggestions=found) if options["accept"] else []
        return {
            "dataset": snapshot.dataset.name,
            "snapshot": snapshot.number,
            "suggestions": [document(one) for one in found],
            "accepted": [rule.name for rule in accepted],
        }

    def show(self, document: dict[str, Any], out: Any) -> None:
        for one in document["suggestions"]:
            mend = one["repair"].get("repair", "")
            out.write(
                f"{one['rows_flagged']:>12,} rows ({one['share']:.2%}) {one['name']}{f' [{mend}]' if mend else ''}"
            )
            out.write(f"{'':13}{one['reason']}")
        out.write(f"{len(document['suggestions'])} suggestions, {len(document['accepted'])} accepted")


def document(suggestion: RuleSuggestion) -> dict[str, Any]:
    return {
        "name": in_words(suggestion.name),
        "check": suggestion.check_name,
        "columns": suggestion.columns,
        "parameters": suggestion.parameters,
        "severity": suggestion.severity,
        "threshold": suggestion.threshold,
        "reason": in_words(suggestion.reason),
        "rows_flagged": suggestion.rows_flagged,
        "share": suggestion.share,
        "repair": suggestion.repair,
    }
