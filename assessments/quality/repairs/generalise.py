"""Values made coarser, so that fewer people can be told apart by them."""

import ipaddress
import math
import re
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.common.errors import GovernError
from assessments.quality.checks.parameters import Parameter
from assessments.quality.repairs.base import Change, Repair, Scope, Step, place
from assessments.quality.repairs.columns import STAR, values_mapped
from assessments.quality.repairs.registry import register

BAND = re.compile(r"-?\d+(?:\.\d+)?–-?\d+(?:\.\d+)?")
DAY = re.compile(r"(\d{4})(-\d{2})?(?:-\d{2})?(?:[T ].*)?")
NETWORKS = {4: 24, 6: 48}  # the bits that stay: with a home connection, the provider and the region
Rule = Callable[[str], str | None]


@register
class Generalise(Repair):
    name = "generalise"
    label = gettext_lazy("Make values coarser")
    help = gettext_lazy("Numbers become bands, dates months or years, codes their start, addresses their network.")
    most_columns = 20
    about_persons = True
    parameters = (
        Parameter(
            "to",
            "choice",
            gettext_lazy(
                "What values become: band (numbers), month or year (dates), prefix (codes), network (IP addresses) or "
                "mapping (as written below)."
            ),
            required=True,
            choices=("band", "month", "year", "prefix", "network", "mapping"),
            label=gettext_lazy("What values become"),
            shown=(
                gettext_lazy("bands of numbers"),
                gettext_lazy("the month of a date"),
                gettext_lazy("the year of a date"),
                gettext_lazy("the first characters of a code"),
                gettext_lazy("the network of an IP address"),
                gettext_lazy("the groups written below"),
            ),
        ),
        Parameter(
            "width",
            "number",
            gettext_lazy("For band: how wide a band is."),
            default=10,
            label=gettext_lazy("Width of a band"),
        ),
        Parameter(
            "characters",
            "number",
            gettext_lazy("For prefix: how many characters stay."),
            default=3,
            label=gettext_lazy("First characters that stay"),
        ),
        Parameter(
            "mapping",
            "values",
            gettext_lazy("For mapping: one “value=group” for each value."),
            label=gettext_lazy("Values and their groups"),
        ),
    )

    def verify(self, step: Step, values: dict[str, Any]) -> None:
        pairs = values["mapping"] or []
        if not 0 < values["width"] <= 1e15 or not 1 <= values["characters"] <= 100:
            raise GovernError(
                _("“width” must be over 0, and “characters” from 1 to 100."),
                where=place(step),
                hint=_("10 and 3 are usual."),
            )
        if (values["to"] == "mapping") != bool(pairs) or not all("=" in str(pair) for pair in pairs):
            raise GovernError(
                _("A mapping is a list of “value=group”, and belongs to “to” mapping."),
                where=place(step),
                hint=_("For example: Vienna=Austria."),
            )

    def meaning(self, step: Step) -> str:
        values = self.read(step)
        how = {
            "band": _("Numbers become bands of %(width)s: 23 becomes 20–30, which means from 20 to below 30."),
            "month": _("Dates become their month: 2024-01."),
            "year": _("Dates become their year: 2024."),
            "prefix": ngettext(
                "Of each value the first character stays, a star follows.",
                "Of each value the first %(count)s characters stay, a star follows.",
                int(values["characters"]),
            ),
            "network": _("IP addresses become their network: the first 24 bits of IPv4, the first 48 of IPv6."),
            "mapping": _("Values become the group that is written for them."),
        }[values["to"]] % {"width": f"{values['width']:g}", "count": f"{values['characters']:g}"}
        columns = _("In “%(columns)s”:") % {"columns": ", ".join(step.columns)}
        end = _("Values that cannot be read so become empty cells, so that none is left as it was.")
        return f"{columns} {how} {end}"

    def apply(self, scope: Scope, step: Step) -> Change:
        names = [scope.column(name).get_name() for name in step.columns]
        rule = rule_of(self.read(step))
        return Change(scope.table, sliced=True, each=lambda batch: values_mapped(batch, names, rule))


def rule_of(values: dict[str, Any]) -> Rule:
    """The rule for one value as a text; None empties the cell. What is general already stays."""
    pairs = dict(str(pair).split("=", 1) for pair in values["mapping"] or ())
    groups = set(pairs.values())
    rules: dict[str, Rule] = {
        "band": lambda text: _band(text, values["width"]),
        "month": _month,
        "year": _year,
        "prefix": lambda text: text.rstrip(STAR)[: int(values["characters"])] + STAR,
        "network": _network,
        "mapping": lambda text: pairs.get(text) or (text if text in groups else None),
    }
    return rules[values["to"]]


def _band(text: str, width: float) -> str | None:
    if BAND.fullmatch(text):
        return text
    try:
        number = float(text)
    except ValueError:
        return None
    if not math.isfinite(number) or abs(number) > 1e15:
        return None
    low = math.floor(number / width) * width
    return f"{low:.15g}–{low + width:.15g}"


def _month(text: str) -> str | None:
    match = DAY.fullmatch(text)
    return match[1] + match[2] if match and match[2] else None


def _year(text: str) -> str | None:
    match = DAY.fullmatch(text)
    return match[1] if match else None


def _network(text: str) -> str | None:
    try:
        address = ipaddress.ip_interface(text.strip())
    except ValueError:
        return None
    bits = min(NETWORKS[address.version], address.network.prefixlen)
    return str(ipaddress.ip_network(f"{address.ip}/{bits}", strict=False))
