"""The rules that a data contract of the Open Data Contract Standard 3.1 asks for.

Nothing of a contract is run: checks written in SQL and in the words of other engines are passed over, and said to be.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from assessments.common.errors import GovernError
from assessments.quality.checks import verify
from assessments.quality.interchange.contract_words import ENGINE, OURS, contract_verify
from assessments.quality.packs import PackRule
from assessments.quality.specs import RuleSpec
from assessments.quality.yaml_text import parse_yaml

SEVERITIES = {
    **{name: name for name in ("info", "warning", "error", "critical")},
    **{"low": "info", "medium": "warning", "high": "error", "blocker": "critical"},
}
BOUNDS = {"minimum": "min", "exclusiveMinimum": "min", "maximum": "max", "exclusiveMaximum": "max"}
LENGTHS = {"minLength": "min", "maxLength": "max"}
Entry = Mapping[str, Any]


@dataclass
class ContractRules:
    """The rules of a contract, and what was passed over with the reason."""

    rules: list[PackRule] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)


class PassedOver(Exception):  # noqa: N818  it is no error: it says why a rule is not taken
    """Why an entry of a contract becomes no rule."""


def read_contract(text: str, *, table: str = "") -> ContractRules:
    """The rules of the contract's table named ``table``, or of its only one.

    Raises GovernError when the text is no contract of the standard, or does not say which table is meant.
    """
    contract, _node = parse_yaml(text)
    contract_verify(contract)
    chosen = _table(contract.get("schema") or [], table)
    found = ContractRules()
    for entry, columns, place in _entries(chosen):
        try:
            rule = _rule(entry, columns, place)
        except (PassedOver, GovernError) as reason:
            said = reason.message if isinstance(reason, GovernError) else str(reason)
            found.passed_over.append(f"{place}: {said}")
            continue
        taken = {one.spec.name for one in found.rules}
        name = rule.spec.name if rule.spec.name not in taken else f"{rule.spec.name} ({len(taken) + 1})"
        found.rules.append(PackRule(RuleSpec(**{**vars(rule.spec), "name": name}), rule.enabled))
    return found


def _table(tables: list[Any], name: str) -> Entry:
    named = [one for one in tables if one.get("name") == name or one.get("physicalName") == name]
    if len(named) == 1:
        return dict(named[0])
    if len(tables) == 1:
        return dict(tables[0])
    raise GovernError(
        _("The contract describes %(count)d tables, none of them is named “%(name)s”.")
        % {"count": len(tables), "name": name},
        where="schema",
        hint=", ".join(str(one.get("name")) for one in tables[:20]),
    )


def _entries(table: Entry) -> Iterator[tuple[Entry, tuple[str, ...], str]]:
    """Every check of the table: those of its columns, what their types promise, and those of the whole table."""
    for column in table.get("properties") or []:
        name = str(column.get("physicalName") or column["name"])
        for promised in _promises(column, name):
            yield promised, (name,), f"{name}: {promised['name']}"
        for number, entry in enumerate(column.get("quality") or []):
            yield entry, (name,), f"{name}: {entry.get('name') or number + 1}"
    for number, entry in enumerate(table.get("quality") or []):
        columns = tuple((entry.get("arguments") or {}).get("properties") or ())
        yield entry, columns, str(entry.get("name") or number + 1)


def _promises(column: Entry, name: str) -> Iterator[Entry]:
    """What a column's own description says must hold."""
    options = column.get("logicalTypeOptions") or {}
    if column.get("required"):
        yield {"name": _("%(column)s is filled") % {"column": name}, "metric": "nullValues", "mustBe": 0}
    if column.get("unique"):
        yield {"name": _("%(column)s is unique") % {"column": name}, "metric": "duplicateValues", "mustBe": 0}
    if "pattern" in options:
        title = _("%(column)s has its pattern") % {"column": name}
        yield {"name": title, "metric": "invalidValues", "arguments": {"pattern": options["pattern"]}, "mustBe": 0}
    bounds = {ours: options[theirs] for theirs, ours in BOUNDS.items() if isinstance(options.get(theirs), int | float)}
    if bounds:
        bounds |= {"min_exclusive": True} if "exclusiveMinimum" in options else {}
        bounds |= {"max_exclusive": True} if "exclusiveMaximum" in options else {}
        yield _ours(_("%(column)s is in its range") % {"column": name}, "range", name, bounds)
    lengths = {ours: options[theirs] for theirs, ours in LENGTHS.items() if theirs in options}
    if lengths:
        yield _ours(_("%(column)s has its length") % {"column": name}, "text_length", name, lengths)


def _ours(name: str, check: str, column: str, parameters: Mapping[str, Any]) -> Entry:
    what = {"check": check, "columns": [column], "parameters": parameters}
    return {"name": name, "type": "custom", "engine": ENGINE, "implementation": what}


