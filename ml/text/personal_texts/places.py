"""Towns, countries, states; streets, units, postcodes, and whole addresses in one span or part by part."""

from ml.text.personal_texts.world import Piece, World

CITIES = """London;Paris;Berlin;Madrid;Rome;Vienna;Zurich;Geneva;Brussels;Amsterdam;The Hague;Copenhagen;Oslo;Stockholm;Helsinki;
Reykjavik;Dublin;Edinburgh;Cardiff;Belfast;Lisbon;Porto;Barcelona;Seville;Milan;Naples;Turin;Venice;Munich;Hamburg;Cologne;
Frankfurt;Stuttgart;Leipzig;Warsaw;Krakow;Prague;Brno;Bratislava;Budapest;Ljubljana;Zagreb;Belgrade;Sarajevo;Skopje;Sofia;
Bucharest;Athens;Thessaloniki;Istanbul;Ankara;Kyiv;Lviv;Minsk;Moscow;Saint Petersburg;Riga;Vilnius;Tallinn;Tbilisi;Yerevan;
Baku;Cairo;Alexandria;Tunis;Algiers;Casablanca;Rabat;Lagos;Accra;Nairobi;Kampala;Addis Ababa;Johannesburg;Cape Town;Tel Aviv;
Jerusalem;Haifa;Beirut;Amman;Damascus;Baghdad;Tehran;Dubai;Abu Dhabi;Doha;Riyadh;Karachi;Lahore;Islamabad;Delhi;New Delhi;
Mumbai;Bangalore;Chennai;Kolkata;Hyderabad;Dhaka;Kathmandu;Colombo;Bangkok;Hanoi;Ho Chi Minh City;Kuala Lumpur;Singapore;
Jakarta;Manila;Hong Kong;Shanghai;Beijing;Shenzhen;Guangzhou;Chengdu;Taipei;Seoul;Busan;Tokyo;Osaka;Kyoto;Sapporo;Sydney;
Melbourne;Brisbane;Perth;Adelaide;Auckland;Wellington;Christchurch;New York;New York City;NYC;Los Angeles;LA;Chicago;Houston;
Phoenix;Philadelphia;San Antonio;San Diego;Dallas;San Jose;Austin;Jacksonville;Columbus;Charlotte;San Francisco;Seattle;
Denver;Boston;Nashville;Detroit;Portland;Las Vegas;Memphis;Baltimore;Milwaukee;Albuquerque;Tucson;Sacramento;Kansas City;
Atlanta;Miami;Tampa;Orlando;Cleveland;New Orleans;Honolulu;Anchorage;St. Louis;Pittsburgh;Cincinnati;Salt Lake City;
Washington;Washington DC;Toronto;Montreal;Vancouver;Calgary;Ottawa;Quebec City;Halifax;Winnipeg;Mexico City;Guadalajara;
Monterrey;Havana;Bogotá;Medellín;Lima;Quito;Caracas;Santiago;Buenos Aires;Montevideo;São Paulo;Rio de Janeiro;Brasília;
Salvador;Recife;La Paz;Asunción;Bath;York;Leeds;Manchester;Liverpool;Bristol;Oxford;Cambridge;Reading;Nice;Lyon;Marseille;
Bordeaux;Toulouse;Lille;Nantes;Strasbourg;Bern;Basel;Graz;Salzburg;Innsbruck;Linz;Antwerp;Ghent;Bruges;Rotterdam;Utrecht;
Eindhoven;Aarhus;Odense;Bergen;Trondheim;Malmö;Gothenburg;Uppsala;Tampere;Turku;Gdansk;Wroclaw;Poznan;Debrecen;
Szeged;Maribor;Split;Rijeka;Novi Sad;Varna;Plovdiv;Cluj;Timisoara;Patras;Bologna;Florence;Genoa;Palermo;Bari;Verona;Málaga;
Valencia;Zaragoza;Bilbao;Granada;Coimbra;Braga;Faro""".replace("\n", "").split(";")
COUNTRIES = """USA;United States;the United States;US;U.S.;UK;United Kingdom;Great Britain;England;Scotland;Wales;Canada;Mexico;
Brazil;Argentina;Chile;Peru;Colombia;Venezuela;Bolivia;Ecuador;Paraguay;Uruguay;Cuba;Jamaica;Haiti;Panama;Honduras;Guatemala;
Nicaragua;Costa Rica;Ireland;France;Germany;Austria;Switzerland;Netherlands;the Netherlands;Belgium;Luxembourg;Denmark;Norway;
Sweden;Finland;Iceland;Greenland;Estonia;Latvia;Lithuania;Poland;Czech Republic;Czechia;Slovakia;Slovenia;Croatia;Serbia;
Bosnia and Herzegovina;Montenegro;Albania;North Macedonia;Bulgaria;Romania;Moldova;Hungary;Ukraine;Belarus;Russia;Greece;
Turkey;Cyprus;Malta;Italy;Spain;Portugal;Andorra;Monaco;Georgia;Armenia;Azerbaijan;Kazakhstan;Uzbekistan;Afghanistan;Pakistan;
India;Nepal;Bhutan;Bangladesh;Sri Lanka;Myanmar;Thailand;Laos;Cambodia;Vietnam;Malaysia;Indonesia;Philippines;Brunei;
China;Taiwan;Japan;South Korea;North Korea;Mongolia;Australia;New Zealand;Samoa;Tonga;Fiji;Papua New Guinea;Egypt;Libya;Tunisia;
Algeria;Morocco;Sudan;Ethiopia;Eritrea;Somalia;Kenya;Uganda;Tanzania;Rwanda;Congo;Angola;Zambia;Zimbabwe;Namibia;South Africa;
Ghana;Nigeria;Cameroon;Senegal;Mali;Ivory Coast;Liberia;Gambia;Madagascar;Mauritius;Israel;Palestine;Jordan;Lebanon;Syria;
Iraq;Iran;Saudi Arabia;Yemen;Oman;Qatar;United Arab Emirates;UAE;Kuwait;Bahrain""".replace("\n", "").split(";")
REGIONS = """Bavaria;Saxony;Tyrol;Provence;Brittany;Normandy;Tuscany;Sicily;Lombardy;Sardinia;Catalonia;Andalusia;Galicia;
Ontario;Quebec;British Columbia;Alberta;Manitoba;Nova Scotia;New South Wales;Queensland;Victoria;Tasmania;Kent;Essex;Surrey;
Yorkshire;Cornwall;Devon;Brooklyn;Queens;Manhattan;the Bronx;Silicon Valley;Punjab;Kerala;Guangdong;Sichuan;Hokkaido;
Crimea;Flanders;Wallonia;Lapland;Transylvania;Bohemia;Silesia;Patagonia;Bay Area;Long Island;Cape Cod;Hawaii""".replace(
    "\n", ""
).split(";")
UNITS = ("Apt. ###", "Apt. ###", "Suite ###", "Suite ###", "Apt ##", "Unit #", "Unit ####", "Floor #", "#th floor", "Flat #",
    "Flat #@", "Room ###", "Building @", "#. OG", "Piso #", "PO Box ####", "P.O. Box ###", "Suite @", "# @")  # fmt: skip
