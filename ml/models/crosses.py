"""Cross-product features of a user and an item, hashed: what the wide part of wide and deep remembers.

Cheng et al., "Wide & Deep Learning for Recommender Systems", DLRS 2016, section 3.1: a cross is 1 where all its parts
hold. Here they are user x category of the item, each property of the user x item, the same x category, and each of the
user's last items x item. Which bucket a cross falls into is told by a hash alone, so no table of crosses is ever built.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ml.data.facts import Facts
from ml.data.features import History

Codes = NDArray[np.int64]
FIRST, SECOND, SALT, MIX = 0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x2C1B3C6D  # odd 32-bit constants


def property_codes(facts: Facts) -> Codes:
    """[n_users, kinds] the code from 1 of each user's country, age band, …; 0 where it is not known.

    Facts hold them as columns "kind=value" of zeros and ones.
    """
    kinds: dict[str, list[int]] = {}
    for column, name in enumerate(facts.group_names):
        kinds.setdefault(name.partition("=")[0], []).append(column)
    codes = np.zeros((len(facts.groups), len(kinds)), np.int64)
    for place, columns in enumerate(kinds.values()):
        some = facts.groups[:, columns]
        codes[:, place] = np.where(some.any(axis=1), some.argmax(axis=1) + 1, 0)
    return codes


def recent_items(history: History, count: int) -> Codes:
    """[n_users, count] the items that each user met last, as codes from 1, latest first; 0 where there are fewer."""
    met = history.freshness
    owners = np.repeat(np.arange(met.shape[0]), np.diff(met.indptr))
    order = np.lexsort((met.indices, -met.data, owners))
    place = np.arange(len(owners)) - met.indptr[:-1].astype(np.int64)[owners]
    kept = place < count
    found = np.zeros((met.shape[0], count), np.int64)
    found[owners[kept], place[kept]] = met.indices[order][kept] + 1
    return found


@dataclass(frozen=True)
class Crosses:
    """The crosses of pairs. Users and items are rows of the feature tables, in which periods stand below each other.

    ``properties`` [n_users, kinds] and ``categories`` [n_items] are codes from 1, ``recent`` [periods x n_users, last].
    """

    properties: Tensor
    categories: Tensor
    recent: Tensor
    buckets: int

    def codes(self, users: Tensor, items: Tensor) -> Tensor:
        """[n, 3 + kinds] user, item, category and properties, what the deep part embeds."""
        user, item = users % len(self.properties), items % len(self.categories)
        parts = [user[:, None], item[:, None], self.categories[item][:, None], self.properties[user]]
        return torch.cat(parts, dim=1)

    def ids(self, users: Tensor, items: Tensor) -> Tensor:
        """The buckets of all crosses, in a last dimension; 0 for a cross of which a part is missing.

        ``users`` and ``items`` are broadcast against each other: [n] and [n], or [u, 1] and [1, i].
        """
        user, item = users % len(self.properties), items % len(self.categories)
        category, kinds = self.categories[item], self.properties.shape[1]
        found = [self._bucket(0, user + 1, category)]
        for kind in range(kinds):
            value = self.properties[user, kind]
            found += [self._bucket(1 + kind, value, item + 1), self._bucket(1 + kinds + kind, value, category)]
        salt = 1 + 2 * kinds
        found += [self._bucket(salt, self.recent[users, last], item + 1) for last in range(self.recent.shape[1])]
        shape = (user + item).shape
        return torch.stack([each.expand(shape) for each in found], dim=-1)

    def _bucket(self, salt: int, first: Tensor, second: Tensor) -> Tensor:
        mixed = first * FIRST + second * SECOND + salt * SALT  # 64-bit numbers wrap around, on every device alike
        mixed = (mixed ^ (mixed >> 15)) * MIX
        mixed = (mixed ^ (mixed >> 13)) & 0x7FFFFFFFFFFFFFFF
        return torch.where((first > 0) & (second > 0), mixed % (self.buckets - 1) + 1, 0)

    def fingerprint(self) -> str:
        digest = hashlib.sha256(str(self.buckets).encode())
        for tensor in (self.properties, self.categories, self.recent):
            digest.update(repr(tuple(tensor.shape)).encode())
            digest.update(np.ascontiguousarray(tensor.cpu().numpy()).data)
        return digest.hexdigest()


def make_crosses(
    properties: Codes, categories: NDArray[np.int32], histories: Sequence[History], *, last: int, buckets: int
) -> Crosses:
    """The crosses of the users and items of these periods; ``categories`` are codes from 0, -1 for none."""
    recent = np.concatenate([recent_items(history, last) for history in histories])
    return Crosses(
        properties=torch.from_numpy(np.ascontiguousarray(properties, np.int64)),
        categories=torch.from_numpy(categories.astype(np.int64) + 1),
        recent=torch.from_numpy(recent),
        buckets=buckets,
    )
