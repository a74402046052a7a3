"""The words of column names: what short forms and pinyin stand for, and which words speak for which role."""

from assessments.datasets.roles import ColumnRole

R = ColumnRole


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Short forms and pinyin by the word that they stand for.
_SHORT = {
    "customer": "cust custs customers kehu guke client clients clientele",
    "user": "usr users yonghu zhanghao",
    "member": "mbr members huiyuan subscriber",
    "buyer": "purchaser shopper maijia consumer",
    "product": "prod prd products shangpin chanpin merchandise goods",
    "item": "itm items listing stockcode",
    "article": "art articles",
    "invoice": "inv invoices fapiao",
    "order": "ord orders dingdan",
    "transaction": "txn trans tx transactions trx jiaoyi",
    "receipt": "rcpt",
    "session": "sess sessions huihua",
    "quantity": "qty quantities shuliang",
    "amount": "amt amounts jine",
    "price": "prc prices jiage danjia",
    "date": "dt dates riqi",
    "datetime": "dttm",
    "time": "tm shijian",
    "timestamp": "ts",
    "action": "xingwei",
    "event": "evt events",
    "name": "nm names mingcheng",
    "description": "desc descr",
    "title": "biaoti",
    "comment": "pinglun comments",
    "category": "cat categories leimu leibie fenlei pinlei",
    "brand": "pinpai brands",
    "department": "dept",
    "country": "ctry guojia countries",
    "region": "diqu rgn",
    "age": "nianling",
    "group": "grp",
    "rating": "ratings pingfen",
    "rank": "paiming",
    "position": "pos",
    "query": "queries sousuo",
    "email": "mail youxiang",
    "id": "ids identifier no nr num number code cd key hash sn bianhao bianma hao uuid guid hash",
    "address": "addr dizhi",
    "phone": "tel telephone mobile cell shouji",
}
STANDS_FOR = {short: word for word, shorts in _SHORT.items() for short in shorts.split()}

# The thing that a row is about: its own name, and its number ("customer", "customer id").
THINGS: dict[str, ColumnRole] = {
    **dict.fromkeys(["customer", "user", "member", "buyer", "household", "visitor", "account", "uid"], R.USER),
    **dict.fromkeys(["item", "product", "article", "stock", "pid"], R.ITEM),
    **dict.fromkeys(["sku", "spu", "asin", "isbn", "ean", "upc", "gtin", "doc", "document"], R.ITEM),
    **dict.fromkeys(["order", "invoice", "basket", "transaction", "receipt", "cart"], R.ORDER),
    **dict.fromkeys(["session", "visit", "sid"], R.SESSION),
}
# What is said of a thing: the last word of the name.
SAID: dict[str, ColumnRole] = {
    **dict.fromkeys(["email"], R.EMAIL),
    **dict.fromkeys(["query", "search", "keyword", "keywords", "searchterm"], R.QUERY),
    **dict.fromkeys(["time", "timestamp", "date", "datetime", "at", "day", "seconds", "millis"], R.TIME),
    **dict.fromkeys(["event", "eventtype", "action", "behavior", "behaviour", "activity", "interaction"], R.EVENT),
    **dict.fromkeys(["quantity", "count", "units", "pieces"], R.QUANTITY),
    **dict.fromkeys(["price", "amount", "cost", "msrp", "revenue"], R.PRICE),
    **dict.fromkeys(["grade", "rating", "stars", "relevance", "score", "label"], R.GRADE),
    **dict.fromkeys(["position", "rank"], R.POSITION),
    **dict.fromkeys(["country", "region", "nation", "market"], R.COUNTRY),
    **dict.fromkeys(["age", "agegroup", "ageband"], R.AGE),
    **dict.fromkeys(["category", "subcategory", "department", "brand", "genre"], R.CATEGORY),
    **dict.fromkeys(["title", "description", "headline", "name"], R.TITLE),
    **dict.fromkeys(["text", "review", "comment", "body", "content", "feedback"], R.TEXT),
}
# Last words that say more of the word before them: "product type" is a category, "age band" an age.
KIND_WORDS = _words("type group class band line range kind family description name term terms string desc")
# Numbers of these stand for them as well: a category's number is a category.
NUMBERED_TOO = frozenset({R.CATEGORY, R.COUNTRY, R.AGE})
LONG = frozenset({"long", "full", "detailed", "review"})
# Words at the end that change nothing: units, currencies, participles.
IDLE = _words("usd eur gbp cny rmb sold ordered purchased raw value val total sum display")

