"""What every recommender is: fit, score, recommend, save, load. A new one is a file, a line in REGISTRY and options."""

import importlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ml.data.interactions import Codes, Ids, Interactions
from ml.errors import DataError
from ml.models.options import check_options
from ml.models.provenance import record_provenance

Progress = Callable[[float, str], None]  # the fraction done, 0 to 1, and what is being done
Scores = NDArray[np.float32]

# Named by text, so that looking at the list loads no model and above all no torch.
REGISTRY: dict[str, str] = {
    "popular": "ml.models.popular:Popular",
    "recent_popular": "ml.models.popular:RecentPopular",
    "personal_popular": "ml.models.personal_popular:PersonalPopular",
    "item_neighbours": "ml.models.item_neighbours:ItemNeighbours",
    "user_neighbours": "ml.models.user_neighbours:UserNeighbours",
    "ease": "ml.models.ease:Ease",
    "ials": "ml.models.ials:Ials",
    "bpr": "ml.models.bpr:Bpr",
    "softmax_factors": "ml.models.softmax_factors:SoftmaxFactors",
    "lightgcn": "ml.models.lightgcn:LightGcn",
    "perceptron": "ml.models.perceptron:Perceptron",
    "wide_and_deep": "ml.models.wide_and_deep:WideAndDeep",
    "two_tower": "ml.models.two_tower:TwoTower",
    "sasrec": "ml.models.sasrec:SasRec",
    "bert4rec": "ml.models.bert4rec:Bert4Rec",
    "convolution": "ml.models.convolution:Convolution",
    "hybrid": "ml.models.hybrid:Hybrid",
}
BASELINES = ("popular", "recent_popular")
BLOCK_CELLS = 16_000_000  # scores held at once: 64 MiB of float32


def silent(fraction: float, message: str = "") -> None:
    """A progress that tells nobody."""


def part(progress: Progress, start: float, end: float) -> Progress:
    """The share of ``progress`` from ``start`` to ``end`` as a progress of its own."""

    def inner(fraction: float, message: str = "") -> None:
        progress(start + (end - start) * min(max(fraction, 0.0), 1.0), message)

    return inner


class Recommender(ABC):
    """One model. ``score`` returns finite float32 for every item of train; higher is better.

    Users and items are the codes of the interactions that it was fitted on; ``users`` and ``items`` hold their ids.
    """

    name: ClassVar[str]
    seeded: ClassVar[bool] = False  # whether another seed can give another result

    users: Ids
    items: Ids
    trained_on: dict[str, Any] | None = None  # digest and counts of the rows, noted by fit
    learning_curve: list[dict[str, Any]]  # one dict an epoch: epoch, loss, <metric>_validation, seconds, best; or empty

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        record_provenance(cls)

    def __init__(self, options: Mapping[str, Any] | None = None, *, seed: int = 0, device: str = "auto") -> None:
        self.options = check_options(self.name, options or {})
        self.seed, self.device = seed, device
        self.learning_curve = []

    @abstractmethod
    def fit(self, train: Interactions, *, features: Any = None, progress: Progress = silent) -> Self:
        """Learn from train alone; a model that needs validation takes it by ``ml.data.splits.validation_tail``."""

    @abstractmethod
    def score(self, users: Codes) -> Scores:
        """[len(users), n_items] float32. The caller passes blocks of users (``blocks``), never all of a large shop."""

    @abstractmethod
    def save(self, folder: Path) -> dict[str, Any]:
        """Write a bundle (``ml.models.bundle``) and return its manifest."""

    @classmethod
    @abstractmethod
    def load(cls, folder: Path) -> Self:
        """The fitted model of a bundle; its scores equal the saved model's exactly."""

    def fold_in(self, rows: Interactions) -> Self:
        """A copy that scores the users of ``rows`` from these rows as their history; what it knows of items stays.

        The rows have their own users and the items that the model was fitted on. Raises DataError for other items, and
        from a model that cannot tell anything of users whom it was not trained on.
        """
        raise DataError(
            f"The model {self.name} cannot recommend to users whom it was not trained on.",
            where=f"model {self.name}",
            hint="Choose a split that tests users of train, or another model.",
        )

    def same_items(self, rows: Interactions) -> None:
        """Raise DataError unless the rows are of the items that the model was fitted on."""
        if not np.array_equal(rows.items, self.items):
            raise DataError("The history is of other items than the model was trained on.", where=f"model {self.name}")

    def recommend(self, users: Codes, k: int, exclude: csr_array | None = None) -> Codes:
        """[len(users), k] item codes, best first, -1 where nothing is left; ``exclude`` is [n_users, n_items].

        Equal scores stand in ascending order of item code, which is the order of ids.
        """
        from ml.evaluation.ranking import top_k  # the rule about ties lives there

        lists = [np.empty((0, k), np.int32)]
        for block in blocks(users, len(self.items)):
            scores = self.score(block)
            lists.append(top_k(scores, k, exclude[block] if exclude is not None else None))
        return np.concatenate(lists)


def blocks(users: Codes, n_items: int, cells: int = BLOCK_CELLS) -> list[Codes]:
    """The users in slices whose scores fit in ``cells`` numbers, so that users x items is never held."""
    size = max(1, cells // max(n_items, 1))
    return [users[start : start + size] for start in range(0, len(users), size)]


def model_type(name: str) -> type[Recommender]:
    """The class of a registered model. Raises DataError, naming the nearest model, for an unknown name."""
    if name not in REGISTRY:
        check_options(name, {})  # says which models there are
    module, _, attribute = REGISTRY[name].partition(":")
    found: type[Recommender] = getattr(importlib.import_module(module), attribute)
    return found


def create(name: str, options: Mapping[str, Any] | None = None, *, seed: int = 0, device: str = "auto") -> Recommender:
    """An unfitted model; option values may be text, as a command line gives them.

    Raises DataError for an unknown model, an unknown option or a value of the wrong kind.
    """
    return model_type(name)(options, seed=seed, device=device)


def load(name: str, folder: Path) -> Recommender:
    """The fitted model that a bundle of this name holds.

    Raises DataError also for a bundle that is whole but does not hold what the model needs: it scores one user first.
    """
    kind = model_type(name)
    try:
        model = kind.load(folder)
        scores = model.score(np.zeros(min(1, len(model.users)), np.int32))
        fits = scores.shape[1] == len(model.items) and bool(np.isfinite(scores).all())
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, RuntimeError) as error:
        raise DataError("The bundle does not hold what its model needs.", where=str(folder)) from error
    if not fits:
        raise DataError("The bundle does not hold what its model needs.", where=str(folder))
    return model
