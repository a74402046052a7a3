"""The forms in which texts are compared: without case, accents of width, punctuation and, for some, word order."""

import re
import unicodedata
from hashlib import blake2b

LONGEST = 1_000
BREAK = re.compile(r"[\W_]+")
DIGITS = re.compile(r"\d+")


def plain(text: str) -> str:
    """Lower case, one space between words, no punctuation; a text of punctuation alone stays as it is.

    Only the first 1,000 characters of a text are looked at.
    """
    text = text[:LONGEST]
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return BREAK.sub(" ", text.casefold()).strip() or text.strip()


def in_order(form: str) -> str:
    """The words of a plain form in alphabetical order."""
    return " ".join(sorted(form.split()))


def numbers_of(form: str) -> int:
    """A 63-bit number that is the same for two forms with the same rows of digits, in any order; 0 without digits."""
    found = DIGITS.findall(form)
    if not found:
        return 0
    return digest(" ".join(sorted(found)))


def digest(text: str) -> int:
    """63 bits that are the same in every process, unlike Python's own hash."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little") >> 1
