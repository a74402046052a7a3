"""What each column probably means, from its name (English or Chinese) and from its first values."""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
from django.utils.translation import gettext_noop as _

from assessments.common.retelling import Retelling
from assessments.datasets.naming import read_name, words_of
from assessments.datasets.roles import REQUIRED, ColumnRole

__all__ = ["Suggestion", "mostly_empty", "reason_in_words", "suggest_roles", "words_of"]

R = ColumnRole
EVENT_WORDS = frozenset(
    [
        *("view", "click", "detail", "pv", "impression", "cart", "add_to_cart", "addtocart", "wish", "fav", "favorite"),
        *("favourite", "purchase", "buy", "order", "transaction", "checkout", "refund", "return", "remove"),
        *("浏览", "点击", "加购", "购买", "收藏", "下单", "退货"),
    ]
)
COUNTRIES = frozenset(
    [
        *(
            "united kingdom",
            "uk",
            "gb",
            "germany",
            "de",
            "france",
            "fr",
            "eire",
            "ireland",
            "spain",
            "es",
            "italy",
            "it",
        ),
        *("netherlands", "nl", "belgium", "switzerland", "portugal", "austria", "norway", "sweden", "denmark"),
        *("finland", "poland", "australia", "japan", "china", "cn", "usa", "us", "united states", "canada", "india"),
        *("brazil", "singapore", "hong kong", "mexico", "turkey", "south korea", "new zealand", "south africa"),
        *("中国", "美国", "英国", "德国", "法国", "日本", "韩国", "加拿大", "澳大利亚", "新加坡", "香港", "台湾"),
    ]
)
LESS_THAN_COUNTRY = frozenset({"region", "rgn", "market", "diqu"})
EMPTY = 0.9
EMAIL = r"^[^@\s]+@[^@\s]+\.[A-Za-z]{2,}$"

NAME = _("The name holds “%(word)s”.")
TIMES = _("The values are times.")
MAILS = _("The values are e-mail addresses.")
EVENTS = _("The values are words for events.")
LANDS = _("The values are names of countries.")
LIKE = _("The name is much like “%(words)s”.")
LIKE_BOTH = _("The name is like “%(words)s”, and the values are of that kind.")
reason_in_words = Retelling((NAME, TIMES, MAILS, EVENTS, LANDS, LIKE, LIKE_BOTH))  # reasons are stored in English


@dataclass(frozen=True)
class Suggestion:
    role: str
    reason: str
    trust: int


def mostly_empty(nulls: int, rows: int) -> bool:
    """Whether so few rows have a value that the column plays no role, whatever its name says: one feature of many."""
    return nulls > EMPTY * rows


def suggest_roles(sample: pa.Table, *, kind: str) -> dict[str, Suggestion]:
    """{column: suggestion}; each role goes to the one column that speaks for it most."""
    best: dict[str, tuple[str, Suggestion]] = {}
    for name, column in zip(sample.column_names, sample.columns, strict=True):
        told = [found for found in (by_values(column), by_name(name, column.type, kind=kind)) if found]
        told = [found for found in told if values_fit(ColumnRole(found.role), column, name)]
        found = max(told, key=lambda suggestion: suggestion.trust, default=None)
        if found and (found.role not in best or found.trust > best[found.role][1].trust):
            best[found.role] = (name, found)
    return dict(best.values())


def by_name(name: str, type_: pa.DataType, *, kind: str) -> Suggestion | None:
    found = read_name(name)
    if found is None or found.role is None or not possible(found.role, type_, found.numbers):
        return None
    trust = 50 + 20 * found.numbers + 10 * (found.role in REQUIRED.get(kind, ())) + 5 * found.alone
    return Suggestion(found.role, NAME % {"word": found.word}, trust)


def possible(role: ColumnRole, type_: pa.DataType, identifier: bool) -> bool:
    """Whether values of this type can play the role."""
    types = pa.types
    number = types.is_integer(type_) or types.is_floating(type_) or types.is_decimal(type_)
    if role == R.TIME:
        return types.is_temporal(type_) or (types.is_integer(type_) and not identifier)
    if role in {R.QUANTITY, R.PRICE, R.POSITION}:
        return number and not identifier
    if role in {R.TITLE, R.TEXT, R.EMAIL, R.QUERY}:
        return types.is_string(type_) and not identifier
    return not (types.is_temporal(type_) or types.is_boolean(type_))


def values_fit(role: ColumnRole, column: pa.ChunkedArray, name: str) -> bool:
    """Whether the values can be what the name says.

    A price of nothing but 0 and 1 is a yes or no. The number of a region tells no country; a column that is named a
    country may hold the numbers that stand for countries.
    """
    if not (pa.types.is_integer(column.type) or pa.types.is_floating(column.type)):
        return True
    if role == R.COUNTRY:
        return not LESS_THAN_COUNTRY.intersection(words_of(name))
    if role == R.PRICE:
        values = pc.unique(column.drop_null())
        return len(values) < 2 or not pc.all(pc.is_in(values, value_set=pa.array([0, 1], values.type))).as_py()
    return True


def by_values(column: pa.ChunkedArray) -> Suggestion | None:
    """What the values alone say, when they say it plainly."""
    values = column.drop_null()
    if not len(values):
        return None
    if pa.types.is_timestamp(values.type):
        return Suggestion(R.TIME, TIMES, 40)
    if not pa.types.is_string(values.type):
        return None
    if _share(pc.match_substring_regex(values, EMAIL)) >= 0.9:
        return Suggestion(R.EMAIL, MAILS, 95)
    words = pc.utf8_lower(values)
    distinct = pc.unique(words)
    if len(distinct) <= 30 and _share(pc.is_in(words, value_set=pa.array(sorted(EVENT_WORDS)))) >= 0.8:
        return Suggestion(R.EVENT, EVENTS, 90)
    if len(distinct) <= 300 and _share(pc.is_in(words, value_set=pa.array(sorted(COUNTRIES)))) >= 0.6:
        return Suggestion(R.COUNTRY, LANDS, 90)
    return None


def _share(flags: pa.ChunkedArray) -> float:
    return float(pc.mean(flags.cast(pa.int8())).as_py() or 0.0)
