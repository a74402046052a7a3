"""The five levels of maturity in words."""

from django.utils.translation import gettext_lazy as _

LEVELS = {
    1: _("initial"),
    2: _("managed"),
    3: _("robust"),
    4: _("quantitatively managed"),
    5: _("optimising"),
}


def level_word(level: int) -> str:
    return str(LEVELS[level])
