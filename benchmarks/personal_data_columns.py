"""Columns with and without personal data, made from a seed, and how often each judge is right about them.

    python -m benchmarks.personal_data_columns            # Govern; and Presidio where the extra [presidio] is installed
    python -m benchmarks.personal_data_columns --write columns.json

``columns(seed)`` gives the set: (name, kind, role, values, entity), with no entity where there is no personal data. A
column counts as found when the judge names its type; naming a type for a column that has none, or the wrong type,
counts against precision. Govern reads name and values, Presidio knows values only.
"""

# ruff: noqa: E501, UP031  one column of the set is one line, as short as it goes

import argparse
import json
import random
import string
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from stdnum import iso7064, luhn, verhoeff
from stdnum.br import cpf
from stdnum.cn import ric
from stdnum.de import idnr
from stdnum.es import dni
from stdnum.jp import in_ as my_number
from stdnum.kr import rrn

ROWS = 300
# Half of these names are in no list of the product.
FIRST = [
    "Emma",
    "Liam",
    "Olivia",
    "Noah",
    "Mary",
    "John",
    "Sofia",
    "Lucas",
    "Priya",
    "Wei",
    "Fatima",
    "Lars",
    "Ines",
    "Tomasz",
    "Zsofia",
    "Bojan",
    "Eilidh",
    "Kwame",
    "Anouk",
    "Sinead",
    "Ottoline",
    "Aino",
    "Rurik",
    "Xiomara",
    "Yevgenia",
]
LAST = [
    "Smith",
    "Garcia",
    "Novak",
    "Okafor",
    "Lindqvist",
    "Rossi",
    "Tanaka",
    "Kowalczyk",
    "Fernandes",
    "Byrne",
    "Haddad",
    "Johnson",
    "Brown",
    "Vandermeer",
    "Szabo",
    "Petrovic",
    "Achterberg",
    "Wilson",
    "Taylor",
    "Dubois",
]
STREETS = [
    "Oak Street",
    "Mill Lane",
    "High Street",
    "Station Road",
    "Rue de Lyon",
    "Hauptstraße",
    "Via Roma",
    "Maple Avenue",
    "Church Road",
    "Elm Drive",
]
CITIES = ["London", "Paris", "Madrid", "Oslo", "Leeds", "Porto", "Graz", "Boston", "Denver", "Lyon", "Kraków", "Malmö"]
SURNAMES, GIVEN = "王李张刘陈杨黄赵吴周徐孙", "伟芳娜敏静丽强磊洋艳勇军杰娟涛超明霞"
NOUNS = [
    "mug",
    "lamp",
    "cushion",
    "bag",
    "clock",
    "candle",
    "frame",
    "box",
    "kettle",
    "blanket",
    "sponge",
    "cake",
    "teapot",
    "bunting",
    "holder",
    "tray",
    "bell",
    "ribbon",
    "card",
    "heart",
]
ADJECTIVES = [
    "red",
    "blue",
    "vintage",
    "small",
    "large",
    "wooden",
    "glass",
    "ceramic",
    "retro",
    "pink",
    "white",
    "french",
    "garden",
    "christmas",
    "spotty",
    "metal",
]
BRANDS = [
    "Acme",
    "Nordwind",
    "Bosch",
    "Siemens",
    "Philips",
    "Sony",
    "Dell",
    "Samsung",
    "Tesla",
    "Ford",
    "Ferrero",
    "Martini",
    "Levi's",
    "Calvin Klein",
    "Hugo Boss",
    "Ben Sherman",
]
AGENTS = ["Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0.{} Safari/537.36",
          "Mozilla/5.0 (iPhone; CPU iPhone OS 17_{} like Mac OS X) AppleWebKit/605.1.15", "curl/8.{}.1"]  # fmt: skip


class Column(NamedTuple):
    name: str
    kind: str
    values: list[str]
    entity: str = ""
    role: str = ""


Make = Callable[[random.Random], object]


def columns(seed: int = 20) -> list[Column]:
    """The whole set; the same for the same seed."""
    rng = random.Random(seed)  # noqa: S311  a benchmark, no secret
    made = []
    for name, kind, entity, make, *role in [*positives(), *negatives()]:
        made.append(Column(name, kind, [str(make(rng)) for _ in range(ROWS)], entity, role[0] if role else ""))
    from benchmarks.personal_data_third_look import third

    return [*made, *sequences(), *later(rng), *third(seed)]


def digits(rng: random.Random, count: int, first: str = "123456789") -> str:
    return rng.choice(first) + "".join(rng.choice(string.digits) for _ in range(count - 1))


def day(rng: random.Random, first: int, last: int) -> date:
    return date(first, 1, 1) + timedelta(days=rng.randrange((date(last, 12, 31) - date(first, 1, 1)).days))


def full_name(rng: random.Random) -> str:
    return f"{rng.choice(FIRST)} {rng.choice(LAST)}"


def chinese_name(rng: random.Random) -> str:
    return rng.choice(SURNAMES) + "".join(rng.choice(GIVEN) for _ in range(rng.choice((1, 2))))


def email(rng: random.Random) -> str:
    return f"{rng.choice(FIRST).lower()}.{rng.choice(LAST).lower()}{rng.randrange(99)}@{rng.choice(('shop.example', 'mail.org', 'post.de', 'qq.com'))}"


def resident(rng: random.Random) -> str:
    body = (
        rng.choice(("110101", "310104", "440305", "510107")) + day(rng, 1950, 2005).strftime("%Y%m%d") + digits(rng, 3)
    )
    return body + ric.calc_check_digit(body + "0")


def card(rng: random.Random, prefix: str = "4", length: int = 16) -> str:
    body = prefix + digits(rng, length - 1 - len(prefix))
    return body + luhn.calc_check_digit(body)


def spaced(number: str) -> str:
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))


def iban(rng: random.Random, country: str = "DE", bank: str = "") -> str:
    body = bank + digits(rng, 18 - len(bank) if country == "DE" else 14)
    number = "".join(str(int(sign, 36)) for sign in f"{body}{country}00")
    return f"{country}{98 - int(number) % 97:02d}{body}"


