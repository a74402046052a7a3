"""Words of many countries, drawn once from Faker: names, streets, towns, postcodes, phone numbers, companies."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

# Locale and how often it is the home of a text. Latin scripts lead: the encoder knows few words of the others.
HOMES: dict[str, int] = {
    "en_US": 26, "en_GB": 9, "en_AU": 4, "en_CA": 4, "en_IE": 2, "en_IN": 3, "en_NZ": 1, "en_NG": 1, "en_PH": 1,
    "de_DE": 5, "de_AT": 3, "de_CH": 3, "fr_FR": 5, "fr_CH": 2, "fr_BE": 1, "fr_CA": 2, "es_ES": 4, "es_MX": 3,
    "es_AR": 1, "es_CO": 1, "it_IT": 4, "pt_PT": 2, "pt_BR": 3, "nl_NL": 3, "nl_BE": 2, "da_DK": 3, "sv_SE": 3,
    "no_NO": 3, "fi_FI": 3, "is_IS": 2, "pl_PL": 3, "cs_CZ": 3, "sk_SK": 1, "hu_HU": 3, "sl_SI": 3, "hr_HR": 3,
    "ro_RO": 2, "tr_TR": 2, "et_EE": 1, "lt_LT": 1, "lv_LV": 1, "id_ID": 1, "vi_VN": 1, "el_GR": 1, "ru_RU": 1,
    "uk_UA": 1, "bg_BG": 1, "zh_CN": 5, "ja_JP": 2, "ko_KR": 1,
}  # fmt: skip
OWN_SCRIPT = {"zh_CN", "ja_JP", "ko_KR"}
DRAWN = 300  # words of each kind and locale
KINDS = {
    "male": "first_name_male",
    "female": "first_name_female",
    "last": "last_name",
    "city": "city",
    "street": "street_name",
    "number": "building_number",
    "zip": "postcode",
    "phone": "phone_number",
    "company": "company",
    "address": "address",
}


@dataclass
class Pools:
    """``words(locale, kind)`` are drawn when first asked for, from the seed and their name alone."""

    seed: int
    _fakers: dict[str, Any] = field(default_factory=dict)
    _words: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def words(self, locale: str, kind: str) -> list[str]:
        key = (locale, kind)
        if key not in self._words:
            self._words[key] = self._draw(locale, kind)
        return self._words[key]

    def draw_with(self, locale: str, kind: str) -> Callable[[], str]:
        """A function of Faker's, freshly seeded; an English one where the locale has none of its own."""
        faker = self._faker(locale)
        faker.seed_instance(f"{self.seed}:{locale}:{kind}")
        name = KINDS.get(kind, kind)
        drawn: Callable[[], str] = getattr(faker, name, None) or getattr(self._faker("en_US"), name)
        return drawn

    def _draw(self, locale: str, kind: str) -> list[str]:
        draw = self.draw_with(locale, kind)
        count = 3 * DRAWN if locale == "en_US" else DRAWN
        drawn = (str(draw()).strip() for _ in range(count))
        return [text for text in drawn if text and not (kind == "word" and text != text.lower())]

    def _faker(self, locale: str) -> Any:
        if locale not in self._fakers:
            from faker import Faker

            self._fakers[locale] = Faker(locale)
        return self._fakers[locale]


def choose_home(rng: random.Random, *, own_script: bool | None = None) -> str:
    """A locale by weight; with or without those whose names are not written with letters."""
    homes = [home for home in HOMES if own_script is None or (home in OWN_SCRIPT) == own_script]
    return rng.choices(homes, [HOMES[home] for home in homes])[0]
