"""Films and how they were received. Held back: no limit of a suggestion was chosen with its figures in sight."""

from random import Random

from benchmarks.dirty_tables.planting import Pair, Planter, another, becomes, spaced, typo

WORDS = [
    "Night",
    "River",
    "Stranger",
    "Garden",
    "Winter",
    "Silence",
    "Return",
    "House",
    "Shadow",
    "Summer",
    "Letter",
    "Road",
    "Island",
    "Empire",
    "Secret",
]
PEOPLE = [
    "Vidal",
    "Moreau",
    "Ferrara",
    "Lindqvist",
    "Castellan",
    "Okoye",
    "Brandt",
    "Whitfield",
    "Tanizaki",
    "Morozov",
    "Delacroix",
    "Hargrove",
]
GENRES = ["Drama", "Comedy", "Thriller", "Documentary", "Adventure", "Horror", "Romance", "Animation"]
COUNTRIES = {
    "USA": "English",
    "UK": "English",
    "France": "French",
    "Italy": "Italian",
    "Japan": "Japanese",
    "Germany": "German",
}
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
COLUMNS = [
    "id",
    "name",
    "year",
    "release_date",
    "director",
    "genre",
    "country",
    "language",
    "duration",
    "rating",
    "votes",
    "studio",
    "studio_city",
]


def make(rows: int, seed: int) -> Pair:
    rng = Random(seed)  # noqa: S311  tables, not secrets
    studios = {
        f"{rng.choice(PEOPLE)} {word}": f"{rng.choice(WORDS)} {rng.choice(('City', 'Falls', 'Bay'))}"
        for word in ["Pictures", "Films", "Studio", "Media", "Brothers"]
        for _each in "123"
    }
    clean: dict[str, list[str | None]] = {name: [] for name in COLUMNS}
    for number in range(rows):
        country, year, studio = rng.choice(list(COUNTRIES)), rng.randrange(1950, 2016), rng.choice(list(studios))
        record = (
            f"tt{rng.randrange(10**6):06d}{number % 10}",
            f"The {rng.choice(WORDS)} of {rng.choice(WORDS)} {number}",
            str(year),
            f"{rng.randrange(1, 29)} {rng.choice(MONTHS)} {year}",
            f"{rng.choice('ABCDEFGH')}. {rng.choice(PEOPLE)}",
            rng.choice(GENRES),
            country,
            COUNTRIES[country],
            f"{rng.randrange(70, 190)} min",
            f"{rng.randrange(20, 95) / 10:.1f}",
            str(rng.randrange(100, 200_000)),
            studio,
            studios[studio],
        )
        for name, value in zip(COLUMNS, record, strict=True):
            clean[name].append(value)
    planter = Planter(clean, rng)
    planter.spoil("duration", "duration", 0.06, _hours)
    planter.spoil("date format", "release_date", 0.05, lambda value, rng: _dated(value, rng))
    planter.spoil("number format", "votes", 0.05, lambda value, _rng: f"{int(value):,}")
    planter.spoil(
        "rating format", "rating", 0.04, lambda value, rng: rng.choice((f"{value}/10", value.replace(".", ",")))
    )
    planter.spoil("typo", "genre", 0.02, typo)
    planter.spoil("wrong", "language", 0.01, another(sorted(set(COUNTRIES.values()))))
    planter.spoil("missing", "language", 0.02, becomes(None, "N/A"))
    planter.spoil("typo", "studio", 0.02, typo)
    planter.spoil("wrong", "studio_city", 0.01, another(list(studios.values())))
    planter.spoil("space", "name", 0.02, spaced)
    planter.spoil("marker", "year", 0.02, becomes("0000", "unknown"))
    planter.swap("country", "language", 0.01)
    return planter.pair


def _hours(value: str, rng: Random) -> str:
    hours, minutes = divmod(int(value.split()[0]), 60)
    return rng.choice((f"{hours} hr. {minutes} min.", f"{hours}h {minutes}min", value.split()[0]))


def _dated(value: str, rng: Random) -> str:
    day, month, year = value.split()
    return rng.choice(
        (f"{month} {day}, {year}", f"{year}-{MONTHS.index(month) + 1:02d}-{int(day):02d}", f"{value} (USA)")
    )
