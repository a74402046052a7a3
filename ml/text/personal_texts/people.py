"""Persons as they are written: full, by first or last name, with initials, titles, ranks and trades; ages; peoples."""

from ml.text.personal_texts.world import Piece, World

HONORIFICS = ("Mr.", "Mrs.", "Ms.", "Dr.", "Mr", "Mrs", "Ms", "Dr", "Miss", "Prof.", "Professor", "Sir", "Judge",
    "Captain", "Rev.", "Lord", "Sgt.", "Lt.", "Col.", "Senator", "Mx.")  # fmt: skip
HONORIFIC_WEIGHTS = (22, 18, 18, 16, 6, 5, 5, 6, 5, 4, 3, *[1] * 10)
NICKNAMES = ("Bob", "Bill", "Liz", "Kate", "Mike", "Jen", "Tom", "Sam", "Alex", "Max", "Nick", "Steve", "Dan", "Becky",
    "Maggie", "Ted", "Jim", "Joe", "Sue", "Meg", "Chris", "Pat", "Vicky", "Abby", "Gus", "Lou", "Zoe", "Leo", "Mia",
    "Rosie", "Andy", "Tina", "Ron", "Ken", "Hal", "Nia", "Ivo", "Jo", "Al", "Ed", "Bea", "Fay", "Kit", "Nell", "Wes",
    "Will", "Mark", "Grace", "Hope", "Joy", "Faith", "June", "April", "May", "Summer", "Rose", "Lily", "Daisy", "Ivy",
    "Amber", "Ruby", "Pearl", "Chance", "Miles", "Chase", "Hunter", "Mason", "Carter", "Cooper", "Rich", "Art", "Rusty",
    "Misty", "Dusty", "Sunny", "Angel", "Destiny", "Melody", "Harmony", "Wren", "Robin", "Jay", "Dawn", "Drew", "Frank",
    "Ernest", "Victor", "Constance", "Prudence", "Charity", "Bishop", "Dean", "Earl", "Duke", "Reed", "Heath")  # fmt: skip
SUFFIXES = ("Jr.", "Sr.", "III", "II", "PhD", "MD", "DDS", "Esq.", "CPA", "RN", "MBA", "DVM", "Jr")
TRADES = ("accountant", "nurse", "teacher", "carpenter", "software engineer", "data analyst", "plumber", "receptionist",
    "office manager", "sales representative", "head of marketing", "chief executive officer", "CEO", "CTO", "CFO",
    "vice president", "store manager", "warehouse clerk", "truck driver", "bus driver", "police officer", "firefighter",
    "electrician", "dentist", "surgeon", "pharmacist", "barista", "chef", "baker", "butcher", "tailor", "librarian",
    "journalist", "editor", "photographer", "graphic designer", "architect", "civil engineer", "lawyer", "paralegal",
    "judge", "professor", "research assistant", "lab technician", "dental hygienist", "physiotherapist", "midwife",
    "bookkeeper", "auditor", "bank teller", "loan officer", "insurance agent", "estate agent", "travel agent",
    "flight attendant", "pilot", "mechanic", "welder", "machine operator", "forklift operator", "packer", "cleaner",
    "janitor", "security guard", "gardener", "farm worker", "fisherman", "musician", "actor", "singer", "dancer",
    "interpreter", "translator", "tour guide", "museum curator", "social worker", "probation officer", "caseworker",
    "nanny", "childcare worker", "hairdresser", "beautician", "personal trainer", "soccer coach", "referee",
    "payroll clerk", "filing clerk", "postal worker", "dispatcher", "air traffic controller", "surveyor", "roofer",
    "bricklayer", "painter", "glazier", "crane operator", "rigger", "boilermaker", "toolmaker", "typist", "proofreader",
    "key account manager", "product owner", "project manager", "human resources specialist", "recruiter",
    "customer service agent", "help desk technician", "network administrator", "database administrator", "programmer",
    "web developer", "statistician", "economist", "chemist", "biologist", "geologist", "astronomer", "zookeeper",
    "pest controller", "funeral director", "tattoo artist", "locksmith", "upholsterer", "jeweler", "watchmaker",
    "correspondence clerk", "credit checker", "stock broker", "claims adjuster", "radiologist", "speech therapist",
    "optician", "ambulance dispatcher", "paramedic", "veterinarian", "dog groomer", "florist", "sommelier")  # fmt: skip
