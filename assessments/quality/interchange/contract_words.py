"""What Govern and the Open Data Contract Standard 3.1 call the same things."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from django.utils.translation import gettext as _
from jsonschema import Draft201909Validator

from assessments.common.errors import GovernError

API_VERSION = "v3.1.0"
ENGINE = "govern"
DIMENSIONS = {
    "completeness": "completeness",
    "uniqueness": "uniqueness",
    "validity": "conformity",
    "consistency": "consistency",
    "timeliness": "timeliness",
    "integrity": "consistency",
}
OURS = {
    "completeness": "completeness",
    "uniqueness": "uniqueness",
    "conformity": "validity",
    "accuracy": "validity",
    "consistency": "consistency",
    "timeliness": "timeliness",
    "coverage": "completeness",
}
LOGICAL_TYPES = {
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "text": "string",
    "date": "date",
    "timestamp": "timestamp",
    "timestamp with zone": "timestamp",
}


def logical_type(type_name: str) -> str:
    """The standard's word for a column type of Govern; a decimal is a number."""
    return LOGICAL_TYPES.get(type_name, "number" if type_name.startswith("decimal") else "string")


@cache
def validator() -> Draft201909Validator:
    """The schema of the standard, as the package of its own community carries it."""
    schema = files("open_data_contract_standard").joinpath("schema.json").read_text(encoding="utf-8")
    return Draft201909Validator(json.loads(schema))


def contract_verify(contract: Any) -> None:
    """Raise GovernError naming the first place in which the contract is not what the standard's schema says."""
    if not isinstance(contract, Mapping):
        raise GovernError(_("A data contract is a mapping."), hint=_("It begins with “apiVersion: v3.1.0”."))
    problems = sorted(validator().iter_errors(contract), key=lambda problem: [str(part) for part in problem.path])
    if problems:
        problem = problems[0]
        where = ".".join(str(part) for part in problem.absolute_path)
        message = _("This is not a data contract of the Open Data Contract Standard %(version)s: %(reason)s.")
        reason = problem.message[:200].rstrip(".")
        raise GovernError(message % {"version": API_VERSION, "reason": reason}, where=where)
