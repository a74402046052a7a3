"""How a number was measured. Two numbers may be compared only when their protocols have the same digest."""

import hashlib
import json
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal, get_args

from ml.errors import DataError

Repeats = Literal["allowed", "masked"]

VERSION = 1


@dataclass(frozen=True)
class Protocol:
    """Everything about a measurement that changes what the number means, and nothing about the model or the data.

    ``repeats``: with ``allowed``, items that the user met in train are ranked and count when met again; with
    ``masked`` they are not ranked, while the truth stays what it is: it is never made easier to suit a ranking.
    """

    split: str  # canonical text of the split, such as "time:2011-10-10T00:00:00Z,28d"
    train_until: str  # ISO 8601, UTC, exclusive
    test_until: str  # ISO 8601, UTC, exclusive; empty when the test reaches to the last row
    repeats: Repeats = "allowed"
    cutoffs: tuple[int, ...] = (10,)
    candidates: str = "every item of train"
    users: str = "known in train, with at least one test item"
    minimum_users: int = 2
    truth: str = "every different item of the user's test, also where it is unknown in train or masked; binary"
    ties: str = "equal scores in ascending order of item id"
    scores: str = "float32"
    validation: str = "taken from the end of train only, by models that need it"
    interval: str = "95 %, percentile bootstrap over users, 1000 draws, seed 0; coverage: jackknife over users"
    preparation: dict[str, Any] = field(default_factory=dict)  # ml.data.preparation.PreparationRules.describe()
    version: int = VERSION
    # Said beside the protocol, but not of the digest: the split's text implies the rule, and the share is of the data.
    split_ties: str = field(default="", metadata={"digest": False})
    tied_share: float = field(default=0.0, metadata={"digest": False})

    def __post_init__(self) -> None:
        if self.repeats not in get_args(Repeats):
            raise DataError(f"Repeats cannot be '{self.repeats}'.", where="repeats", hint="Say allowed or masked.")
        if not self.cutoffs or min(self.cutoffs) < 1:
            raise DataError("A cut-off must be 1 or more.", where="k", hint="For example 10.")

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON: sorted keys, no spaces, UTF-8."""
        told = asdict(self)
        for each in fields(self):
            if not each.metadata.get("digest", True):
                del told[each.name]
        text = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def document(self) -> dict[str, Any]:
        """The protocol as JSON values, with its digest."""
        return {**asdict(self), "cutoffs": list(self.cutoffs), "digest": self.digest}
