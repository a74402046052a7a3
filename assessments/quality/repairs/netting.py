"""Cancellations set against the orders that they cancel. Pure.

Within one user and item, events in order of time: a cancellation takes its quantity from the latest earlier order
that still has some, then from the one before it, and so on. What finds no order stays a cancellation.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass
class Netted:
    """``quantities`` holds the rows whose quantity changed, 0 for rows that are used up."""

    quantities: dict[int, float]
    cancellations: int = 0
    matched: int = 0
    partly: int = 0
    unmatched: int = 0


def net(events: Iterable[tuple[object, int, float]]) -> Netted:
    """``events`` are (group, row, quantity), the events of one group together and in order of time."""
    found = Netted({})
    group: object = None
    open_orders: list[list[float]] = []
    for number, (key, row, quantity) in enumerate(events):
        if number == 0 or key != group:
            group, open_orders = key, []
        if quantity > 0:
            open_orders.append([row, quantity])
        elif quantity < 0:
            _cancel(found, row, -quantity, open_orders)
    return found


def _cancel(found: Netted, row: int, quantity: float, open_orders: list[list[float]]) -> None:
    left = quantity
    while left > 0 and open_orders:
        order = open_orders[-1]
        taken = min(left, order[1])
        order[1] -= taken
        left -= taken
        found.quantities[int(order[0])] = order[1]
        if order[1] == 0:
            open_orders.pop()
    found.cancellations += 1
    if left == quantity:
        found.unmatched += 1
        return
    found.quantities[row] = -left
    found.matched += left == 0
    found.partly += left > 0
