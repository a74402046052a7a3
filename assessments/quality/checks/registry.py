"""Where checks are found by name, and where a rule is refused before it is kept."""

import math

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from assessments.common.errors import GovernError
from assessments.quality.checks.base import Check, place
from assessments.quality.checks.parameters import nearest
from assessments.quality.specs import RuleSpec

SEVERITIES = ("info", "warning", "error", "critical")
DIMENSIONS = ("completeness", "uniqueness", "validity", "consistency", "timeliness", "integrity")
# The fifteen data quality characteristics of ISO/IEC 25012:2008.
CHARACTERISTICS = {
    "accuracy": pgettext_lazy("ISO/IEC 25012", "accuracy"),
    "completeness": pgettext_lazy("ISO/IEC 25012", "completeness"),
    "consistency": pgettext_lazy("ISO/IEC 25012", "consistency"),
    "credibility": pgettext_lazy("ISO/IEC 25012", "credibility"),
    "currentness": pgettext_lazy("ISO/IEC 25012", "currentness"),
    "accessibility": pgettext_lazy("ISO/IEC 25012", "accessibility"),
    "compliance": pgettext_lazy("ISO/IEC 25012", "compliance"),
    "confidentiality": pgettext_lazy("ISO/IEC 25012", "confidentiality"),
    "efficiency": pgettext_lazy("ISO/IEC 25012", "efficiency"),
    "precision": pgettext_lazy("ISO/IEC 25012", "precision"),
    "traceability": pgettext_lazy("ISO/IEC 25012", "traceability"),
    "understandability": pgettext_lazy("ISO/IEC 25012", "understandability"),
    "availability": pgettext_lazy("ISO/IEC 25012", "availability"),
    "portability": pgettext_lazy("ISO/IEC 25012", "portability"),
    "recoverability": pgettext_lazy("ISO/IEC 25012", "recoverability"),
}
_checks: dict[str, Check] = {}


def register(check: type[Check]) -> type[Check]:
    if check.name in _checks:
        raise ValueError(f"two checks are named {check.name}")
    if check.characteristic not in CHARACTERISTICS:
        raise ValueError(f"{check.characteristic} is no characteristic of ISO/IEC 25012")
    _checks[check.name] = check()
    return check


def all_checks() -> list[Check]:
    """Every check, by name."""
    return [_checks[name] for name in sorted(_checks)]


def find_check(name: str) -> Check | None:
    """The check of that name, None when there is none."""
    return _checks.get(name)


def check_named(name: str, where: str = "") -> Check:
    if name not in _checks:
        raise GovernError(
            _("There is no check “%(name)s”.") % {"name": name}, where=where, hint=nearest(name, sorted(_checks))
        )
    return _checks[name]


def verify(spec: RuleSpec) -> Check:
    """The rule's check, after everything that can be refused without a table was; raises GovernError."""
    check = check_named(spec.check, place(spec))
    check.read(spec)
    for what, value, known in (
        (_("severity"), spec.severity, SEVERITIES),
        (_("dimension"), spec.dimension or check.dimension, DIMENSIONS),
    ):
        if value not in known:
            message = _("“%(value)s” is not a %(what)s.") % {"value": value, "what": what}
            raise GovernError(message, where=place(spec), hint=nearest(value, known))
    if isinstance(spec.threshold, bool) or not math.isfinite(spec.threshold) or not 0 <= spec.threshold <= 1:
        raise GovernError(
            _("The threshold %(value)s is not a share.") % {"value": spec.threshold},
            where=place(spec),
            hint=_("It is the least share of checked rows that must pass: a number from 0 to 1."),
        )
    return check
