"""What each column probably means, from its name (English or Chinese) and from its first values."""

import re
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
from django.utils.translation import gettext_noop as _

from assessments.common.retelling import Retelling
from assessments.datasets.roles import REQUIRED, ColumnRole

R = ColumnRole
# Words of a name, lower case, in the order of trust: the first role whose word is found wins.
WORDS: tuple[tuple[ColumnRole, frozenset[str], tuple[str, ...]], ...] = (
    (R.EMAIL, frozenset({"email", "mail", "e-mail"}), ("邮箱", "邮件")),
    (R.SESSION, frozenset({"session", "sessionid", "visit", "visitid", "sid"}), ("会话",)),
    (R.QUERY, frozenset({"query", "search", "keyword", "keywords", "searchterm"}), ("搜索", "查询", "关键词")),
    (
        R.ORDER,
        frozenset({"invoice", "invoiceno", "order", "orderid", "orderno", "basket", "basketid"}),
        ("订单", "发票"),
    ),
    (R.TIME, frozenset({"time", "timestamp", "date", "datetime", "at", "ts", "day"}), ("时间", "日期")),
    (
        R.EVENT,
        frozenset({"event", "eventtype", "action", "behavior", "behaviour", "activity"}),
        ("行为", "事件", "动作"),
    ),
    (R.QUANTITY, frozenset({"quantity", "qty", "count", "units"}), ("数量", "件数")),
    (R.PRICE, frozenset({"price", "unitprice", "amount", "cost", "msrp"}), ("价格", "单价", "金额")),
    (R.GRADE, frozenset({"grade", "rating", "stars", "relevance", "score", "label"}), ("评分", "星级", "相关性")),
    (R.POSITION, frozenset({"position", "rank", "pos"}), ("位置", "排名")),
    (R.COUNTRY, frozenset({"country", "region", "nation", "market"}), ("国家", "地区")),
    (R.AGE, frozenset({"age", "agegroup", "ageband"}), ("年龄",)),
    (R.CATEGORY, frozenset({"category", "department", "brand", "genre", "cat"}), ("类目", "类别", "分类", "品类")),
    (R.TITLE, frozenset({"title", "productname", "itemname", "description", "name"}), ("标题", "名称", "品名")),
    (R.TEXT, frozenset({"text", "review", "comment", "body", "content"}), ("评论", "描述", "内容", "正文")),
    (
        R.USER,
        frozenset(
            {"user", "userid", "customer", "customerid", "cust", "client", "member", "household", "buyer", "uid"}
        ),
        ("客户", "用户", "会员", "顾客", "买家"),
    ),
    (
        R.ITEM,
        frozenset({"item", "itemid", "product", "productid", "sku", "stock", "stockcode", "asin", "article", "goods"}),
        ("商品", "产品", "货号", "物品"),
    ),
)
IDENTIFIER = frozenset({"id", "no", "number", "code", "key", "num"})
# Words that turn a name into something about a user or an item, not the user or the item itself.
ABOUT = frozenset({"feature", "affinity", "related", "propensity", "embedding"})
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
EMAIL = r"^[^@\s]+@[^@\s]+\.[A-Za-z]{2,}$"

NAME = _("The name holds “%(word)s”.")
TIMES = _("The values are times.")
MAILS = _("The values are e-mail addresses.")
EVENTS = _("The values are words for events.")
LANDS = _("The values are names of countries.")
reason_in_words = Retelling((NAME, TIMES, MAILS, EVENTS, LANDS))  # reasons are stored in English


@dataclass(frozen=True)
class Suggestion:
    role: str
    reason: str
    trust: int


def suggest_roles(sample: pa.Table, *, kind: str) -> dict[str, Suggestion]:
    """{column: suggestion}; each role goes to the one column that speaks for it most."""
    best: dict[str, tuple[str, Suggestion]] = {}
    for name, column in zip(sample.column_names, sample.columns, strict=True):
        told = [found for found in (by_values(column), by_name(name, column.type, kind=kind)) if found]
        found = max(told, key=lambda suggestion: suggestion.trust, default=None)
        if found and (found.role not in best or found.trust > best[found.role][1].trust):
            best[found.role] = (name, found)
    return dict(best.values())


def words_of(name: str) -> list[str]:
    """The words of a column name: CustomerID, customer_id and customer-id are the same two, and their whole."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    words = [word for word in re.split(r"[^0-9A-Za-z]+", parted.lower()) if word]
    return [*words, "".join(words)] if len(words) > 1 else words


def by_name(name: str, type_: pa.DataType, *, kind: str) -> Suggestion | None:
    words = words_of(name)
    if ABOUT.intersection(words):
        return None
    identifier = bool(set(words) & IDENTIFIER) or any(word.endswith("id") for word in words)
    for role, english, chinese in WORDS:
        word = next((w for w in words if w in english), None) or next((c for c in chinese if c in name), None)
        if word and _possible(role, type_, identifier or any(mark in name for mark in ("编号", "编码", "号"))):
            trust = 50 + 20 * identifier + 10 * (role in REQUIRED.get(kind, ())) + 5 * (len(words) == 1)
            return Suggestion(role, NAME % {"word": word}, trust)
    return None


def _possible(role: ColumnRole, type_: pa.DataType, identifier: bool) -> bool:
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