ZIPS = ("#####", "#####", "#####", "#####-####", "####", "####", "### ##", "##-###", "@## #@@", "@# #@@", "@@# #@@",
    "@#@ #@#", "#####-###", "####-###", "#### @@", "@@-####", "###-####", "######", "###")  # fmt: skip
WAYS = ("Street", "St", "St.", "Road", "Rd", "Rd.", "Avenue", "Ave", "Lane", "Ln", "Drive", "Dr", "Court", "Way", "Place",
    "Boulevard", "Blvd", "Square", "Close", "Terrace", "Crescent", "Parkway", "Hill", "Row", "Mews", "Circle")  # fmt: skip
ENGLISH = ("en_US", "en_GB", "en_AU", "en_CA", "en_IE", "en_IN", "en_NZ", "en_NG", "en_PH", "fr_FR", "fr_CA", "fr_BE")
MILITARY = ("PSC ####, Box ####\nAPO @@ #####", "Unit #### Box ####\nDPO @@ #####", "USS {last}\nFPO @@ #####",
    "USNS {last}\nFPO @@ #####")  # fmt: skip


def city(world: World) -> str:
    if world.script:
        return world.word("city")
    name = world.rng.choice(CITIES) if world.maybe(0.4) else world.word("city")
    return name.upper() if world.maybe(0.06) else name


def country(world: World) -> str:
    return world.rng.choice(COUNTRIES) if world.maybe(0.75) else world.english("country")


def state(world: World) -> str:
    return world.rng.choice(REGIONS) if world.maybe(0.3) else world.english("state")


def place(world: World) -> str:
    if world.script:
        return city(world)
    return world.rng.choices((city, country, state), (5, 4, 2))[0](world)


def unit(world: World) -> str:
    return world.shaped(world.rng.choice(UNITS))


def postcode(world: World) -> str:
    return world.word("zip") if world.maybe(0.5) else world.shaped(world.rng.choice(ZIPS))


def number(world: World) -> str:
    text = (
        world.word("number")
        if world.maybe(0.4)
        else str(world.rng.choice((1, 10, 100, 100, 1000)) * world.rng.randint(1, 9) + world.rng.randint(0, 99))
    )
    return text + world.rng.choice("abcABC") if world.maybe(0.04) else text


