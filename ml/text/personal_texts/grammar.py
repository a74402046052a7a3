"""The small language of the templates.

``{person}`` is a slot, ``[a|b|]`` one of several (here also nothing), ``<thanks>`` a phrase that has a name. All three
may stand inside a choice.
"""

import random
import re
from dataclasses import dataclass
from functools import cache

TOKEN = re.compile(r"\{(\w+)\}|<(\w+)>|([\[\]|])")


@dataclass(frozen=True)
class Slot:
    name: str


@dataclass(frozen=True)
class Choice:
    branches: tuple["Sequence", ...]


Node = str | Slot | Choice
Sequence = tuple[Node, ...]


@cache
def parse(template: str, phrases: tuple[tuple[str, str], ...] = ()) -> Sequence:
    """The parts of a template. Raises ValueError for an unknown phrase or a bracket without its partner."""
    branches, end = _branches(template, 0, dict(phrases), depth=0)
    if end != len(template) or len(branches) != 1:
        raise ValueError(f"the template has a stray bracket: {template!r}")
    return branches[0]


def _branches(template: str, start: int, phrases: dict[str, str], depth: int) -> tuple[list[Sequence], int]:
    """The branches from here to the closing bracket, and where that stands."""
    branches: list[Sequence] = []
    parts: list[Node] = []
    place = start
    while token := TOKEN.search(template, place):
        if token.start() > place:
            parts.append(template[place : token.start()])
        place = token.end()
        slot, phrase, mark = token.groups()
        if slot:
            parts.append(Slot(slot))
        elif phrase:
            if phrase not in phrases:
                raise ValueError(f"no phrase is called {phrase!r}: {template!r}")
            parts.extend(parse(phrases[phrase], tuple(phrases.items())))
        elif mark == "[":
            inner, place = _branches(template, place, phrases, depth + 1)
            parts.append(Choice(tuple(inner)))
            if place > len(template):
                raise ValueError(f"the template has an open bracket: {template!r}")
        elif depth == 0 and mark == "|":
            parts.append(mark)  # outside a choice a bar is a bar
        elif depth == 0:
            return [*branches, tuple(parts)], token.start()
        else:
            branches.append(tuple(parts))
            parts = []
            if mark == "]":
                return branches, place
    if depth:
        raise ValueError(f"the template has an open bracket: {template!r}")
    if place < len(template):
        parts.append(template[place:])
    return [*branches, tuple(parts)], len(template)


def draw(sequence: Sequence, rng: random.Random) -> list[str | Slot]:
    """One text of the template: its strings and slots in order."""
    drawn: list[str | Slot] = []
    for node in sequence:
        if isinstance(node, Choice):
            drawn.extend(draw(rng.choice(node.branches), rng))
        else:
            drawn.append(node)
    return drawn


def slots_of(sequence: Sequence) -> set[str]:
    """The names of all slots that a template can draw."""
    names: set[str] = set()
    for node in sequence:
        if isinstance(node, Slot):
            names.add(node.name)
        elif isinstance(node, Choice):
            names = names.union(*(slots_of(branch) for branch in node.branches))
    return names
