"""A third set of columns for the judge of personal data, written before anybody looked at what it makes of them.

Half are hard negatives of shops, half hold personal data under names that say little; English and Chinese. The judge
was measured on it once before anything was mended: precision 0.90, recall 0.77. ``--third`` measures it by
itself.
"""

# ruff: noqa: E501, UP031  one column of the set is one line, as short as it goes

import random
import string
from collections.abc import Callable

from stdnum.es import dni

from benchmarks.personal_data_columns import makers as made
from benchmarks.personal_data_columns.column import ROWS, Column

FIRST_THIRD = ["Alice", "George", "Hannah", "Peter", "Laura", "Sanjay", "Mei", "Yusuf", "Greta", "Diego", "Ewa", "Nadia", "Oleg", "Tariq", "Bridget", "Hugo", "Ivana", "Samuel"]  # fmt: skip
LAST_THIRD = ["Williams", "Müller", "Nguyen", "Petrov", "O'Neill", "Andersson", "Costa", "Yilmaz", "Dubois", "Clarke", "Moreau", "Singh", "Hoffmann", "Nowak", "Taylor", "Ibrahim"]  # fmt: skip
SURNAMES_THIRD = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高欧阳夏侯"[:20]
GIVEN_THIRD = "伟芳娜敏静秀丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰"
CN_STREETS = ["中山路", "人民南路", "解放大道", "建设路", "学院路", "长江路", "南京西路", "科技园一路"]
CN_CITIES = ["上海市", "北京市", "广州市", "深圳市", "成都市", "杭州市", "武汉市", "西安市"]
CN_DISTRICTS = ["浦东新区", "朝阳区", "天河区", "南山区", "武侯区", "西湖区", "洪山区", "雁塔区"]
ROADS = ["Church Lane", "Maple Avenue", "Station Road", "Queen Street", "Elm Drive", "Mill Close", "Park Road", "High Street"]  # fmt: skip
TOWNS = ["Leeds", "Austin", "Portland", "Bristol", "Dublin", "Perth", "Ottawa", "Cardiff"]


def name(r: random.Random) -> str:
    return f"{r.choice(FIRST_THIRD)} {r.choice(LAST_THIRD)}"


def chinese(r: random.Random) -> str:
    return r.choice(SURNAMES_THIRD) + "".join(r.choice(GIVEN_THIRD) for _ in range(r.choice((1, 2, 2))))


def chinese_address(r: random.Random) -> str:
    at = r.randrange(8)
    return f"{CN_CITIES[at]}{CN_DISTRICTS[at]}{r.choice(CN_STREETS)}{r.randrange(1, 999)}号{r.randrange(1, 30)}栋{r.randrange(101, 2505)}室"


def address(r: random.Random) -> str:
    return f"{r.randrange(1, 200)} {r.choice(ROADS)}, {r.choice(TOWNS)}"


def mail(r: random.Random) -> str:
    return f"{r.choice(FIRST_THIRD).lower()}{r.choice(('.', '_', ''))}{r.randrange(10, 9999)}@{r.choice(('163.com', 'gmail.com', 'outlook.com', 'web.de'))}"


def letters(r: random.Random, count: int) -> str:
    return "".join(r.choice(string.ascii_uppercase) for _ in range(count))


def hexes(r: random.Random, count: int) -> str:
    return f"{r.getrandbits(4 * count):0{count}x}"


def ipv6(r: random.Random) -> str:
    return "2001:db8:" + ":".join(f"{r.randrange(1, 65536):x}" for _ in range(6))


def pick(*values: str) -> Callable[[random.Random], str]:
    return lambda r: r.choice(values)


