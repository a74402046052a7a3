"""What can be taken out of a dataset: its rules, results, profile and description, each as one text."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.utils.translation import gettext as _

from assessments.common.errors import NotFoundError
from assessments.datasets.models import Dataset, Snapshot
from assessments.datasets.selectors import snapshot_latest, snapshot_path
from assessments.quality.interchange.contract_out import ContractColumn, ContractFacts, write_contract
from assessments.quality.interchange.croissant import CroissantFacts, croissant_document
from assessments.quality.interchange.tables import csv_text
from assessments.quality.models import Profile, QualityRun, Rule, RuleResult
from assessments.quality.packs import PackRule, write_pack
from assessments.quality.personal_data.quoting import free_name, unquoted, without_quotes
from assessments.quality.personal_data.selectors import columns_about_people
from assessments.quality.quoting_selectors import rules_quoting
from assessments.quality.selectors import results_of, rules_of, run_latest
from assessments.quality.services.rules import spec_of

YAML, CSV, JSON = "application/yaml", "text/csv; charset=utf-8", "application/json"
RESULT_FIELDS = (
    *("rule_name", "check_name", "columns", "parameters", "dimension", "severity", "threshold"),
    *("rows_checked", "rows_failing", "fraction", "passed", "meaning", "detail", "error", "seconds"),
)


@dataclass(frozen=True)
class Export:
    """One text to be saved: what it is called, its media type and its content."""

    file_name: str
    media_type: str
    content: str


def export_make(dataset: Dataset, what: str, *, quotes: bool = False) -> Export:
    """One of ``EXPORTS``; raises NotFoundError when there is no such form, or nothing to put in it yet.

    Without ``quotes``, which belong to those who may change rules, values about people that rules quote are masked,
    and those rules are out of use in the export.
    """
    if what not in EXPORTS:
        raise NotFoundError(
            _("There is no export named “%(what)s”.") % {"what": what[:40]},
            hint=_("There are: %(names)s.") % {"names": ", ".join(EXPORTS)},
        )
    media_type, make = EXPORTS[what]
    stem = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in dataset.name)
    return Export(f"{stem}-{what}", media_type, make(dataset, quotes))


def rules_yaml(dataset: Dataset, quotes: bool) -> str:
    return write_pack(_rules(dataset, quotes))


def contract_yaml(dataset: Dataset, quotes: bool) -> str:
    snapshot = _snapshot(dataset)
    facts = ContractFacts(
        identifier=str(uuid5(NAMESPACE_URL, f"govern:{dataset.organisation.slug}/{dataset.pk}")),
        name=dataset.name,
        kind=dataset.kind,
        description=dataset.description,
        version=f"{snapshot.number}.0.0",
        columns=_columns(snapshot),
    )
    return write_contract(facts, _rules(dataset, quotes))


def results_csv(dataset: Dataset, _quotes: bool) -> str:
    run = _run(dataset)
    rows = ([getattr(result, name) for name in RESULT_FIELDS] for result in results_of(run))
    return csv_text(RESULT_FIELDS, rows)


def results_json(dataset: Dataset, _quotes: bool) -> str:
    run = _run(dataset)
    document = {
        "dataset": dataset.name,
        "snapshot": run.snapshot.number,
        "digest": run.snapshot.digest,
        "as_of": run.as_of.isoformat(),
        "rows": run.rows,
        "results": [_result(result) for result in results_of(run)],
    }
    return _json(document)


def profile_json(dataset: Dataset, _quotes: bool) -> str:
    profile = _profile(dataset)
    return _json({"dataset": dataset.name, "snapshot": profile.snapshot.number, "profile": profile.content})


def profile_csv(dataset: Dataset, _quotes: bool) -> str:
    """A row for each column; what a figure of the profile is made of several parts of stays JSON in its cell."""
    columns = _profile(dataset).content.get("columns", [])
    names = list(dict.fromkeys(name for column in columns for name in column))
    return csv_text(names, ([column.get(name) for name in names] for column in columns))


def croissant_json(dataset: Dataset, _quotes: bool) -> str:
    snapshot = _snapshot(dataset)
    path = snapshot_path(snapshot)
    columns = _columns(snapshot)
    facts = CroissantFacts(
        name=dataset.name,
        description=dataset.description,
        version=f"{snapshot.number}.0.0",
        published=snapshot.created_at,
        creator=dataset.organisation.name,
        file_name=f"{snapshot.digest}.parquet",
        file_bytes=path.stat().st_size,
        sha256=_sha256(path),
        digest=snapshot.digest,
        columns=columns,
        personal=sorted(columns_about_people(snapshot)),
    )
    return _json(croissant_document(facts))


EXPORTS: dict[str, tuple[str, Callable[[Dataset, bool], str]]] = {
    "rules.yaml": (YAML, rules_yaml),
    "contract.odcs.yaml": (YAML, contract_yaml),
    "results.csv": (CSV, results_csv),
    "results.json": (JSON, results_json),
    "profile.csv": (CSV, profile_csv),
    "profile.json": (JSON, profile_json),
    "croissant.json": ("application/ld+json", croissant_json),
}


def _rules(dataset: Dataset, quotes: bool) -> list[PackRule]:
    rules, names = list(rules_of(dataset)), set[str]()
    quoting = {} if quotes else rules_quoting(dataset, rules)
    return [_rule(rule, quoting.get(rule.pk, ()), names) for rule in rules]


def _rule(rule: Rule, quoted: tuple[str, ...], names: set[str]) -> PackRule:
    spec = spec_of(rule)
    name, parameters = free_name(unquoted(spec.name, quoted), names), without_quotes(spec.parameters, quoted)
    return PackRule(replace(spec, name=name, parameters=parameters), enabled=rule.enabled and not quoted)


def _columns(snapshot: Snapshot) -> list[ContractColumn]:
    return [ContractColumn(one.name, one.type, one.role) for one in snapshot.columns.order_by("position")]


def _snapshot(dataset: Dataset) -> Snapshot:
    snapshot = snapshot_latest(dataset)
    if snapshot is None:
        raise NotFoundError(_("This dataset has not been read yet."), hint=_("Take a snapshot first."))
    return snapshot


def _run(dataset: Dataset) -> QualityRun:
    run = run_latest(dataset)
    if run is None:
        raise NotFoundError(_("This dataset has not been checked yet."), hint=_("Run its rules first."))
    return run


def _profile(dataset: Dataset) -> Profile:
    profile = Profile.objects.filter(snapshot=_snapshot(dataset)).select_related("snapshot").first()
    if profile is None:
        raise NotFoundError(_("This dataset has no profile yet."), hint=_("Make its profile first."))
    return profile


def _result(result: RuleResult) -> dict[str, Any]:
    return {name: getattr(result, name) for name in (*RESULT_FIELDS, "sample")}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _json(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=False) + "\n"
