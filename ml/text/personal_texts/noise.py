"""Carelessness: small or capital letters only, slips of the finger, lost marks, other spaces. Spans stay exact."""

import random
from collections.abc import Callable

from ml.text.personal_texts.world import Piece

FIXED = {"CREDIT_CARD", "IBAN_CODE", "US_SSN", "IP_ADDRESS", "EMAIL_ADDRESS", "DOMAIN_NAME", "PHONE_NUMBER"}
NEAR = dict(zip("qwertyuiopasdfghjklzxcvbnm", "wertyuiopqsdfghjklaxcvbnmz", strict=True))


def spoil(pieces: list[Piece], rng: random.Random) -> list[Piece]:
    """The pieces as they are most of the time, else spoilt in one way or two."""
    roll = rng.random()
    if roll < 0.09:
        pieces = _each(pieces, str.lower)
    elif roll < 0.13:
        pieces = _each(pieces, str.upper)
    elif roll < 0.145:
        pieces = [(text if entity is None else text.lower(), entity) for text, entity in pieces]
    elif roll < 0.165:
        pieces = [(text if entity is None else text.upper(), entity) for text, entity in pieces]
    elif roll < 0.185:
        pieces = [(text.title() if entity is None else text, entity) for text, entity in pieces]
    if rng.random() < 0.08:
        pieces = [(text if entity in FIXED else _slip(text, rng), entity) for text, entity in pieces]
    if rng.random() < 0.06:
        pieces = [(text.translate(_NO_MARKS) if entity is None else text, entity) for text, entity in pieces]
    if rng.random() < 0.04:
        pieces = [(text.replace("\n", " ") if entity is None else text, entity) for text, entity in pieces]
    if rng.random() < 0.05:
        pieces = _open_end(pieces)
    return pieces


_NO_MARKS = str.maketrans("", "", ",.!?;:'")


def _each(pieces: list[Piece], change: Callable[[str], str]) -> list[Piece]:
    return [(change(text), entity) for text, entity in pieces]


def _slip(text: str, rng: random.Random) -> str:
    """One letter of some words doubled, dropped, swapped or taken from the key beside it."""
    words = text.split(" ")
    for place, word in enumerate(words):
        if len(word) > 3 and word.isalpha() and rng.random() < 0.12:
            spot = rng.randrange(1, len(word) - 1)
            words[place] = rng.choice(
                (
                    word[:spot] + word[spot] + word[spot:],
                    word[:spot] + word[spot + 1 :],
                    word[:spot] + word[spot + 1] + word[spot] + word[spot + 2 :],
                    word[:spot] + NEAR.get(word[spot], word[spot]) + word[spot + 1 :],
                )
            )
    return " ".join(words)


def _open_end(pieces: list[Piece]) -> list[Piece]:
    """Without the mark at the end of the text."""
    text, entity = pieces[-1]
    return [*pieces[:-1], (text.rstrip(".!?") if entity is None else text, entity)]
