"""Sets that are joined pair by pair (union–find with path halving); the least member names its set."""

import numpy as np


class Unions:
    """``count`` members, each at first alone in its set."""

    def __init__(self, count: int) -> None:
        self.parents = np.arange(count, dtype=np.int64)

    def roots(self, members: np.ndarray) -> np.ndarray:
        """The least member of each one's set."""
        found: np.ndarray = self.parents[members]
        while True:
            above = self.parents[found]
            if np.array_equal(above, found):
                return found
            found = above

    def join(self, left: np.ndarray, right: np.ndarray) -> None:
        """Join the sets of each pair."""
        for one, other in zip(left.tolist(), right.tolist(), strict=True):
            a, b = self._root(one), self._root(other)
            if a != b:
                self.parents[max(a, b)] = min(a, b)

    def all_roots(self) -> np.ndarray:
        """The name of every member's set; shortens all paths to one step."""
        self.parents = self.roots(np.arange(len(self.parents)))
        return self.parents

    def _root(self, member: int) -> int:
        parents = self.parents
        while parents[member] != member:
            parents[member] = parents[parents[member]]
            member = int(parents[member])
        return member
