"""A catalogue: brands, categories, prices, weights, codes, suppliers."""

from random import Random

from benchmarks.dirty_tables.planting import Pair, Planter, another, becomes, capitals, spaced, typo

BRANDS = ["Norvik", "Castello", "Bluepeak", "Hartmann", "Ozawa", "Brightside", "Lumera", "Tessel", "Quantis", "Arborea"]
KINDS = {
    "Kettle": "Kitchen", "Toaster": "Kitchen", "Blender": "Kitchen", "Desk lamp": "Lighting", "Floor lamp": "Lighting",
    "Headphones": "Audio", "Loudspeaker": "Audio", "Backpack": "Travel", "Suitcase": "Travel", "Notebook": "Stationery",
}  # fmt: skip
COLOURS = ["black", "white", "silver", "red", "blue", "green", "anthracite"]
COLUMNS = [
    "sku",
    "name",
    "brand",
    "category",
    "colour",
    "price",
    "weight",
    "launched",
    "supplier",
    "supplier_phone",
    "warranty",
    "stock",
]


def make(rows: int, seed: int) -> Pair:
    rng = Random(seed)  # noqa: S311  tables, not secrets
    suppliers = [
        (f"{rng.choice(BRANDS)} {word} Ltd", _phone(rng))
        for word in ["Trading", "Imports", "Supply", "Wholesale", "Direct", "Global"]
    ]
    clean: dict[str, list[str | None]] = {name: [] for name in COLUMNS}
    for number in range(rows):
        kind, brand, colour = rng.choice(list(KINDS)), rng.choice(BRANDS), rng.choice(COLOURS)
        supplier, phone = rng.choice(suppliers)
        record = (
            f"P{100000 + number}",
            f"{brand} {kind} {rng.randrange(10, 99)}",
            brand,
            KINDS[kind],
            colour,
            f"{rng.randrange(500, 30000) / 100:.2f}",
            f"{rng.randrange(100, 9000)} g",
            f"{rng.randrange(2012, 2025)}-{rng.randrange(1, 13):02d}-{rng.randrange(1, 29):02d}",
            supplier,
            phone,
            rng.choice(("12 months", "24 months", "none")) if number % 2 else "none",
            str(rng.randrange(0, 400)),
        )
        for name, value in zip(COLUMNS, record, strict=True):
            clean[name].append(value)
    planter = Planter(clean, rng)
    planter.spoil("typo", "brand", 0.02, typo)
    planter.spoil("case", "colour", 0.03, capitals)
    planter.spoil("space", "name", 0.02, spaced)
    planter.spoil("wrong", "supplier_phone", 0.01, another([phone for _name, phone in suppliers]))
    planter.spoil("missing", "supplier_phone", 0.02, becomes(None))
    planter.spoil("phone format", "supplier_phone", 0.03, lambda value, _rng: value.replace(" ", "-"))
    planter.spoil(
        "unit",
        "weight",
        0.04,
        lambda value, rng: rng.choice((f"{int(value[:-2]) / 1000:g} kg", value.replace(" ", ""), value + "rams")),
    )
    planter.spoil("date format", "launched", 0.05, _other_date)
    planter.spoil(
        "number format",
        "price",
        0.03,
        lambda value, rng: rng.choice((f"€{value}", value.replace(".", ","), f"{value} EUR")),
    )
    planter.spoil("outlier", "price", 0.003, lambda value, _rng: f"{float(value) * 1000:.2f}")
    planter.spoil("marker", "stock", 0.02, becomes("-999", "n/a"))
    planter.spoil("typo", "category", 0.02, typo)
    planter.swap("colour", "category", 0.01)
    return planter.pair


def _phone(rng: Random) -> str:
    return f"+44 20 {rng.randrange(1000, 9999)} {rng.randrange(1000, 9999)}"


def _other_date(value: str, rng: Random) -> str:
    year, month, day = value.split("-")
    return rng.choice((f"{year}/{month}/{day}", f"{day}.{month}.{year}", f"{year}{month}{day}"))