def chinese_mobile(rng: random.Random) -> str:
    return rng.choice(("138", "139", "150", "186", "177", "199", "135", "158")) + digits(rng, 8, string.digits)


def us_phone(rng: random.Random) -> str:
    return f"({rng.choice(('212', '415', '305', '617', '702'))}) {rng.choice('23456789')}{rng.randrange(10, 100)}-{rng.randrange(1000, 10000)}"


def insee(rng: random.Random) -> str:
    body = f"{rng.choice('12')}{rng.randrange(40, 99)}{rng.randrange(1, 13):02d}{rng.randrange(1, 96):02d}{rng.randrange(1, 900):03d}{rng.randrange(1, 999):03d}"
    return body + f"{97 - int(body) % 97:02d}"


def codice(rng: random.Random) -> str:
    from stdnum.it import codicefiscale

    body = (
        "".join(rng.choice("BCDFGLMNPRST") for _ in range(6))
        + f"{rng.randrange(40, 99)}{rng.choice('ABCDEHLMPRST')}{rng.randrange(1, 29):02d}H501"
    )
    return body + codicefiscale.calc_check_digit(body)


def korean(rng: random.Random) -> str:
    body = day(rng, 1950, 1999).strftime("%y%m%d") + rng.choice("12") + digits(rng, 5, string.digits)
    return f"{body[:6]}-{body[6:]}{rrn.calc_check_digit(body + '0')}"


def german_tax(rng: random.Random) -> str:
    while True:
        kinds = rng.sample(string.digits, 9)
        body = [*kinds, rng.choice(kinds)]
        rng.shuffle(body)
        text = "".join(body)
        number = text + iso7064.mod_11_10.calc_check_digit(text)
        if idnr.is_valid(number):
            return number


def mac(rng: random.Random) -> str:
    return ":".join(f"{rng.randrange(256):02x}" for _ in range(6))


def uuid(rng: random.Random) -> str:
    text = f"{rng.getrandbits(128):032x}"
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:]}"


def ipv4(rng: random.Random) -> str:
    return ".".join(str(rng.randrange(1, 224 if place == 0 else 255)) for place in range(4))


def pan(rng: random.Random) -> str:
    letters = "".join(rng.choice(string.ascii_uppercase) for _ in range(3))
    return f"{letters}{rng.choice('PCHF')}{rng.choice(string.ascii_uppercase)}{rng.randrange(1, 10000):04d}{rng.choice(string.ascii_uppercase)}"


def ean(rng: random.Random) -> str:
    body = rng.choice(("400", "450", "500", "690", "761", "301", "979")) + digits(rng, 9, string.digits)
    total = sum(int(sign) * (3 if at % 2 else 1) for at, sign in enumerate(body))
    return body + str(-total % 10)


def product(rng: random.Random) -> str:
    return f"{rng.choice(ADJECTIVES)} {rng.choice(NOUNS)} {rng.choice(NOUNS)}"


def eponym(rng: random.Random) -> str:
    return f"{rng.choice(('Victoria', 'Madeira', 'Emma', 'Charlotte', 'Bakewell', 'Louis', 'Amber', 'Jack'))} {rng.choice(NOUNS)}"


def stamp(rng: random.Random, first: int = 2019, last: int = 2025) -> datetime:
    return datetime(2019, 1, 1) + timedelta(seconds=rng.randrange((last - first + 1) * 31_000_000))  # noqa: DTZ001


def line(rng: random.Random) -> str:
    return f"{rng.randrange(1, 240)} {rng.choice(STREETS)}, {rng.choice(CITIES)}"