def way(world: World) -> str:
    """The name of a street."""
    if world.maybe(0.6):
        return world.word("street")
    rng = world.rng
    name = rng.choice((world.word("last"), world.word("last"), world.word("city"), rng.choice(CITIES),
                       f"{rng.randint(1, 99)}th", world.word("male")))  # fmt: skip
    if world.maybe(0.15):
        name = f"{rng.choice(('North', 'South', 'E', 'W', 'N.', 'Old', 'Upper', 'New'))} {name}"
    return f"{name} {rng.choice(WAYS)}"


def street(world: World) -> str:
    """Street and house number in the order of the country."""
    if world.script:
        return world.word("street") + world.digits(2).lstrip("0") + "号"
    if world.maybe(0.05):
        return world.shaped(world.rng.choice(("PO Box ####", "P.O. Box ###", "Box ##", "Postfach ###")))
    first = world.home in ENGLISH or world.maybe(0.2)
    text = f"{number(world)} {way(world)}" if first else f"{way(world)} {number(world)}"
    return f"{text}{world.rng.choice((' ', ', '))}{unit(world)}" if world.maybe(0.12) else text


def address(world: World) -> list[Piece]:
    """A whole address in one span, as a sentence holds it, with at least a code, a state or a country."""
    if world.script:
        return [(world.word("address").split(" ")[0], "STREET_ADDRESS")]
    rng = world.rng
    if world.maybe(0.06):
        return [(world.shaped(rng.choice(MILITARY).replace("{last}", "")).replace("  ", " "), "STREET_ADDRESS")]
    if world.maybe(0.25):
        text = world.word("address")
        return [(text if world.maybe(0.5) else text.replace("\n", ", "), "STREET_ADDRESS")]
    parts = [f"{number(world)} {street(world)}" if world.maybe(0.2) else street(world)]
    if world.maybe(0.45):
        parts.append(unit(world))
    town = city(world) if world.maybe(0.8) else city(world).upper()
    area = world.english("state_abbr") if world.maybe(0.4) else ""
    code = postcode(world) if world.maybe(0.75) else ""
    nation = country(world) if world.maybe(0.45) or not (area or code) else ""
    forms = (
        [*parts, " ".join(filter(None, (town, area, code))), nation],
        [*parts, " ".join(filter(None, (code, town))), area, nation],
        [*parts, town, " ".join(filter(None, (area, code))), nation],
        [*parts, town, area, " ".join(filter(None, (nation, code)))],
        [*parts, f"{town}, {area}" if area else town, " ".join(filter(None, (nation, code)))],
    )
    joiner = rng.choice((", ", ", ", " ", " ", "\n", "\n ", ",\n", "\n, "))
    text = joiner.join(filter(None, rng.choice(forms)))
    return [(text, "STREET_ADDRESS")]


def lines(world: World) -> list[Piece]:
    """An address on lines of its own, part by part: streets, units and codes apart from places."""
    rng = world.rng
    gap: Piece = (rng.choice(("\n", "\n", "\n ", "\n ", "\n> ", "\n>", "\n   ", "\n\n")), None)
    pieces: list[Piece] = numbered(world) if world.maybe(0.45) else [(street(world), "STREET_ADDRESS")]
    if world.maybe(0.6):
        pieces += [(" ", None) if world.maybe(0.3) else gap, (unit(world), "STREET_ADDRESS")]
    pieces.append(gap)
    code: Piece = (postcode(world), "STREET_ADDRESS")
    here: list[Piece] = [(city(world), "GPE")]
    if world.maybe(0.2):
        area = world.english("state_abbr") if world.maybe(0.6) else state(world)
        here += [(rng.choice((", ", " ")), None), (area, "GPE")]
    before = world.maybe(0.25)
    pieces += [code, (" ", None), *here] if before else here
    if world.maybe(0.75):
        pieces += [gap, (country(world), "GPE")]
    if not before and world.maybe(0.75):
        pieces += [(" ", None), code]
    return pieces


def numbered(world: World) -> list[Piece]:
    """The number of a building before a street that has a number of its own: two parts."""
    return [(number(world), "STREET_ADDRESS"), (" ", None), (street(world), "STREET_ADDRESS")]


def place_with_code(world: World) -> list[Piece]:
    """A town with its code in a sentence, where the code is a ZIP_CODE of its own."""
    code: Piece = (postcode(world), "ZIP_CODE")
    town: Piece = (city(world), "GPE")
    gap: Piece = (world.rng.choice((" ", " ", ", ")), None)
    return [town, gap, code] if world.maybe(0.65) else [code, gap, town]
