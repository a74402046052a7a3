"""What whole cells of each type look like, and how sure that makes one: by itself, and under a name of the type."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from assessments.quality.personal_data import numbers, people, phones
from assessments.quality.personal_data.vocabulary import words

Fits = Callable[[str], object]

EMAIL = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
ANDROID = re.compile(r"[0-9a-f]{16}", re.IGNORECASE)
POSTCODE = re.compile(r"(?=.*\d)[A-Za-z0-9](?:[ -]?[A-Za-z0-9]){2,9}(?:\.0)?")
ACCOUNT = re.compile(r"@?[^\s@]{2,40}")
PASSPORT = re.compile(r"[A-Za-z]{0,2}\d{6,9}")
LICENCE = re.compile(r"[A-Za-z0-9](?:[ -]?[A-Za-z0-9]){4,19}")
PLATE = re.compile(r"(?=.*\d)[A-Za-z0-9]{1,4}(?:[ ·-]?[A-Za-z0-9]{1,5}){1,3}")
CHINESE_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][ ·]?[A-HJ-NP-Z0-9]{5,6}"
)
DAY = re.compile(
    r"(?P<y>\d{4})[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:[ T]00:00:00.*)?"
    r"|\d{1,2}[-/. ](?:\d{1,2}|[A-Za-z]{3,9})[-/. ](?P<z>\d{4}|\d{2})"
    r"|(?P<w>\d{4})\d{4}|(?P<x>\d{4})(?:\.0)?|[A-Za-z]{3,9} \d{1,2},? (?P<v>\d{4})"
)
WHOLE = re.compile(r"\d{1,3}(?:\.0)?")
DECIMAL = re.compile(r"-?\d{1,3}\.\d{3,}")
PAIR = re.compile(r"[\[(]?-?\d{1,2}\.\d{3,}\s*[,; ]\s*-?\d{1,3}\.\d{3,}[\])]?")
LETTERS = re.compile(r"(?=.*[^\W\d_])[^\d@_/\\]{1,80}")
GENDERS = frozenset(["m", "f", "male", "female", "man", "woman", "men", "women", "w", "d", "x", "other", "non-binary",
                     "nonbinary", "diverse", "unknown", "u", "男", "女", "未知", "1", "2", "0"])  # fmt: skip
FEET = re.compile(r"\d ?['′’](?: ?\d{1,2} ?(?:\"|″|”|''))?|\d ?ft(?: ?\d{1,2} ?in)?", re.IGNORECASE)
MEASURE = re.compile(
    r"\d{1,3}(?:\.\d{1,2})? ?(?:kg|lbs?|cm|in|inches|stone|%)?|\d{2}[a-k]{1,3}|[a-z][a-z -]{2,20}", re.IGNORECASE
)
WRITTEN_SSN = re.compile(r"\d{3}-\d{2}-\d{4}")
SEPARATED = re.compile(r"\d[ .()/-]+(?=\d)")


@dataclass(frozen=True)
class Shape:
    """One type. ``need`` is the least share of cells that must fit. ``alone`` is the confidence without a name that
    says so (0: never), of cells that also fit ``by_itself`` if that is given; ``under_name`` with one. ``proven`` says
    that values of other kinds fit by chance less than once in a hundred. ``weak`` is the confidence under a weak name,
    of cells that fit ``weakly`` (``by_itself`` unless given). ``need_alone`` is the least share without a name; it is
    ``need`` unless given."""

    entity: str
    fits: Fits
    need: float
    alone: float
    under_name: float
    by_itself: Fits | None = None
    proven: bool = False
    weak: float = 0.0
    weakly: Fits | None = None
    need_alone: float = 0.0


def _checked(entity: str, need: float, alone: float, *, proven: bool = False) -> Shape:
    return Shape(entity, numbers.CHECKS[entity], need, alone, 0.97, proven=proven)


@cache
def shapes() -> Mapping[str, Shape]:
    """Every type that whole cells are judged by."""
    listed = [
        Shape("email", EMAIL.fullmatch, 0.5, 0.95, 0.99, proven=True),
        Shape("phone", phones.is_phone_shape, 0.6, 0.0, 0.95),  # see judging.py
        Shape("cn_resident_id", numbers.is_cn_resident_id, 0.6, 0.95, 0.99, proven=True),
        Shape("payment_card", numbers.is_payment_card, 0.8, 0.85, 0.97, proven=True),
        Shape("iban", numbers.is_iban, 0.6, 0.97, 0.99, proven=True),
        Shape("ip_address", numbers.is_ip, 0.8, 0.88, 0.97),
        _checked("mac_address", 0.8, 0.92, proven=True),
        # Codes of the same form begin with 9, 000 or 666 one time in ten, which these numbers never do.
        Shape("us_ssn", numbers.NATIONAL["us_ssn"], 0.8, 0.85, 0.95, by_itself=is_written_ssn, need_alone=0.97),
        _checked("uk_nino", 0.8, 0.85),
        _checked("de_tax_id", 0.95, 0.8),
        _checked("de_id_card", 0.95, 0.6),
        _checked("fr_insee", 0.8, 0.92, proven=True),
        _checked("es_dni", 0.8, 0.9, proven=True),
        _checked("it_codice_fiscale", 0.8, 0.95, proven=True),
        _checked("br_cpf", 0.9, 0.85, proven=True),
        _checked("br_cnpj", 0.9, 0.85, proven=True),
        _checked("in_aadhaar", 0.95, 0.8),
        _checked("in_pan", 0.9, 0.8),
        _checked("jp_my_number", 0.95, 0.6),
        _checked("kr_rrn", 0.8, 0.92, proven=True),
        Shape("device_id", is_device, 0.8, 0.75, 0.95, by_itself=numbers.is_imei),
        Shape("passport", PASSPORT.fullmatch, 0.8, 0.0, 0.85),
        Shape("driver_licence", LICENCE.fullmatch, 0.8, 0.0, 0.85),
        Shape("vehicle_plate", PLATE.fullmatch, 0.8, 0.8, 0.85, by_itself=CHINESE_PLATE.fullmatch),
        Shape(
            "person_name",
            people.is_name_shape,
            0.6,
            0.65,
            0.93,
            by_itself=people.is_full_name,
            weak=0.85,
            weakly=people.is_known_name,
        ),
        Shape("postal_address", people.is_address_shape, 0.6, 0.82, 0.92, by_itself=people.is_address, weak=0.9),
        Shape("username", ACCOUNT.fullmatch, 0.7, 0.0, 0.88),
        Shape("postcode", POSTCODE.fullmatch, 0.7, 0.0, 0.88),
        Shape("city", LETTERS.fullmatch, 0.7, 0.0, 0.85),
        Shape("birth_date", is_birth, 0.7, 0.0, 0.95),
        Shape("age", is_age, 0.8, 0.0, 0.9),
        Shape("gender", lambda value: value.strip().lower() in GENDERS, 0.8, 0.0, 0.9),
        Shape("coordinates", is_coordinate, 0.7, 0.6, 0.86, by_itself=PAIR.fullmatch, weak=0.8),
        Shape("nationality", LETTERS.fullmatch, 0.7, 0.0, 0.88, by_itself=_one_of("nationality"), weak=0.88),
        Shape("health", is_said, 0.5, 0.85, 0.9, by_itself=_one_of("health"), weak=0.9),
        Shape("body_measure", is_measure, 0.6, 0.0, 0.9, by_itself=FEET.fullmatch, weak=0.85),
        Shape("religion", is_said, 0.6, 0.85, 0.92, by_itself=_one_of("religion"), weak=0.9),
        Shape("politics", is_said, 0.6, 0.82, 0.9, by_itself=_one_of("politics"), weak=0.9),
        Shape("sexual_orientation", is_said, 0.6, 0.82, 0.9, by_itself=_one_of("sexual_orientation"), weak=0.9),
        Shape("trade_union", is_said, 0.6, 0.7, 0.9, by_itself=_one_of("trade_union")),
        Shape("biometric", lambda value: bool(value.strip()), 0.5, 0.0, 0.88),
    ]
    return {shape.entity: shape for shape in listed}


def _one_of(entity: str) -> Fits:
    known = words()[entity].values
    return lambda value: value.strip().lower() in known


def is_written_ssn(value: str) -> bool:
    return bool(WRITTEN_SSN.fullmatch(value.strip())) and numbers.is_us_ssn(value)


def is_device(value: str) -> bool:
    value = value.strip()
    return bool(UUID.fullmatch(value) or ANDROID.fullmatch(value) or numbers.is_imei(value))


def is_birth(value: str) -> bool:
    """A day, or a year, on which somebody alive today may have been born."""
    match = DAY.fullmatch(value.strip())
    if not match:
        return False
    year = next((int(found) for found in match.groups() if found), 0)
    return year < 100 or 1900 <= year <= date.today().year  # noqa: DTZ011  the year alone matters


def is_age(value: str) -> bool:
    value = value.strip()
    return bool(WHOLE.fullmatch(value)) and float(value) <= 120


def is_coordinate(value: str) -> bool:
    value = value.strip()
    return bool(PAIR.fullmatch(value)) or (bool(DECIMAL.fullmatch(value)) and abs(float(value)) <= 180)


def is_measure(value: str) -> bool:
    return bool(FEET.fullmatch(value.strip()) or MEASURE.fullmatch(value.strip()))


def is_said(value: str) -> bool:
    """Words, or a yes or no: what a column of a sensitive category holds."""
    return 0 < len(value.strip()) <= 200 and not EMAIL.fullmatch(value)
