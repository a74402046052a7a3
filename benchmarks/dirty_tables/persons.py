"""People and their taxes: places follow from postal codes, rates from state and salary, forms of address from names."""

from random import Random

from benchmarks.dirty_tables.planting import Pair, Planter, another, becomes, capitals, typo

FEMALE = ["Anna", "Maria", "Julia", "Emma", "Laura", "Nina", "Sofia", "Clara", "Helen", "Ruth", "Olga", "Yuki"]
MALE = ["John", "Peter", "Mark", "Paul", "David", "Omar", "Felix", "Hugo", "Ivan", "Ken", "Louis", "Karl"]
LAST = [
    "Baker",
    "Carter",
    "Dixon",
    "Evans",
    "Foster",
    "Graham",
    "Howard",
    "Irving",
    "Jordan",
    "Keller",
    "Lawson",
    "Mercer",
    "Norton",
    "Osborn",
    "Parker",
]
TOWNS = [
    "Springdale",
    "Riverton",
    "Lakewood",
    "Fairview",
    "Georgetown",
    "Clayton",
    "Ashland",
    "Milford",
    "Oakland",
    "Burlington",
    "Dover",
    "Salem",
    "Hudson",
]
STATES = ["AL", "CA", "CO", "MA", "NJ", "NY", "OH", "TX", "WA"]
COLUMNS = [
    "first_name",
    "last_name",
    "gender",
    "area_code",
    "phone",
    "city",
    "state",
    "zip",
    "married",
    "has_child",
    "salary",
    "rate",
    "child_exemption",
]


def make(rows: int, seed: int) -> Pair:
    rng = Random(seed)  # noqa: S311  tables, not secrets
    places = []
    for at in range(160):
        state = STATES[at % 9]
        town = f"{rng.choice(('', 'New ', 'Port ', 'East '))}{rng.choice(TOWNS)}".upper()
        # Codes of the eastern states begin with a zero.
        places.append(
            (
                f"{'0' if state in {'MA', 'NJ'} else str(at % 9 + 1)}{1000 + at * 37:04d}",
                town,
                state,
                f"{200 + 3 * (at % 60)}",
            )
        )
    area_of = {zip_: f"{201 + STATES.index(state) * 40 + int(area) % 12}" for zip_, _t, state, area in places}
    base = {state: 2 + at * 0.75 for at, state in enumerate(STATES)}
    clean: dict[str, list[str | None]] = {name: [] for name in COLUMNS}
    for _row in range(rows):
        woman, child, salary = rng.random() < 0.5, rng.random() < 0.5, 5000 * rng.randrange(1, 21)
        zip_, town, state, _area = rng.choice(places)
        record = (
            rng.choice(FEMALE if woman else MALE),
            rng.choice(LAST),
            "F" if woman else "M",
            area_of[zip_],
            f"{rng.randrange(200, 999)}-{rng.randrange(10_000):04d}",
            town,
            state,
            zip_,
            rng.choice("SM"),
            "Y" if child else "N",
            str(salary),
            f"{base[state] + salary // 25000 * 0.5:g}",
            str(STATES.index(state) * 250 + 500) if child else "0",
        )
        for name, value in zip(COLUMNS, record, strict=True):
            clean[name].append(value)
    planter = Planter(clean, rng)
    planter.spoil("wrong", "state", 0.01, another(STATES))
    planter.spoil("wrong", "gender", 0.01, another(["F", "M"]))
    planter.spoil("wrong", "rate", 0.01, another(["3.5", "4", "5.25", "7"]))
    planter.spoil("wrong", "child_exemption", 0.01, another(["500", "750", "1000"]))
    planter.spoil("lost zero", "zip", 0.08, lambda value, _rng: value.lstrip("0"))
    planter.spoil("typo", "city", 0.01, typo)
    planter.spoil("mark", "city", 0.01, lambda value, _rng: value + "-*")
    planter.spoil("case", "city", 0.01, capitals)
    planter.spoil("marker", "area_code", 0.01, becomes("000", "N/A"))
    planter.spoil(
        "number format", "salary", 0.03, lambda value, rng: rng.choice((f"{int(value):,}", f"{value}.0", f"${value}"))
    )
    planter.spoil("outlier", "salary", 0.003, lambda value, _rng: value + "000")
    planter.spoil("phone format", "phone", 0.02, lambda value, rng: value.replace("-", rng.choice((" ", ".", ""))))
    planter.swap("city", "state", 0.005)
    return planter.pair
