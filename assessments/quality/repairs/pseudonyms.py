"""Keyed pseudonyms: the same person is the same stranger everywhere, to everybody without the key."""

import hmac
import re
from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.quality.repairs.base import Change, Repair, Scope, Step
from assessments.quality.repairs.columns import values_mapped
from assessments.quality.repairs.registry import register

MARK = "p_"
BYTES = 16  # half of the 32 bytes that HMAC-SHA-256 gives: two of ten million values meet once in 10^24 tables
PSEUDONYM = re.compile(rf"{MARK}[0-9a-f]{{{2 * BYTES}}}")


@register
class Pseudonymise(Repair):
    """HMAC-SHA-256 (RFC 2104) of the value as UTF-8."""

    name = "pseudonymise"
    label = gettext_lazy("Replace by pseudonyms")
    help = gettext_lazy("Each value becomes a pseudonym that only the holder of the organisation's key can check.")
    most_columns = 100
    about_persons = True

    def meaning(self, step: Step) -> str:
        return _(
            "Each value of “%(columns)s” becomes a pseudonym (HMAC-SHA-256 with the organisation's key, which is not "
            "in the data). The same value gives the same pseudonym in all datasets of the organisation, so that they "
            "can still be joined. Empty cells stay; a pseudonym stays itself."
        ) % {"columns": ", ".join(step.columns)}

    def apply(self, scope: Scope, step: Step) -> Change:
        names = [scope.column(name).get_name() for name in step.columns]
        rule = pseudonym_with(scope.key())
        return Change(scope.table, sliced=True, each=lambda batch: values_mapped(batch, names, rule))


def pseudonym_with(key: bytes) -> Callable[[str], str]:
    def pseudonym(value: str) -> str:
        if PSEUDONYM.fullmatch(value):
            return value
        return MARK + hmac.digest(key, value.encode(), "sha256")[:BYTES].hex()

    return pseudonym
