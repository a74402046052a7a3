"""Values of every kind that the columns hold, one at a time."""

# ruff: noqa: E501

import random
import string
from datetime import date, datetime, timedelta

from stdnum import iso7064, luhn
from stdnum.cn import ric
from stdnum.de import idnr
from stdnum.kr import rrn

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
