"""What every way of splitting is: a text that says it, the clock that it needs, the parts that it makes."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from ml.data.interactions import CLOCKS, NO_CLOCK, OWN_CLOCK, SHARED_CLOCK, Interactions
from ml.data.splits.parts import Parts
from ml.errors import DataError

TIMELESS_HINT = "Name the column with the role time, or split by random:0.25 or users:0.1, which need no times."


@dataclass(frozen=True)
class Split(ABC):
    """One way of parting interactions. ``text`` reads back (``parse_split``) as an equal split."""

    clock: ClassVar[str] = NO_CLOCK  # the least that the rows' times must be able to say
    next_row: ClassVar[bool] = False  # whether what is tested may share its instant with rows of train

    @property
    @abstractmethod
    def text(self) -> str:
        """The split in one canonical way of writing."""

    @abstractmethod
    def inner(self, train: Interactions) -> "Split":
        """A split of the same kind that cuts a validation part from train, and looks at nothing else."""

    @abstractmethod
    def apply(self, rows: Interactions, *, minimum_users: int) -> Parts:
        """Part the rows; called through ``apply_split``, which checks the clock."""

    def check_clock(self, clock: str) -> None:
        """Raises DataError when times of this kind cannot say what comes before what for this split."""
        if CLOCKS.index(clock) >= CLOCKS.index(self.clock):
            return
        if clock == OWN_CLOCK:
            raise DataError(
                f"The split {self.text} needs one clock for all users; sequences give only each user's own order.",
                where="split",
                hint="Split by loo, random:0.25 or users:0.1.",
            )
        what = "times" if self.clock == SHARED_CLOCK else "an order in time"
        raise DataError(
            f"The split {self.text} needs {what}, and the rows have none.", where="split", hint=TIMELESS_HINT
        )
