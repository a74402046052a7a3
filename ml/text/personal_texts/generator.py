"""Draws templates, fills their slots and spoils some of the texts; everything follows from the seed."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from ml.evaluation.spans import Span
from ml.text.personal_texts import noise
from ml.text.personal_texts.grammar import Slot, draw, parse
from ml.text.personal_texts.pools import Pools, choose_home
from ml.text.personal_texts.slots import SLOTS
from ml.text.personal_texts.templates import GENRES, HARMLESS_GENRE, PHRASES, Genre
from ml.text.personal_texts.world import Piece, World

VERSION = 4  # of the texts: another number where the same seed gives other texts
PARTS = ("train", "validation")
HELD_OUT = 8  # every eighth template of a genre is for validation alone
ASIDE = 0.3  # share of sentences in English beside which a harmless one stands


@dataclass(frozen=True)
class LabelledText:
    """``spans`` in order of the text, none overlapping another. ``template`` is its genre and first number there."""

    text: str
    spans: tuple[Span, ...]
    template: str


def make_texts(
    count: int, *, seed: int, part: str = "train", progress: Callable[[float], None] = lambda fraction: None
) -> list[LabelledText]:
    """The same texts for the same seed, part and version; the first ones of a longer run are those of a shorter.

    ``part`` "validation" uses templates that "train" never does.
    """
    if part not in PARTS:
        raise ValueError(f"part is one of {', '.join(PARTS)}")
    pools = Pools(seed if part == "train" else seed + 1_000_003)
    texts = []
    for number in range(count):
        texts.append(_make(random.Random(f"{VERSION}:{part}:{seed}:{number}"), pools, part))
        if number % 500 == 0:
            progress(number / count)
    return texts


def _make(rng: random.Random, pools: Pools, part: str) -> LabelledText:
    genre = rng.choices(GENRES, [genre.weight for genre in GENRES])[0]
    script = genre.home is not None and genre.own_script
    home = genre.home or choose_home(rng, own_script=False)
    world = World(rng, home, pools, script)
    templates = templates_of(genre, part)
    number = rng.randrange(len(templates))
    sentences = [templates[number]]
    for _ in range(rng.choices((0, 1, 2, 3), genre.lengths)[0]):
        sentences.append(templates[rng.randrange(len(templates))])
    if genre.asides and rng.random() < ASIDE:
        harmless = templates_of(HARMLESS_GENRE, part)
        sentences.insert(rng.randrange(len(sentences) + 1), rng.choice(harmless))
    pieces: list[Piece] = []
    for sentence in sentences:
        if pieces:
            pieces.append((rng.choice(genre.joiners), None))
        pieces.extend(fill(sentence, world))
    text, spans = join(noise.spoil(pieces, rng))
    return LabelledText(text, tuple(spans), f"{genre.name}:{number}")


@cache
def templates_of(genre: Genre, part: str) -> tuple[str, ...]:
    """Those of the part, in order."""
    held = part == "validation"
    return tuple(text for place, text in enumerate(genre.templates) if (place % HELD_OUT == HELD_OUT - 1) == held)


def fill(template: str, world: World) -> list[Piece]:
    """The template's text with its slots filled."""
    pieces: list[Piece] = []
    for node in draw(parse(template, PHRASES), world.rng):
        pieces.extend(SLOTS[node.name](world) if isinstance(node, Slot) else [(node, None)])
    return pieces


def join(pieces: Sequence[Piece]) -> tuple[str, list[Span]]:
    """Text and spans; a span holds no white space at its ends."""
    text, spans = "", []
    for part, entity in pieces:
        bare = part.strip()
        if entity is not None and bare:
            start = len(text) + part.index(bare[0])
            spans.append(Span(start, start + len(bare), entity))
        text += part
    return text, spans
