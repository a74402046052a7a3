"""Tables made from a seed with a clean one beside each: known errors of many kinds, to measure repairs with."""

from collections.abc import Callable

from benchmarks.dirty_tables import films, flights, persons, products, references
from benchmarks.dirty_tables.planting import Pair

MADE: dict[str, Callable[[int, int], Pair]] = {
    "flights": flights.make,
    "references": references.make,
    "persons": persons.make,
    "products": products.make,
    "films": films.make,
}

__all__ = ["MADE", "Pair"]
