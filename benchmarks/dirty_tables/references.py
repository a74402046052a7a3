"""References to articles: journals with their codes, pages, issues, dates, as collected from several libraries."""

from random import Random

from benchmarks.dirty_tables.planting import Pair, Planter, another, becomes, spaced, typo

WORDS = (
    "randomized trial children asthma effects treatment patients review cohort study acute chronic pain risk screening"
)
FIELDS = [
    "Medicine",
    "Surgery",
    "Pediatrics",
    "Oncology",
    "Nursing",
    "Cardiology",
    "Immunology",
    "Radiology",
    "Neurology",
    "Psychiatry",
]
KINDS = ("Journal of {}", "Annals of {}", "European Review of {}", "The American Archives of {}")
NAMES = [
    "Smith",
    "Garcia",
    "Müller",
    "Rossi",
    "Tanaka",
    "Kowalski",
    "Novak",
    "Jensen",
    "Dubois",
    "Haddad",
    "Okafor",
    "Larsen",
]
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def make(rows: int, seed: int) -> Pair:
    rng = Random(seed)  # noqa: S311  tables, not secrets
    journals = [_journal(kind.format(field), rng) for kind in KINDS for field in FIELDS]
    clean: dict[str, list[str | None]] = {name: [] for name in COLUMNS}
    for number in range(rows):
        title, short, issn, language = rng.choice(journals[: 8 + rng.randrange(32)])
        first = rng.randrange(1, 13) if rng.random() < 0.3 else rng.randrange(13, 900)
        record = (
            str(number + 1),
            " ".join(rng.choices(WORDS.split(), k=6)).capitalize(),
            language,
            title,
            short,
            issn,
            str(rng.randrange(1, 90)),
            str(rng.randrange(1, 12)) if rng.random() > 0.15 else None,
            f"{rng.randrange(1, 13)}/{rng.randrange(1, 29)}/{rng.randrange(0, 16):02d}",
            f"{first}-{first + rng.randrange(2, 20)}",
            "; ".join(f"{rng.choice(NAMES)} {rng.choice('ABCDEFG')}" for _each in range(3)),
        )
        for name, value in zip(COLUMNS, record, strict=True):
            clean[name].append(value)
    planter = Planter(clean, rng)
    planter.spoil("marker", "volume", 0.03, becomes("-1"))
    planter.spoil("marker", "language", 0.02, becomes("unknown", "?"))
    planter.spoil("typo", "journal", 0.02, typo)
    planter.spoil("typo", "abbreviation", 0.01, typo)
    planter.spoil("missing", "issn", 0.02, becomes(None))
    planter.spoil("wrong", "issn", 0.01, another([each[2] for each in journals]))
    planter.spoil("wrong", "language", 0.01, another(["eng", "fre", "ger"]))
    planter.spoil("space", "title", 0.02, spaced)
    planter.spoil("date format", "created", 0.06, _other_date)
    planter.spoil("spreadsheet", "pages", 0.06, _as_spreadsheet)
    return planter.pair


COLUMNS = [
    "id",
    "title",
    "language",
    "journal",
    "abbreviation",
    "issn",
    "volume",
    "issue",
    "created",
    "pages",
    "authors",
]


def _journal(title: str, rng: Random) -> tuple[str, str, str, str]:
    short = " ".join(word[:4] + "." for word in title.split() if word.lower() not in {"of", "the"})
    issn = f"{rng.randrange(1000, 9999)}-{rng.randrange(100, 999)}{rng.choice('0123456789X')}"
    return title, short, issn, rng.choice(("eng", "eng", "eng", "fre", "ger"))


def _other_date(value: str, rng: Random) -> str:
    month, day, year = map(int, value.split("/"))
    ways = (
        f"20{year:02d}-{month:02d}-{day:02d}",
        f"{MONTHS[month - 1]} {day}, 20{year:02d}",
        f"{day} {MONTHS[month - 1]} 20{year:02d}",
    )
    return rng.choice(ways)


def _as_spreadsheet(value: str, _rng: Random) -> str:
    """What a spreadsheet makes of 5-12 and of 6-45 when it takes them for dates."""
    first, last = map(int, value.split("-"))
    if first <= 12 and last <= 28:
        return f"{last}-{MONTHS[first - 1]}"
    return f"{MONTHS[first - 1]}-{last:02d}" if first <= 12 and 32 <= last < 100 else value
