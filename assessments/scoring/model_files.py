"""Reading a scoring model from YAML; every refusal names the place in the file."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from assessments.common.errors import GovernError
from assessments.scoring.indicators import indicator_get
from assessments.scoring.tree import Model, model_of

FOLDER = Path(__file__).parent / "models_data"
DEFAULT_FILE = FOLDER / "governance-1.yaml"
MAX_BYTES = 2 * 2**20


def scoring_model_read(text: str | bytes, name: str = "") -> dict[str, Any]:
    """The content of a scoring model, checked by its schema, its tree and the indicators that it names."""
    if len(text) > MAX_BYTES:
        raise GovernError(_("The file of a scoring model is at most 2 MiB large."), where=name)
    content = plain_yaml(text, name)
    wrong = best_match(_schema().iter_errors(content))
    if wrong is not None:
        place = ".".join(str(step) for step in wrong.absolute_path) or _("the whole file")
        raise GovernError(
            _("The scoring model is not as its schema asks: %(reason)s") % {"reason": wrong.message[:300]},
            where=f"{name} {place}".strip(),
            hint=_("The schema lies beside the default scoring model: schema.json."),
        )
    model = model_of(content)
    _check_gates(model)
    for leaf in model.root.leaves():
        indicator_get(leaf.indicator)
    return dict(content)


def _check_gates(model: Model) -> None:
    identifiers = [gate.identifier for gate in model.gates]
    if len(set(identifiers)) != len(identifiers):
        raise GovernError(_("Two gates have the same identifier."), where="gates")
    for gate in model.gates:
        indicator_get(gate.indicator)


@cache
def _schema() -> Draft202012Validator:
    return Draft202012Validator(json.loads((FOLDER / "schema.json").read_text("utf-8")))


def plain_yaml(text: str | bytes, name: str) -> Any:
    """What a YAML text says; raises GovernError for one that is not valid, or not plain."""
    try:
        return yaml.load(text, Loader=_PlainLoader)  # noqa: S506 - a SafeLoader that also refuses aliases
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError, TypeError) as error:
        raise GovernError(_("This is not valid YAML: %(reason)s") % {"reason": error}, where=name) from error


class _PlainLoader(yaml.SafeLoader):
    """YAML without aliases, which can make a small file huge, and without names that stand twice."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not allowed")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = [str(key.value) for key, _value in node.value]  # a key may be a list of nodes
        if len(set(names)) != len(names):
            raise yaml.YAMLError(f"a name stands twice near line {node.start_mark.line + 1}")
        return super().construct_mapping(node, deep)
