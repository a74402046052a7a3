"""A kind of text: its templates, how often it is drawn, how its sentences are put together."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Genre:
    """``lengths`` are the weights of 0, 1, 2, 3 further templates; ``home`` the one country of all its words."""

    name: str
    templates: tuple[str, ...]
    weight: float
    lengths: tuple[int, int, int, int]
    joiners: tuple[str, ...]
    home: str | None = None
    own_script: bool = False
    asides: bool = False  # whether a harmless sentence in English may stand beside its own