PEOPLES = [
    "American",
    "Canadian",
    "Mexican",
    "Brazilian",
    "Argentinian",
    "Argentine",
    "Chilean",
    "Peruvian",
    "Colombian",
    "Venezuelan",
    "Bolivian",
    "Ecuadorian",
    "Paraguayan",
    "Uruguayan",
    "Cuban",
    "Jamaican",
    "Haitian",
    "Dominican",
    "Panamanian",
    "Honduran",
    "Guatemalan",
    "Nicaraguan",
    "Salvadoran",
    "Belizean",
    "Bahamian",
    "Barbadian",
    "British",
    "English",
    "Scottish",
    "Welsh",
    "Irish",
    "French",
    "German",
    "Austrian",
    "Swiss",
    "Dutch",
    "Belgian",
    "Danish",
    "Norwegian",
    "Swedish",
    "Finnish",
    "Icelandic",
    "Estonian",
    "Latvian",
    "Lithuanian",
    "Polish",
    "Czech",
    "Slovak",
    "Slovenian",
    "Croatian",
    "Serbian",
    "Bosnian",
    "Montenegrin",
    "Albanian",
    "Macedonian",
    "Bulgarian",
    "Romanian",
    "Moldovan",
    "Hungarian",
    "Ukrainian",
    "Belarusian",
    "Russian",
    "Greek",
    "Turkish",
    "Cypriot",
    "Maltese",
    "Italian",
    "Spanish",
    "Portuguese",
    "Catalan",
    "Basque",
    "Andorran",
    "Georgian",
    "Armenian",
    "Azerbaijani",
    "Kazakh",
    "Uzbek",
    "Turkmen",
    "Kyrgyz",
    "Tajik",
    "Afghan",
    "Pakistani",
    "Indian",
    "Nepalese",
    "Bhutanese",
    "Bangladeshi",
    "Burmese",
    "Thai",
    "Laotian",
    "Cambodian",
    "Vietnamese",
    "Malaysian",
    "Singaporean",
    "Indonesian",
    "Filipino",
    "Bruneian",
    "Chinese",
    "Taiwanese",
    "Japanese",
    "Korean",
    "Mongolian",
    "Tibetan",
    "Australian",
    "Samoan",
    "Tongan",
    "Fijian",
    "Maori",
    "Papuan",
    "Egyptian",
    "Libyan",
    "Tunisian",
    "Algerian",
    "Moroccan",
    "Sudanese",
    "Ethiopian",
    "Eritrean",
    "Somali",
    "Kenyan",
    "Ugandan",
    "Tanzanian",
    "Rwandan",
    "Congolese",
    "Angolan",
    "Zambian",
    "Zimbabwean",
    "Namibian",
    "Ghanaian",
    "Nigerian",
    "Cameroonian",
    "Senegalese",
    "Malian",
    "Ivorian",
    "Liberian",
    "Gambian",
    "Malagasy",
    "Mauritian",
    "Israeli",
    "Palestinian",
    "Jordanian",
    "Lebanese",
    "Syrian",
    "Iraqi",
    "Iranian",
    "Persian",
    "Saudi",
    "Yemeni",
    "Omani",
    "Qatari",
    "Emirati",
    "Kuwaiti",
    "Bahraini",
    "Kurdish",
    "Greenlandic",
    "Faroese",
    "Hawaiian",
    "Cherokee",
    "Navajo",
    "European",
    "African",
    "Asian",
    "Catholic",
    "Protestant",
    "Lutheran",
    "Baptist",
    "Methodist",
    "Orthodox",
    "Christian",
    "Muslim",
    "Sunni",
    "Shiite",
    "Jewish",
    "Hindu",
    "Buddhist",
    "Sikh",
    "Jain",
    "Mormon",
    "Quaker",
    "Republican",
    "Democrat",
]
MEMBERS = """Poles Danes Swedes Finns Norwegians Icelanders Turks Kurds Scots Spaniards Brits Frenchmen Dutchmen Irishmen
Englishmen Arabs Serbs Croats Slovenes Slovaks Bosniaks Uzbeks Kazakhs Tajiks Afghans Thais Filipinos Saudis Emiratis
Qataris Omanis Kuwaitis Iraqis Israelis Yemenis Pakistanis Somalis Greenlanders New Zealanders Argentines Latinos Shiites
Sunnis Protestants Jews Muslims Hindus Buddhists Sikhs Catholics Republicans Democrats""".replace(
    "New Zealanders", "New_Zealanders"
).split()
PLURAL_AS_IT_IS = ("ese", "ish", "ch", "ss", "sh", "tch")


