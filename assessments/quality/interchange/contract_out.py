"""A dataset and its rules as a data contract of the Open Data Contract Standard 3.1.

What the standard has a metric for is written with it, so that other tools measure the same; every other rule is a
custom check of the engine “govern”. What a metric cannot say stands beside it in custom properties, so that a
contract read again gives the same rules.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from assessments.quality.interchange.contract_words import API_VERSION, DIMENSIONS, ENGINE, logical_type
from assessments.quality.packs import PackRule, PlainDumper
from assessments.quality.specs import RuleSpec

PERCENT_DIGITS = 10


@dataclass(frozen=True)
class ContractColumn:
    name: str
    type: str
    role: str = ""


@dataclass(frozen=True)
class ContractFacts:
    """What a contract says of a dataset: ``identifier`` stays the same for all versions of it."""

    identifier: str
    name: str
    kind: str
    description: str
    version: str
    columns: Sequence[ContractColumn]


def write_contract(facts: ContractFacts, rules: Sequence[PackRule]) -> str:
    """The contract as YAML text."""
    contract = contract_document(facts, rules)
    return yaml.dump(contract, Dumper=PlainDumper, sort_keys=False, allow_unicode=True, width=120)


def contract_document(facts: ContractFacts, rules: Sequence[PackRule]) -> dict[str, Any]:
    """The contract as the mapping that the standard's schema describes."""
    by_column: dict[str, list[dict[str, Any]]] = {column.name: [] for column in facts.columns}
    of_table: list[dict[str, Any]] = []
    for rule in rules:
        columns = rule.spec.columns
        home = by_column.get(columns[0], of_table) if len(columns) == 1 else of_table
        home.append(_quality(rule, at_table=home is of_table))
    table = {
        "name": facts.name,
        "logicalType": "object",
        "physicalType": "table",
        "properties": [_property(column, by_column[column.name]) for column in facts.columns],
        **({"quality": of_table} if of_table else {}),
    }
    return {
        "apiVersion": API_VERSION,
        "kind": "DataContract",
        "id": facts.identifier,
        "name": facts.name,
        "version": facts.version,
        "status": "active",
        **({"description": {"purpose": facts.description}} if facts.description else {}),
        "schema": [table],
        "customProperties": [{"property": "govern.kind", "value": facts.kind}],
    }


def _property(column: ContractColumn, quality: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "name": column.name,
        "logicalType": logical_type(column.type),
        "physicalType": column.type,
        **({"customProperties": [{"property": "govern.role", "value": column.role}]} if column.role else {}),
        **({"quality": quality} if quality else {}),
    }


def _quality(rule: PackRule, *, at_table: bool) -> dict[str, Any]:
    spec = rule.spec
    metric = _metric(spec)
    beside: dict[str, Any] = {"govern.dimension": spec.dimension} if spec.dimension else {}
    if not rule.enabled:
        beside["govern.enabled"] = False
    entry: dict[str, Any] = {"name": spec.name, "severity": spec.severity}
    if spec.dimension:
        entry["dimension"] = DIMENSIONS[spec.dimension]
    if metric is None:
        what = {"check": spec.check, "columns": list(spec.columns), "parameters": dict(spec.parameters)}
        entry |= {"type": "custom", "engine": ENGINE, "implementation": {**what, "threshold": spec.threshold}}
    else:
        name, arguments, rest = metric
        if at_table:
            arguments = {**arguments, "properties": list(spec.columns)}
        entry |= {"type": "library", "metric": name, **_limit(spec.threshold)}
        entry |= {"arguments": arguments} if arguments else {}
        beside |= {"govern.check": spec.check, "govern.threshold": spec.threshold}
        beside |= {"govern.parameters": rest} if rest else {}
    properties = [{"property": name, "value": value} for name, value in beside.items()]
    return entry | ({"customProperties": properties} if properties else {})


def _limit(threshold: float) -> dict[str, Any]:
    if threshold >= 1:
        return {"mustBe": 0}
    return {"unit": "percent", "mustBeLessOrEqualTo": round(100 * (1 - threshold), PERCENT_DIGITS)}


def _metric(spec: RuleSpec) -> tuple[str, dict[str, Any], Mapping[str, Any]] | None:
    """The standard's metric, its arguments, and the parameters that it cannot say; None where there is no metric."""
    rest = dict(spec.parameters)
    if spec.check == "completeness" and len(spec.columns) == 1:
        return "nullValues", {}, rest
    if spec.check in ("unique_key", "duplicate_rows"):
        return "duplicateValues", {}, rest
    if spec.check == "allowed_values":
        return "invalidValues", {"validValues": rest.pop("values")}, rest
    if spec.check == "pattern" and rest.get("expect", "match") == "match":
        return "invalidValues", {"pattern": rest.pop("regex")}, rest
    return None
