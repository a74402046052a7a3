"""What has been done to values so that they no longer show a person."""

import re
from collections import Counter
from collections.abc import Callable, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MASKED, HASHED, TOKEN, TRUNCATED, GENERALISED, EMPTY, PSEUDONYM = (
    "masked",
    "hashed",
    "token",
    "truncated",
    "generalised",
    "emptied",
    "pseudonym",
)
LABELS: dict[str, Promise] = {
    MASKED: _("Masked"),
    HASHED: _("Hashed (without a secret key, guessable values can be found again)"),
    TOKEN: _("Replaced by tokens"),
    TRUNCATED: _("Truncated"),
    GENERALISED: _("Made coarser"),
    EMPTY: _("Emptied"),
    PSEUDONYM: _("Pseudonym (a key that names nobody by itself)"),
}
FIRST, HARDLY = 40, 0.2
MOST = 0.9  # the share of values that must show the protection

MASK = re.compile(r"[*•●#✱✳█]{2,}|[xX]{3,}")
HEXADECIMAL = re.compile(r"(?:0x)?[0-9a-fA-F]{16,128}")
HASH_LENGTHS = frozenset({16, 32, 40, 48, 56, 64, 96, 128})
BASE64 = re.compile(r"[A-Za-z0-9+/_-]{20,512}={0,2}")
UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
PREFIXED = re.compile(r"(?:tok|tkn|token|pseudo|anon|enc|usr|cus|u|id|p)[_:-][A-Za-z0-9_-]{6,}")
CUT_IP = re.compile(
    r"(?:\d{1,3}\.){3}(?:0|x+|\*+)(?:/24)?|(?:\d{1,3}\.){2}(?:0|x+|\*+)\.(?:0|x+|\*+)|[0-9a-fA-F:]{2,30}::(?:/\d+)?"
)
BAND = re.compile(
    r"(?:age )?(?:\d{1,3} ?(?:-|–|to|~|至) ?\d{1,3}|\d{1,3} ?\+|[<>]=? ?\d{1,3}|(?:under|over|below|above) \d{1,3}"
    r"|\d0s|\d{1,3}岁?(?:以上|以下)|[\[(]\d{1,3}, ?\d{1,3}[\])])(?: ?years?| ?岁)?",
    re.IGNORECASE,
)
DECADE = re.compile(r"(?:19|20)\d0s|(?:19|20)\d{2} ?[-–] ?(?:19|20)?\d{2}", re.IGNORECASE)
GONE = frozenset(
    {
        "redacted",
        "removed",
        "deleted",
        "anonymous",
        "anonymised",
        "anonymized",
        "hidden",
        "masked",
        "n/a",
        "已删除",
        "匿名",
        "脱敏",
    }
)
COARSE = re.compile(r"-?\d{1,3}\.\d{1,2}")


def protection_of(entity: str, values: Sequence[str]) -> str:
    """What protects nearly all of ``values`` (filled cells), "" when nothing does."""
    if not values:
        return ""
    for kind, holds in _protections(entity):
        if share(values, holds) >= MOST:
            return kind if kind != HASHED or _same_length(values) else TOKEN
    return ""


def _protections(entity: str) -> list[tuple[str, Callable[[str], object]]]:
    found: list[tuple[str, Callable[[str], object]]] = [
        (EMPTY, lambda value: value.strip("[]<>() ").lower() in GONE),
        (MASKED, MASK.search),
    ]
    if entity == "ip_address":
        found.append((TRUNCATED, CUT_IP.fullmatch))
    if entity == "age":
        found.append((GENERALISED, BAND.fullmatch))
    if entity == "birth_date":
        found.append((GENERALISED, DECADE.fullmatch))
    if entity == "coordinates":
        found.append((GENERALISED, COARSE.fullmatch))
    if entity not in {"device_id", "age", "birth_date", "coordinates", "mac_address"}:
        found += [(HASHED, is_hash), (TOKEN, is_token)]
    if entity == "device_id":
        found.append((HASHED, lambda value: len(value) >= 32 and is_hash(value)))
    return found


def is_hash(value: str) -> bool:
    digits = value.strip().removeprefix("0x")
    if HEXADECIMAL.fullmatch(digits) and len(digits) in HASH_LENGTHS:
        return not digits.isdecimal()
    return bool(BASE64.fullmatch(value)) and len(value) in {22, 24, 27, 28, 43, 44, 86, 88} and mixed(value)


def is_token(value: str) -> bool:
    return bool(UUID.fullmatch(value) or PREFIXED.fullmatch(value) or (BASE64.fullmatch(value) and mixed(value)))


def mixed(value: str) -> bool:
    """Small and large letters and digits in no order: nothing that people write."""
    return sum(map(bool, (re.search("[a-z]", value), re.search("[A-Z]", value), re.search(r"\d", value)))) == 3


def share(values: Sequence[str], holds: Callable[[str], object]) -> float:
    """The share of values that hold; each different one is asked once, as most columns repeat their values."""
    return sum(count for value, count in Counter(values).items() if holds(value)) / len(values) if values else 0.0


def quick_share(values: Sequence[str], holds: Callable[[str], object]) -> float:
    """The share of values that hold; of about FIRST of them alone when hardly any of those does, as in most columns."""
    if len(values) > 2 * FIRST and (few := share(values[:: len(values) // FIRST], holds)) < HARDLY:
        return few
    return share(values, holds)


def _same_length(values: Sequence[str]) -> bool:
    return Counter(map(len, values)).most_common(1)[0][1] >= MOST * len(values)