def positives() -> list[tuple]:
    """At least sixty columns that hold personal data; the third of each is its type."""
    return [
        ("email", "text", "email", email),
        ("customerEmail", "text", "email", email),
        ("c7", "text", "email", email),
        ("邮箱", "text", "email", email),
        ("order_contact", "text", "email", email),
        ("login", "text", "email", email),
        ("phone", "text", "phone", us_phone),
        ("mobile_number", "whole", "phone", chinese_mobile),
        ("手机号", "text", "phone", chinese_mobile),
        ("f_12", "text", "phone", chinese_mobile),
        ("contact", "text", "phone", lambda r: f"+44 20 7{r.randrange(100, 999)} {r.randrange(1000, 9999)}"),
        ("tel", "text", "phone", lambda r: f"0{r.randrange(20, 99)} {r.randrange(10, 99)} {r.randrange(10, 99)} {r.randrange(10, 99)} {r.randrange(10, 99)}"),
        ("phone_no", "whole", "phone", lambda r: r.choice(("212", "415", "305")) + r.choice("23456789") + digits(r, 6)),
        ("whatsapp", "text", "phone", lambda r: "+49 151 " + digits(r, 8)),
        ("id_card", "text", "cn_resident_id", resident),
        ("身份证号", "text", "cn_resident_id", resident),
        ("col_4", "text", "cn_resident_id", resident),
        ("card_number", "text", "payment_card", card),
        ("cc", "text", "payment_card", lambda r: card(r, "34", 15)),
        ("银行卡", "text", "payment_card", lambda r: card(r, "62", 19)),
        ("field_9", "text", "payment_card", lambda r: card(r, r.choice(("4", "51", "6011")), 16)),
        ("payment", "text", "payment_card", lambda r: spaced(card(r, "53"))),
        ("iban", "text", "iban", iban),
        ("bank", "text", "iban", lambda r: spaced(iban(r, "GB", r.choice(("NWBK", "BARC", "LOYD"))))),
        ("ip", "text", "ip_address", ipv4),
        ("remote_addr", "text", "ip_address", ipv4),
        ("x3", "text", "ip_address", ipv4),
        ("client_ip", "text", "ip_address", lambda r: ":".join(f"{r.randrange(4096, 65536):x}" for _ in range(8))),
        ("mac_address", "text", "mac_address", mac),
        ("k2", "text", "mac_address", lambda r: mac(r).upper().replace(":", "-")),
        ("idfa", "text", "device_id", lambda r: uuid(r).upper()),
        ("device_id", "text", "device_id", uuid),
        ("imei", "text", "device_id", lambda r: card(r, "35", 15)),
        ("first_name", "text", "person_name", lambda r: r.choice(FIRST)),
        ("lastName", "text", "person_name", lambda r: r.choice(LAST)),
        ("customer_name", "text", "person_name", full_name),
        ("recipient", "text", "person_name", lambda r: f"{r.choice(LAST)}, {r.choice(FIRST)}"),
        ("name", "text", "person_name", full_name),
        ("姓名", "text", "person_name", chinese_name),
        ("收货人", "text", "person_name", chinese_name),
        ("cardholder", "text", "person_name", lambda r: full_name(r).upper()),
        ("address", "text", "postal_address", line),
        ("street", "text", "postal_address", lambda r: f"{r.choice(STREETS)} {r.randrange(1, 99)}"),
        ("delivery_address", "text", "postal_address", line),
        ("收货地址", "text", "postal_address", lambda r: f"{r.choice(('上海市徐汇区', '北京市海淀区'))}{r.choice(('中山', '人民', '建国'))}路{r.randrange(1, 900)}号{r.randrange(101, 999)}室"),
        ("v11", "text", "postal_address", lambda r: f"{r.randrange(1, 240)} {r.choice(('Oak Street', 'Mill Lane', 'High Street', 'Church Road'))}"),
        ("date_of_birth", "time", "birth_date", lambda r: day(r, 1940, 2006)),
        ("birthday", "text", "birth_date", lambda r: day(r, 1940, 2006).strftime("%d/%m/%Y")),
        ("出生日期", "text", "birth_date", lambda r: day(r, 1940, 2006)),
        ("birth_year", "whole", "birth_date", lambda r: r.randrange(1940, 2006)),
        ("age", "whole", "age", lambda r: r.randrange(18, 90)),
        ("customer_age", "decimal", "age", lambda r: float(r.randrange(18, 90))),
        ("年龄", "whole", "age", lambda r: r.randrange(18, 90)),
        ("gender", "text", "gender", lambda r: r.choice(("M", "F"))),
        ("city", "text", "city", lambda r: r.choice(CITIES)),
        ("所在城市", "text", "city", lambda r: r.choice(("上海", "北京", "广州", "成都"))),
        ("zip_code", "text", "postcode", lambda r: digits(r, 5)),
        ("latitude", "decimal", "coordinates", lambda r: round(r.uniform(-60, 60), 6)),
        ("home_location", "text", "coordinates", lambda r: f"{r.uniform(-60, 60):.5f},{r.uniform(-170, 170):.5f}"),
        ("username", "text", "username", lambda r: f"{r.choice(FIRST).lower()}_{r.randrange(100)}"),
        ("昵称", "text", "username", lambda r: f"小{r.choice(GIVEN)}{r.randrange(100)}"),
        ("ssn", "text", "us_ssn", lambda r: f"{r.randrange(100, 660)}-{r.randrange(10, 99)}-{r.randrange(1000, 9999)}"),
        ("tax", "text", "us_ssn", lambda r: f"{r.randrange(100, 660)}-{r.randrange(10, 99)}-{r.randrange(1000, 9999)}"),
        ("nino", "text", "uk_nino", lambda r: f"{r.choice('ABCEHJ')}{r.choice('ABCEHJ')}{digits(r, 6)}{r.choice('ABCD')}"),
        ("steuer_id", "text", "de_tax_id", german_tax),
        ("dni", "text", "es_dni", lambda r: (lambda n: n + dni.calc_check_digit(n))(digits(r, 8))),
        ("codice_fiscale", "text", "it_codice_fiscale", codice),
        ("cpf", "text", "br_cpf", lambda r: (lambda n: cpf.format(n + cpf._calc_check_digits(n)))(digits(r, 9))),
        ("aadhaar", "text", "in_aadhaar", lambda r: (lambda n: n + verhoeff.calc_check_digit(n))(digits(r, 11, "23456789"))),
        ("pan", "text", "in_pan", pan),
        ("my_number", "text", "jp_my_number", lambda r: (lambda n: n + my_number.calc_check_digit(n))(digits(r, 11))),
        ("rrn", "text", "kr_rrn", korean),
        ("insee", "text", "fr_insee", insee),
        ("passport_no", "text", "passport", lambda r: "E" + digits(r, 8)),
        ("车牌号", "text", "vehicle_plate", lambda r: f"沪{r.choice('ABCD')}{digits(r, 5)}"),
        ("religion", "text", "religion", lambda r: r.choice(("Christian", "Muslim", "Hindu", "none", "Jewish"))),
        ("diagnosis", "text", "health", lambda r: r.choice(("asthma", "diabetes", "hypertension", "none"))),
        ("病史", "text", "health", lambda r: r.choice(("高血压", "糖尿病", "无"))),
        ("w5", "text", "health", lambda r: r.choice(("asthma", "diabetes", "hypertension", "epilepsy", "migraine"))),
        ("bmi", "decimal", "body_measure", lambda r: round(r.uniform(17, 38), 1)),
        ("height", "text", "body_measure", lambda r: f"{r.choice('56')}' {r.randrange(12)}\""),
        ("bust_size", "text", "body_measure", lambda r: f"{r.randrange(30, 42, 2)}{r.choice(('a', 'b', 'c', 'd', 'dd'))}"),
        ("身高", "whole", "body_measure", lambda r: r.randrange(148, 196)),
        ("sexual_orientation", "text", "sexual_orientation", lambda r: r.choice(("heterosexual", "gay", "bisexual"))),
        ("political_party", "text", "politics", lambda r: r.choice(("Labour", "Green", "Conservative"))),
        ("政治面貌", "text", "politics", lambda r: r.choice(("群众", "中共党员", "共青团员"))),
        ("union_member", "boolean", "trade_union", lambda r: r.choice(("true", "false"))),
        ("customer_id", "whole", "user_id", lambda r: r.randrange(12346, 18288)),
        ("客户编号", "text", "user_id", lambda r: "U" + digits(r, 7)),
        ("visitor", "text", "user_id", uuid, "user"),
    ]  # fmt: skip


