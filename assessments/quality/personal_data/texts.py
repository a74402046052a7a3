"""Personal data in free text: patterns with their proofs and the words around them, and names by a tagger if given."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from assessments.quality.personal_data import numbers, phones
from assessments.quality.personal_data.span import Span, apart
from assessments.quality.personal_data.vocabulary import words

FILE = Path(__file__).parent / "patterns.yaml"
# Longer texts are cut: what lies beyond is not looked at.
LONGEST = 20_000
BEFORE, AFTER = 48, 24
LEAST = 0.4
# Given a text's candidates, a tagger finds spans of the types that have no pattern.
Tagger = Callable[[Sequence[str]], Sequence[Sequence[Span]]]


@dataclass(frozen=True)
class TextPattern:
    """One shape. ``alone`` is its score by itself, ``near`` with a word of its type around it; ``check`` must hold.

    ``group`` is the part of the match that is the personal data.
    """

    entity: str
    shape: re.Pattern[str]
    alone: float
    near: float
    check: Callable[[str], bool] | None = None
    group: int = 0


@cache
def patterns() -> tuple[TextPattern, ...]:
    """What patterns.yaml holds."""
    content = yaml.safe_load(FILE.read_text(encoding="utf-8"))["patterns"]
    return tuple(
        TextPattern(
            one["entity"],
            re.compile(one["shape"], _flags(one)),
            one["alone"],
            one["near"],
            numbers.CHECKS[one["check"]] if "check" in one else None,
            one.get("group", 0),
        )
        for one in content
    )


def _flags(one: Mapping[str, Any]) -> re.RegexFlag:
    """See patterns.yaml."""
    flags = re.NOFLAG if one.get("case") else re.IGNORECASE
    return flags if one.get("letters") == "all" else flags | re.ASCII


PHONE = re.compile(
    r"(?<![\w.@#/+-])[+(]{0,2}\d(?:[ ./()-]{0,3}\d){6,17}(?:(?: ?x| ?ext\.? ?)\d{1,6})?(?![\w@])",
    re.IGNORECASE | re.ASCII,
)
CARD = re.compile(r"(?<![\w.-])\d(?:[ -]?\d){11,18}(?![\w-])", re.ASCII)
# A decimal number, or one whose thousands are set apart by points.
PLAIN_NUMBER = re.compile(r"\d+\.\d+|\d{1,3}(?:\.\d{3})+", re.ASCII)


def find_spans(text: str) -> list[Span]:
    """What the patterns find, in order and without overlaps; scores are at least LEAST."""
    return apart(candidates(text[:LONGEST]))


def find_all(texts: Sequence[str], tagger: Tagger | None = None, *, context: bool = True) -> list[list[Span]]:
    """The spans of each text; with a tagger also names, addresses and what else has no pattern.

    Without ``context`` the words around a shape do not speak for it: "card" and "phone" are things that shops sell.
    """
    cut = [text[:LONGEST] for text in texts]
    tagged: Sequence[Sequence[Span]] = tagger(cut) if tagger else [[] for _ in cut]
    return [apart([*candidates(text, context=context), *more]) for text, more in zip(cut, tagged, strict=True)]


def candidates(text: str, *, context: bool = True) -> Iterable[Span]:
    for pattern in patterns():
        for match in pattern.shape.finditer(text):
            start, end = match.span(pattern.group)
            if pattern.check is None or pattern.check(text[start:end]):
                near = context and spoken_of(pattern.entity, text, start, end)
                score = pattern.near if near else pattern.alone
                if pattern.entity == "ip_address" and numbers.is_version_like(text[start:end]):
                    score = 0.0 if unlike("ip_address", text, start) else score - 0.25
                if score >= LEAST:
                    yield Span(start, end, pattern.entity, score)
    yield from _cards(text, context)
    yield from _phones(text, context)


def spoken_of(entity: str, text: str, start: int, end: int) -> bool:
    """Whether a word of the type stands shortly before the place, or just after it."""
    one = words().get(entity)
    if one is None or one.near is None:
        return False
    return bool(one.near.search(text[max(0, start - BEFORE) : start]) or one.near.search(text[end : end + AFTER]))


def unlike(entity: str, text: str, start: int) -> bool:
    """Whether the last words before the place say that it is something else."""
    one = words().get(entity)
    return bool(one and one.unlike and one.unlike.search(text[max(0, start - AFTER) : start]))


def _cards(text: str, context: bool) -> Iterable[Span]:
    for match in CARD.finditer(text):
        near = context and spoken_of("payment_card", text, *match.span())
        other = unlike("payment_card", text, match.start())
        if not (numbers.is_payment_card(match[0]) or (near and numbers.has_card_digit(match[0]))):
            continue
        usual = len(numbers.plain(match[0])) in {14, 15, 16}
        score = 0.97 if near and not other else 0.0 if other else 0.7 if usual else 0.3
        if score >= LEAST:
            yield Span(match.start(), match.end(), "payment_card", score)


def _phones(text: str, context: bool) -> Iterable[Span]:
    for match in PHONE.finditer(text):
        value = match[0].rstrip()
        near = context and spoken_of("phone", text, *match.span())
        score = phone_score(value, near=near, other=unlike("phone", text, match.start()))
        if score >= LEAST:
            yield Span(match.start(), match.start() + len(value), "phone", score)


def phone_score(value: str, *, near: bool, other: bool) -> float:
    """How sure a piece of text is a telephone number, by how it is written, where it is valid and the words around."""
    if not phones.is_phone_shape(value) or phones.DATE_LIKE.fullmatch(value) or PLAIN_NUMBER.fullmatch(value):
        return 0.0
    if phones.is_international(value):
        return 0.9
    if phones.is_chinese_mobile(value):
        return 0.45 if other else 0.9 if near else 0.75
    parts = len(re.findall(r"\d+", value))
    valid = phones.is_valid_somewhere(value)
    if other:
        return 0.0
    if near:
        return 0.9 if valid else 0.75 if parts > 1 else 0.5
    if parts >= 3:
        return 0.75 if valid else 0.6
    return 0.55 if valid and parts == 2 and value[0] in "0(" else 0.0
