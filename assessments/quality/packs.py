"""Rule packs: YAML text to rules, every mistake named with its line, rule and reason; and rules to YAML text."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from assessments.common.errors import GovernError
from assessments.quality.checks import verify
from assessments.quality.checks.parameters import nearest
from assessments.quality.specs import RuleSpec
from assessments.quality.yaml_text import parse_yaml

SCHEMA = Path(__file__).parent / "rule_pack.schema.json"


@dataclass(frozen=True)
class PackRule:
    """One rule of a pack, verified but for its columns, which only a table can tell."""

    spec: RuleSpec
    enabled: bool = True


def read_pack(pack: str | Mapping[str, Any]) -> list[PackRule]:
    """The rules of a pack given as YAML text or as what it parses to; raises GovernError, nothing is half read."""
    lines: list[int] = []
    if isinstance(pack, str):
        document, node = parse_yaml(pack)
        lines = _lines(node)
    else:
        document = pack
    _validate(document, lines)
    rules = []
    names: dict[str, int] = {}
    for position, entry in enumerate(document["rules"]):
        where = _where(position, lines, entry["name"])
        if entry["name"] in names:
            raise GovernError(
                _("Two rules are named “%(name)s”.") % {"name": entry["name"]},
                where=where,
                hint=_("Give each rule a name of its own."),
            )
        names[entry["name"]] = position
        rules.append(_rule(entry, where))
    return rules


def write_pack(rules: Iterable[PackRule]) -> str:
    """The rules as the YAML text of a pack; what ``read_pack`` gives for it is equal to them."""
    entries = []
    for rule in rules:
        spec = rule.spec
        entry: dict[str, Any] = {"name": spec.name, "check": spec.check}
        if spec.columns:
            entry["columns"] = list(spec.columns)
        if spec.parameters:
            entry["parameters"] = dict(spec.parameters)
        entry |= {"dimension": spec.dimension} if spec.dimension else {}
        entry |= {"severity": spec.severity, "threshold": spec.threshold}
        entries.append(entry if rule.enabled else {**entry, "enabled": False})
    return yaml.dump({"rules": entries}, Dumper=PlainDumper, sort_keys=False, allow_unicode=True, width=120)


class PlainDumper(yaml.SafeDumper):
    """Writes equal lists out instead of pointing from one to the other: a pack may not use aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _rule(entry: Mapping[str, Any], where: str) -> PackRule:
    spec = RuleSpec(
        name=entry["name"],
        check=entry["check"],
        columns=tuple(entry.get("columns", ())),
        parameters=dict(entry.get("parameters", {})),
        dimension=entry.get("dimension", ""),
        severity=entry.get("severity", "warning"),
        threshold=float(entry.get("threshold", 1.0)),
    )
    try:
        verify(spec)
    except GovernError as error:
        raise GovernError(error.message, where=where, hint=error.hint) from error
    return PackRule(spec, enabled=entry.get("enabled", True))


def _lines(node: yaml.Node | None) -> list[int]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == "rules" and isinstance(value, yaml.SequenceNode):
                return [rule.start_mark.line + 1 for rule in value.value]
    return []


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def _validate(document: Any, lines: list[int]) -> None:
    problems = sorted(_validator().iter_errors(document), key=lambda problem: [str(part) for part in problem.path])
    if not problems:
        return
    problem = problems[0]
    path = list(problem.absolute_path)
    where = _("the rule pack")
    if len(path) > 1 and path[0] == "rules":
        entry = document["rules"][path[1]]
        name = entry.get("name", "") if isinstance(entry, Mapping) else ""
        where = _where(int(path[1]), lines, str(name))
    raise GovernError(_reason(problem, path), where=where, hint=_hint(problem))


def _reason(problem: ValidationError, path: list[Any]) -> str:
    if problem.validator == "additionalProperties":
        return _("“%(name)s” is not known here.") % {"name": ", ".join(_extra(problem))}
    if problem.validator == "required":
        given: Any = problem.instance
        missing = [name for name in _of_schema(problem, "required") if name not in given]
        return _("“%(name)s” is missing.") % {"name": ", ".join(missing)}
    name = path[-1] if path and isinstance(path[-1], str) else ""
    value = repr(problem.instance)[:80]
    if name:
        return _("“%(name)s” cannot be %(value)s.") % {"name": name, "value": value}
    return _("%(value)s is not what is expected here.") % {"value": value}


def _hint(problem: ValidationError) -> str:
    if problem.validator == "additionalProperties":
        return nearest(_extra(problem)[0], sorted(_of_schema(problem, "properties")))
    if problem.validator == "enum":
        return nearest(str(problem.instance), _of_schema(problem, "enum"))
    if problem.validator in ("minimum", "maximum") or problem.validator_value == "number":
        return _("It must be a number from 0 to 1.")
    kinds = {
        "object": _("It must be a mapping of names to values."),
        "array": _("It must be a list."),
        "string": _("It must be a text."),
        "boolean": _("It must be true or false."),
    }
    return kinds.get(str(problem.validator_value), _("A rule needs at least “name” and “check”."))


def _extra(problem: ValidationError) -> list[str]:
    given: Any = problem.instance
    return sorted(str(name) for name in given if name not in _of_schema(problem, "properties"))


def _of_schema(problem: ValidationError, keyword: str) -> list[str]:
    """What the part of the schema that refused says under ``keyword``."""
    schema: Any = problem.schema
    return list(schema[keyword])


def _where(position: int, lines: list[int], name: str) -> str:
    rule = _("rule “%(rule)s”") % {"rule": name} if name else _("rule %(number)d") % {"number": position + 1}
    if position < len(lines):
        return _("line %(line)d") % {"line": lines[position]} + ", " + rule
    return rule