def harmless() -> list[tuple]:
    """(column, kind, "", maker[, role]): nothing here is about a person."""
    return [
        ("t0", "whole", "", lambda r: 1_500_000_000 + r.randrange(200_000_000)),
        ("dwell_ms", "whole", "", lambda r: 1_600_000_000_000 + r.randrange(10**11)),
        ("采集时间", "text", "", lambda r: str(1_690_000_000 + r.randrange(30_000_000))),
        ("商品条码", "text", "", made.ean),
        ("kod_kreskowy", "text", "", made.ean),
        ("scan_value", "whole", "", made.ean),
        ("货号", "text", "", lambda r: f"{letters(r, 2)}{made.digits(r, 6)}"),
        ("merch_ref", "text", "", lambda r: f"{letters(r, 1)}{made.digits(r, 7)}"),
        ("style", "text", "", lambda r: f"{made.digits(r, 3)}-{made.digits(r, 2)}-{made.digits(r, 4)}"),
        ("年份", "whole", "", lambda r: r.randrange(1950, 2026)),
        ("modelljahr", "whole", "", lambda r: r.randrange(1980, 2026)),
        ("ACADEMIC_YEAR_CODE", "text", "", lambda r: f"{(y := r.randrange(2005, 2025))}{(y + 1) % 100:02d}"),
        ("TERM_CODE", "whole", "", lambda r: f"{r.randrange(2005, 2025)}{r.choice(('10', '20', '30'))}"),
        (
            "marque",
            "text",
            "",
            pick("Hugo Boss", "Paul Smith", "Ralph Lauren", "Calvin Klein", "Tommy Hilfiger", "Marc Jacobs"),
        ),
        (
            "label_line",
            "text",
            "",
            pick("Jo Malone", "Kate Spade", "Stella McCartney", "Tom Ford", "Vera Wang", "Michael Kors", "Bobbi Brown"),
        ),
        ("品牌", "text", "", pick("李宁", "王老吉", "周大福", "李锦记", "马应龙", "张裕", "张小泉", "陈克明")),
        ("厂牌", "text", "", pick("安踏", "海尔", "小米", "华为", "格力", "美的", "李宁", "胡庆余堂")),
        (
            "client_agent",
            "text",
            "",
            pick("Firefox", "Safari", "Edge", "Opera", "Chrome Mobile iOS", "Samsung Internet"),
        ),
        ("浏览器", "text", "", pick("谷歌浏览器", "火狐", "夸克", "搜狗高速", "微信内置")),
        (
            "商品名称",
            "text",
            "",
            lambda r: (
                f"{r.choice(('王守义', '陈克明', '李锦记', '老干妈', '张君雅'))}{r.choice(('十三香', '挂面', '蚝油', '辣酱', '点心面'))}"
            ),
        ),
        (
            "标题",
            "text",
            "",
            lambda r: (
                f"{r.choice(('北京', '西湖', '成都', '兰州'))}{r.choice(('烤鸭', '龙井', '火锅底料', '拉面'))}{r.randrange(100, 900)}g"
            ),
        ),
        (
            "offering",
            "text",
            "",
            lambda r: (
                f"{r.choice(('Charlotte', 'Oliver', 'Grace', 'Henry', 'Alice'))} {r.choice(('Sofa', 'Lamp', 'Dress', 'Armchair', 'Boots'))}"
            ),
        ),
        ("range_name", "text", "", pick("Oscar Wilde", "Jane Austen", "Anna Karenina", "Peter Rabbit", "Tom Sawyer")),
        (
            "rose_variety",
            "text",
            "",
            pick("Emily Bronte", "Gertrude Jekyll", "Graham Thomas", "William Morris", "Charles Darwin"),
        ),
        (
            "listing",
            "text",
            "",
            lambda r: (
                f"{r.choice(('Paris', 'London', 'Berlin', 'Tokyo'))} {r.choice(('Skyline Print', 'City Map Mug', 'Wall Clock'))} {r.randrange(10, 99)} cm"
            ),
        ),
        (
            "driver_release",
            "text",
            "",
            lambda r: (
                "%d.%d.%d.%d" % (r.randrange(1, 40), r.randrange(0, 20), r.randrange(1, 200), r.randrange(0, 250))
            ),
        ),
        (
            "固件版本",
            "text",
            "",
            lambda r: "%d.%d.%d.%d" % (r.randrange(1, 9), r.randrange(10), r.randrange(10), r.randrange(200)),
        ),
        ("schema_rev", "text", "", lambda r: "10.%d.%d.%d" % (r.randrange(9), r.randrange(30), r.randrange(99))),
        ("订单编号", "text", "", lambda r: f"2024{r.randrange(1, 13):02d}{r.randrange(1, 29):02d}{made.digits(r, 10)}"),
        ("流水号", "text", "", lambda r: made.digits(r, 16)),
        ("doc_nr", "whole", "", lambda r: made.digits(r, 10)),
        ("运单", "text", "", lambda r: f"SF{made.digits(r, 13)}"),
        ("pickup_slip", "text", "", lambda r: f"1{made.digits(r, 10)}"),
        ("blob", "text", "", lambda r: hexes(r, 64)),
        ("签名值", "text", "", lambda r: hexes(r, 32)),
        ("cache_ref", "text", "", lambda r: hexes(r, 40)),
        ("仓库城市", "text", "", pick("上海", "义乌", "东莞", "昆山", "廊坊")),
        ("depot", "text", "", pick("Rotterdam", "Leipzig", "Memphis", "Madrid", "Lyon")),
        ("warehouse_town", "text", "", pick("Milton Keynes", "Daventry", "Swindon", "Corby")),
        ("门店地址", "text", "", chinese_address),
        ("色号", "text", "", pick("101", "204", "312", "Ruby Woo", "Lady Danger")),
        ("规格", "text", "", lambda r: f"{r.randrange(10, 99)}*{r.randrange(10, 99)}*{r.randrange(10, 99)}cm"),
        ("作者", "text", "", pick("鲁迅", "余华", "莫言", "钱钟书", "张爱玲")),
        ("actor_list", "text", "", pick("Tom Hanks", "Emma Stone", "Brad Pitt", "Kate Winslet")),
        ("适用年龄", "text", "", pick("3-6岁", "6岁以上", "0-1岁", "14岁以上")),
        ("net_wt", "decimal", "", lambda r: f"{r.uniform(0.1, 90):.2f}"),
        ("vintage_region", "text", "", pick("Bordeaux", "Rioja", "Napa", "Barossa")),
        ("effective", "time", "", lambda r: made.day(r, 1990, 2024)),
        ("上架日期", "text", "", lambda r: made.day(r, 2019, 2024).isoformat()),
        ("route_stop", "text", "", lambda r: f"{r.choice(ROADS)}"),
        (
            "promo_text",
            "text",
            "",
            pick("Call 10 get 1 free", "Mail-in rebate 2024", "Save £25 today only", "Join the club"),
        ),
        ("campaign_owner_team", "text", "", pick("Growth", "CRM", "Brand", "Performance")),
    ]


