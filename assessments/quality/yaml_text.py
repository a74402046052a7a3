"""YAML from strangers: read without aliases, without depth, without a key that is given twice."""

from typing import Any

import yaml
from django.utils.translation import gettext as _

from assessments.common.errors import GovernError

LARGEST = 1_000_000
DEEPEST = 12


def parse_yaml(text: str) -> tuple[Any, yaml.Node | None]:
    """What the text says, and its nodes with their lines; raises GovernError for what is no plain YAML."""
    if len(text) > LARGEST:
        raise GovernError(
            _("The text is larger than %(size)d characters.") % {"size": LARGEST},
            hint=_("Split it into several."),
        )
    try:
        _refuse_aliases_and_depth(text)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        _refuse_repeated_keys(node)
        return yaml.safe_load(text), node
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise GovernError(
            _("The text is not YAML: %(reason)s.") % {"reason": getattr(error, "problem", None) or error},
            where=_("line %(line)d") % {"line": mark.line + 1} if mark else "",
            hint=_("Mind the indentation, and quote texts with special characters."),
        ) from error
    except ValueError as error:  # a date that does not exist, say
        raise GovernError(_("The text cannot be read: %(reason)s.") % {"reason": error}) from error


def _refuse_aliases_and_depth(text: str) -> None:
    """Aliases let a small text grow without bound, and brackets in brackets let it take hours to read."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise GovernError(_("YAML aliases may not be used here."), hint=_("Write the repeated part out."))
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise GovernError(
                _("The text is nested too deeply."),
                hint=_("A rule holds lists and mappings no deeper than its parameters need."),
            )


def _refuse_repeated_keys(node: yaml.Node | None) -> None:
    """YAML lets the last of two equal keys win in silence; a pack must not."""
    if isinstance(node, yaml.SequenceNode):
        for child in node.value:
            _refuse_repeated_keys(child)
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            if key.value in seen if isinstance(key.value, str) else False:
                raise GovernError(
                    _("“%(key)s” is given twice.") % {"key": key.value},
                    where=_("line %(line)d") % {"line": key.start_mark.line + 1},
                    hint=_("Keep one of them."),
                )
            seen.add(str(key.value))
            _refuse_repeated_keys(value)
