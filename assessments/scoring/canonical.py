"""Canonical JSON (RFC 8785) and its SHA-256: one content, one sequence of bytes, whoever writes it."""

import hashlib
import json
import math
from decimal import Decimal
from typing import Any

LARGEST_INTEGER = 2**53 - 1  # beyond it, readers that keep numbers as doubles would see another one


def canonical(value: Any) -> bytes:
    """The bytes of ``value``: keys in the order of their UTF-16 units, no spaces, shortest numbers, UTF-8.

    Raises ValueError for what JSON cannot say: not a number, infinity, integers that a double does not hold, other
    types, half a surrogate pair.
    """
    parts: list[str] = []
    _write(value, parts)
    try:
        return "".join(parts).encode("utf-8")
    except UnicodeEncodeError as error:
        raise ValueError("text with half a surrogate pair cannot be written") from error


def digest(value: Any) -> str:
    """SHA-256 of the canonical bytes, in hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()


def parse(content: bytes) -> Any:
    """Read JSON strictly: UTF-8, every key once, finite numbers; raises ValueError."""
    return json.loads(
        content.decode("utf-8"),
        object_pairs_hook=_once,
        parse_constant=_refuse,
        parse_int=_integer,
        parse_float=_finite,
    )


def number_text(number: float) -> str:
    """A double as ECMAScript writes it: the shortest digits that read back as the same double."""
    if not math.isfinite(number):
        raise ValueError("a number must be finite")
    if number == 0:
        return "0"
    sign, digits, exponent = Decimal(repr(float(number))).normalize().as_tuple()
    text, point = "".join(map(str, digits)), len(digits) + int(exponent)
    minus = "-" if sign else ""
    if len(text) <= point <= 21:
        return minus + text + "0" * (point - len(text))
    if 0 < point <= 21:
        return f"{minus}{text[:point]}.{text[point:]}"
    if -6 < point <= 0:
        return f"{minus}0.{'0' * -point}{text}"
    mantissa = text[0] + (f".{text[1:]}" if len(text) > 1 else "")
    return f"{minus}{mantissa}e{'+' if point > 0 else '-'}{abs(point - 1)}"


def _write(value: Any, parts: list[str]) -> None:
    if value is None or isinstance(value, bool | str):
        parts.append(json.dumps(value, ensure_ascii=False))
    elif isinstance(value, int):
        if abs(value) > LARGEST_INTEGER:
            raise ValueError(f"the integer {value} is too large to be read back exactly")
        parts.append(str(value))
    elif isinstance(value, float):
        parts.append(number_text(value))
    elif isinstance(value, list | tuple):
        parts.append("[")
        for place, item in enumerate(value):
            if place:
                parts.append(",")
            _write(item, parts)
        parts.append("]")
    elif isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise ValueError("every key must be text")
        parts.append("{")
        for place, key in enumerate(sorted(value, key=lambda text: text.encode("utf-16-be", "surrogatepass"))):
            parts.append(("," if place else "") + json.dumps(key, ensure_ascii=False) + ":")
            _write(value[key], parts)
        parts.append("}")
    else:
        raise ValueError(f"JSON has no {type(value).__name__}")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def _integer(text: str) -> float:
    """A whole number; as a double where it is too large to be exact, as it was written from one."""
    return int(text) if len(text) <= 16 and abs(int(text)) <= LARGEST_INTEGER else _finite(text)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text[:40]} is too large for a number")
    return number


def _refuse(text: str) -> Any:
    raise ValueError(f"{text} is not a JSON number")
