"""Numbers that carry their own proof: check digits, dates, prefixes and lengths, whole values only.

The rules of national numbers are those of python-stdnum; here stands what it leaves out or does otherwise.
"""

import ipaddress
import re
from collections.abc import Callable
from datetime import date, timedelta

from stdnum import iban, imei, luhn
from stdnum.br import cnpj, cpf
from stdnum.cn import ric
from stdnum.de import idnr
from stdnum.es import dni, nie
from stdnum.fr import nir
from stdnum.in_ import aadhaar, pan
from stdnum.it import codicefiscale
from stdnum.jp import in_ as my_number
from stdnum.kr import rrn
from stdnum.us import ssn

SEPARATORS = str.maketrans("", "", " -.")
# First two digits by GB/T 2260: the provinces from 11 to 65, Taiwan, Hong Kong, Macau, and permits of residence.
REGIONS = {1: "12345", 2: "123", 3: "1234567", 4: "123456", 5: "01234", 6: "12345", 7: "1", 8: "123", 9: "1"}
PROVINCES = frozenset(f"{first}{second}" for first, seconds in REGIONS.items() for second in seconds)
RESIDENT = re.compile(r"[1-9]\d{16}[0-9Xx]")
NINO = re.compile(r"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]", re.IGNORECASE)
IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
MAC = re.compile(r"[0-9A-F]{2}([:-])(?:[0-9A-F]{2}\1){4}[0-9A-F]{2}|(?:[0-9A-F]{4}\.){2}[0-9A-F]{4}", re.IGNORECASE)
GERMAN_CARD = re.compile(r"[CFGHJKLMNPRTVWXYZ][CFGHJKLMNPRTVWXYZ0-9]{8}\d", re.IGNORECASE)
# Issuer prefixes (ISO/IEC 7812) with the lengths that they are printed in.
ISSUERS = tuple(
    (re.compile(prefix), frozenset(lengths))
    for prefix, lengths in (
        (r"4", (13, 16, 19)),
        (r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720", (16,)),
        (r"3[47]", (15,)),
        (r"30[0-5]|3095|36|3[89]", (14, 15, 16, 17, 18, 19)),
        (r"6011|64[4-9]|65", (16, 17, 18, 19)),
        (r"352[89]|35[3-8]", (16, 17, 18, 19)),
        (r"2131|1800", (15,)),
        (r"62|81", (16, 17, 18, 19)),
        (r"220[0-4]", (16, 17, 18, 19)),
        (r"50|5[6-8]|6[0-9]", (12, 13, 14, 15, 16, 17, 18, 19)),
    )
)


def plain(value: str) -> str:
    """The value without the separators that people put between its parts."""
    return value.strip().translate(SEPARATORS)


def is_cn_resident_id(value: str) -> bool:
    """GB 11643: known province, possible date of birth, check digit by ISO 7064 MOD 11-2."""
    value = value.strip()
    if not RESIDENT.fullmatch(value) or value[:2] not in PROVINCES or not is_day(value[6:14]):
        return False
    return bool(ric.calc_check_digit(value) == value[-1].upper())


def is_day(digits: str) -> bool:
    """Whether YYYYMMDD is a day on which somebody alive today may have been born."""
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return date(1895, 1, 1) <= day <= date.today() + timedelta(days=1)  # noqa: DTZ011  a day either way does not matter


def is_payment_card(value: str) -> bool:
    """12 to 19 digits of a known issuer with the check digit of ISO/IEC 7812 (Luhn)."""
    return has_card_digit(value) and has_issuer(plain(value))


def has_card_digit(value: str) -> bool:
    """12 to 19 digits that pass Luhn's check, whoever issued them."""
    digits = plain(value)
    fits = digits.isascii() and digits.isdecimal() and 12 <= len(digits) <= 19 and len(set(digits)) > 1
    return fits and bool(luhn.is_valid(digits))


def has_issuer(digits: str) -> bool:
    return any(prefix.match(digits) and len(digits) in lengths for prefix, lengths in ISSUERS)


def is_iban(value: str) -> bool:
    """ISO 13616: known country with its length, check digits by mod 97."""
    compact = value.strip().replace(" ", "").replace("-", "").upper()
    if not IBAN.fullmatch(compact):
        return False
    # Some countries have check digits of their own inside; banks do not all keep them, so mod 97 decides.
    return bool(iban.is_valid(compact, check_country=False))


def is_ipv4(value: str) -> bool:
    try:
        return ipaddress.IPv4Address(value.strip()).is_reserved is False
    except ValueError:
        return False


def is_ip(value: str) -> bool:
    """IPv4, or IPv6 with at least three groups written out ("::" and "a::b" are more often something else)."""
    value = value.strip()
    if value.count(":") < 2:
        return is_ipv4(value)
    try:
        ipaddress.IPv6Address(value.partition("%")[0])
    except ValueError:
        return False
    return len([group for group in value.split(":") if group]) >= 3


def is_version_like(address: str) -> bool:
    """Whether an IPv4 address could as well be a version: 1.2.3.4, 10.0.14.2."""
    parts = [int(part) for part in address.strip().split(".") if part.isdecimal()]
    return len(parts) == 4 and max(parts) < 64 and parts[0] < 24


def is_mac(value: str) -> bool:
    return bool(MAC.fullmatch(value.strip()))


def is_imei(value: str) -> bool:
    """15 digits with a check digit (Luhn), of a body that hands out IMEIs."""
    digits = plain(value)
    return (
        digits.isdecimal()
        and len(digits) == 15
        and digits[:2] in {"01", "35", "86", "99", "98"}
        and bool(imei.is_valid(digits))
    )


def is_es_dni(value: str) -> bool:
    return bool(dni.is_valid(value) or nie.is_valid(value))


def is_uk_nino(value: str) -> bool:
    return bool(NINO.fullmatch(plain(value)))


def is_us_ssn(value: str) -> bool:
    """Three parts that are in use; there is no check digit."""
    return bool(ssn.is_valid(value.strip().replace(" ", "-")))


def is_de_id_card(value: str) -> bool:
    """Serial number with its check digit (ICAO 9303: weights 7, 3, 1)."""
    text = plain(value).upper()
    if not GERMAN_CARD.fullmatch(text):
        return False
    total = sum(int(sign, 36) * (7, 3, 1)[at % 3] for at, sign in enumerate(text[:9]))
    return total % 10 == int(text[9])


def sized(is_valid: Callable[[str], bool], signs: int, least: int | None = None) -> Callable[[str], bool]:
    """The same check for values of so many letters and digits, ``least`` of them digits; others it would refuse.

    Most cells are no such number, and telling that by their length is many times quicker than the check itself.
    """
    digits = signs if least is None else least

    def check(value: str) -> bool:
        if len(value) < signs or sum(map(str.isalnum, value)) != signs or sum(map(str.isdigit, value)) < digits:
            return False
        return bool(is_valid(value))

    return check


NATIONAL: dict[str, Callable[[str], bool]] = {
    "us_ssn": sized(is_us_ssn, 9),
    "uk_nino": is_uk_nino,
    "de_tax_id": sized(idnr.is_valid, 11),
    "de_id_card": is_de_id_card,
    "fr_insee": sized(nir.is_valid, 15, 14),
    "es_dni": sized(is_es_dni, 9, 7),
    "it_codice_fiscale": sized(codicefiscale.is_valid, 16, 0),
    "br_cpf": sized(cpf.is_valid, 11),
    "br_cnpj": sized(cnpj.is_valid, 14, 2),
    "in_aadhaar": sized(aadhaar.is_valid, 12),
    "in_pan": sized(pan.is_valid, 10, 4),
    "jp_my_number": sized(my_number.is_valid, 12),
    "kr_rrn": sized(rrn.is_valid, 13),
}


CHECKS: dict[str, Callable[[str], bool]] = {
    "cn_resident_id": is_cn_resident_id,
    "ipv4": is_ipv4,
    "ip_address": is_ip,
    "mac_address": is_mac,
    "iban": is_iban,
    "imei": is_imei,
    **NATIONAL,
}