# The number of something that is no role, and words after which a name means something else than its first words say.
OTHER_THINGS = _words(
    "store shop supplier vendor warehouse employee staff campaign coupon row page browser device category brand "
    "department country region line address phone zip postal zipcode postcode tax currency parent batch version file "
    "url image language seller merchant promotion promo ad advertiser"
)
OTHER_SAID = _words(
    "agent status state weight height length width size color colour address phone zip postcode gender sex method "
    "flag flags url link image picture photo language version currency discount tax fee rate rates pct percent "
    "percentage share ratio balance limit step level tier segment income hash password token latitude longitude lat "
    "lon lng birthday birthdate dob duration index row unit weekday weekend month year hour days hours note remark is "
    "has first last middle full nick sur given family contact recipient city street county province carrier channel "
    "source medium device browser os ip model children vector average sample measure condition owner"
)
PREPOSITIONS = _words("of since before after until per by to for with from in")
WHICH = _words("unique internal external master main global anonymous hashed card old new current ref reference")
SOLD = _words("sales sale purchase unit units stock sold cart qty")
# Anywhere in a name: what is about a user or an item is neither.
ABOUT = _words("feature affinity related propensity embedding birth")
BEGINS = frozenset({"is", "has", "was", "can", "flag"})  # yes or no
COUNTING = frozenset({"num", "number", "count", "n", "no", "cnt", "total"})

# Chinese: the word that ends last in the name decides, once a mark of a number (编号, 号, ID) is taken off.
CHINESE: dict[str, ColumnRole] = {
    **dict.fromkeys(["邮箱", "邮件"], R.EMAIL),
    **dict.fromkeys(["会话", "访问"], R.SESSION),
    **dict.fromkeys(["搜索", "查询", "关键词", "搜索词", "查询词"], R.QUERY),
    **dict.fromkeys(["订单", "发票", "流水"], R.ORDER),
    **dict.fromkeys(["时间", "日期", "时间戳"], R.TIME),
    **dict.fromkeys(["行为", "事件", "动作"], R.EVENT),
    **dict.fromkeys(["数量", "件数", "销量"], R.QUANTITY),
    **dict.fromkeys(["价格", "单价", "金额", "销售额", "售价"], R.PRICE),
    **dict.fromkeys(["评分", "星级", "相关性"], R.GRADE),
    **dict.fromkeys(["位置", "排名"], R.POSITION),
    **dict.fromkeys(["国家", "地区"], R.COUNTRY),
    **dict.fromkeys(["年龄", "年龄段"], R.AGE),
    **dict.fromkeys(["类目", "类别", "分类", "品类", "品牌"], R.CATEGORY),
    **dict.fromkeys(["标题", "名称", "品名"], R.TITLE),
    **dict.fromkeys(["评论", "描述", "内容", "正文"], R.TEXT),
    **dict.fromkeys(["客户", "用户", "会员", "会员卡", "顾客", "买家", "账号", "购买者"], R.USER),
    **dict.fromkeys(["商品", "产品", "货", "货号", "物品", "条形", "款"], R.ITEM),
}
CHINESE_NUMBERS = ("编号", "编码", "代码", "号码", "号", "码", "ID", "Id", "id")
CHINESE_OTHER = _words(
    "姓名 等级 图片 状态 重量 地址 电话 手机 性别 生日 备注 方式 颜色 尺码 店铺 是否 快递 优惠 供应商 仓库 员工 类型 "
    "链接 折扣 税 运费 城市 邮编 昵称 职业 收入 版本 语言"
)
CHINESE_EVENTS = ("行为类型", "事件类型", "操作类型")