def person(world: World) -> list[Piece]:
    return [(person_name(world), "PERSON")]


def first_name(world: World) -> str:
    if not world.script and world.maybe(0.12):
        return world.rng.choice(NICKNAMES)
    return world.word(world.rng.choice(("male", "female")))


def last_name(world: World) -> str:
    name = world.word("last")
    roll = world.rng.random()
    if world.script or roll > 0.07:
        return name
    if roll < 0.03:
        return f"{name}-{world.word('last')}"
    if roll < 0.05:
        return world.rng.choice(("O'", "Mc", "Mac", "van ", "von ", "de ", "De La ", "El-", "Al-", "di ")) + name
    return f"{name} {world.word('last')}"


def person_name(world: World) -> str:
    first, last, rng = first_name(world), last_name(world), world.rng
    if world.script:
        joiner = " " if world.home == "ja_JP" and world.maybe(0.4) else ""
        return last + joiner + first if world.maybe(0.9) else last
    initial = rng.choice("ABCDEFGHIJKLMNOPRSTVWZ")
    forms = {
        f"{first} {last}": 46,
        first: 22,
        last: 7,
        f"{first} {initial}. {last}": 9,
        f"{first} {initial} {last}": 3,
        f"{first[0]}. {last}": 3,
        f"{last} {first}": 2,
        f"{first} {first_name(world)} {last}": 3,
        f"{first}-{first_name(world)} {last}": 1,
        f"{first} {last} {rng.choice(SUFFIXES)}": 2,
        f"{initial}.{rng.choice('ABCDEJMPRST')}. {last}": 1,
        f'{first} "{rng.choice(NICKNAMES)}" {last}': 1,
    }
    return rng.choices(list(forms), list(forms.values()))[0]


def full_name(world: World) -> list[Piece]:
    name = f"{first_name(world)} {last_name(world)}"
    return [(name if not world.script else person_name(world), "PERSON")]


def titled(world: World) -> list[Piece]:
    """A title and a name, two spans."""
    name = last_name(world) if world.maybe(0.6) else f"{first_name(world)} {last_name(world)}"
    return [(honorific(world), "TITLE"), (" ", None), (name, "PERSON")]


def honorific(world: World) -> str:
    return world.rng.choices(HONORIFICS, HONORIFIC_WEIGHTS)[0]


def position(world: World) -> str:
    """An occupation as a card, a form or a signature writes it, with a capital."""
    name = world.rng.choice(TRADES) if world.maybe(0.35) else world.english("job")
    name = name.split(",")[0] if world.maybe(0.8) else name
    return name.title() if world.maybe(0.15) and "'" not in name else name[:1].upper() + name[1:]


def trade(world: World) -> list[Piece]:
    """An occupation of a person: a title when it has a capital, a common noun without a label when it has none."""
    return [(position(world), "TITLE")] if world.maybe(0.6) else [(worker(world), None)]


def worker(world: World) -> str:
    """An occupation that is nobody's, as sentences name it."""
    return world.rng.choice(TRADES)


def age(world: World) -> str:
    return str(max(1, min(104, round(world.rng.gauss(44, 21)))))


def people(world: World) -> str:
    """A nationality, religion or party as an adjective."""
    return world.rng.choice(PEOPLES)


def peoples(world: World) -> str:
    """Its members."""
    if world.maybe(0.4):
        return world.rng.choice(MEMBERS).replace("_", " ")
    name = people(world)
    return name if name.endswith(PLURAL_AS_IT_IS) else name + "s"
