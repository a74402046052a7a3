"""What a family of ways to write is, and how one text is written in the way of its column. Pure."""

from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass

Value = Hashable
# A value that the text may mean, and the way that writes it so; "" for a text that no way would write.
Reading = tuple[Value, str]


@dataclass(frozen=True)
class Family:
    """``read`` gives every meaning of a text, none when it is not of the family; ``write`` is None where the way
    cannot write the value. ``is_way`` tells whether a text names a way. ``usual`` is the least share of the rows that
    one way must have before the column is said to be written in it, ``readable`` the share that must be read at all.
    """

    name: str
    read: Callable[[str], Collection[Reading]]
    write: Callable[[Value, str], str | None]
    is_way: Callable[[str], bool]
    usual: float = 0.6
    readable: float = 0.9


def rewritten(family: Family, text: str, way: str) -> str:
    """The text in this way; itself when it is so already, has several meanings, or none."""
    readings = family.read(text)
    if any(found == way for _value, found in readings):
        return text
    values = {value for value, _found in readings}
    if len(values) != 1:
        return text
    return family.write(values.pop(), way) or text