def personal() -> list[tuple]:
    """(column, kind, type, maker[, role]): under names that say little or nothing."""
    return [
        ("c17", "text", "email", mail),
        ("字段5", "text", "email", mail),
        ("attr_2", "text", "email", lambda r: mail(r).upper()),
        ("val", "text", "phone", lambda r: f"+44 7{made.digits(r, 3)} {made.digits(r, 6)}"),
        ("c_08", "text", "phone", lambda r: f"+86{made.chinese_mobile(r)}"),
        ("数据列3", "text", "phone", made.chinese_mobile),
        ("k7", "whole", "phone", made.chinese_mobile),
        ("col_x", "text", "phone", lambda r: (n := made.chinese_mobile(r))[:3] + "-" + n[3:7] + "-" + n[7:]),
        ("info2", "text", "phone", made.us_phone),
        ("col07", "text", "person_name", name),
        ("who", "text", "person_name", name),
        ("字段1", "text", "person_name", chinese),
        ("f2", "text", "person_name", chinese),
        ("收件", "text", "person_name", chinese),
        ("署名", "text", "person_name", chinese),
        ("signed", "text", "person_name", name),
        ("handled", "text", "person_name", lambda r: f"{r.choice(LAST_THIRD)}, {r.choice(FIRST_THIRD)}"),
        ("attn", "text", "person_name", name),
        ("p1", "text", "person_name", lambda r: f"{r.choice(('Mr', 'Ms', 'Mrs', 'Dr'))} {name(r)}"),
        ("字段8", "text", "postal_address", chinese_address),
        ("col_k9", "text", "postal_address", chinese_address),
        ("送到", "text", "postal_address", chinese_address),
        ("dest_line", "text", "postal_address", address),
        ("f_addr1", "text", "postal_address", address),
        ("v03", "text", "postal_address", address),
        ("证号", "text", "cn_resident_id", made.resident),
        ("z9", "text", "cn_resident_id", made.resident),
        ("column_12", "text", "cn_resident_id", made.resident),
        ("m", "text", "payment_card", made.card),
        ("卡", "text", "payment_card", lambda r: made.card(r, "62", 19)),
        ("ref_b", "text", "payment_card", lambda r: made.spaced(made.card(r, "5" + r.choice("12345")))),
        ("col_w", "text", "iban", made.iban),
        ("origin", "text", "ip_address", made.ipv4),
        ("from_host", "text", "ip_address", made.ipv4),
        ("来源", "text", "ip_address", made.ipv4),
        ("a6", "text", "ip_address", ipv6),
        ("hw", "text", "mac_address", made.mac),
        ("终端", "text", "mac_address", lambda r: made.mac(r).upper().replace(":", "-")),
        ("生辰", "text", "birth_date", lambda r: made.day(r, 1950, 2005).isoformat()),
        ("born_on", "time", "birth_date", lambda r: made.day(r, 1950, 2005)),
        ("岁数", "whole", "age", lambda r: r.randrange(18, 80)),
        ("性别", "text", "gender", pick("男", "女")),
        ("sx", "text", "gender", pick("male", "female")),
        ("民族", "text", "nationality", pick("汉族", "回族", "满族", "壮族")),
        ("微信", "text", "username", lambda r: f"wx_{r.choice(FIRST_THIRD).lower()}{r.randrange(10, 999)}"),
        ("t5", "text", "us_ssn", lambda r: f"{r.randrange(100, 665)}-{r.randrange(10, 99)}-{r.randrange(1000, 9999)}"),
        ("病史", "text", "health", pick("高血压", "糖尿病", "哮喘", "无")),
        ("x1", "text", "es_dni", lambda r: (n := made.digits(r, 8)) + dni.calc_check_digit(n)),
    ]


def third(seed: int = 20) -> list[Column]:
    """The set by itself; the same for the same seed."""
    r = random.Random(seed + 3)  # noqa: S311  a benchmark, no secret
    return [
        Column(column, kind, [str(make(r)) for _ in range(ROWS)], entity, *role)
        for column, kind, entity, make, *role in [*harmless(), *personal()]
    ]