def negatives() -> list[tuple]:
    """At least a hundred columns without: what other finders take for personal data."""
    word = lambda r: "".join(r.choice(string.ascii_uppercase) for _ in range(3))  # noqa: E731
    plain: list[tuple] = [
        ("created_at", "whole", lambda r: int(stamp(r).timestamp())),
        ("ts", "whole", lambda r: int(stamp(r).timestamp())),
        ("event_time", "whole", lambda r: int(stamp(r).timestamp() * 1000)),
        ("updated", "text", lambda r: int(stamp(r).timestamp())),
        ("col_a", "whole", lambda r: int(stamp(r).timestamp())),
        ("col_b", "whole", lambda r: int(stamp(r).timestamp() * 1000)),
        ("col_c", "text", lambda r: int(stamp(r).timestamp())),
        ("epoch_us", "whole", lambda r: int(stamp(r).timestamp() * 1_000_000)),
        ("ean", "text", ean),
        ("barcode", "whole", ean),
        ("gtin13", "text", ean),
        ("col_d", "text", ean),
        ("col_e", "whole", ean),
        ("upc", "text", lambda r: digits(r, 12)),
        ("isbn", "text", lambda r: "978" + digits(r, 10)),
        ("gtin14", "text", lambda r: "1" + digits(r, 13)),
        ("sku", "text", lambda r: f"{word(r)}-{digits(r, 6)}"),
        ("sku_code", "text", lambda r: f"{r.choice(string.ascii_uppercase)}{digits(r, 7)}"),
        ("col_f", "text", lambda r: f"{word(r)}{digits(r, 4)}"),
        ("col_g", "text", lambda r: f"{r.choice(string.ascii_uppercase)}{digits(r, 8)}"),
        ("article_no", "text", lambda r: f"{digits(r, 3)}.{digits(r, 3)}.{digits(r, 2)}"),
        ("StockCode", "text", lambda r: digits(r, 5) + r.choice(("", "A", "B"))),
        ("item_sku", "text", lambda r: f"555-{digits(r, 4)}-{digits(r, 3)}"),
        ("part_number", "text", lambda r: f"{digits(r, 3)}-{digits(r, 3)}-{digits(r, 4)}"),
        ("model_number", "text", lambda r: f"{word(r)}{digits(r, 5)}{word(r)}"),
        ("asin", "text", lambda r: "B0" + "".join(r.choice(string.ascii_uppercase + string.digits) for _ in range(8))),
        ("order_number", "whole", lambda r: digits(r, 10)),
        ("order_id", "text", lambda r: f"{digits(r, 3)}-{digits(r, 7)}-{digits(r, 7)}"),
        ("invoice_no", "text", lambda r: digits(r, 6)),
        ("订单号", "text", lambda r: "2024" + digits(r, 12)),
        ("order_ref", "whole", lambda r: "138" + digits(r, 8)),
        ("transaction_id", "text", lambda r: digits(r, 16)),
        ("receipt", "whole", lambda r: digits(r, 9)),
        ("tracking_number", "text", lambda r: digits(r, 16, "4")),
        ("waybill", "text", lambda r: digits(r, 12)),
        ("parcel", "text", lambda r: digits(r, 15)),
        ("快递单号", "text", lambda r: "SF" + digits(r, 13)),
        ("col_h", "text", lambda r: digits(r, 16, "45")),
        ("col_i", "whole", lambda r: digits(r, 18)),
        ("shipment_id", "text", lambda r: "1Z" + "".join(r.choice(string.ascii_uppercase + string.digits) for _ in range(16))),
        ("batch", "text", lambda r: stamp(r).strftime("%Y%m%d%H%M%S") + digits(r, 4)),
        ("run_id", "text", lambda r: stamp(r).strftime("%Y%m%d%H%M%S") + "000"),
        ("col_j", "whole", lambda r: stamp(r).strftime("%Y%m%d%H%M%S")),
        ("year", "whole", lambda r: r.randrange(1950, 2025)),
        ("release_year", "whole", lambda r: r.randrange(1950, 2025)),
        ("col_k", "whole", lambda r: r.randrange(1950, 2025)),
        ("vintage", "whole", lambda r: r.randrange(1950, 2025)),
        ("ACADEMIC_YEAR_CODE", "text", lambda r: f"{r.randrange(2010, 2024)}{r.choice(('A', 'B'))}"),
        ("academic_year", "text", lambda r: (lambda y: f"{y}/{y + 1}")(r.randrange(2010, 2024))),
        ("COURSE_CODE", "text", lambda r: f"{word(r)}{digits(r, 3)}"),
        ("fiscal_week", "whole", lambda r: f"{r.randrange(2015, 2024)}{r.randrange(1, 53):02d}"),
        ("brand", "text", lambda r: r.choice(BRANDS)),
        ("manufacturer", "text", lambda r: r.choice(BRANDS)),
        ("brand_name", "text", lambda r: r.choice(BRANDS)),
        ("品牌", "text", lambda r: r.choice(("华为", "小米", "李宁", "安踏", "王老吉"))),
        ("col_l", "text", lambda r: r.choice(BRANDS)),
        ("designer_brand", "text", lambda r: r.choice(("Hugo Boss", "Calvin Klein", "Ralph Lauren", "Tom Ford", "Paul Smith"))),
        ("browser", "text", lambda r: r.choice(("Chrome", "Firefox", "Safari", "Edge", "Opera"))),
        ("user_agent", "text", lambda r: r.choice(AGENTS).format(r.randrange(9))),
        ("browser_name", "text", lambda r: r.choice(("Chrome Mobile", "Samsung Internet", "Mobile Safari"))),
        ("os_version", "text", lambda r: f"{r.randrange(8, 18)}.{r.randrange(9)}.{r.randrange(9)}"),
        ("app_version", "text", lambda r: f"{r.randrange(1, 9)}.{r.randrange(20)}.{r.randrange(20)}.{r.randrange(60)}"),
        ("firmware", "text", lambda r: f"1.{r.randrange(9)}.{r.randrange(9)}.{r.randrange(9)}"),
        ("col_m", "text", lambda r: f"{r.randrange(1, 5)}.{r.randrange(9)}.{r.randrange(9)}.{r.randrange(40)}"),
        ("price", "decimal", lambda r: round(r.uniform(0.1, 900), 2)),
        ("unit_price", "text", lambda r: f"€{r.uniform(1, 90):.2f}"),
        ("revenue", "decimal", lambda r: round(r.uniform(1000, 9_000_000), 2)),
        ("金额", "decimal", lambda r: round(r.uniform(1, 900), 2)),
        ("col_n", "decimal", lambda r: round(r.uniform(0, 120), 4)),
        ("quantity", "whole", lambda r: r.randrange(1, 100)),
        ("stock", "whole", lambda r: r.randrange(0, 120)),
        ("col_o", "whole", lambda r: r.randrange(18, 90)),
        ("views", "whole", lambda r: digits(r, 7)),
        ("impressions", "whole", lambda r: digits(r, 9)),
        ("position", "whole", lambda r: r.randrange(1, 50)),
        ("rating", "decimal", lambda r: r.choice((1.0, 2.5, 4.0, 5.0))),
        ("md5", "text", lambda r: f"{r.getrandbits(128):032x}"),
        ("checksum", "text", lambda r: f"{r.getrandbits(256):064x}"),
        ("etag", "text", lambda r: f"{r.getrandbits(160):040x}"),
        ("col_p", "text", lambda r: f"{r.getrandbits(128):032x}"),
        ("commit", "text", lambda r: f"{r.getrandbits(160):040x}"),
        ("uuid", "text", uuid),
        ("event_id", "text", uuid),
        ("col_q", "text", uuid),
        ("trace_id", "text", lambda r: f"{r.getrandbits(64):016x}"),
        ("product_name", "text", product),
        ("title", "text", eponym),
        ("item_name", "text", eponym),
        ("name", "text", product),
        ("description", "text", eponym),
        ("商品名称", "text", lambda r: r.choice(("王老吉凉茶", "张小泉剪刀", "李宁跑鞋", "周黑鸭", "老干妈"))),
        ("name", "text", lambda r: product(r).upper(), "", "title"),
        ("品名", "text", lambda r: r.choice(("凉茶", "剪刀", "跑鞋", "鸭脖"))),
        ("product", "text", lambda r: f"{r.choice(CITIES)} {r.choice(NOUNS)}"),
        ("souvenir", "text", lambda r: f"{r.choice(CITIES)} {r.choice(NOUNS)}"),
        ("colour_name", "text", lambda r: r.choice(("Paris Green", "Prussian Blue", "Sienna", "Victoria Red"))),
        ("fragrance", "text", lambda r: r.choice(("Rose", "Jasmine", "Lily", "Amber", "Violet"))),
        ("category", "text", lambda r: r.choice(("Health & Beauty", "Body Care", "Religion Books", "Home"))),
        ("department", "text", lambda r: r.choice(("Women", "Men", "Kids"))),
        ("published", "time", lambda r: day(r, 1950, 2024)),
        ("release_date", "text", lambda r: day(r, 1940, 2024)),
        ("上市日期", "text", lambda r: day(r, 2000, 2024)),
        ("InvoiceDate", "time", lambda r: stamp(r)),
        ("due_date", "text", lambda r: stamp(r).strftime("%d/%m/%Y")),
        ("col_r", "time", lambda r: day(r, 1940, 2006)),
        ("col_s", "text", lambda r: day(r, 1940, 2006).strftime("%d/%m/%Y")),
        ("store_latitude", "decimal", lambda r: round(r.uniform(-60, 60), 6)),
        ("shop_lon", "decimal", lambda r: round(r.uniform(-170, 170), 6)),
        ("warehouse_city", "text", lambda r: r.choice(CITIES)),
        ("store_address", "text", line),
        ("门店城市", "text", lambda r: r.choice(("上海", "北京", "广州"))),
        ("depot_postcode", "text", lambda r: digits(r, 5)),
        ("web_address", "text", lambda r: f"https://shop.example/{r.choice(NOUNS)}/{r.randrange(999)}"),
        ("address", "text", lambda r: f"https://shop.example/{r.choice(NOUNS)}/{r.randrange(999)}"),
        ("url", "text", lambda r: f"https://shop.example/{r.choice(NOUNS)}?id={digits(r, 10)}"),
        ("page", "text", lambda r: f"/{r.choice(NOUNS)}/{r.choice(NOUNS)}"),
        ("image", "text", lambda r: f"{r.choice(NOUNS)}_{digits(r, 8)}.jpg"),
        ("domain", "text", lambda r: f"{r.choice(NOUNS)}.example"),
        ("hostname", "text", lambda r: f"web-{r.randrange(99):02d}.example.net"),
        ("file_path", "text", lambda r: f"/data/{r.choice(NOUNS)}/{digits(r, 8)}.parquet"),
        ("country", "text", lambda r: r.choice(("France", "Germany", "Norway", "Unspecified"))),
        ("currency", "text", lambda r: r.choice(("EUR", "USD", "CNY"))),
        ("language", "text", lambda r: r.choice(("English", "German", "Chinese"))),
        ("status", "text", lambda r: r.choice(("open", "closed", "paid"))),
        ("event", "text", lambda r: r.choice(("view", "cart", "purchase"))),
        ("channel", "text", lambda r: r.choice(("mail", "phone", "web"))),
        ("contact_channel", "text", lambda r: r.choice(("e-mail", "telephone", "chat"))),
        ("email_sent", "boolean", lambda r: r.choice(("true", "false"))),
        ("email_opened_at", "time", lambda r: stamp(r)),
        ("phone_model", "text", lambda r: r.choice(("iPhone 15", "Galaxy S23", "Pixel 8"))),
        ("mobile", "boolean", lambda r: r.choice(("true", "false"))),
        ("card_type", "text", lambda r: r.choice(("visa", "mastercard", "gift"))),
        ("ip_count", "whole", lambda r: r.randrange(1, 40)),
        ("age_days", "whole", lambda r: r.randrange(1, 100)),
        ("product_age", "whole", lambda r: r.randrange(1, 30)),
        ("recommended_age", "text", lambda r: r.choice(("3+", "8+", "12+"))),
        ("weight", "decimal", lambda r: round(r.uniform(0.1, 30), 2)),
        ("package_height", "decimal", lambda r: round(r.uniform(1, 200), 1)),
        ("net_weight_kg", "decimal", lambda r: round(r.uniform(40, 90), 1)),
        ("shoe_size", "decimal", lambda r: r.choice((38.0, 39.5, 42.0, 44.0))),
        ("page_orientation", "text", lambda r: r.choice(("portrait", "landscape"))),
        ("book_genre", "text", lambda r: r.choice(("Religion", "Health", "Politics", "Crime"))),
        ("score", "decimal", lambda r: round(r.random(), 6)),
        ("embedding_0", "decimal", lambda r: round(r.uniform(-1, 1), 6)),
        ("discount_code", "text", lambda r: r.choice(("SAVE10", "WELCOME", "SUMMER24"))),
        ("coupon", "text", lambda r: "".join(r.choice(string.ascii_uppercase + string.digits) for _ in range(9))),
        ("search_query", "text", product),
        ("review_title", "text", lambda r: r.choice(("Great value", "Not for me", "Love it", "Broke after a week"))),
        ("length_cm", "decimal", lambda r: round(r.uniform(1, 200), 1)),
        ("serial", "text", lambda r: "".join(r.choice(string.ascii_uppercase + string.digits) for _ in range(12))),
    ]  # fmt: skip
    return [(name, kind, "", make, *(rest[1:] if rest else ())) for name, kind, make, *rest in plain]


