"""What is kept of a table's rows while it is read: codes, times and flags, never the text."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.data.columns import EVENT, ITEM, ORDER, PRICE, QUANTITY, RATING, TIME, USER, Batch, numbers, texts
from ml.data.identifiers import Vocabulary
from ml.data.interactions import NO_CLOCK, SHARED_CLOCK
from ml.data.rules import CANCELLED_ORDER, PURCHASES, REASONS, RETURNS, PreparationRules
from ml.data.times import TimeReader
from ml.errors import DataError

Reasons = NDArray[np.int8]  # place in REASONS, or -1
OTHER, PURCHASE, RETURN = 0, 1, 2
LARGEST = 1e9  # a rating beyond it is a mistake, and beyond float32 it would be infinite


@dataclass
class Columns:
    """Pieces of each column, in the order of the rows."""

    users: list[NDArray[np.int32]] = field(default_factory=list)
    items: list[NDArray[np.int32]] = field(default_factory=list)
    times: list[NDArray[np.int64]] = field(default_factory=list)
    weights: list[NDArray[np.float32]] = field(default_factory=list)
    reasons: list[Reasons] = field(default_factory=list)
    amounts: list[NDArray[np.float32]] = field(default_factory=list)  # of netting only: positive quantities
    acts: list[NDArray[np.int8]] = field(default_factory=list)  # of netting only: OTHER, PURCHASE or RETURN


def joined(pieces: list[NDArray[Any]]) -> NDArray[Any]:
    """The whole column; the pieces are given up, so that only one column is ever held twice."""
    whole = np.concatenate(pieces)
    pieces.clear()
    return whole


class Gatherer:
    """Reads batches of rows by the rules; ``columns`` holds what was read."""

    def __init__(self, roles: Mapping[str, str], rules: PreparationRules, clock: str = SHARED_CLOCK) -> None:
        self.roles, self.rules, self.clock = roles, rules, clock
        self.users, self.items = Vocabulary(roles.get(USER, "")), Vocabulary(roles.get(ITEM, ""))
        self.times = TimeReader(roles.get(TIME, ""))
        self.columns = Columns()
        self.rows = 0
        self.plain_orders, self.orders = 0, 0
        self.other_events: set[str] = set()

    def add(self, batch: Batch) -> None:
        """Take in a batch. Raises DataError naming the column and row of an unreadable value."""
        first = self.rows + 1
        users, items = self.users.encode(batch[USER]), self.items.encode(batch[ITEM])
        reason = np.full(len(users), -1, np.int8)
        mark(reason, "without_user", users < 0)
        mark(reason, "without_item", items < 0)
        kept = self.columns
        kept.times.append(self._times(batch, reason, first))
        weights, acts = self._weigh(batch, reason)
        self._mark_orders(batch, reason)
        amounts = self._mark_amounts(batch, reason, acts, first)
        weights = self._rate(batch, reason, weights, first)
        kept.users.append(users)
        kept.items.append(items)
        kept.weights.append(weights)
        kept.reasons.append(reason)
        if self.rules.net_returns:
            kept.amounts.append(amounts)
            kept.acts.append(acts)
        self.rows += len(users)

    @property
    def cancellations_known(self) -> bool:
        """Whether C before an order number means a cancellation here: most order numbers are digits only."""
        return self.plain_orders * 2 > self.orders

    def _times(self, batch: Batch, reason: Reasons, first: int) -> NDArray[np.int64]:
        if self.clock == NO_CLOCK:
            return np.zeros(len(reason), np.int64)
        if self.clock != SHARED_CLOCK:
            places: NDArray[np.int64] = batch[TIME].to_numpy(zero_copy_only=False)
            return places
        times, timed = self.times.read(batch[TIME], first)
        mark(reason, "without_time", ~timed)
        return times

    def _weigh(self, batch: Batch, reason: Reasons) -> tuple[NDArray[np.float32], NDArray[np.int8]]:
        """[rows] weights by event, and what each row does to a purchase."""
        if EVENT not in batch:
            return np.ones(len(reason), np.float32), np.full(len(reason), PURCHASE, np.int8)
        names, places = texts(batch[EVENT])
        known = {_event(name): weight for name, weight in self.rules.event_weights.items()}
        table = np.full(len(names), self.rules.other_event_weight, np.float32)
        acts = np.full(len(names), OTHER, np.int8)
        for place, name in enumerate(names):
            if name is None:
                continue
            acts[place] = RETURN if _event(name) in RETURNS else PURCHASE if _event(name) in PURCHASES else OTHER
            if _event(name) in known:
                table[place] = known[_event(name)]
            elif len(self.other_events) < 20:
                self.other_events.add(name[:60])
        weights = table[places]
        mark(reason, "ignored_event", weights <= 0)
        return weights, acts[places]

    def _mark_orders(self, batch: Batch, reason: Reasons) -> None:
        """Whether C means a cancellation is known only at the end; then the mark is taken back if not."""
        if ORDER not in batch or not self.rules.cancelled_orders:
            return
        names, places = texts(batch[ORDER])
        cancelled = np.array([bool(name and re.fullmatch(CANCELLED_ORDER, name)) for name in names])
        plain = np.array([bool(name and name.isdigit()) for name in names])
        present = np.array([name is not None for name in names])
        self.plain_orders += int(plain[places].sum())
        self.orders += int(present[places].sum())
        mark(reason, "cancelled_order", cancelled[places])

    def _mark_amounts(self, batch: Batch, reason: Reasons, acts: NDArray[np.int8], first: int) -> NDArray[np.float32]:
        """[rows] how many of the item the row speaks of: 1 where no quantity says otherwise."""
        pieces = np.ones(len(reason), np.float32)
        if QUANTITY in batch:  # read even where the rule is off: what is no number is refused either way
            quantity = numbers(batch[QUANTITY], self.roles[QUANTITY], first)
            pieces = np.nan_to_num(np.abs(quantity), nan=1.0).astype(np.float32)
            acts[quantity < 0] = RETURN
            acts[quantity == 0] = OTHER
            if self.rules.positive_quantity:
                mark(reason, "quantity_not_positive", quantity <= 0)
        if PRICE in batch:
            price = numbers(batch[PRICE], self.roles[PRICE], first)
            if self.rules.positive_price:
                mark(reason, "price_not_positive", price <= 0)
        return pieces

    def _rate(self, batch: Batch, reason: Reasons, weights: NDArray[np.float32], first: int) -> NDArray[np.float32]:
        if RATING not in batch:
            return weights
        ratings = numbers(batch[RATING], self.roles[RATING], first)
        wrong = np.abs(ratings) > LARGEST
        if wrong.any():
            row = int(np.argmax(wrong))
            raise DataError(
                f"'{ratings[row]:g}' is not a rating.",
                where=f"column {self.roles[RATING]}, row {first + row}",
                hint=f"It must lie between -{LARGEST:g} and {LARGEST:g}.",
            )
        least = self.rules.minimum_rating
        mark(reason, "without_rating", np.isnan(ratings))
        mark(reason, "rating_too_low", (ratings <= 0) | (ratings < (least if least is not None else 0.0)))
        return weights * np.where(ratings > 0, ratings, 1.0).astype(np.float32)


def mark(reason: Reasons, name: str, rows: NDArray[np.bool_]) -> None:
    """Give the rows that have no reason yet this one."""
    reason[(reason < 0) & rows] = REASONS.index(name)


def _event(name: str) -> str:
    return re.sub(r"[\s-]+", "_", name.strip().lower())
