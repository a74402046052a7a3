"""What a hit rests on and what can be done about it, in sentences."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.common.templatetags.govern import share, whole
from assessments.quality.models import PersonalDataHit
from assessments.quality.personal_data.catalogue import entity
from assessments.quality.personal_data.protection import LABELS


def reasons(hit: PersonalDataHit) -> list[str]:
    """Why the column is taken for this type, the strongest reason first."""
    evidence = hit.evidence
    if evidence.get("rule") == "text":
        return _text_reasons(evidence)
    found = []
    name = evidence.get("name", 0)
    if evidence.get("rule") == "role":
        found.append(_("its role says that it is the key of a person"))
    elif name == 1:
        found.append(_("its name says so"))
    elif name:
        found.append(_("its name fits"))
    if hit.protection and hit.protection != "pseudonym":
        found.append(_("its values are what is left after a protection"))
    elif evidence.get("fits") and hit.entity != "user_id":
        shape = _("%(share)s of the cells looked at have its shape") % {"share": share(evidence["fits"])}
        found.append(_("%(shape)s and pass its check digits") % {"shape": shape} if evidence.get("proof") else shape)
    if evidence.get("distinct") is not None:
        found.append(_("%(share)s of its values are different") % {"share": share(evidence["distinct"])})
    if evidence.get("about_a_thing"):
        found.append(_("less sure, since its name also speaks of a thing"))
    if evidence.get("nobody"):
        found.append(_("less sure, since nothing else in the table speaks of a person"))
    return found


def _text_reasons(evidence: Mapping[str, Any]) -> list[str]:
    if evidence.get("rare"):
        counted = evidence.get("counted", 0)
        return [
            ngettext(
                "rare: %(count)s cell of all rows was picked out and looked at",
                "rare: %(count)s cells of all rows were picked out and looked at",
                counted,
            )
            % {"count": whole(counted)}
        ]
    finder = _("by the trained tagger") if evidence.get("tagger") else _("by shape and the words around it")
    return [
        _("found in %(found)s of %(looked)s texts, %(finder)s")
        % {"found": whole(evidence.get("found", 0)), "looked": whole(evidence.get("looked_at", 0)), "finder": finder}
    ]


def advice(hit: PersonalDataHit) -> str:
    """How the values could be protected."""
    kind = entity(hit.entity)
    if hit.protection:
        return ""
    if hit.in_text:
        return _("Mask the parts that were found, or drop the column.")
    if kind.kind == "quasi":
        return _("Make it coarser (bands of age, the first digits of the code, the year of birth), or drop it.")
    if kind.sensitive:
        return _("Drop the column unless the purpose needs it; if it does, keep it apart under a keyed pseudonym.")
    return _("Put a keyed pseudonym in its place, mask it, or drop the column.")


def protection_label(hit: PersonalDataHit) -> str:
    return str(LABELS.get(hit.protection, hit.protection))
