"""What looks like personal data and is none: products, prices, codes, counts, times of day."""

import time

from ml.text.personal_texts.world import World

PRODUCTS = """laptop;winter jacket;coffee machine;office chair;garden hose;phone case;running shoes;backpack;desk lamp;water bottle;
bluetooth speaker;tea kettle;yoga mat;rain coat;hiking boots;wool scarf;baby stroller;dog leash;cat tree;bookshelf;mattress;
pillow;air fryer;blender;toaster;drill;hammer;paint brush;screen protector;charger;USB cable;keyboard;mouse;monitor;printer;
router;camera lens;tripod;guitar strings;violin;sheet music;novel;cookbook;board game;puzzle;toy train;doll;tennis racket;
football;bike helmet;car tyre;windscreen wiper;sofa;curtain;rug;dining table;candle;perfume;shampoo;toothbrush;vitamins;
olive oil;chocolate;green tea;wine glass;frying pan;knife set;lunch box;gift card;sweater;jeans;t-shirt;socks;belt;handbag;
sunglasses;watch strap;earrings;sleeping bag;tent;fishing rod""".replace("\n", "").split(";")
# Goods whose names are also names of persons, places or months.
BRANDED = """Chelsea boots;Oxford shirt;Bermuda shorts;Panama hat;Cardigan;Jersey sheets;Moscow mule mug;Victoria sponge;
Bordeaux glass;Lincoln Navigator;Kelly bag;Jack Daniel's;Dr. Pepper;Earl Grey;Granny Smith apples;Martini glass;Paris Hat 2;
Aunt Jemima syrup;Ben & Jerry's ice cream;Levi's 501;Harley Davidson jacket;Calvin Klein shirt;Tommy Hilfiger belt;
Mac Mini;Alexa speaker;Siri;Cortana;Chrome;Firefox;Safari;Opera;Edge;Windows 11;Android 14;Mercedes C 200;Sony WH-1000XM4;
Nikon D750;iPhone 13;Galaxy S22;Kindle Paperwhite;ThinkPad X1;Air Jordan 1;Samsung Frame TV;Dyson V11;Bosch GSR 12;
Monopoly;Excel;Photoshop;Java;Python;Ruby;Swift;Turkey sandwich;China plates;Swiss army knife;French press;
Danish pastry;Brussels sprouts;English muffins;Italian dressing;Persian rug;Dutch oven;May sale;March edition;
Sunday roast;Black Friday deal;Good Friday""".replace("\n", "").split(";")
COLOURS = (
    "red",
    "blue",
    "black",
    "white",
    "green",
    "navy",
    "grey",
    "olive",
    "rose",
    "amber",
    "violet",
    "large",
    "small",
    "XL",
)
REASONS = ("it was broken", "the zip came off", "the colour is wrong", "the box was empty", "it never arrived", "it is too small",
    "the screen is cracked", "it smells odd", "the manual is missing", "I was charged twice", "it stopped working after a week",
    "the seam is loose", "there were only two in the pack", "I ordered the wrong size", "it makes a strange noise")  # fmt: skip


LANGUAGES = ("English", "German", "French", "Spanish", "Italian", "Portuguese", "Dutch", "Polish", "Russian", "Turkish", "Greek",
    "Arabic", "Hebrew", "Hindi", "Urdu", "Chinese", "Mandarin", "Japanese", "Korean", "Thai", "Swahili", "Latin")  # fmt: skip


def language(world: World) -> str:
    return world.rng.choice(LANGUAGES)


def product(world: World) -> str:
    if world.maybe(0.25):
        return world.rng.choice(BRANDED)
    name = world.rng.choice(PRODUCTS)
    return f"{world.rng.choice(COLOURS)} {name}" if world.maybe(0.3) else name


def reason(world: World) -> str:
    return world.rng.choice(REASONS)


def price(world: World) -> str:
    amount = world.rng.choice((9, 99, 999, 4999)) * world.rng.random()
    return world.rng.choice((f"${amount:.2f}", f"{amount:.2f} EUR", f"€{amount:.0f}", f"£{amount:.2f}", f"{amount:.0f} dollars",
                             f"{amount:,.2f} USD", f"{amount:.0f}€", f"${amount:,.0f}", f"CHF {amount:.2f}"))  # fmt: skip


def order(world: World) -> str:
    shape = ("#######", "######", "@@-#####", "@@@######", "#####-@", "ORD-2####", "#@########", "###-#######-#######",
             "INV/20##/####", "##########", "@@########@@")  # fmt: skip
    return ("#" if world.maybe(0.3) else "") + world.shaped(world.rng.choice(shape))


def code(world: World) -> str:
    """A number that counts or opens something, of 4 to 10 digits."""
    return world.digits(world.rng.randint(4, 10))


def sku(world: World) -> str:
    shape = ("@@@-###-@@", "@@####", "@@@###@", "##@@##", "@#####-##", "###.###.##", "@@-@@-###", "@@@_####")
    return world.shaped(world.rng.choice(shape))


def ean(world: World) -> str:
    """EAN-13 with its check digit."""
    body = world.rng.choice(("40", "50", "73", "87", "69", "00", "80")) + world.digits(10)
    total = sum(int(digit) * (1 + 2 * (place % 2)) for place, digit in enumerate(body))
    return body + str(-total % 10)


def epoch(world: World) -> str:
    seconds = world.rng.randrange(1_000_000_000, 1_800_000_000)
    return str(seconds if world.maybe(0.7) else seconds * 1000 + world.rng.randrange(1000))


def count(world: World) -> str:
    return str(world.rng.choice((world.rng.randint(2, 12), world.rng.randint(2, 90), world.rng.randint(100, 5000))))


def small(world: World) -> str:
    return str(world.rng.randint(2, 30))


def clock(world: World) -> str:
    hour, minute = world.rng.randint(1, 12), world.rng.choice(("00", "15", "30", "45", "05"))
    return world.rng.choice(
        (f"{hour}:{minute}", f"{hour} am", f"{hour}pm", f"{hour}:{minute} pm", f"{hour} o'clock", "noon")
    )


def version(world: World) -> str:
    return world.shaped(world.rng.choice(("v#.#", "#.##.#", "build ####", "release #.#", "firmware #.#.##", "#.#.#")))


def stamp(world: World) -> str:
    """A line of a log begins with it."""
    return time.strftime("%b %d %H:%M:%S", time.gmtime(world.rng.randrange(1_000_000_000, 1_800_000_000)))


def words(world: World) -> str:
    """One to five common words in no order."""
    return " ".join(world.english("word") for _ in range(world.rng.randint(1, 5))).lower()


def words_at_start(world: World) -> str:
    text = words(world)
    return text[0].upper() + text[1:]
