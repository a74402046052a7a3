"""What a measurement proposes for an item of a checklist, in words."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.accounts.models import Organisation
from assessments.checklists.models import Evidence, localised
from assessments.common.levels import level_word
from assessments.common.templatetags.govern import share
from assessments.dashboards.evidence_links import linked
from assessments.dashboards.rows import show

SHARES = ("share", "relative gain", "coverage@10")


def proposal_words(organisation: Organisation, proposal: Mapping[str, Any]) -> dict[str, Any]:
    """The proposal as the page shows it, in the reader's language, with sources that lead to their pages."""
    return {
        "text": measured_text(proposal),
        "level": proposal["level"],
        "word": level_word(proposal["level"]),
        "cuts": cuts_of(proposal),
        "reason": localised(proposal["reason"]),
        "sources": linked(organisation, proposal["sources"]),
        "missing": [one["dataset"] for one in proposal["missing"]],
        "date": str(proposal["date"] or "")[:10],
    }


def measured_text(proposal: Mapping[str, Any]) -> str:
    return f"{value_text(proposal['value'], proposal['unit'])} · {localised(proposal['measures'])}"


def value_text(value: float, unit: str) -> str:
    """A value in the unit of its indicator."""
    if unit == "days":
        return ngettext("%(count)d day", "%(count)d days", int(value)) % {"count": value}
    return share(value) if unit in SHARES else number_format(round(value, 3))


def cuts_of(proposal: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Where levels 2 to 5 begin, exactly as they are written."""
    cuts, unit = proposal["cuts"], proposal["unit"]
    sign = "≥" if cuts[0] < cuts[-1] else "≤"
    return [{"level": level, "text": f"{sign} {_cut_text(cut, unit)}"} for level, cut in enumerate(cuts, start=2)]


def _cut_text(cut: float, unit: str) -> str:
    if unit in SHARES:
        return _("%(percent)s %%") % {"percent": number_format(f"{cut * 100:.10g}")}
    return value_text(cut, unit)


def measured_show(pieces: Iterable[Evidence]) -> None:
    """Give each measured value among what backs an answer its ``measured`` text and the names of its ``sources``.

    The names stand in its document, so that they are there when the data are not.
    """
    for piece in pieces:
        if piece.kind == Evidence.Kind.MEASURED:
            # The organisation's rows are not asked for: a source may be gone by now.
            sources = [str(source.get("label", "")) for source in piece.document["sources"]]
            show(
                piece,
                measured=measured_text(piece.document),
                measured_level=piece.document["level"],
                measured_at=str(piece.document["date"] or "")[:10],
                sources=sources,
            )
