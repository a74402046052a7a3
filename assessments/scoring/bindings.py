"""Bindings: which indicator measures an item of a checklist, and from which value on each level is proposed.

A binding is content, one YAML file for each framework in ``bindings_data``; the framework stays as it was published.
"""

import json
from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from assessments.checklists.framework_file import FOLDER as FRAMEWORKS
from assessments.checklists.framework_file import LANGUAGES, framework_read
from assessments.common.errors import GovernError
from assessments.scoring.indicators import indicator_names
from assessments.scoring.model_files import plain_yaml

FOLDER = Path(__file__).parent / "bindings_data"
MAX_BYTES = 2**20
ANSWERS = "answer_level"  # measures what people answered, so it proposes nothing to them


@dataclass(frozen=True)
class Binding:
    """What measures one item.

    ``cuts`` are the values, in the indicator's own units, at which levels 2, 3, 4 and 5 begin; they fall where less is
    better. ``measures`` says what the value is a measure of, ``reason`` why the cuts are where they are, both in
    English and Chinese. Evidence older than ``validity_days`` proposes nothing.
    """

    item: str
    indicator: str
    cuts: tuple[float, ...]
    measures: Mapping[str, str]
    reason: Mapping[str, str]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    validity_days: int | None = None


def level_of(value: float, cuts: Sequence[float]) -> int:
    """The level, 1 to 5, of a value: one more than the cuts that it reaches.

    Cuts rise where more is better and fall where less is. A value on a cut reaches it; it is rounded to nine decimals,
    since sums of shares miss a cut by less than that.
    """
    if cuts[0] > cuts[-1]:
        return level_of(-value, [-cut for cut in cuts])
    return 1 + bisect_right(list(cuts), round(value, 9))


def bindings_read(text: str | bytes, name: str = "", *, items: Collection[str]) -> dict[str, Binding]:
    """The checked bindings of one file by item; ``items`` are the keys that the framework has.

    Raises GovernError with place and reason: not YAML, not as its schema asks, an unknown item or indicator, cuts that
    neither rise nor fall, a missing language.
    """
    if len(text) > MAX_BYTES:
        raise GovernError(_("A file of bindings is at most 1 MiB large."), where=name)
    content = plain_yaml(text, name)
    wrong = best_match(_schema().iter_errors(content))
    if wrong is not None:
        place = ".".join(str(step) for step in wrong.absolute_path) or _("the whole file")
        required = wrong.validator_value if wrong.validator == "required" else []
        missing = [language for language in LANGUAGES if language in required and language not in wrong.instance]
        reason = (
            _("the text in this language is missing: %(names)s") % {"names": ", ".join(missing)}
            if missing
            else wrong.message[:300]
        )
        raise GovernError(
            _("The bindings are not as their schema asks: %(reason)s") % {"reason": reason},
            where=f"{name} {place}".strip(),
            hint=_("The schema lies beside the bindings that come with Govern: schema.json."),
        )
    return {item: _binding(item, given, name, items) for item, given in content["bindings"].items()}


@cache
def bindings_of(framework: str) -> Mapping[str, Binding]:
    """The bindings of the framework of this identifier by item; empty when it has none."""
    path = FOLDER / f"{framework}.yaml"
    if not path.is_file():
        return {}
    document, _digest = framework_read(FRAMEWORKS / path.name)
    items = {f"{domain['id']}.{item['id']}" for domain in document["domains"] for item in domain["items"]}
    return bindings_read(path.read_bytes(), path.name, items=items)


def _binding(item: str, given: Mapping[str, Any], name: str, items: Collection[str]) -> Binding:
    where = f"{name} bindings.{item}".strip()
    if item not in items:
        raise GovernError(
            _("The framework has no item “%(item)s”.") % {"item": item},
            where=where,
            hint=_("Known are: %(names)s.") % {"names": ", ".join(sorted(items))},
        )
    known = [each for each in indicator_names() if each != ANSWERS]
    if given["indicator"] not in known:
        raise GovernError(
            _("No indicator named “%(name)s” can propose a level.") % {"name": given["indicator"]},
            where=f"{where}.indicator",
            hint=_("Known are: %(names)s.") % {"names": ", ".join(known)},
        )
    cuts = tuple(float(cut) for cut in given["cuts"])
    steps = list(pairwise(cuts))
    if not (all(a < b for a, b in steps) or all(a > b for a, b in steps)):
        raise GovernError(
            _("The cuts neither rise nor fall from level to level."),
            where=f"{where}.cuts",
            hint=_("Write where levels 2, 3, 4 and 5 begin, each beyond the one before."),
        )
    return Binding(item, **{**given, "cuts": cuts})


@cache
def _schema() -> Draft202012Validator:
    return Draft202012Validator(json.loads((FOLDER / "schema.json").read_text("utf-8")))
