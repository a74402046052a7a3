"""Names of companies and other bodies: known ones, Faker's, and ones put together from words."""

from ml.text.personal_texts.world import World

KNOWN = """Microsoft;Google;Amazon;IBM;Intel;Oracle;SAP;Siemens;Bosch;Samsung;Sony;Toyota;Honda;Nissan;Volkswagen;BMW;Ford;
General Motors;Tesla;Boeing;Airbus;Lufthansa;Air France;KLM;Delta Air Lines;Qantas;Ryanair;Walmart;Tesco;Carrefour;Lidl;Aldi;
IKEA;H&M;Zara;Nike;Adidas;Puma;Unilever;Nestlé;Danone;Procter & Gamble;Johnson & Johnson;Pfizer;Novartis;Roche;Bayer;
Merck;AstraZeneca;GSK;Sanofi;HSBC;Barclays;Deutsche Bank;UBS;Credit Suisse;Goldman Sachs;Morgan Stanley;JPMorgan Chase;
Citigroup;Bank of America;Wells Fargo;ING;Santander;BNP Paribas;Allianz;AXA;Zurich Insurance;Munich Re;PayPal;Stripe;Square;Shopify;eBay;Alibaba;Tencent;Baidu;Huawei;Xiaomi;Lenovo;JD.com;Rakuten;SoftBank;
Facebook;Twitter;LinkedIn;Snapchat;Netflix;Spotify;Uber;Lyft;Airbnb;Booking.com;Expedia;TripAdvisor;Dropbox;Slack;Zoom;
Salesforce;Adobe;Cisco;Dell;HP;Nvidia;AMD;Qualcomm;Ericsson;Nokia;Vodafone;Orange;T-Mobile;AT&T;Verizon;Comcast;BBC;CNN;
Reuters;Bloomberg;The New York Times;The Guardian;Le Monde;Der Spiegel;Disney;Warner Bros;Universal Studios;FedEx;UPS;DHL;
Maersk;Shell;BP;ExxonMobil;Total;Gazprom;Equinor;Petrobras;McKinsey;Deloitte;KPMG;PwC;Accenture;Capgemini;Infosys;
Tata Motors;Reliance;Wipro;United Nations;UNICEF;WHO;NASA;European Union;Red Cross;Greenpeace;Amnesty International;
World Bank;IMF;FBI;CIA;Harvard University;Stanford University;MIT;Oxford University;Yale;FIFA;UEFA;Real Madrid;
Manchester United;Los Angeles Lakers;Starbucks;McDonald's;Burger King;KFC;Subway;Pizza Hut;Coca-Cola;Pepsi;Heineken;
Carlsberg;Kraft Heinz;Kellogg's;Mars;Ferrero;L'Oréal;Chanel;Gucci;Prada;Rolex;Swatch;Lego;Mattel;Hasbro;Nintendo;Sega;
Ubisoft;Valve;Mozilla;Wikipedia;GitHub;Reddit;Quora;Yelp;Etsy;Wayfair;Best Buy;Target;Costco;Kroger;Walgreens;CVS;
Home Depot;Macy's;Nordstrom;Gap;Levi's;Under Armour;Patagonia;REI;Goodwill;Salvation Army;YMCA;AARP;
Médecins Sans Frontières;Oxfam;Caritas;Rotary Club;Royal Mail;Deutsche Post;National Trust;Panasonic;Hitachi;Toshiba;
Mitsubishi;Fujitsu;Canon;Nikon;Philips;Electrolux;Whirlpool;Dyson;Miele""".replace("\n", "").split(";")
STEMS = [
    "data",
    "cloud",
    "health",
    "med",
    "bio",
    "net",
    "web",
    "soft",
    "info",
    "geo",
    "eco",
    "solar",
    "clear",
    "bright",
    "open",
    "smart",
    "quick",
    "true",
    "blue",
    "red",
    "green",
    "north",
    "south",
    "east",
    "west",
    "star",
    "sun",
    "moon",
    "river",
    "lake",
    "stone",
    "rock",
    "iron",
    "gold",
    "silver",
    "copper",
    "spark",
    "light",
    "fire",
    "wind",
    "wave",
    "sky",
    "tree",
    "leaf",
    "seed",
    "root",
    "farm",
    "food",
    "fresh",
    "home",
    "house",
    "build",
    "craft",
    "work",
    "desk",
    "hire",
    "job",
    "task",
    "team",
    "team",
    "play",
    "game",
    "sport",
    "fit",
    "run",
    "ride",
    "drive",
    "road",
    "path",
    "map",
    "trip",
    "travel",
    "fly",
    "jet",
    "ship",
    "cargo",
    "port",
    "dock",
    "pay",
    "bank",
    "fund",
    "coin",
    "credit",
    "loan",
    "cap",
    "trade",
    "market",
    "shop",
    "store",
    "cart",
    "deal",
    "price",
    "buy",
    "sell",
    "brand",
    "media",
    "press",
    "news",
    "story",
    "book",
    "page",
    "write",
    "read",
    "learn",
    "teach",
    "school",
    "mind",
    "think",
    "logic",
    "quant",
    "code",
    "byte",
    "bit",
    "pixel",
    "lens",
    "photo",
    "vision",
    "sound",
    "music",
    "tune",
    "voice",
    "call",
    "talk",
    "chat",
    "mail",
    "post",
    "send",
    "link",
    "hub",
    "grid",
    "node",
    "core",
    "base",
    "stack",
    "forge",
    "lab",
    "gene",
    "cell",
    "pharma",
    "cure",
    "care",
    "doc",
    "clinic",
    "vital",
    "pulse",
    "nova",
    "alpha",
    "delta",
    "omega",
    "zen",
    "apex",
    "summit",
    "peak",
    "pioneer",
    "atlas",
    "orbit",
    "rocket",
    "urban",
    "metro",
    "civic",
    "legal",
    "law",
    "policy",
    "gov",
    "vote",
    "risk",
    "safe",
    "secure",
    "guard",
    "trust",
    "lock",
    "key",
    "simple",
    "easy",
    "rapid",
    "agile",
    "swift",
    "nimble",
    "fair",
    "just",
    "wise",
    "energy",
    "power",
    "fuel",
    "gas",
    "oil",
    "water",
    "air",
    "clean",
    "zero",
    "carbon",
    "auto",
    "motor",
    "car",
    "bike",
    "pet",
    "dog",
    "cat",
    "kids",
    "baby",
    "wedding",
    "fashion",
    "style",
    "beauty",
    "hair",
    "skin",
    "wear",
    "shoe",
    "sock",
    "hat",
    "tailor",
    "estate",
    "realty",
    "property",
    "rent",
    "lease",
    "room",
    "hotel",
    "stay",
    "event",
    "ticket",
    "party",
]
TAILS = ("ly", "io", "ify", "ster", "hub", "lab", "labs", "ware", "tech", "soft", "works", "wise", "scope", "stream",
    "bridge", "point", "base", "sense", "logic", "metrics", "genius", "match", "finder", "nation", "ology", "era", "ix",
    "ium", "on", "va", "zy", ".io", ".com", ".ai")  # fmt: skip
