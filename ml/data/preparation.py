"""From a table to interactions: which rows count, how much, and how many were left out for which reason."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.data.cores import core
from ml.data.formats import AUTO as ANY_FORMAT
from ml.data.formats import SEQUENCES, open_source
from ml.data.gathering import PURCHASE, RETURN, Gatherer, Reasons, joined, mark
from ml.data.interactions import NO_CLOCK, Codes, Interactions, Times, compact
from ml.data.returns import undone_purchases
from ml.data.rules import AUTO, DIGITS_SHARE, REASONS, Counts, PreparationRules
from ml.errors import DataError


@dataclass(frozen=True)
class Prepared:
    interactions: Interactions
    counts: Counts
    rules: dict[str, Any]
    roles: dict[str, str] = field(default_factory=dict)  # those that were read, guessed ones included


def load_interactions(
    path: Path,
    roles: Mapping[str, str] | None = None,
    rules: PreparationRules | None = None,
    *,
    file_format: str = ANY_FORMAT,
    need_times: bool = True,
) -> Prepared:
    """Interactions of a file (``ml.data.formats``), in order of time, then user, then item.

    ``roles`` is {role: column}; roles that say nothing about interactions are left alone. Without ``need_times`` a
    table may do without a column of times. Raises DataError for a missing role or column, an unreadable value (naming
    its row), and for a table in which nothing counts.
    """
    rules = rules or PreparationRules()
    rated = rules.minimum_rating is not None
    source = open_source(Path(path), roles or {}, file_format=file_format, need_times=need_times, rated=rated)
    gatherer = Gatherer(source.roles, rules, source.clock)
    for batch in source.batches():
        gatherer.add(batch)
    prepared = _finish(gatherer)
    if source.format == SEQUENCES:
        return replace(prepared, roles={})
    return prepared


def _finish(gatherer: Gatherer) -> Prepared:
    if not gatherer.rows:
        raise DataError("The table has no rows.", where="interactions", hint="Register a file with data.")
    rules, columns = gatherer.rules, gatherer.columns
    item_ids, new_items = gatherer.items.finish()
    user_ids, new_users = gatherer.users.finish()
    items, users = _recoded(joined(columns.items), new_items), _recoded(joined(columns.users), new_users)
    times, reason = joined(columns.times), joined(columns.reasons)
    if gatherer.orders and not gatherer.cancellations_known:
        reason[reason == REASONS.index("cancelled_order")] = -1
    _mark_products(reason, items, _products(item_ids, rules.exclude_items))
    if rules.net_returns:
        acts = joined(columns.acts)
        acts[reason == REASONS.index("cancelled_order")] = RETURN
        known = (users >= 0) & (items >= 0)
        pairs = np.where(known, users.astype(np.int64) * max(len(item_ids), 1) + items, -1)
        bought, returned = (acts == PURCHASE) & (reason < 0), (acts == RETURN) & known
        mark(reason, "purchase_returned", undone_purchases(pairs, times, joined(columns.amounts), bought, returned))
    kept = reason < 0
    if not kept.any():
        found = {name: int((reason == place).sum()) for place, name in enumerate(REASONS)}
        said = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in found.items() if count)
        raise DataError(f"No row counts as an interaction: {said}.", where="interactions", hint="Check the roles.")
    if not kept.all():
        users, items, times = users[kept], items[kept], times[kept]
    weights = joined(columns.weights)[kept]
    order = _order(users, items, times)
    if order is not None:  # a column at a time, so that only one is held twice
        users, items = users[order], items[order]
        times, weights = times[order], weights[order]
    rows = compact(Interactions(users, items, times, weights, user_ids, item_ids, clock=gatherer.clock))
    cored = core(rows, rules.user_core, rules.item_core) if rules.user_core or rules.item_core else rows
    counts = _counts(gatherer, reason, cored, len(rows) - len(cored))
    return Prepared(cored, counts, rules.describe(gatherer.roles), dict(gatherer.roles))


def _recoded(codes: Codes, new: Codes) -> Codes:
    """The codes in the order of the ids, in place; -1 stays."""
    known = codes >= 0
    if known.all():
        return np.take(new, codes, out=codes)
    codes[known] = new[codes[known]]
    return codes


def _order(users: Codes, items: Codes, times: Times) -> NDArray[np.int64] | None:
    """The order by time, then user, then item; None where the rows stand in it. Only ties in time are sorted thrice."""
    order = None if bool((times[1:] >= times[:-1]).all()) else np.argsort(times, kind="stable")
    ordered = times if order is None else times[order]
    same = ordered[1:] == ordered[:-1]
    if not same.any():
        return order
    tied = np.zeros(len(times), bool)
    tied[1:] |= same
    tied[:-1] |= same
    del same
    places = np.flatnonzero(tied)
    rows = places if order is None else order[places]
    inner = np.lexsort((items[rows], users[rows], ordered[places]))
    if order is None:
        if bool((inner[1:] > inner[:-1]).all()):
            return None
        order = np.arange(len(times))
    order[places] = rows[inner]
    return order


def _counts(gatherer: Gatherer, reason: Reasons, rows: Interactions, below_core: int) -> Counts:
    found = {name: int((reason == place).sum()) for place, name in enumerate(REASONS)}
    return replace(
        Counts(rows=gatherer.rows),
        **found,
        below_core=below_core,
        kept=len(rows),
        users=rows.n_users,
        items=rows.n_items,
        users_with_tied_last_time=tied_last_times(rows) if rows.clock != NO_CLOCK else 0,
        other_events=tuple(sorted(gatherer.other_events)),
    )


def tied_last_times(rows: Interactions) -> int:
    """The users whose last time belongs to two or more different items: which came last cannot be told."""
    last = np.full(rows.n_users, np.iinfo(np.int64).min)
    np.maximum.at(last, rows.user_codes, rows.times)
    final = rows.times == last[rows.user_codes]
    pairs = np.unique(rows.user_codes[final].astype(np.int64) * max(rows.n_items, 1) + rows.item_codes[final])
    return int((np.bincount(pairs // max(rows.n_items, 1), minlength=rows.n_users) > 1).sum())


def _mark_products(reason: Reasons, items: Codes, products: NDArray[np.bool_]) -> None:
    if not products.all():
        mark(reason, "not_a_product", (items >= 0) & ~products[items])


def _products(ids: NDArray[np.object_], rule: str) -> NDArray[np.bool_]:
    """[items] whether each id is a product's."""
    if rule == AUTO:
        digits = np.array([any(sign.isdigit() for sign in text) for text in ids], dtype=bool)
        return digits if len(ids) and digits.mean() >= DIGITS_SHARE else np.ones(len(ids), bool)
    if not rule:
        return np.ones(len(ids), bool)
    pattern = re.compile(rule)
    return np.array([pattern.fullmatch(text) is None for text in ids], dtype=bool)
