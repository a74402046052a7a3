"""A column of the set, with what it holds."""

from typing import NamedTuple

ROWS = 300


class Column(NamedTuple):
    name: str
    kind: str
    values: list[str]
    entity: str = ""
    role: str = ""
