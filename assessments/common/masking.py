"""What of a failing row may be kept: enough to recognise the problem, not enough to recognise a person.

The rule: every value of a column that is about a person (by its role, or by its name) is masked whole; in any other
column the parts that look like an e-mail address, a telephone or card number, or a long row of digits are masked.
Masked means that the first character and the length stay. What is left is cut at 80 characters.
"""

import math
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

SHOWN = 80
READ = 1_000
DOT = "•"
PERSONAL_ROLES = frozenset({"user", "email", "session", "age"})
PERSONAL_WORDS = frozenset(
    [
        "email",
        "mail",
        "phone",
        "mobile",
        "telephone",
        "tel",
        "fax",
        "contact",
        "customer",
        "user",
        "client",
        "buyer",
        "member",
        "visitor",
        "household",
        "account",
        "firstname",
        "lastname",
        "fullname",
        "username",
        "surname",
        "nickname",
        "recipient",
        "address",
        "addr",
        "street",
        "postcode",
        "zipcode",
        "ip",
        "birthday",
        "birthdate",
        "birth",
        "dob",
        "ssn",
        "passport",
        "card",
        "iban",
        "password",
        "token",
        "identity",
    ]
)
PERSONAL_CHINESE = ("姓名", "手机", "电话", "邮箱", "邮件", "地址", "身份证", "生日", "银行卡", "用户", "客户", "会员")
# "name" alone is a person's name unless the words beside it say what else is named.
NAMED_THINGS = frozenset(
    [
        "product",
        "item",
        "category",
        "brand",
        "shop",
        "store",
        "file",
        "column",
        "campaign",
        "query",
        "event",
        "country",
        "city",
    ]
)

EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
# Nine digits or more with the separators of telephone and card numbers, or eight and more in one row (an identity
# number may end in X).
PHONE_OR_CARD = re.compile(r"\+?\(?\d(?:[ ().-]{0,2}\d){8,}")
DIGITS = re.compile(r"\d{8,}[xX]?")
SECRETS = re.compile(r"[?#]")  # where the part of an address begins that may be a key
TIME = re.compile(r"\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)?(?:Z|[+-]\d{2}:?\d{2})?")


def personal_columns(names: Iterable[str], roles: Mapping[str, str]) -> frozenset[str]:
    """Those of ``names`` that are about a person; ``roles`` maps a role to its column."""
    by_role = {column for role, column in roles.items() if role in PERSONAL_ROLES}
    return frozenset(name for name in names if name in by_role or is_personal_name(name))


def is_personal_name(name: str) -> bool:
    if any(word in name for word in PERSONAL_CHINESE):
        return True
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    words = set(re.findall(r"[a-z]+", spaced.lower()))
    words |= {word.removesuffix("id").removesuffix("no") for word in words} | {word.removesuffix("s") for word in words}
    return bool(words & PERSONAL_WORDS) or ("name" in words and not words & NAMED_THINGS)


def mask_value(value: Any, *, personal: bool) -> str | int | float | bool | None:
    """The value as it may be stored, as JSON knows it."""
    if value is None or isinstance(value, bool):
        return None if value is None else (mask_all(str(value)) if personal else value)
    if isinstance(value, datetime | date | time):
        return mask_all(value.isoformat()) if personal else value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        value = int(value)
    text = str(value)[:READ]
    if personal:
        return mask_all(text)
    shown = text if isinstance(value, str) and TIME.fullmatch(text) else mask_parts(text)
    if shown == text and isinstance(value, int | float) and (isinstance(value, int) or math.isfinite(value)):
        return value
    return shown if len(shown) <= SHOWN else shown[: SHOWN - 1] + "…"


def mask_parts(text: str) -> str:
    """The text with all that looks like an e-mail address or a long number masked."""
    for shape in (EMAIL, DIGITS, PHONE_OR_CARD):
        text = shape.sub(lambda match: mask_all(match[0]), text)
    return text


def mask_quoted(text: str) -> str:
    """A database's own words on an error, without the cell that it quotes: '…' holds a value, "…" a name."""
    return mask_parts(re.sub(r"'([^']*)'", lambda match: f"'{mask_all(match[1])}'", text))


def mask_address(url: str) -> str:
    """A web address as it may be shown: what stands in its query is often a key, and a name in it a password."""
    parts = SECRETS.search(url)
    head, query = (url[: parts.start()], url[parts.start() + 1 :]) if parts else (url, "")
    head = re.sub(r"(?<=//)[^/]*@", f"{DOT * 3}@", head)
    kept = [name + ("=…" if equals else "") for name, equals, _value in (p.partition("=") for p in query.split("&"))]
    # A query without names ("?KEY") is all value.
    return head + (f"?{'&'.join(kept) if '=' in query else '…'}" if query else "")


def mask_all(text: str) -> str:
    """The first character and a dot for each other one; a long text is cut."""
    masked = text[:1] + DOT * (len(text) - 1)
    return masked if len(masked) <= SHOWN else masked[: SHOWN - 1] + "…"
