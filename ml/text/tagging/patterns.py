"""Shapes of characters that are worth a hint to the network: it sees words, not the sum of a card's digits."""

import re
from collections.abc import Callable

NONE, EMAIL, URL, IP, CARD, IBAN, SSN, DATE, PHONE = range(9)
COUNT = 9

_LONG_WEIGHT = 10


def luhn(digits: str) -> bool:
    """ISO/IEC 7812-1 annex B: every second digit from the right doubled, digits of the sum divisible by ten."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % _LONG_WEIGHT == 0


def iban_remainder(code: str) -> int:
    """ISO 13616: the remainder by 97 of the code turned into digits; 1 for a valid one."""
    turned = code[4:] + code[:4]
    return int("".join(str(int(letter, 36)) for letter in turned)) % 97


def _is_card(text: str) -> bool:
    digits = re.sub(r"[ -]", "", text)
    return 12 <= len(digits) <= 19 and luhn(digits)


def _is_iban(text: str) -> bool:
    code = text.replace(" ", "").upper()
    return 15 <= len(code) <= 34 and iban_remainder(code) == 1


def _is_address(text: str) -> bool:
    return all(int(part) < 256 for part in text.split("."))


def _always(_text: str) -> bool:
    return True


# In order: a word keeps the first pattern that covers it. All run in linear time: no repeated group is ambiguous.
PATTERNS: tuple[tuple[int, re.Pattern[str], Callable[[str], bool]], ...] = (
    (EMAIL, re.compile(r"[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9.-]{1,253}[A-Za-z]"), _always),
    (URL, re.compile(r"(?:https?://|www\.)[^\s<>\"']{3,300}", re.IGNORECASE), _always),
    (IP, re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]*\d)", re.ASCII), _is_address),
    (IBAN, re.compile(r"\b[A-Za-z]{2}\d{2}(?: ?[A-Za-z0-9]){11,30}\b", re.ASCII), _is_iban),
    (CARD, re.compile(r"(?<!\d)\d(?:[ -]?\d){11,18}(?!\d)", re.ASCII), _is_card),
    (SSN, re.compile(r"(?<!\d)\d{3}[- ]\d{2}[- ]\d{4}(?!\d)", re.ASCII), _always),
    (
        DATE,
        re.compile(r"(?<!\d)(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})(?!\d)", re.ASCII),
        _always,
    ),
    (PHONE, re.compile(r"(?<![\w+])\+?\(?\d[\d ().x/-]{5,20}\d(?!\w)", re.ASCII), _always),
)


def find_patterns(text: str) -> list[tuple[int, int, int]]:
    """(start, end, pattern) of the hits, in the order of ``PATTERNS``."""
    return [
        (match.start(), match.end(), kind)
        for kind, pattern, check in PATTERNS
        for match in pattern.finditer(text)
        if check(match.group())
    ]
