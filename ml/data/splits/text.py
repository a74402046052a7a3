"""Reading a split from its text."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from ml.data.splits.at_random import RandomSplit
from ml.data.splits.base import Split
from ml.data.splits.folds import FoldSplit
from ml.data.splits.held_out_users import UserSplit
from ml.data.splits.leave_one_out import LeaveOneOut
from ml.data.splits.parts import EPOCH
from ml.data.splits.time import TimeSplit
from ml.errors import DataError

HINT = "Write time:2011-10-10,28d, time:0.9, loo, random:0.25, users:0.1 or folds:5."
MOST_FOLDS = 100


def parse_split(text: str) -> Split:
    """Read ``time:DATE[,28d]``, ``time:SHARE[,28d]``, ``loo``, ``random:SHARE[,seed=N]``, ``folds:K[,fold=I]`` or
    ``users:SHARE[,seed=N][,history=SHARE]``. Raises DataError for anything else."""
    kind, _, rest = text.strip().partition(":")
    first, *others = (part.strip() for part in rest.split(","))
    try:
        return READERS[kind.strip()](first, others)
    except (KeyError, ValueError) as error:
        raise DataError(f"The split '{text}' is not understood.", where="split", hint=HINT) from error


def _time(start: str, others: list[str]) -> TimeSplit:
    days = None
    if others:
        (window,) = others
        match = re.fullmatch(r"(\d+(?:\.\d+)?)d", window)
        days = float(match.group(1)) if match else 0.0
        if not 0 < days <= 36_500:
            raise ValueError(window)
    if re.fullmatch(r"0?\.\d+", start):
        return TimeSplit(at=None, share=_share(start), window_days=days)
    moment = datetime.fromisoformat(start)
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return TimeSplit(at=(moment - EPOCH) // timedelta(microseconds=1), window_days=days)


def _leave_one_out(first: str, others: list[str]) -> LeaveOneOut:
    if first or others:
        raise ValueError(first)
    return LeaveOneOut()


def _random(first: str, others: list[str]) -> RandomSplit:
    given = _named(others, {"seed": _whole})
    return RandomSplit(_share(first), int(given.get("seed", 0)))


def _users(first: str, others: list[str]) -> UserSplit:
    given = _named(others, {"seed": _whole, "history": _share})
    return UserSplit(_share(first), int(given.get("seed", 0)), given.get("history", 0.8))


def _folds(first: str, others: list[str]) -> FoldSplit:
    count, given = _whole(first), _named(others, {"fold": _whole})
    fold = given.get("fold")
    if not 2 <= count <= MOST_FOLDS or (fold is not None and not 1 <= fold <= count):
        raise ValueError(first)
    return FoldSplit(count, int(fold) if fold is not None else None)


def _named(texts: list[str], readers: dict[str, Callable[[str], float]]) -> dict[str, float]:
    found: dict[str, float] = {}
    for text in texts:
        name, _, value = text.partition("=")
        if name in found or name not in readers:
            raise ValueError(text)
        found[name] = readers[name](value)
    return found


def _share(text: str) -> float:
    """A share between 0 and 1, written as a decimal fraction; below 0.0001 the canonical text could not be read."""
    share = float(text)
    if not re.fullmatch(r"0?\.\d+", text) or not 0 < share < 1 or "e" in f"{share:g}":
        raise ValueError(text)
    return share


def _whole(text: str) -> int:
    if not re.fullmatch(r"\d{1,9}", text):
        raise ValueError(text)
    return int(text)


READERS: dict[str, Callable[[str, list[str]], Split]] = {
    "time": _time,
    "loo": _leave_one_out,
    "random": _random,
    "users": _users,
    "folds": _folds,
}
