"""From a table to interactions: which rows count, how much, and how many were left out for which reason."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ml.data.columns import (
    EVENT,
    INTERACTION_ROLES,
    ITEM,
    ORDER,
    PRICE,
    QUANTITY,
    REQUIRED,
    TIME,
    USER,
    Vocabulary,
    numbers,
    read_columns,
    texts,
)
from ml.data.interactions import Interactions, compact
from ml.data.rules import AUTO, CANCELLED_ORDER, DIGITS_SHARE, REASONS, Counts, PreparationRules
from ml.data.times import TimeReader
from ml.errors import DataError


@dataclass(frozen=True)
class Prepared:
    interactions: Interactions
    counts: Counts
    rules: dict[str, Any]


@dataclass
class _Columns:
    """What is kept of each batch: codes and flags, never the text."""

    users: list[NDArray[np.int32]] = field(default_factory=list)
    items: list[NDArray[np.int32]] = field(default_factory=list)
    times: list[NDArray[np.int64]] = field(default_factory=list)
    weights: list[NDArray[np.float32]] = field(default_factory=list)
    reasons: list[NDArray[np.int8]] = field(default_factory=list)  # place in REASONS, or -1


def load_interactions(path: Path, roles: Mapping[str, str], rules: PreparationRules | None = None) -> Prepared:
    """Interactions of a Parquet or CSV file, in order of time, then user, then item.

    ``roles`` is {role: column}; roles that say nothing about interactions are left alone. Raises DataError for a
    missing role or column, an unreadable value (naming its row), and for a table in which nothing counts.
    """
    rules = rules or PreparationRules()
    roles = {role: column for role, column in roles.items() if role in INTERACTION_ROLES}
    reader = _Reader(roles, rules)
    for batch in read_columns(Path(path), roles, REQUIRED):
        reader.add(batch)
    return reader.finish()


class _Reader:
    def __init__(self, roles: Mapping[str, str], rules: PreparationRules) -> None:
        self.roles, self.rules = roles, rules
        self.users, self.items = Vocabulary(), Vocabulary()
        self.times = TimeReader(roles.get(TIME, ""))
        self.columns = _Columns()
        self.rows = 0
        self.plain_orders, self.orders = 0, 0
        self.other_events: set[str] = set()

    def add(self, batch: Mapping[str, pa.Array]) -> None:
        first = self.rows + 1
        users, items = self.users.encode(batch[USER]), self.items.encode(batch[ITEM])
        times, timed = self.times.read(batch[TIME], first)
        reason = np.full(len(users), -1, np.int8)
        _mark(reason, "without_user", users < 0)
        _mark(reason, "without_item", items < 0)
        _mark(reason, "without_time", ~timed)
        weights = self._weigh(batch, reason)
        self._mark_orders(batch, reason)
        self._mark_amounts(batch, reason, first)
        kept = self.columns
        kept.users.append(users)
        kept.items.append(items)
        kept.times.append(times)
        kept.weights.append(weights)
        kept.reasons.append(reason)
        self.rows += len(users)

    def _weigh(self, batch: Mapping[str, pa.Array], reason: NDArray[np.int8]) -> NDArray[np.float32]:
        if EVENT not in batch:
            return np.ones(len(reason), np.float32)
        names, places = texts(batch[EVENT])
        known = {_event(name): weight for name, weight in self.rules.event_weights.items()}
        table = np.full(len(names), self.rules.other_event_weight, np.float32)
        for place, name in enumerate(names):
            if name is not None and _event(name) in known:
                table[place] = known[_event(name)]
            elif name is not None and len(self.other_events) < 20:
                self.other_events.add(name[:60])
        weights = table[places]
        _mark(reason, "ignored_event", weights <= 0)
        return weights

    def _mark_orders(self, batch: Mapping[str, pa.Array], reason: NDArray[np.int8]) -> None:
        """Whether C means a cancellation is known only at the end; ``finish`` takes the mark back if not."""
        if ORDER not in batch or not self.rules.cancelled_orders:
            return
        names, places = texts(batch[ORDER])
        cancelled = np.array([bool(name and re.fullmatch(CANCELLED_ORDER, name)) for name in names])
        plain = np.array([bool(name and name.isdigit()) for name in names])
        present = np.array([name is not None for name in names])
        self.plain_orders += int(plain[places].sum())
        self.orders += int(present[places].sum())
        _mark(reason, "cancelled_order", cancelled[places])

    def _mark_amounts(self, batch: Mapping[str, pa.Array], reason: NDArray[np.int8], first: int) -> None:
        checks = (
            (QUANTITY, self.rules.positive_quantity, "quantity_not_positive"),
            (PRICE, self.rules.positive_price, "price_not_positive"),
        )
        for role, wanted, name in checks:
            if role in batch:  # read even where the rule is off: what is no number is refused either way
                amounts = numbers(batch[role], self.roles[role], first)
                if wanted:
                    _mark(reason, name, amounts <= 0)

    def finish(self) -> Prepared:
        if not self.rows:
            raise DataError("The table has no rows.", where="interactions", hint="Register a file with data.")
        users, items = np.concatenate(self.columns.users), np.concatenate(self.columns.items)
        times, weights = np.concatenate(self.columns.times), np.concatenate(self.columns.weights)
        reason = np.concatenate(self.columns.reasons)
        self.columns = _Columns()
        item_ids, new_items = self.items.finish()
        user_ids, new_users = self.users.finish()
        if self.orders and self.plain_orders * 2 <= self.orders:
            reason[reason == REASONS.index("cancelled_order")] = -1
        products = _products(item_ids, self.rules.exclude_items)
        present = items >= 0
        not_product = np.zeros(len(reason), bool)
        not_product[present] = ~products[new_items[items[present]]]
        _mark(reason, "not_a_product", not_product)
        kept = reason < 0
        if not kept.any():
            found = {name: int((reason == place).sum()) for place, name in enumerate(REASONS)}
            said = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in found.items() if count)
            raise DataError(f"No row counts as an interaction: {said}.", where="interactions", hint="Check the roles.")
        rows = Interactions(
            new_users[users[kept]], new_items[items[kept]], times[kept], weights[kept], user_ids, item_ids
        )
        rows = _in_order(rows)
        return Prepared(rows, self._counts(reason, rows), self.rules.describe(self.roles))

    def _counts(self, reason: NDArray[np.int8], rows: Interactions) -> Counts:
        found = {name: int((reason == place).sum()) for place, name in enumerate(REASONS)}
        return replace(
            Counts(rows=self.rows),
            **found,
            kept=len(rows),
            users=rows.n_users,
            items=rows.n_items,
            users_with_tied_last_time=tied_last_times(rows),
            other_events=tuple(sorted(self.other_events)),
        )


def tied_last_times(rows: Interactions) -> int:
    """The users whose last time belongs to two or more different items: which came last cannot be told."""
    last = np.full(rows.n_users, np.iinfo(np.int64).min)
    np.maximum.at(last, rows.user_codes, rows.times)
    final = rows.times == last[rows.user_codes]
    pairs = np.unique(rows.user_codes[final].astype(np.int64) * max(rows.n_items, 1) + rows.item_codes[final])
    return int((np.bincount(pairs // max(rows.n_items, 1), minlength=rows.n_users) > 1).sum())


def _in_order(rows: Interactions) -> Interactions:
    return compact(rows.select(np.lexsort((rows.item_codes, rows.user_codes, rows.times))))


def _products(ids: NDArray[np.object_], rule: str) -> NDArray[np.bool_]:
    """[items] whether each id is a product's."""
    if rule == AUTO:
        digits = np.array([any(sign.isdigit() for sign in text) for text in ids], dtype=bool)
        return digits if len(ids) and digits.mean() >= DIGITS_SHARE else np.ones(len(ids), bool)
    if not rule:
        return np.ones(len(ids), bool)
    pattern = re.compile(rule)
    return np.array([pattern.fullmatch(text) is None for text in ids], dtype=bool)


def _event(name: str) -> str:
    return re.sub(r"[\s-]+", "_", name.strip().lower())


def _mark(reason: NDArray[np.int8], name: str, rows: NDArray[np.bool_]) -> None:
    reason[(reason < 0) & rows] = REASONS.index(name)