def sequences() -> list[Column]:
    """Columns whose values follow one another: no rows of people's numbers do."""
    return [
        Column("id", "whole", [str(13_800_000_000 + at) for at in range(ROWS)]),
        Column("row", "whole", [str(1_000_000_000 + at) for at in range(ROWS)]),
        Column("seq", "text", [f"{at:09d}" for at in range(ROWS)]),
        Column("constant", "text", ["127.0.0.1"] * ROWS),
        Column("server", "text", ["10.0.0.5", "10.0.0.6"] * (ROWS // 2)),
    ]


def later(r: random.Random) -> list[Column]:
    """Columns thought of after the judge was written, in two rounds; each round was judged once before anything was
    mended: precision 0.71 and recall 0.80 in the first, 0.88 and 0.83 in the second."""
    rows = range(ROWS)
    made: list[tuple[str, str, list[object], str]] = [
        ("sender", "text", [full_name(r) for _ in rows], "person_name"),
        ("consignee", "text", [full_name(r) for _ in rows], "person_name"),
        ("nombre", "text", [r.choice(FIRST) for _ in rows], "person_name"),
        ("Telefon", "text", ["0" + digits(r, 9) for _ in rows], "phone"),
        ("contact_tel", "text", [us_phone(r) for _ in rows], "phone"),
        ("geburtstag", "text", [day(r, 1950, 2000).strftime("%d.%m.%Y") for _ in rows], "birth_date"),
        ("user_email_addr", "text", [email(r) for _ in rows], "email"),
        ("notify_to", "text", [email(r) for _ in rows], "email"),
        ("ship_addr_1", "text", [line(r) for _ in rows], "postal_address"),
        ("assigned_agent", "text", [full_name(r) for _ in rows], ""),
        ("created_by", "text", [email(r) for _ in rows], "email"),
        ("warehouse_code", "text", [digits(r, 5) for _ in rows], ""),
        ("bin_location", "text", [f"A{r.randrange(99)}-{r.randrange(99)}" for _ in rows], ""),
        ("lead_time_days", "whole", [str(r.randrange(1, 60)) for _ in rows], ""),
        ("hs_code", "text", [digits(r, 10) for _ in rows], ""),
        ("duns", "text", [digits(r, 9) for _ in rows], ""),
        ("vat_id", "text", ["DE" + digits(r, 9) for _ in rows], ""),
        ("lot_no", "text", ["E" + digits(r, 8) for _ in rows], ""),
        ("shelf_life", "text", [str(r.randrange(1, 100)) for _ in rows], ""),
        ("pack_size", "text", [f"{r.randrange(1, 24)} x {r.randrange(50, 900)} g" for _ in rows], ""),
        ("author", "text", [full_name(r) for _ in rows], "person_name"),
        (
            "album_artist",
            "text",
            [r.choice(["Taylor Swift", "John Coltrane", "Diana Ross", "Paul Simon"]) for _ in rows],
            "",
        ),
        ("actor", "text", [full_name(r) for _ in rows], "person_name"),
        ("clickstream_ms", "whole", [str(1_700_000_000_000 + r.randrange(10**9)) for _ in rows], ""),
        (
            "gclid",
            "text",
            ["".join(r.choice(string.ascii_letters + string.digits) for _ in range(60)) for _ in rows],
            "",
        ),
        ("cookie", "text", [uuid(r) for _ in rows], ""),
        ("rfc_time", "text", ["Tue, 05 Mar 2024 10:00:0%d GMT" % r.randrange(9) for _ in rows], ""),
        ("yyyymmdd", "whole", [day(r, 2015, 2024).strftime("%Y%m%d") for _ in rows], ""),
        ("season", "text", [r.choice(["SS24", "AW23"]) for _ in rows], ""),
        ("fabric", "text", [r.choice(["Cotton", "Wool", "Jersey", "Denim"]) for _ in rows], ""),
        (
            "dimension_text",
            "text",
            [f"{r.randrange(9, 99)} x {r.randrange(9, 99)} x {r.randrange(9, 99)} cm" for _ in rows],
            "",
        ),
        ("tax_rate", "decimal", [str(r.choice([0.07, 0.19])) for _ in rows], ""),
        ("lat_store", "decimal", [str(round(r.uniform(-50, 50), 6)) for _ in rows], ""),
        ("gps", "text", [f"{r.uniform(-50, 50):.5f}, {r.uniform(-90, 90):.5f}" for _ in rows], "coordinates"),
        ("blood_group", "text", [r.choice(["A+", "O-", "B+"]) for _ in rows], "health"),
        ("allergens", "text", [r.choice(["nuts", "milk", "gluten"]) for _ in rows], ""),
        ("party", "text", [r.choice(["wedding", "birthday"]) for _ in rows], ""),
        ("race", "text", [r.choice(["marathon", "10k"]) for _ in rows], ""),
        ("orientation", "text", [r.choice(["portrait", "landscape"]) for _ in rows], ""),
        ("height", "decimal", [str(round(r.uniform(1, 60), 1)) for _ in rows], ""),
        ("cell", "text", [f"B{r.randrange(9)}" for _ in rows], ""),
        ("contact", "text", [r.choice(["yes", "no"]) for _ in rows], ""),
        ("member", "text", [r.choice(["gold", "silver"]) for _ in rows], ""),
        ("handle", "text", [r.choice(["steel", "wood", "plastic"]) for _ in rows], ""),
        ("long", "decimal", [str(round(r.uniform(10, 90), 1)) for _ in rows], ""),
        ("cap", "text", [str(r.randrange(100, 999)) for _ in rows], ""),
        ("login", "time", [str(stamp(r)) for _ in rows], ""),
        ("faith", "text", [r.choice(FIRST) for _ in rows], ""),
        ("mail", "text", [r.choice(["yes", "no"]) for _ in rows], ""),
        ("born", "text", [r.choice(["yes", "no"]) for _ in rows], ""),
        ("street", "text", [r.choice(["yes", "no"]) for _ in rows], ""),
        ("treatment", "text", [r.choice(["A", "B", "control"]) for _ in rows], ""),
        ("church", "text", [r.choice(["candle", "bell"]) for _ in rows], ""),
        ("portable", "boolean", ["true", "false"] * (ROWS // 2), ""),
        ("handy", "text", ["yes", "no"] * (ROWS // 2), ""),
        ("born_in", "text", [r.choice(CITIES) for _ in rows], ""),
        ("capital", "text", [r.choice(CITIES) for _ in rows], ""),
        ("destination_city", "text", [r.choice(CITIES) for _ in rows], "city"),
        ("donor", "text", [full_name(r) for _ in rows], "person_name"),
        ("guest_name", "text", [full_name(r) for _ in rows], "person_name"),
        ("holder", "text", [full_name(r) for _ in rows], "person_name"),
        ("reply_to", "text", [email(r) for _ in rows], "email"),
        ("Kontakt", "text", [email(r) for _ in rows], "email"),
        (
            "sms_number",
            "text",
            ["+33 6 %02d %02d %02d %02d" % tuple(r.randrange(10, 99) for _ in range(4)) for _ in rows],
            "phone",
        ),
        ("手机", "whole", [chinese_mobile(r) for _ in rows], "phone"),
        ("last_login_ip", "text", [ipv4(r) for _ in rows], "ip_address"),
        ("src", "text", [ipv4(r) for _ in rows], "ip_address"),
        ("bill_to_street", "text", [line(r) for _ in rows], "postal_address"),
        ("dob", "text", [day(r, 1950, 2000).strftime("%m/%d/%y") for _ in rows], "birth_date"),
        ("yob", "whole", [str(r.randrange(1940, 2005)) for _ in rows], "birth_date"),
        ("PLZ", "text", [digits(r, 5) for _ in rows], "postcode"),
        ("hometown", "text", [r.choice(CITIES) for _ in rows], "city"),
        ("id_no", "text", [resident(r) for _ in rows], "cn_resident_id"),
        ("acct", "text", [spaced(iban(r)) for _ in rows], "iban"),
        ("visa_no", "text", [card(r) for _ in rows], "payment_card"),
        ("medical_notes_code", "text", [r.choice(["asthma", "epilepsy"]) for _ in rows], "health"),
        ("user", "text", ["U%06d" % r.randrange(10**6) for _ in rows], ""),
        ("nickname_of_product", "text", [eponym(r) for _ in rows], ""),
        ("street_date", "text", [day(r, 2010, 2024) for _ in rows], ""),
        ("mobile_os", "text", [r.choice(["iOS", "Android"]) for _ in rows], ""),
        ("email_template", "text", [r.choice(["welcome", "reset"]) for _ in rows], ""),
        ("email_hash_type", "text", ["sha256"] * ROWS, ""),
        ("phone_brand", "text", [r.choice(["Apple", "Samsung"]) for _ in rows], ""),
        ("ip_version", "text", [r.choice(["4", "6"]) for _ in rows], ""),
        ("age_rating", "text", [r.choice(["3", "7", "12", "18"]) for _ in rows], ""),
        ("gender_target", "text", [r.choice(["men", "women", "unisex"]) for _ in rows], ""),
        ("city_count", "whole", [str(r.randrange(50)) for _ in rows], ""),
        ("zip_file", "text", ["a%d.zip" % r.randrange(99) for _ in rows], ""),
        ("address_id", "whole", [digits(r, 6) for _ in rows], ""),
        ("name_en", "text", [product(r).title() for _ in rows], ""),
        ("label", "text", [eponym(r).title() for _ in rows], ""),
        ("short_name", "text", [r.choice(["Bosch", "Tefal", "Krups"]) for _ in rows], ""),
        (
            "model",
            "text",
            ["%d-%d-%d" % (r.randrange(100, 999), r.randrange(100, 999), r.randrange(1000, 9999)) for _ in rows],
            "",
        ),
        ("ref", "text", [f"{digits(r, 4)} {digits(r, 4)}" for _ in rows], ""),
        ("meter_reading", "whole", [digits(r, 9) for _ in rows], ""),
        ("counter", "whole", [digits(r, 11, "1") for _ in rows], ""),
        ("nonce", "text", [f"{r.getrandbits(64):016x}" for _ in rows], ""),
        ("build_number", "text", ["10.0.%d.%d" % (r.randrange(10000, 29999), r.randrange(999)) for _ in rows], ""),
        ("oid", "text", ["1.3.6.%d" % r.randrange(99) for _ in rows], ""),
        (
            "schedule",
            "text",
            ["%02d:%02d:%02d" % (r.randrange(24), r.randrange(60), r.randrange(60)) for _ in rows],
            "",
        ),
        ("ratio", "text", ["%d:%d" % (r.randrange(9), r.randrange(9)) for _ in rows], ""),
        ("tel_included", "boolean", ["true", "false"] * (ROWS // 2), ""),
        ("pos_terminal", "text", [digits(r, 8) for _ in rows], ""),
        ("gift_card_balance", "decimal", [str(round(r.uniform(0, 99), 2)) for _ in rows], ""),
        ("card_expiry", "text", ["%02d/%02d" % (r.randrange(1, 13), r.randrange(24, 31)) for _ in rows], ""),
        ("card_last4", "text", [digits(r, 4) for _ in rows], ""),
        ("isrc", "text", ["GBAYE%07d" % r.randrange(10**7) for _ in rows], ""),
        ("imo", "text", ["IMO " + digits(r, 7) for _ in rows], ""),
        ("flight", "text", ["LH%d" % r.randrange(100, 999) for _ in rows], ""),
        (
            "geohash",
            "text",
            ["".join(r.choice("bcdefghjkmnpqrstuvwxyz0123456789") for _ in range(7)) for _ in rows],
            "",
        ),
        ("station", "text", [r.choice(CITIES) for _ in rows], ""),
        ("colour", "text", [r.choice(["Amber", "Jade", "Ruby"]) for _ in rows], ""),
        ("character", "text", [r.choice(["Harry Potter", "Emma Watson", "Luke"]) for _ in rows], ""),
        ("weight_kg", "decimal", [str(round(r.uniform(40, 99), 1)) for _ in rows], ""),
        ("height_cm", "decimal", [str(round(r.uniform(10, 250), 1)) for _ in rows], ""),
        ("health_score", "decimal", [str(r.random()) for _ in rows], ""),
        ("union", "text", [r.choice(["A", "B"]) for _ in rows], ""),
        ("religion_section", "text", [r.choice(["books", "music"]) for _ in rows], ""),
    ]
    return [Column(name, kind, [str(value) for value in values], entity) for name, kind, values, entity in made]


def govern(column: Column) -> str:
    from assessments.quality.personal_data.judging import judge_column

    distinct = len(set(column.values)) / len(column.values)
    found = judge_column(column.name, column.kind, column.values, distinct, column.role)
    return found[0].entity if found else ""


PRESIDIO = {
    "EMAIL_ADDRESS": "email", "PHONE_NUMBER": "phone", "CREDIT_CARD": "payment_card", "IBAN_CODE": "iban",
    "IP_ADDRESS": "ip_address", "MAC_ADDRESS": "mac_address", "US_SSN": "us_ssn", "UK_NINO": "uk_nino",
    "ES_NIF": "es_dni", "IT_FISCAL_CODE": "it_codice_fiscale", "IN_PAN": "in_pan", "IN_AADHAAR": "in_aadhaar",
    "KR_RRN": "kr_rrn", "DE_TAX_ID": "de_tax_id", "US_PASSPORT": "passport",
}  # fmt: skip
NOT_PERSONAL = {"URL", "DATE_TIME", "UUID"}  # nothing that a person is known by


def presidio() -> Callable[[Column], str]:
    """Presidio's pattern recognisers: a column is of the type that half of its values or more contain."""
    from assessments.quality.personal_data.presidio import presidio_spans

    find = presidio_spans()

    def judge(column: Column) -> str:
        counts: dict[str, int] = {}
        for spans in find(column.values):
            for entity in {span.entity for span in spans} - NOT_PERSONAL:
                counts[entity] = counts.get(entity, 0) + 1
        entity, most = max(counts.items(), key=lambda one: one[1], default=("", 0))
        return PRESIDIO.get(entity, entity) if most >= ROWS / 2 else ""

    return judge


def compare(judge: Callable[[Column], str], made: list[Column]) -> dict[str, object]:
    """Counts over the columns: right, wrong (no personal data, or another type), missed."""
    started = perf_counter()
    answers = [judge(column) for column in made]
    right = sum(bool(column.entity) and answer == column.entity for column, answer in zip(made, answers, strict=True))
    wrong = [(c.name, c.entity, a) for c, a in zip(made, answers, strict=True) if a and a != c.entity]
    missed = [(c.name, c.entity) for c, a in zip(made, answers, strict=True) if c.entity and a != c.entity]
    found, held = right + len(wrong), right + len(missed)
    return {
        "columns": len(made),
        "with": held,
        "without": len(made) - held,
        "precision": right / found if found else 0.0,
        "recall": right / held,
        "wrong": wrong,
        "missed": missed,
        "seconds": round(perf_counter() - started, 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--write", type=Path)
    parser.add_argument("--third", action="store_true", help="only the columns of the third look")
    options = parser.parse_args()
    if options.third:
        from benchmarks.personal_data_third_look import third

        made = third(options.seed)
    else:
        made = columns(options.seed)
    if options.write:
        options.write.write_text(json.dumps([column._asdict() for column in made], ensure_ascii=False), "utf-8")
    judges: dict[str, Callable[[Column], str]] = {"govern": govern}
    try:
        judges["presidio"] = presidio()
    except Exception as error:
        print("presidio: not measured,", error)
    for name, judge in judges.items():
        print(name, json.dumps(compare(judge, made), ensure_ascii=False))


if __name__ == "__main__":
    import django
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=False)
        django.setup()
    main()
