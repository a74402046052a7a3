"""Numbers that name a person or an account, and dates: phone, card, IBAN, licence, e-mail, domain and so on."""

import datetime
import string

from ml.text.personal_texts.organisations import STEMS, organisation
from ml.text.personal_texts.people import first_name, last_name
from ml.text.personal_texts.world import World
from ml.text.tagging.patterns import iban_remainder, luhn

PHONES = ("###-###-####", "(###) ###-####", "(###)###-####", "###.###.####", "+1 ### ### ####", "+1-###-###-####",
    "+44 #### ######", "0#### ######", "07### ######", "07### ### ###", "+49 ### #######", "0### ## ## ##", "0#.##.##.##.##",
    "0# ## ## ## ##", "+33 # ## ## ## ##", "+39 ### ### ####", "0### #######", "### ### ###", "### ## ## ##", "## ## ## ##",
    "##-##-##-##", "## ### ###", "### ####", "#### ####", "(##) #### ####", "(##) ####-####", "(##) ###-###", "+41 ## ### ## ##",
    "+46 (0)## ### ## ##", "+45 ########", "##########", "0#########", "+86 1## #### ####", "1##########", "+81 3-####-####",
    "###-####", "(###) ###-#### x###", "###-###-#### ext. ###", "+420 ### ### ###", "+36 ## ### ###", "00## ## ### ####",
    "0#-#### ####", "0### ### ## ##", "1-800-###-####", "001-###-###-####x####", "+31 6 ########", "08# ### ####",
    "0##-#######", "(0##) #### ####", "0## ### ## ##")  # fmt: skip
CARDS = {"4": (13, 16, 16, 16), "51": (16,), "53": (16,), "55": (16,), "2221": (16,), "34": (15,), "37": (15,),
    "6011": (16,), "35": (16,), "30": (14,), "36": (14,), "62": (16,), "5018": (12, 16), "1800": (15,), "2131": (15,)}  # fmt: skip
IBANS = {"GB": "@@@@##############", "DE": "##################", "FR": "####################@##", "ES": "####################",
    "IT": "@######################", "NL": "@@@@##########", "CH": "#################", "AT": "################",
    "BE": "############", "PL": "########################", "PT": "#####################", "SE": "####################",
    "IE": "@@@@##############", "DK": "##############", "FI": "##############", "NO": "###########"}  # fmt: skip
LICENCES = ("@#######", "@############", "########", "#########", "@###-####-####", "@###-###-##-###-#", "@@######", "@########",
    "#######", "@##-##-####", "###-##-####", "@#### ##### #####", "@@###@@#####", "@@@@@######@", "@#####", "##@@@####",
    "@@#####", "@##############", "@@######@", "## ### ###", "@###-####-####-##", "####-##-####", "@#####-#####-#####")  # fmt: skip
SUFFIXES = ("com", "com", "com", "net", "org", "de", "co.uk", "fr", "it", "es", "nl", "io", "ca", "com.au", "com.br", "at", "ch",
    "be", "dk", "se", "no", "fi", "pl", "cz", "hu", "pt", "si", "hr", "ie", "us", "info", "biz", "shop", "cn", "jp", "eu",
    "gov", "edu", "com.cy", "ee")  # fmt: skip
MAILERS = ("gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "web.de", "gmx.net", "orange.fr", "qq.com", "163.com",
    "example.org", "icloud.com", "libero.it")  # fmt: skip
ACCENTS = str.maketrans("äöüßáàâãåçéèêëíìîïñóòôõøúùûýžšřčěůłńśźżőű", "aousaaaaaceeeeiiiinooooouuuyzsrceulnszzou")
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December")  # fmt: skip
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def phone(world: World) -> str:
    return world.word("phone") if world.maybe(0.5) else world.shaped(world.rng.choice(PHONES))


def card(world: World) -> str:
    """Digits of a payment card with its check digit."""
    prefix = world.rng.choice(list(CARDS))
    body = prefix + world.digits(world.rng.choice(CARDS[prefix]) - len(prefix) - 1)
    number = next(body + digit for digit in string.digits if luhn(body + digit))
    if len(number) == 16 and world.maybe(0.3):
        return world.rng.choice((" ", "-")).join(number[place : place + 4] for place in range(0, 16, 4))
    return number


def iban(world: World) -> str:
    country = world.rng.choice(list(IBANS)) if world.maybe(0.7) else "GB"
    body = world.shaped(IBANS[country])
    check = 98 - iban_remainder(f"{country}00{body}")
    code = f"{country}{check:02d}{body}"
    if world.maybe(0.25):
        return " ".join(code[place : place + 4] for place in range(0, len(code), 4))
    return code.lower() if world.maybe(0.05) else code


