"""How many wrong cells were found and how many were put right, against a clean table beside the dirty one. Pure.

Cells are compared as texts, as the files write them; a missing cell is the empty text. A cell is wrong when the two
tables differ there. Detection looks at the cells that were blamed or changed, repair at those that were changed: a
change is right when it gives the clean cell.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

Columns = Mapping[str, Sequence[str | None]]
Cell = tuple[int, str]


@dataclass(frozen=True)
class Score:
    """``right`` of the ``claimed`` cells are right; ``wanted`` cells were to be found."""

    right: int
    claimed: int
    wanted: int

    @property
    def precision(self) -> float:
        """1 when nothing was claimed: nothing wrong was said."""
        return self.right / self.claimed if self.claimed else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.wanted if self.wanted else 1.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True)
class Scores:
    wrong_cells: int
    detection: Score
    repair: Score


def scores(*, dirty: Columns, clean: Columns, repaired: Columns, blamed: Collection[Cell] = ()) -> Scores:
    """Score a repaired table with the same rows and columns; ``blamed`` cells count as detected too."""
    wrong, changed, mended = set(), set(), 0
    for name, values in dirty.items():
        rows = zip(values, clean[name], repaired[name], strict=True)
        for row, (before, truth, after) in enumerate((_text(a), _text(b), _text(c)) for a, b, c in rows):
            if before != truth:
                wrong.add((row, name))
            if before != after:
                changed.add((row, name))
                mended += after == truth
    detected = changed | set(blamed)
    return Scores(
        wrong_cells=len(wrong),
        detection=Score(len(detected & wrong), len(detected), len(wrong)),
        repair=Score(mended, len(changed), len(wrong)),
    )


def _text(cell: str | None) -> str:
    return "" if cell is None else str(cell)
