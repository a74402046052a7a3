"""Errors that are planted in a clean table, cell by cell, each kind with its share of the column's cells."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

Columns = dict[str, list[str | None]]
Spoil = Callable[[str, Random], str | None]
NEIGHBOURS = {
    "a": "qsz",
    "b": "vgn",
    "c": "xdv",
    "d": "sfe",
    "e": "wrd",
    "g": "fht",
    "h": "gjn",
    "i": "uok",
    "l": "kop",
    "m": "njk",
    "n": "bmh",
    "o": "ipl",
    "r": "etf",
    "s": "adw",
    "t": "ryg",
    "u": "yij",
}


@dataclass
class Pair:
    """A clean table and the same with errors; ``planted`` counts the cells of each kind."""

    clean: Columns
    dirty: Columns
    planted: dict[str, int] = field(default_factory=dict)


class Planter:
    """Spoils cells of a copy of ``clean``; a cell is spoiled at most once."""

    def __init__(self, clean: Columns, rng: Random) -> None:
        self.rng = rng
        self.pair = Pair(clean, {name: list(values) for name, values in clean.items()})
        self.rows = len(next(iter(clean.values())))

    def spoil(self, kind: str, column: str, share: float, how: Spoil) -> None:
        for row in self._some(share):
            value = self.pair.clean[column][row]
            if value is not None and self.pair.dirty[column][row] == value:
                self.put(kind, column, row, how(value, self.rng))

    def swap(self, first: str, second: str, share: float) -> None:
        for row in self._some(share):
            one, other = self.pair.clean[first][row], self.pair.clean[second][row]
            untouched = self.pair.dirty[first][row] == one and self.pair.dirty[second][row] == other
            if one and other and untouched:
                self.put("swapped", first, row, other)
                self.put("swapped", second, row, one)

    def _some(self, share: float) -> list[int]:
        return self.rng.sample(range(self.rows), round(share * self.rows))

    def put(self, kind: str, column: str, row: int, value: str | None) -> None:
        if value != self.pair.clean[column][row]:
            self.pair.dirty[column][row] = value
            self.pair.planted[kind] = self.pair.planted.get(kind, 0) + 1


def typo(value: str, rng: Random) -> str:
    """A neighbouring key, a letter left out, doubled, or two that change places."""
    places = [at for at, letter in enumerate(value) if letter.isalpha()]
    if not places:
        return value
    at, way = rng.choice(places), rng.randrange(4)
    if way == 0:
        return value[:at] + rng.choice(NEIGHBOURS.get(value[at].lower(), "x")) + value[at + 1 :]
    if way == 1:
        return value[:at] + value[at + 1 :]
    if way == 2:
        return value[:at] + value[at] + value[at:]
    return value[:at] + value[at + 1 : at + 2] + value[at] + value[at + 2 :]


def becomes(*words: str | None) -> Spoil:
    """One of the words, whatever the value: markers of missing values, or none."""
    return lambda _value, rng: rng.choice(words)


def another(values: list[str]) -> Spoil:
    """Another right value of the column, in the wrong row."""
    return lambda value, rng: rng.choice([each for each in values if each != value] or [value])


def spaced(value: str, rng: Random) -> str:
    return rng.choice((f" {value}", f"{value} ", value.replace(" ", "  ", 1)))


def capitals(value: str, rng: Random) -> str:
    return rng.choice((value.upper(), value.lower()))