LINES = ("Technologies", "Solutions", "Systems", "Consulting", "Consulting Group", "Partners", "Analytics", "Software",
    "Group", "Holdings", "Industries", "Energy", "Foods", "Logistics", "Transport", "Media", "Networks", "Labs", "Research",
    "Capital", "Insurance", "Bank", "Pharma", "Biosciences", "Life Sciences", "Services", "International", "Motors",
    "Airlines", "Hotels", "Furniture", "Stores", "Bakery", "Studios", "Design", "Records", "Publishing", "Institute",
    "Foundation", "Association", "University", "College", "Hospital", "Clinic", "Academy", "Movers", "Realty", "Brothers",
    "Exchange", "Telecom", "Credit Union", "Library", "Museum", "Pizza", "Hardware", "Electronics", "Books")  # fmt: skip
FORMS = ("Inc.", "Inc", "LLC", "Ltd.", "Ltd", "Limited", "Corp.", "Corporation", "Co.", "PLC", "GmbH", "AG", "S.A.", "SARL",
    "S.p.A.", "B.V.", "AB", "Oy", "A/S", "Group", "KG", "Pty Ltd", "LLP", "& Co", "and Sons", "& Sons")  # fmt: skip


def organisation(world: World) -> str:
    if world.script:
        return world.word("company")
    rng = world.rng
    name = rng.choice(
        (_known, _known, _faker, _faker, _compound, _compound, _compound, _words, _words, _family, _acronym)
    )(world)
    if world.maybe(0.1) and not name.endswith(FORMS):
        name = f"{name} {rng.choice(FORMS)}"
    return name


def _known(world: World) -> str:
    return world.rng.choice(KNOWN)


def _faker(world: World) -> str:
    """One of Faker's; in some countries those are bare surnames, which then get a form of company."""
    name = world.word("company")
    return name if " " in name or "-" in name else f"{name} {world.rng.choice(FORMS)}"


def _compound(world: World) -> str:
    """A name of one made word, such as a young company has."""
    rng = world.rng
    first, second = rng.choice(STEMS), rng.choice(STEMS)
    name = first + (second if world.maybe(0.5) else rng.choice(TAILS))
    return name.capitalize() if world.maybe(0.75) else first.capitalize() + name[len(first) :].capitalize()


def _words(world: World) -> str:
    rng = world.rng
    first = rng.choice((rng.choice(STEMS).capitalize(), world.word("last"), world.word("city"), _compound(world)))
    middle = f" {rng.choice(STEMS).capitalize()}" if world.maybe(0.4) else ""
    the = "The " if world.maybe(0.06) else ""
    return f"{the}{first}{middle} {rng.choice(LINES)}" if world.maybe(0.85) else f"{the}{first}{middle or ' Group'}"


def _family(world: World) -> str:
    rng = world.rng
    one, two, three = (world.word("last") for _ in range(3))
    return rng.choice(
        (
            f"{one}-{two}",
            f"{one} & {two}",
            f"{one}, {two} and {three}",
            f"{one} and Sons",
            f"{one} {rng.choice(FORMS)}",
            f"{one} {rng.choice(LINES)}",
            f"{one} {rng.choice(LINES)} {rng.choice(FORMS)}",
        )
    )


def _acronym(world: World) -> str:
    letters = "".join(world.rng.choices("ABCDEFGHIKLMNOPRSTUVW", k=world.rng.randint(3, 4)))
    return letters if world.maybe(0.4) else f"{letters} {world.rng.choice(LINES)}"
