"""Plants known defects into the tables of a generated shop and keeps the list of them as truth."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ml.errors import DataError

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class PlantedDefect:
    """What was planted: ``rows`` rows of ``column`` in ``dataset`` are wrong in the way that ``name`` says."""

    name: str
    dataset: str
    column: str
    rows: int

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class _Recipe:
    dataset: str
    column: str
    share: float
    change: Callable[[np.random.Generator, pa.Table, str, Rows], pa.Table]


def plant_defects(
    tables: Mapping[str, pa.Table], *, seed: int, severity: Mapping[str, float] | float = 1.0
) -> tuple[dict[str, pa.Table], list[PlantedDefect]]:
    """Return the tables with defects, and their truth.

    ``severity`` multiplies the usual share of rows of every defect, or of the named ones (others get 1); 0 plants none.
    Repeated rows are planted last, so that each count is exact: rows that a count names are distinct rows, and a
    repeated row repeats a sound one.
    """
    unknown = set(severity) - set(RECIPES) if isinstance(severity, Mapping) else set()
    if unknown:
        raise DataError(f"Unknown defects: {', '.join(sorted(unknown))}.", hint=f"Known: {', '.join(RECIPES)}.")
    rng = np.random.default_rng(seed)
    changed, truth = dict(tables), []
    touched: dict[str, npt.NDArray[np.bool_]] = {n: np.zeros(t.num_rows, dtype=bool) for n, t in tables.items()}
    for name, recipe in RECIPES.items():
        factor = severity.get(name, 1.0) if isinstance(severity, Mapping) else severity
        free = np.nonzero(~touched[recipe.dataset])[0]
        count = min(round(recipe.share * factor * tables[recipe.dataset].num_rows), len(free))
        if count == 0:
            continue
        rows = np.sort(rng.choice(free, size=count, replace=False))
        touched[recipe.dataset][rows] = True
        changed[recipe.dataset] = recipe.change(rng, changed[recipe.dataset], recipe.column, rows)
        truth.append(PlantedDefect(name, recipe.dataset, recipe.column, count))
    return changed, truth


def _replace(table: pa.Table, column: str, rows: Rows, values: pa.Array) -> pa.Table:
    """The table with ``values`` in the given rows of a column; nulls are allowed."""
    mask = np.zeros(table.num_rows, dtype=bool)
    mask[rows] = True
    old = table[column].combine_chunks()
    new = pc.replace_with_mask(old, pa.array(mask), values.cast(old.type))
    return table.set_column(table.schema.get_field_index(column), column, new)


def _constant(*values: Any) -> Callable[[np.random.Generator, pa.Table, str, Rows], pa.Table]:
    def change(rng: np.random.Generator, table: pa.Table, column: str, rows: Rows) -> pa.Table:
        chosen = [values[i] for i in rng.integers(len(values), size=len(rows))]
        return _replace(table, column, rows, pa.array(chosen, type=table.schema.field(column).type))

    return change


def _negated(rng: np.random.Generator, table: pa.Table, column: str, rows: Rows) -> pa.Table:
    return _replace(table, column, rows, pc.negate(table[column].combine_chunks().take(pa.array(rows))))


def _cancelled(rng: np.random.Generator, table: pa.Table, column: str, rows: Rows) -> pa.Table:
    """An order number that starts with C and a negative quantity: how the shop books a cancellation."""
    numbers = table[column].combine_chunks().take(pa.array(rows))
    table = _replace(table, column, rows, pa.array([f"C{number}" for number in numbers.to_pylist()]))
    return _negated(rng, table, "quantity", rows)


def _unknown_item(rng: np.random.Generator, table: pa.Table, column: str, rows: Rows) -> pa.Table:
    return _replace(table, column, rows, pa.array([f"X{code:05d}" for code in rng.integers(100, size=len(rows))]))


def _in_future(rng: np.random.Generator, table: pa.Table, column: str, rows: Rows) -> pa.Table:
    shifts = [timedelta(days=int(days)) for days in rng.integers(400, 2000, len(rows))]
    moments = table[column].combine_chunks().take(pa.array(rows)).to_pylist()
    later = [moment + shift for moment, shift in zip(moments, shifts, strict=True)]
    return _replace(table, column, rows, pa.array(later, type=pa.timestamp("us")))


def _repeated(rng: np.random.Generator, table: pa.Table, column: str, rows: Rows) -> pa.Table:
    """Each of the rows once more, right behind itself."""
    order = np.sort(np.concatenate([np.arange(table.num_rows), rows]), kind="stable")
    return table.take(pa.array(order))


def _malformed(rng: np.random.Generator, table: pa.Table, column: str, rows: Rows) -> pa.Table:
    values = table[column].combine_chunks().take(pa.array(rows)).to_pylist()
    return _replace(table, column, rows, pa.array([value.replace("@", " at ") for value in values]))


def _with_address(rng: np.random.Generator, table: pa.Table, column: str, rows: Rows) -> pa.Table:
    texts = table[column].combine_chunks().take(pa.array(rows)).to_pylist()
    numbers = rng.integers(10_000, size=len(rows))
    return _replace(
        table,
        column,
        rows,
        pa.array([f"{text} Write to buyer{n}@example.com" for text, n in zip(texts, numbers, strict=True)]),
    )


# The shares are those of ordinary shops: Online Retail has 25 % of its customers unknown and 1 % of its rows twice.
RECIPES: dict[str, _Recipe] = {
    "order without customer": _Recipe("orders", "user_id", 0.06, _constant(None)),
    "cancelled order": _Recipe("orders", "order_id", 0.02, _cancelled),
    "order of an unknown item": _Recipe("orders", "item_id", 0.012, _unknown_item),
    "price not positive": _Recipe("orders", "unit_price", 0.006, _constant(0.0, -1.0)),
    "order in the future": _Recipe("orders", "ordered_at", 0.002, _in_future),
    "repeated order row": _Recipe("orders", "", 0.015, _repeated),
    "misspelled event": _Recipe("events", "event", 0.008, _constant("veiw", "purchse", "ADD")),
    "event without shopper": _Recipe("events", "user_id", 0.03, _constant(None)),
    "repeated event row": _Recipe("events", "", 0.01, _repeated),
    "item without Chinese title": _Recipe("items", "title_zh", 0.08, _constant(None)),
    "item without category": _Recipe("items", "category", 0.04, _constant(None, "N/A")),
    "item with negative price": _Recipe("items", "price", 0.01, _negated),
    "malformed e-mail": _Recipe("users", "email", 0.02, _malformed),
    "unknown country code": _Recipe("users", "country", 0.01, _constant("XX", "Unspecified")),
    "search without words": _Recipe("searches", "query", 0.02, _constant("", None)),
    "e-mail address in a review": _Recipe("reviews", "text", 0.03, _with_address),
    "rating out of range": _Recipe("reviews", "rating", 0.01, _constant(0, 9)),
}
