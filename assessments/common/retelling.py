"""English texts that were made elsewhere, told again in the reader's language.

What runs without Django (``ml``) speaks English only, and some texts are stored. A text is recognised by the template
that it was made from, whose translation then takes its values.
"""

import re
from collections.abc import Iterable

from django.utils.translation import gettext

PLACE = re.compile(r"%\((\w+)\)s")


class Retelling:
    """``templates``: English texts marked with ``gettext_noop``, with values written as ``%(name)s``."""

    def __init__(self, templates: Iterable[str]) -> None:
        self._templates = [(_pattern(template), template) for template in templates]

    def __call__(self, text: str) -> str:
        """The text in the language of the reader; as it is when no template fits it."""
        for pattern, template in self._templates:
            found = pattern.fullmatch(text)
            if found:
                told = gettext(template)
                return told % found.groupdict() if found.groupdict() else told
        return text


def _pattern(template: str) -> re.Pattern[str]:
    parts = PLACE.split(template)  # text, name, text, name, …
    return re.compile(
        "".join(f"(?P<{part}>.+?)" if i % 2 else re.escape(part) for i, part in enumerate(parts)), re.DOTALL
    )
