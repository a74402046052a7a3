"""Lists of codes, from the Unicode CLDR that comes with Babel: nothing is fetched, and ``cldr_version`` dates them."""

from functools import cache

from babel import Locale
from babel.core import get_cldr_version, get_global

# Codes of CLDR that ISO 3166-1 does not assign to a country.
NO_COUNTRIES = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"})
# Alpha-3 codes of countries that are no more, which CLDR keeps as names of their successors.
WITHDRAWN_ALPHA3 = frozenset({"BUR", "DDR", "FXX", "TMP", "YMD", "ZAR"})
NAMED_IN = ("en", "zh_Hans")


def cldr_version() -> str:
    return str(get_cldr_version())


def _named(what: str) -> list[str]:
    """All codes that CLDR has an English name for."""
    return [str(code) for code in getattr(Locale.parse("en"), what)]


@cache
def countries_alpha2() -> frozenset[str]:
    """The 249 codes of ISO 3166-1 alpha-2."""
    return frozenset(code for code in _named("territories") if len(code) == 2 and code.isalpha()) - NO_COUNTRIES


@cache
def countries_alpha3() -> frozenset[str]:
    """The 249 codes of ISO 3166-1 alpha-3."""
    known = countries_alpha2()
    meant = {code: to for code, to in get_global("territory_aliases").items() if len(code) == 3 and code.isalpha()}
    return frozenset(code for code, to in meant.items() if len(to) == 1 and to[0] in known) - WITHDRAWN_ALPHA3


@cache
def country_names() -> frozenset[str]:
    """The usual names of the countries in English and Chinese, in lower case."""
    return frozenset(Locale.parse(one).territories[code].lower() for one in NAMED_IN for code in countries_alpha2())


@cache
def currencies() -> frozenset[str]:
    """The codes of ISO 4217 of money that is legal tender somewhere today; neither withdrawn ones nor XXX."""
    rows = [row for rows in get_global("territory_currencies").values() for row in rows]
    return frozenset(code for code, _begin, end, tender in rows if end is None and tender)


@cache
def languages() -> frozenset[str]:
    """The 183 codes of ISO 639-1."""
    return frozenset(code for code in _named("languages") if len(code) == 2) - {"sh"}


@cache
def language_subtags() -> frozenset[str]:
    """What may stand first in a language tag: codes of two and three letters that CLDR names."""
    return frozenset(code for code in _named("languages") if code.isalpha() and len(code) in (2, 3))
