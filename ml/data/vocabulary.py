"""Words of the generated shop, in English and Chinese. The brands are invented."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Category:
    """A shelf of the shop: its goods in both languages, its middle price, the month it sells best in, and the share
    of its purchases that are made again some weeks later."""

    name: str
    name_zh: str
    goods: tuple[tuple[str, str], ...]
    price: float
    peak_month: int
    season: float
    repeat: float


CATEGORIES = (
    Category(
        "Tea and coffee",
        "茶与咖啡",
        (("green tea", "绿茶"), ("ground coffee", "咖啡粉"), ("oolong tea", "乌龙茶"), ("coffee beans", "咖啡豆")),
        9.0,
        1,
        0.3,
        0.275,
    ),
    Category(
        "Skin care",
        "护肤",
        (("face cream", "面霜"), ("sun lotion", "防晒霜"), ("cleansing foam", "洁面乳"), ("lip balm", "润唇膏")),
        18.0,
        7,
        0.4,
        0.225,
    ),
    Category(
        "Kitchen",
        "厨房用品",
        (("frying pan", "平底锅"), ("chef's knife", "主厨刀"), ("cutting board", "砧板"), ("storage jar", "储物罐")),
        27.0,
        11,
        0.4,
        0.025,
    ),
    Category(
        "Garden",
        "园艺",
        (("flower pot", "花盆"), ("watering can", "浇水壶"), ("seed set", "种子套装"), ("pruning shears", "修枝剪")),
        16.0,
        4,
        1.2,
        0.05,
    ),
    Category(
        "Toys",
        "玩具",
        (("building blocks", "积木"), ("wooden train", "木制火车"), ("board game", "桌游"), ("plush bear", "毛绒熊")),
        22.0,
        12,
        1.4,
        0.025,
    ),
    Category(
        "Audio",
        "音频设备",
        (
            ("wireless earphones", "无线耳机"),
            ("bluetooth speaker", "蓝牙音箱"),
            ("headphones", "头戴耳机"),
            ("microphone", "麦克风"),
        ),
        75.0,
        11,
        0.7,
        0.01,
    ),
    Category(
        "Phones and cases",
        "手机与配件",
        (
            ("phone case", "手机壳"),
            ("charging cable", "充电线"),
            ("power bank", "充电宝"),
            ("screen protector", "钢化膜"),
        ),
        14.0,
        11,
        0.5,
        0.075,
    ),
    Category(
        "Sportswear",
        "运动服饰",
        (
            ("running shoes", "跑鞋"),
            ("training shirt", "训练衫"),
            ("yoga trousers", "瑜伽裤"),
            ("cycling gloves", "骑行手套"),
        ),
        48.0,
        5,
        0.6,
        0.04,
    ),
    Category(
        "Books",
        "图书",
        (
            ("cookbook", "食谱书"),
            ("travel guide", "旅行指南"),
            ("children's book", "儿童读物"),
            ("crime novel", "推理小说"),
        ),
        13.0,
        12,
        0.5,
        0.015,
    ),
    Category(
        "Home textiles",
        "家纺",
        (("duvet cover", "被套"), ("bath towel", "浴巾"), ("cushion", "靠垫"), ("wool blanket", "羊毛毯")),
        33.0,
        10,
        0.6,
        0.025,
    ),
    Category(
        "Pet supplies",
        "宠物用品",
        (("cat food", "猫粮"), ("dog snacks", "狗零食"), ("cat litter", "猫砂"), ("pet brush", "宠物梳")),
        15.0,
        3,
        0.1,
        0.3,
    ),
    Category(
        "Stationery",
        "文具",
        (("notebook", "笔记本"), ("fountain pen", "钢笔"), ("desk lamp", "台灯"), ("sticky notes", "便利贴")),
        8.0,
        9,
        0.9,
        0.125,
    ),
)

BRANDS = (
    ("Nordlys", "北辰"),
    ("Amberhill", "琥珀山"),
    ("Kestrelle", "凯思翠"),
    ("Yunmo", "云墨"),
    ("Tallow & Rye", "麦烛"),
    ("Pebblewick", "溪石"),
    ("Shanlan", "山岚"),
    ("Orchardine", "果园纪"),
    ("Velthaven", "维港"),
    ("Qingzhou", "轻舟"),
    ("Larkstead", "云雀"),
    ("Miravale", "美谷"),
)

STYLES = (
    ("classic", "经典"),
    ("compact", "便携"),
    ("premium", "高级"),
    ("eco", "环保"),
    ("travel", "旅行装"),
    ("large", "大号"),
    ("soft", "柔软"),
    ("colourful", "多彩"),
    ("plain", "素色"),
    ("gift", "礼盒装"),
)

COUNTRIES = (("CN", 0.45), ("DE", 0.15), ("GB", 0.14), ("US", 0.12), ("SG", 0.08), ("FR", 0.06))
AGE_BANDS = ("18-24", "25-34", "35-44", "45-54", "55-64", "65+")

PRAISE = (
    ("Very happy with this {good}.", "这款{good}很满意。"),
    ("The {good} is better than expected.", "{good}比想象中好。"),
)
NEUTRAL = (
    ("The {good} is fine for its price.", "{good}对得起价格。"),
    ("An ordinary {good}, it does its work.", "{good}一般，够用。"),
)
BLAME = (("The {good} did not last long.", "{good}用不久就坏了。"), ("I sent the {good} back.", "{good}已经退货。"))
