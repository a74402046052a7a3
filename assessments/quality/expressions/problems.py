"""How an expression is refused: what is wrong, at which character, and what to write instead."""

from django.utils.translation import gettext as _

from assessments.common.errors import GovernError


def problem(reason: str, position: int, hint: str = "") -> GovernError:
    """``position`` counts characters of the expression from 1."""
    message = _("At character %(position)d: %(reason)s") % {"position": position, "reason": reason}
    return GovernError(message, where=_("the expression"), hint=hint)
