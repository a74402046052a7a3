"""What a mistyped name was meant to be."""

from collections.abc import Sequence
from difflib import get_close_matches

from django.utils.translation import gettext as _


def nearest(name: str, known: Sequence[str]) -> str:
    """A sentence that names the nearest of ``known``, or lists them."""
    by_lower = {word.lower(): word for word in reversed(known)}
    close = get_close_matches(str(name).lower(), list(by_lower), n=1, cutoff=0.6)
    listed = ", ".join(known[:30]) + (", …" if len(known) > 30 else "")
    if close:
        return _("Did you mean “%(close)s”? There are: %(listed)s.") % {"close": by_lower[close[0]], "listed": listed}
    return _("There are: %(listed)s.") % {"listed": listed or _("none")}
