"""The files of the demonstration shop: two editions of its tables, with defects, and the truth about them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

EDITION_DAYS = 90
SEED = 20_260_901
# The earlier edition is worse in most ways; malformed e-mails grew meanwhile, so that not everything improves.
EARLIER = {"order without customer": 1.8, "repeated order row": 2.0, "item without Chinese title": 2.5}
LATER = {
    "order without customer": 0.7,
    "repeated order row": 0.4,
    "item without Chinese title": 0.8,
    "misspelled event": 0.3,
    "item with negative price": 0.0,
    "malformed e-mail": 1.6,
    "e-mail address in a review": 0.5,
}
# The rule that counts each planted defect.
RULE_OF = {
    "order without customer": "customer is known",
    "cancelled order": "order is not a cancellation",
    "order of an unknown item": "item is in the catalogue",
    "price not positive": "price is above zero",
    "order in the future": "order time is not in the future",
    "repeated order row": "row is not repeated",
    "misspelled event": "event is view, cart or purchase",
    "event without shopper": "shopper is known",
    "repeated event row": "row is not repeated",
    "item without Chinese title": "Chinese title is there",
    "item without category": "category is there",
    "item with negative price": "price is not negative",
    "malformed e-mail": "e-mail address is well formed",
    "unknown country code": "country code is known",
    "search without words": "search has words",
    "e-mail address in a review": "text holds no e-mail address",
    "rating out of range": "rating is from 1 to 5",
}
TIMES = {"events": "time", "orders": "ordered_at", "searches": "time", "reviews": "written_at"}
FORMATS = {
    "items": "jsonl",
    "users": "csv",
    "orders": "csv",
    "searches": "csv",
    "events": "parquet",
    "reviews": "parquet",
}


@dataclass(frozen=True)
class Edition:
    """The shop as it stood at ``end``: its files by dataset name and the defects that were planted into them."""

    period: str
    end: datetime
    files: dict[str, Path]
    truth: list[dict[str, Any]]


def last_midnight() -> datetime:
    return datetime.combine(datetime.now(UTC).date(), time(), UTC)


def period_of(moment: datetime) -> str:
    """The quarter in which a moment lies, for example ``2026-Q3``."""
    return f"{moment.year}-Q{(moment.month + 2) // 3}"


def write_editions(folder: Path, *, end: datetime, users: int, items: int) -> Iterator[Edition]:
    """Write the earlier edition, then the later one, under ``folder``; yields each when its files are there."""
    from ml.data.defects import plant_defects
    from ml.data.marketplace import Size, generate_shop

    shop = generate_shop(seed=SEED, end=end, size=Size(users=users, items=items, days=365 + EDITION_DAYS))
    for number, (moment, severity) in enumerate(((end - timedelta(days=EDITION_DAYS), EARLIER), (end, LATER))):
        until = {name: _before(table, TIMES.get(name), moment) for name, table in shop.tables.items()}
        tables, truth = plant_defects(until, seed=SEED + number + 1, severity=severity)
        period = period_of(moment)
        files = {name: _write(table, folder / period / f"{name}.{FORMATS[name]}") for name, table in tables.items()}
        listed = [defect.as_dict() for defect in truth]
        (folder / period / "truth.json").write_text(json.dumps(listed, indent=1), encoding="utf-8")
        yield Edition(period, moment, files, listed)


def _before(table: Any, column: str | None, moment: datetime) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    if column is None:
        return table
    return table.filter(pc.less(table[column], pa.scalar(moment.replace(tzinfo=None), table[column].type)))


def _write(table: Any, path: Path) -> Path:
    import pyarrow.csv
    import pyarrow.parquet

    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".csv":
        pyarrow.csv.write_csv(table, path)
    elif path.suffix == ".parquet":
        pyarrow.parquet.write_table(table, path)
    else:
        lines = (json.dumps(row, ensure_ascii=False, default=str) for row in table.to_pylist())
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