def _rule(entry: Entry, columns: tuple[str, ...], place: str) -> PackRule:
    kind = entry.get("type", "library")
    beside = {one["property"]: one.get("value") for one in entry.get("customProperties") or []}
    if kind == "custom":
        check, columns, parameters, threshold = _custom(entry, columns)
    elif kind == "library":
        check, parameters = _library(entry, columns, beside)
        threshold = _threshold(entry, beside)
    elif kind == "sql":
        raise PassedOver(_("SQL from a contract is not run."))
    else:
        raise PassedOver(_("it is words for people; nothing can be measured."))
    dimension = str(beside.get("govern.dimension") or OURS.get(str(entry.get("dimension")), ""))
    spec = RuleSpec(
        name=str(entry.get("name") or place)[:200],
        check=check,
        columns=columns,
        parameters=parameters,
        dimension=dimension,
        severity=SEVERITIES.get(str(entry.get("severity", "warning")).lower(), "warning"),
        threshold=threshold,
    )
    verify(spec)
    return PackRule(spec, enabled=beside.get("govern.enabled") is not False)


def _custom(entry: Entry, columns: tuple[str, ...]) -> tuple[str, tuple[str, ...], dict[str, Any], float]:
    if entry.get("engine") != ENGINE or not isinstance(entry.get("implementation"), Mapping):
        raise PassedOver(_("it is written for the engine “%(engine)s”.") % {"engine": str(entry.get("engine"))[:60]})
    what = entry["implementation"]
    parameters, names, threshold = what.get("parameters", {}), what.get("columns", columns), what.get("threshold", 1.0)
    if not isinstance(parameters, Mapping) or not isinstance(names, list | tuple):
        raise PassedOver(_("its implementation is not that of a rule."))
    if isinstance(threshold, bool) or not isinstance(threshold, int | float):
        raise PassedOver(_("its threshold is not a number."))
    return str(what.get("check", "")), tuple(str(name) for name in names), dict(parameters), float(threshold)


def _library(entry: Entry, columns: tuple[str, ...], beside: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    arguments, metric = dict(entry.get("arguments") or {}), entry.get("metric")
    arguments.pop("properties", None)
    parameters: dict[str, Any]
    if metric == "nullValues":
        check, parameters = "completeness", {}
    elif metric == "duplicateValues":
        check, parameters = ("unique_key" if columns else "duplicate_rows"), {}
    elif metric == "missingValues":
        # An empty value among them means the empty cell, which counts as missing anyway.
        words = [one for one in arguments.pop("missingValues", []) if isinstance(one, str) and one]
        check, parameters = "disguised_missing", {"values": words} if words else {}
    elif metric == "invalidValues" and isinstance(arguments.get("validValues"), list):
        check, parameters = "allowed_values", {"values": arguments.pop("validValues")}
    elif metric == "invalidValues" and isinstance(arguments.get("pattern"), str):
        check, parameters = "pattern", {"regex": arguments.pop("pattern")}
    elif metric == "rowCount":
        return "volume", _between(entry)
    else:
        raise PassedOver(_("there is no check for this metric."))
    if arguments:
        raise PassedOver(_("its argument “%(name)s” is not known.") % {"name": str(next(iter(arguments)))[:60]})
    same = beside.get("govern.check") == check
    rest = beside.get("govern.parameters") if same else None
    return check, {**(rest if isinstance(rest, Mapping) else {}), **parameters}


def _between(entry: Entry) -> dict[str, Any]:
    if "mustBeBetween" in entry:
        least, most = entry["mustBeBetween"]
        return {"min": math.ceil(least), "max": math.floor(most)}
    for operator, name, step in (
        ("mustBeGreaterThan", "min", 1),
        ("mustBeGreaterOrEqualTo", "min", 0),
        ("mustBeLessThan", "max", -1),
        ("mustBeLessOrEqualTo", "max", 0),
    ):
        if operator in entry:
            bound = entry[operator]
            whole = (math.floor(bound) if step > 0 else math.ceil(bound)) + step if step else bound
            return {name: whole}
    if isinstance(entry.get("mustBe"), int):
        return {"min": entry["mustBe"], "max": entry["mustBe"]}
    raise PassedOver(_("its limit cannot be said as least and most rows."))


def _threshold(entry: Entry, beside: Mapping[str, Any]) -> float:
    """The least passing share that the limit of the metric allows."""
    if entry.get("metric") == "rowCount":
        return 1.0
    if entry.get("mustBe") == 0 or entry.get("mustBeLessOrEqualTo") == 0:
        return 1.0
    exact = beside.get("govern.threshold")
    percent = entry.get("mustBeLessOrEqualTo", entry.get("mustBeLessThan"))
    if entry.get("unit") != "percent" or percent is None:
        raise PassedOver(_("its limit is not a share of rows: only 0, or a greatest percentage, can be taken."))
    share = 1 - percent / 100
    if isinstance(exact, float) and math.isclose(exact, share, abs_tol=1e-9):
        return exact
    return math.nextafter(share, 2) if "mustBeLessThan" in entry else share
