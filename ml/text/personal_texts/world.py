"""What a slot is filled from: the random numbers of one text, its home country and the pools of words."""

import random
from dataclasses import dataclass

from ml.text.personal_texts.pools import Pools, choose_home

Piece = tuple[str, str | None]  # a stretch of text and its entity, None for none
ABROAD = 0.35  # how often a word comes from another country than the text's own


@dataclass
class World:
    rng: random.Random
    home: str
    pools: Pools
    script: bool = False  # names of the home country in its own script, in texts of that language only

    def word(self, kind: str) -> str:
        """A word of the home country, or at times of another."""
        home = self.home
        if not self.script and self.rng.random() < ABROAD:
            home = choose_home(self.rng, own_script=False)
        return self.rng.choice(self.pools.words(home, kind))

    def english(self, kind: str) -> str:
        """A word of Faker's English lists, by the name of its function."""
        return self.rng.choice(self.pools.words("en_US", kind))

    def maybe(self, share: float) -> bool:
        return self.rng.random() < share

    def digits(self, count: int) -> str:
        return "".join(self.rng.choices("0123456789", k=count))

    def shaped(self, shape: str) -> str:
        """The shape with ``#`` as digits, ``@`` as capital letters."""
        return "".join(
            self.rng.choice("0123456789") if c == "#" else self.rng.choice("ABCDEFGHJKLMNPRSTUVWXYZ") if c == "@" else c
            for c in shape
        )
