"""Netting returns: what a customer sent back is taken off what he bought, the latest purchase first."""

import numpy as np
from numpy.typing import NDArray

LEAST = 1e-9  # what is left of a purchase below this is nothing: quantities may be fractions

Flags = NDArray[np.bool_]


def undone_purchases(
    pairs: NDArray[np.int64],
    times: NDArray[np.int64],
    amounts: NDArray[np.float32],
    bought: Flags,
    returned: Flags,
) -> Flags:
    """[rows] whether returns undo the purchase of a row wholly.

    ``pairs`` numbers the user and item of each row and ``amounts`` [rows] are positive quantities. A return takes its
    amount off the user's purchases of the item at or before its time, the latest first; what exceeds them undoes
    nothing.
    """
    undone = np.zeros(len(pairs), bool)
    concerned = np.flatnonzero((bought | returned) & np.isin(pairs, pairs[returned]))
    order = concerned[np.lexsort((returned[concerned], times[concerned], pairs[concerned]))]
    pair, open_purchases = -1, list[tuple[int, float]]()
    for row in order.tolist():
        if pairs[row] != pair:
            pair, open_purchases = int(pairs[row]), []
        amount = float(amounts[row])
        if not returned[row]:
            open_purchases.append((row, amount))
            continue
        while open_purchases and amount > LEAST:
            purchase, left = open_purchases.pop()
            if left - amount > LEAST:
                open_purchases.append((purchase, left - amount))
            else:
                undone[purchase] = True
            amount -= left
    return undone