def ssn(world: World) -> str:
    joiner = world.rng.choice("----- ")
    return joiner.join(
        (f"{world.rng.randint(1, 899):03d}", f"{world.rng.randint(1, 99):02d}", f"{world.rng.randint(1, 9999):04d}")
    )


def licence(world: World) -> str:
    return world.shaped(world.rng.choice(LICENCES))


def ip(world: World) -> str:
    if world.maybe(0.12):
        return ":".join(f"{world.rng.randint(0, 65535):x}" for _ in range(8))
    return ".".join(str(world.rng.randint(1, 254)) for _ in range(4))


def domain_words(world: World) -> str:
    rng = world.rng
    first, second = rng.choice(STEMS), rng.choice(STEMS)
    name = rng.choice(
        (first + second, f"{first}-{second}", first.capitalize() + second.capitalize(), _plain(world.word("last")))
    )
    return f"{name}.{rng.choice(SUFFIXES)}"


def domain(world: World) -> str:
    rng = world.rng
    start = rng.choices(("http://www.", "https://www.", "http://", "https://", "www.", ""), (3, 3, 3, 3, 2, 2))[0]
    end = rng.choice(("/", "", "/", "/login", "/shop/item?id=" + world.digits(3))) if start.startswith("http") else ""
    return start + domain_words(world) + end


def email(world: World) -> str:
    rng = world.rng
    first, last = _plain(first_name(world)), _plain(last_name(world))
    local = rng.choice(
        (
            first + last,
            f"{first}.{last}",
            f"{first}_{last}",
            f"{first[:1]}{last}",
            f"{first}{world.digits(2)}",
            f"{first.capitalize()}{last.capitalize()}",
            f"{last}.{first}",
            "info",
            "support",
            f"{last}+news",
        )
    )
    host = rng.choice(MAILERS) if world.maybe(0.6) else domain_words(world)
    return f"{local or 'post'}@{host}"


def _plain(name: str) -> str:
    text = name.lower().translate(ACCENTS)
    return "".join(letter for letter in text if letter in string.ascii_lowercase) or "mail"


def day(world: World) -> datetime.date:
    return datetime.date(1930, 1, 1) + datetime.timedelta(days=world.rng.randrange(36000))


def date(world: World) -> str:
    """A calendar date, a year or a day of the week, in one of many forms."""
    when, rng = day(world), world.rng
    month = MONTHS[when.month - 1]
    ending = "th" if 10 < when.day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(when.day % 10, "th")
    clock = f"{rng.randint(0, 23):02d}:{rng.randint(0, 59):02d}"
    forms = (
        f"{when.month}/{when.day}/{when.year}", f"{when.day}/{when.month}/{when.year}", f"{when:%m/%d/%Y}", f"{when:%d/%m/%Y}",
        f"{when:%Y-%m-%d}", f"{when:%Y-%m-%d} {clock}:{rng.randint(0, 59):02d}", f"{when:%Y-%m-%dT}{clock}:00Z",
        f"{when:%d.%m.%Y}", f"{when.day}.{when.month}.{when.year}", f"{when:%d-%m-%Y}", f"{when:%m-%d-%y}", f"{when:%m/%d/%y}",
        f"{month} {when.day}, {when.year}", f"{month} {when.day}{ending}, {when.year}", f"{when.day} {month} {when.year}",
        f"{when.day}{ending} {month} {when.year}", f"{when.day}{ending} of {month}", f"{month} {when.day}", f"{month} {when.year}",
        f"{month} {when.day}{ending}", f"{when.day} {month[:3]} {when.year}", f"{month[:3]} {when.day}, {when.year}",
        f"{when.day}-{month[:3]}-{when.year}", f"{DAYS[when.weekday()]}, {month} {when.day}", f"{when:%Y/%m/%d}", f"{month}",
    )  # fmt: skip
    if world.maybe(0.2):
        return str(rng.choice((when.year, rng.randint(1970, 2026))))
    if world.maybe(0.15):
        return rng.choice(DAYS)
    return rng.choice(forms)


def year(world: World) -> str:
    return str(world.rng.randint(1935, 2026))


def weekday(world: World) -> str:
    name = world.rng.choice(DAYS)
    return name.lower() if world.maybe(0.15) else name


def birthday(world: World) -> str:
    text = date(world)
    return text if any(letter.isdigit() for letter in text) else f"{day(world):%d/%m/%Y}"


def company_mail(world: World) -> str:
    host = "".join(letter for letter in organisation(world).lower() if letter in string.ascii_lowercase) or "office"
    return f"{_plain(first_name(world))}@{host[:20]}.{world.rng.choice(SUFFIXES)}"
