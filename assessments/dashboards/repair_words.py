"""Repairs as pages show them: steps with their labels, what they change, previews as tables."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.common.errors import GovernError
from assessments.quality.models import RepairRun
from assessments.quality.repairs import Repair, Step, all_repairs, repair_named, steps_read

# What is not named here comes last, so that a new repair is never out of reach.
GROUPS = (
    (
        gettext_lazy("Rows that are double or do not belong"),
        (
            *("drop_duplicates", "merge_near_duplicates", "drop_orphans", "drop_out_of_range", "drop_rows_where"),
            "net_cancellations",
        ),
    ),
    (
        gettext_lazy("Values written in several ways"),
        (
            *("correct_typos", "normalise_case", "normalise_codes", "normalise_dates", "normalise_spaces"),
            *("normalise_units", "write_alike"),
        ),
    ),
    (
        gettext_lazy("Values that contradict each other"),
        ("collapse_descriptions", "correct_by_dependency", "correct_by_votes", "move_last_word", "swap_back"),
    ),
    (
        gettext_lazy("Numbers, times and empty cells"),
        ("clip_out_of_range", "empty_out_of_range", "impute", "missing_to_null", "break_time_ties"),
    ),
)


def repair_groups() -> list[tuple[str, list[Repair]]]:
    """All repairs under headings: the defects by what is wrong, what is new, the protections of personal data."""
    kinds = {repair.name: repair for repair in all_repairs()}
    groups = [(str(heading), [kinds.pop(name) for name in names if name in kinds]) for heading, names in GROUPS]
    groups.append((_("Others"), [repair for repair in kinds.values() if not repair.about_persons]))
    groups.append((_("Personal data"), [repair for repair in kinds.values() if repair.about_persons]))
    return [(heading, repairs) for heading, repairs in groups if repairs]


def shown_step(step: Step) -> dict[str, Any]:
    """A step with its label and its meaning; a step whose repair is gone says so."""
    try:
        repair = repair_named(step.repair)
        label, meaning, about_persons = str(repair.label), repair.meaning(step), repair.about_persons
    except GovernError as error:
        label, meaning, about_persons = step.repair, error.message, False
    parameters = ", ".join(f"{name} = {_short(value)}" for name, value in step.parameters.items())
    document = step.document()
    return {
        "label": label,
        "meaning": meaning,
        "about_persons": about_persons,
        "columns": step.columns,
        "parameters": parameters,
        "document": document,
        "json": json.dumps(document, ensure_ascii=False),
    }


def _short(value: Any) -> str:
    text = ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)
    return text if len(text) <= 120 else text[:119] + "…"


def shown_steps(documents: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Stored steps; their columns and parameters stand for those of an older version too."""
    return [
        shown_step(Step(str(one.get("repair", "")), tuple(one.get("columns", ())), one.get("parameters", {})))
        for one in documents
    ]


def shown_previews(run: RepairRun) -> list[dict[str, Any]]:
    """Each step of a preview: what it means, rows and cells, and samples as rows of tables."""
    shown = []
    for document, step in zip(run.preview, shown_steps(run.preview), strict=True):
        dropped = document.get("dropped", [])
        names = list(dict.fromkeys(name for row in dropped for name in row["values"]))
        shown.append(
            {
                **step,
                **{name: document.get(name) for name in ("rows_before", "rows_after", "rows_changed", "notes", "risk")},
                "fewer": document["rows_before"] - document["rows_after"],
                "cells": sorted(document.get("cells_changed", {}).items(), key=lambda pair: -pair[1]),
                "removed": document.get("columns_removed", []),
                "changed": [
                    {"row": row["row"], "name": name, "before": pair[0], "after": pair[1]}
                    for row in document.get("changed", [])
                    for name, pair in row["changed"].items()
                ],
                "dropped_columns": names,
                "dropped": [[row["row"], *(row["values"].get(name) for name in names)] for row in dropped],
            }
        )
    return shown


def lineage_of(run: RepairRun) -> str:
    """What was done in a few words: “Drop duplicate rows, Clip numbers to a range”."""
    return ", ".join(step["label"] for step in shown_steps(run.steps))


def changes_of(run: RepairRun) -> str:
    """5,268 rows fewer, 12 cells changed."""
    if not run.preview:
        return ""
    fewer = run.preview[0]["rows_before"] - run.preview[-1]["rows_after"]
    cells = sum(count for step in run.preview for count in step["cells_changed"].values())
    words = []
    if fewer:
        words.append(ngettext("%(count)s row fewer", "%(count)s rows fewer", fewer) % {"count": f"{fewer:,}"})
    if cells:
        words.append(ngettext("%(count)s cell changed", "%(count)s cells changed", cells) % {"count": f"{cells:,}"})
    gone = sum(len(step["columns_removed"]) for step in run.preview)
    if gone:
        words.append(ngettext("%(count)s column fewer", "%(count)s columns fewer", gone) % {"count": f"{gone:,}"})
    return ", ".join(words) or _("nothing changes")


def readable_steps(documents: Sequence[Any]) -> list[Step]:
    """The steps of a draft that can still be read; one that can no longer be is left out."""
    steps: list[Step] = []
    for document in documents:
        try:
            steps += steps_read([document])
        except GovernError:
            continue
    return steps
