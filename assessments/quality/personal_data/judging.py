"""Whether a column holds personal data: judged from shape, proof, name, type and share of distinct values together."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assessments.common.masking import DOT, mask_all
from assessments.quality.personal_data import numbers, people, phones
from assessments.quality.personal_data.phones import DATE_LIKE
from assessments.quality.personal_data.protection import MASK, PSEUDONYM, protection_of, quick_share, share
from assessments.quality.personal_data.shapes import SEPARATED, Shape, shapes
from assessments.quality.personal_data.vocabulary import has_word, named, spoken, things, words

LEAST = 0.5  # what is less sure is not reported
SURE = 0.8  # what is at least so sure, and unprotected, opens a finding
EXAMPLES = 3
SHOWN = 24  # signs of an example
VALIDATED = 200  # so many values are looked up among the numbering plans of the world
CONSTANT = 5  # so few different values in a long column belong to a setting, not to people
FEW_NAMES = 10
# Values of these repeat by nature: few different ones say nothing.
REPEATING = frozenset(
    word
    for line in (
        "age gender city postcode nationality birth_date health body_measure religion politics sexual_orientation",
        "trade_union person_name postal_address coordinates",
    )
    for word in line.split()
)
# What the shape of the values says little about: a name that also speaks of a thing halves these.
BY_NAME = REPEATING | {"username", "passport", "driver_licence", "vehicle_plate", "device_id", "biometric"}
# Columns of these roles hold something else unless their name says otherwise.
NEVER_ROLES = frozenset({"item", "time", "price", "quantity", "order", "position", "grade", "event", "category"})
# What may stand after the name of a type without changing it.
ENDINGS = frozenset(["name", "value", "desc", "description", "text", "info", "group", "band", "range", "raw", "full"])
ENDINGS |= {"customer", "user", "client", "member", "clean"}
KEYS = frozenset({"user_id"})


@dataclass(frozen=True)
class Judgement:
    """One type in one column. ``share`` is the share (0 to 1) of looked-at filled cells; ``examples`` are masked."""

    entity: str
    confidence: float
    share: float
    evidence: Mapping[str, Any] = field(default_factory=dict)
    protection: str = ""
    examples: tuple[str, ...] = ()


def judge_column(name: str, kind: str, values: Sequence[str], distinct_share: float, role: str = "") -> list[Judgement]:
    """The types that the column holds, the surest first; most columns have none.

    ``kind`` is text, whole, decimal, time or boolean; ``values`` are filled cells as texts (a sample, in any order);
    ``distinct_share`` is the share (0 to 1) of distinct values among the filled cells of the whole column.
    """
    if not values:
        return []
    said = dict(named(name))
    asked = [shape for shape in shapes().values() if role not in NEVER_ROLES or said.get(shape.entity) == 1.0]
    found = [one for shape in asked if (one := _judge(shape, name, kind, values, distinct_share, said, role))]
    key = _judge_key(name, values, distinct_share, said, role, found)
    best = sorted([*found, *([key] if key else [])], key=lambda one: -one.confidence)
    return _apart(best)


def _judge(
    shape: Shape, name: str, kind: str, values: Sequence[str], distinct: float, said: Mapping[str, float], role: str
) -> Judgement | None:
    strength = said.get(shape.entity, 0.0)
    if role == "email" and shape.entity == "email":
        strength = 1.0
    if role == "age" and shape.entity == "age":
        strength = 1.0
    if role == "title":
        strength = min(strength, 0.5) if shape.entity not in BY_NAME else 0.0
    fitting = quick_share(values, shape.fits)
    confidence, rule = _confidence(shape, values, fitting, strength)
    if shape.entity == "phone":
        confidence, rule = _phone(values, kind, strength, fitting)
    if shape.entity == "person_name" and not confidence and role != "title":
        confidence, rule = _people(values)
    if shape.entity == "ip_address" and confidence and quick_share(values, numbers.is_version_like) > 0.5:
        confidence = confidence if strength == 1.0 and not _things(name, shape.entity) else 0.0
    protected = ""
    if strength == 1.0 and (not confidence or rule == "name"):
        protected = protection_of(shape.entity, values)
        if protected and not confidence:
            confidence, rule = 0.85, "name"
    if not confidence and (protected := _masked_shape(shape.entity, values)):
        confidence, rule = 0.85, "shape"
    if not confidence:
        return None
    confidence *= _doubt(shape, name, values, distinct, strength, protected)
    if confidence < LEAST:
        return None
    evidence = {
        "rule": rule,
        "fits": round(fitting, 4),
        "proof": shape.entity == "payment_card" or shape.entity in numbers.CHECKS,
        "name": strength,
        "distinct": round(distinct, 4),
        "looked_at": len(values),
        "about_a_thing": not protected and bool(_things(name, shape.entity)),
    }
    held = 1.0 if protected else fitting
    return Judgement(shape.entity, round(confidence, 3), held, evidence, protected, examples(shape, values, protected))


def _confidence(shape: Shape, values: Sequence[str], fitting: float, strength: float) -> tuple[float, str]:
    """How sure shape and name make one, before any doubt."""
    alone = quick_share(values, shape.by_itself) if shape.by_itself else fitting
    if strength == 1.0 and fitting >= min(shape.need, 0.5 if shape.proven else shape.need):
        return shape.under_name, "name"
    weakly = share(values, shape.weakly) if shape.weakly and strength == 0.5 else alone
    if strength == 0.5 and shape.weak and weakly >= min(shape.need, 0.4):
        return shape.weak, "name"
    if shape.alone and alone >= (shape.need_alone or shape.need):
        return shape.alone, "shape"
    return 0.0, ""


def _phone(values: Sequence[str], kind: str, strength: float, fitting: float) -> tuple[float, str]:
    """Digits alone are no telephone number: epoch seconds and order numbers have as many."""
    if kind in {"decimal", "time", "boolean"}:
        return 0.0, ""
    if strength == 1.0 and fitting >= 0.6:
        return 0.95, "name"
    if quick_share(values, phones.is_international) >= 0.6:
        return 0.9, "shape"
    mobiles = [value for value in values if phones.is_chinese_mobile(value)]
    starts = {phones.CHINESE_START.sub("", value)[:3] for value in mobiles}
    if len(mobiles) >= 0.9 * len(values) and len(starts) >= min(5, max(2, len(values) // 3)):
        return 0.85, "shape"
    written = [one for one in values[:VALIDATED] if SEPARATED.search(one) and phones.is_phone_shape(one)]
    written = [one for one in written if not DATE_LIKE.fullmatch(one)]
    written = [one for one in written if len(SEPARATED.findall(one)) > 1 or one[0] in "0("]
    if len(written) >= 0.8 * len(values[:VALIDATED]) and share(written, phones.is_valid_somewhere) >= 0.8:
        return 0.75, "shape"
    return 0.0, ""


def _people(values: Sequence[str]) -> tuple[float, str]:
    """Names that no name of the column speaks for and that stand in no list."""
    if quick_share(values, people.is_titled) >= 0.5:
        return 0.85, "shape"
    return (0.65, "shape") if people.are_people(values) else (0.0, "")


MASKED_SHAPES = {
    "email": re.compile(r"[\w.+*•●-]{1,64}@[\w*•●-]{1,63}(?:\.[\w*•●-]{1,63})*"),
    "phone": re.compile(r"\+?(?:\d{2,4}[ -]?)?1?\d{2,3}[ -]?[*•●xX]{3,6}[ -]?\d{2,4}"),
    "payment_card": re.compile(r"(?:[*•●xX\d]{4}[ -]?){3}\d{4}"),
}


def _masked_shape(entity: str, values: Sequence[str]) -> str:
    """ "masked" when nearly all values are what is left of this type, whatever the column is called."""
    pattern = MASKED_SHAPES.get(entity)
    if pattern is None:
        return ""
    return "masked" if quick_share(values, lambda value: pattern.fullmatch(value) and MASK.search(value)) >= 0.8 else ""


def _doubt(shape: Shape, name: str, values: Sequence[str], distinct: float, strength: float, protected: str) -> float:
    """What the name, and the share of distinct values, take away: a factor from 0 to 1."""
    factor = 1.0
    if _things(name, shape.entity) and not protected:
        if strength == 1.0 and shape.entity not in BY_NAME:
            factor *= 0.8
        elif shape.proven and shape.entity != "payment_card":
            factor *= 0.9
        else:
            factor *= 0.4
    if strength == 1.0 and shape.entity in BY_NAME and not _ends(name, shape.entity):
        factor *= 0.5
    different = len(set(values))
    few = different < CONSTANT and len(values) >= 50
    if few and shape.entity not in REPEATING and not protected:
        factor *= 0.5
    # A handful of names over and over under “… name”: the names of what the word before says, such as lines or series.
    repeated = different < FEW_NAMES and len(values) >= 10 * different
    if shape.entity == "person_name" and strength == 0.5 and repeated and len(spoken(name)) > 1:
        factor *= 0.5
    return factor


def _things(name: str, entity: str) -> set[str]:
    """Words of the column's name about something other than a person, less those of the type's own names."""
    parts = spoken(name)
    one = words().get(entity)
    own = (
        {word for phrase in (*one.names, *one.weak) if _covers(phrase, name, parts) for word in phrase.split()}
        if one
        else set()
    )
    return {word for word in things() if has_word(word, name, parts) and word not in own}


def _ends(name: str, entity: str) -> bool:
    """Whether the column's name ends in a name of the type: a religion_section is no religion. A role needs no name."""
    one, parts = words().get(entity), spoken(name)
    phrases = one.names if one else ()
    if not any(_covers(phrase, name, parts) for phrase in phrases if phrase.isascii()):
        return True
    while parts:
        said = f" {' '.join(parts)}"
        if any(said.endswith((f" {phrase}", f" {phrase.replace(' ', '')}")) for phrase in phrases):
            return True
        if parts[-1] not in ENDINGS and not parts[-1].isdecimal():
            return False
        parts = parts[:-1]
    return False


