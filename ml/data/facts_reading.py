"""Reads facts of items and users from the tables that have them: catalogue, customers, or the interactions themselves.

Of the interactions only rows before the split are read, so that a price or a country first seen afterwards is unknown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ml.data.columns import numbers, read_columns, texts
from ml.data.facts import Facts, frequent_values, one_hot
from ml.data.identifiers import identifier
from ml.data.interactions import Ids, Interactions
from ml.data.times import TimeReader

ITEM_WORDS, USER_WORDS = ("title", "category"), ("country", "age")


@dataclass(frozen=True)
class Table:
    """A file and the meaning of its columns, {role: column}."""

    path: Path
    roles: Mapping[str, str]


class _Side:
    """What is gathered of the items or of the users: the first word of each kind, the mean of the log price."""

    def __init__(self, ids: Ids, kinds: tuple[str, ...]) -> None:
        self.code = {name: number for number, name in enumerate(ids)}
        self.words: dict[str, list[str]] = {kind: [""] * len(ids) for kind in kinds}
        self.log_price, self.priced = np.zeros(len(ids)), np.zeros(len(ids))

    def codes(self, values: pa.Array) -> NDArray[np.int64]:
        """[rows] the code of each id, -1 for an unknown or missing one."""
        encoded = values if pa.types.is_dictionary(values.type) else values.dictionary_encode()
        names = [identifier(value) or "" for value in encoded.dictionary.to_pylist()]
        # A text column written "17850.0" throughout was a float column once; the interactions say 17850.
        found = [self.code.get(name, self.code.get(name.removesuffix(".0"), -1)) for name in names]
        places = encoded.indices.fill_null(len(names)).to_numpy(zero_copy_only=False).astype(np.int64)
        codes: NDArray[np.int64] = np.array([*found, -1], np.int64)[places]
        return codes

    def add_words(self, kind: str, codes: NDArray[np.int64], values: pa.Array) -> None:
        names, places = texts(values)
        usable = np.flatnonzero((codes >= 0) & (places < len(names) - 1))
        _, first = np.unique(codes[usable], return_index=True)
        known = self.words[kind]
        for row in usable[first]:
            known[codes[row]] = known[codes[row]] or (names[places[row]] or "")

    def add_prices(self, codes: NDArray[np.int64], prices: NDArray[np.float64]) -> None:
        usable = (codes >= 0) & (np.nan_to_num(prices) > 0)
        size = len(self.priced)
        self.log_price += np.bincount(codes[usable], weights=np.log(prices[usable]), minlength=size)
        self.priced += np.bincount(codes[usable], minlength=size)


def read_facts(train: Interactions, interactions: Table, items: Table | None, users: Table | None) -> Facts:
    """The facts of train's items and users; what the side tables say goes before what the interactions say."""
    catalogue, people = _Side(train.items, ITEM_WORDS), _Side(train.users, USER_WORDS)
    if items is not None:
        _read(items, {"item": catalogue}, train.end)
    if users is not None:
        _read(users, {"user": people}, train.end)
    priced = catalogue.priced > 0
    _read(interactions, {"item": catalogue, "user": people}, train.end, unpriced=~priced, timed=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        prices = np.exp(catalogue.log_price / catalogue.priced).astype(np.float32)
    categories, category_names = frequent_values(catalogue.words["category"])
    groups, group_names = _groups(people)
    return Facts(prices, categories, category_names, catalogue.words["title"], groups, group_names)


def _read(
    table: Table,
    sides: dict[str, _Side],
    until: int,
    *,
    unpriced: NDArray[np.bool_] | None = None,
    timed: bool = False,
) -> None:
    wanted = {"price", *(kind for side in sides.values() for kind in side.words)} & set(table.roles)
    if not wanted:
        return
    # Only interactions have a time that matters: the date in a catalogue says when an item was listed.
    keys = (*sides, "time") if timed else tuple(sides)
    roles = {role: table.roles[role] for role in (*keys, *sorted(wanted)) if role in table.roles}
    times, first = TimeReader(roles.get("time", "")), 1
    for batch in read_columns(Path(table.path), roles, keys):
        rows = len(next(iter(batch.values())))
        early = np.ones(rows, bool)
        if timed:
            moments, present = times.read(batch["time"], first)
            early = present & (moments < until)
        for role, side in sides.items():
            codes = np.where(early, side.codes(batch[role]), -1)
            for kind in side.words.keys() & wanted:
                side.add_words(kind, codes, batch[kind])
            if role == "item" and "price" in wanted:
                if unpriced is not None:
                    codes = np.where((codes >= 0) & unpriced[codes], codes, -1)
                side.add_prices(codes, numbers(batch["price"], roles["price"], first))
        first += rows


def _groups(people: _Side) -> tuple[NDArray[np.float32], list[str]]:
    """One column for each frequent country and age band."""
    tables, names = [np.zeros((len(people.priced), 0), np.float32)], []
    for kind in USER_WORDS:
        codes, values = frequent_values(people.words[kind])
        tables.append(one_hot(codes, len(values)))
        names += [f"{kind}={value}" for value in values]
    return np.hstack(tables), names
