"""Telephone numbers, by the rules of libphonenumber."""

import re
from functools import lru_cache

import phonenumbers

# Where shops sell; a number without a country code is tried in these.
REGIONS = ("US", "GB", "CN", "DE", "FR", "ES", "IT", "IN", "JP", "KR", "BR", "AU", "CH", "SE", "NL", "HU", "CZ", "PT")
CHINESE_MOBILE = re.compile(r"(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}")
CHINESE_START = re.compile(r"^\+?86[ -]?(?=1)")
SIGNS = re.compile(r"[+(]{0,2}\d(?:[ ./()-]{0,3}\d){5,19}\)?(?:(?: ?x| ?ext\.? ?)\d{1,6})?", re.IGNORECASE | re.ASCII)
DATE_LIKE = re.compile(
    r"(?:19|20)\d{2}[-./](?:0?[1-9]|1[0-2])[-./]\d{1,2}(?: \d{1,2})?|\d{1,2}[-./]\d{1,2}[-./](?:\d{2}|(?:19|20)\d{2})"
    r"|(?:19|20)\d{2}[ -]{1,3}(?:19|20)\d{2}"
)
EXTENSION = re.compile(r" ?(?:x|ext)", re.IGNORECASE)


def is_phone_shape(value: str) -> bool:
    """7 to 15 digits, written as telephone numbers are: short groups, brackets in pairs, a plus in front only."""
    value = value.strip()
    if not SIGNS.fullmatch(value) or value.count("(") != value.count(")") or "+" in value[1:].lstrip("+"):
        return False
    return 7 <= count_digits(EXTENSION.split(value)[0]) <= 15


def count_digits(text: str) -> int:
    return sum(sign.isdigit() for sign in text)


def is_chinese_mobile(value: str) -> bool:
    return bool(CHINESE_MOBILE.fullmatch(value.strip()))


def is_international(value: str) -> bool:
    """A number with + or 00 and its country code, possible there."""
    value = value.strip()
    if value.startswith("00"):
        value = "+" + value[2:]
    return value.startswith("+") and _valid(value, None)


@lru_cache(maxsize=50_000)
def is_valid_somewhere(value: str) -> bool:
    """Whether the number is in use in one of REGIONS."""
    return any(_valid(value, region) for region in REGIONS)


def _valid(value: str, region: str | None) -> bool:
    try:
        return bool(phonenumbers.is_valid_number(phonenumbers.parse(value, region)))
    except phonenumbers.NumberParseException:
        return False