def _covers(phrase: str, name: str, parts: tuple[str, ...]) -> bool:
    return f" {phrase} " in f" {' '.join(parts)} " if phrase.isascii() else phrase in name


def _judge_key(
    name: str, values: Sequence[str], distinct: float, said: Mapping[str, float], role: str, found: list[Judgement]
) -> Judgement | None:
    """The key by which the data speak of a person: a pseudonym, as long as its values are nothing else."""
    strength = 1.0 if role in {"user", "session"} else said.get("user_id", 0.0)
    if strength < 1.0 or any(one.confidence >= SURE and one.entity not in KEYS for one in found):
        return None
    if share(values, lambda value: " " not in value.strip() and len(value) <= 128) < 0.9:
        return None
    evidence = {"rule": "role" if role in {"user", "session"} else "name", "name": strength}
    evidence |= {"distinct": round(distinct, 4), "looked_at": len(values), "fits": 1.0, "proof": False}
    masked = tuple(mask_example(value) for value in _some(values))
    return Judgement("user_id", 0.95 if role else 0.85, 1.0, evidence, PSEUDONYM, masked)


def _apart(found: list[Judgement]) -> list[Judgement]:
    """Of several types that the same values could be, the surest; a name decides between those equally sure."""
    if not found:
        return []
    best = max(found, key=lambda one: (one.confidence, one.evidence.get("name", 0.0)))
    return [best]


def examples(shape: Shape, values: Sequence[str], protected: str) -> tuple[str, ...]:
    fitting = [value for value in values if protected or shape.fits(value)]
    return tuple(mask_example(value) for value in _some(fitting))


def _some(values: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(values))[:EXAMPLES]


def mask_example(value: str) -> str:
    """What may be shown of a value: its first sign and its length up to SHOWN, of a short one the length alone."""
    text = value.strip()
    shown = DOT * len(text) if len(text) <= 3 else mask_all(text)
    return shown if len(shown) <= SHOWN else shown[: SHOWN - 1] + "…"
