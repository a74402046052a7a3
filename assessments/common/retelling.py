"""English texts that were made elsewhere, told again in the reader's language.

What runs without Django (``ml``) speaks English only, and some texts are stored. A text is recognised by the template
that it was made from, whose translation then takes its values.
"""

import re
from collections.abc import Collection, Iterable

from django.utils.translation import gettext

PLACE = re.compile(r"%\((\w+)\)s")


class Retelling:
    """``templates``: English texts marked with ``gettext_noop``, with values written as ``%(name)s``.

    ``told_parts`` are the names of values that are such texts themselves.
    """

    def __init__(self, templates: Iterable[str], *, told_parts: Collection[str] = ()) -> None:
        self._templates = [(_pattern(template), template) for template in templates]
        self._told_parts = frozenset(told_parts)

    def knows(self, text: str) -> bool:
        return any(pattern.fullmatch(text) for pattern, _template in self._templates)

    def __call__(self, text: str) -> str:
        """The text in the language of the reader; as it is when no template fits it."""
        for pattern, template in self._templates:
            found = pattern.fullmatch(text)
            if found:
                told, values = gettext(template), found.groupdict()
                values |= {name: gettext(value) for name, value in values.items() if name in self._told_parts}
                return told % values if values else told
        return text


def _pattern(template: str) -> re.Pattern[str]:
    parts = PLACE.split(template)  # text, name, text, name, …
    if len(parts) > 1:
        parts[::2] = [part.replace("%%", "%") for part in parts[::2]]
    return re.compile(
        "".join(f"(?P<{part}>.+?)" if i % 2 else re.escape(part) for i, part in enumerate(parts)), re.DOTALL
    )
