"""Which rows of a table are interactions, and the count of those that are not."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from ml.data.columns import EVENT, ORDER, PRICE, QUANTITY, RATING
from ml.errors import DataError

EVENT_WEIGHTS: dict[str, float] = {
    "impression": 0.0,
    "search": 0.0,
    "remove_from_cart": 0.0,
    "cancel": 0.0,
    "cancellation": 0.0,
    "return": 0.0,
    "refund": 0.0,
    "view": 1.0,
    "click": 1.0,
    "wishlist": 2.0,
    "cart": 2.0,
    "add_to_cart": 2.0,
    "purchase": 4.0,
    "order": 4.0,
    "buy": 4.0,
    "review": 4.0,
}
RETURNS = ("cancel", "cancellation", "return", "refund")  # events that netting takes off
PURCHASES = ("purchase", "order", "buy")  # and what it takes them off; every row where there are no events
CANCELLED_ORDER = r"[Cc]\d+"
AUTO = "auto"
DIGITS_SHARE = 0.9


@dataclass(frozen=True)
class PreparationRules:
    """Which rows are interactions. A rule applies only where its role has a column; an unknown value breaks no rule.

    - A row without user, item or time is left out.
    - Event types weigh as ``event_weights`` says (compared in lower case, spaces and hyphens as underscores), others
      ``other_event_weight``; weight 0 leaves a row out.
    - Quantity 0 or less is a return, price 0 or less is no sale: both are left out, and nothing is taken off the
      purchase that they may undo unless ``net_returns``: then a return, refund or cancellation takes its quantity off
      the user's purchases of the item before it, the latest first, and a purchase with nothing left is left out.
    - An order number of the form C and digits is a cancellation, left out, where most order numbers are digits only.
    - ``exclude_items``: item ids that match this regular expression wholly are no products; "auto" means ids without a
      digit, where at least 9 in 10 ids have one (postage and fees among article numbers); empty means none.
    - A rating is the weight (times the event's). A row without one (empty or NaN), of 0 or less or below
      ``minimum_rating`` is left out.
    - ``user_core``, ``item_core``: at last only users with that many different items and items with that many
      different users stay, until nothing more falls away; 0 keeps all.
    """

    event_weights: Mapping[str, float] = field(default_factory=lambda: dict(EVENT_WEIGHTS))
    other_event_weight: float = 1.0
    positive_quantity: bool = True
    positive_price: bool = True
    cancelled_orders: bool = True
    exclude_items: str = AUTO
    net_returns: bool = False
    minimum_rating: float | None = None
    user_core: int = 0
    item_core: int = 0

    def __post_init__(self) -> None:
        if min(self.user_core, self.item_core) < 0:
            raise DataError("A core cannot be negative.", where="core", hint="For example 5; 0 keeps all.")
        if self.minimum_rating is not None and not np.isfinite(self.minimum_rating):
            raise DataError("The minimum rating is no number.", where="minimum_rating", hint="For example 4.")
        try:
            re.compile(self.exclude_items)
        except re.error as error:
            raise DataError(f"'{self.exclude_items}' is no regular expression.", where="exclude_items") from error
        for name, weight in {**self.event_weights, "other": self.other_event_weight}.items():
            if not np.isfinite(weight) or weight < 0:
                raise DataError(f"The event '{name}' cannot weigh {weight}.", where="event_weights", hint="0 or more.")

    def describe(self, roles: Mapping[str, str]) -> dict[str, Any]:
        """The rules that apply to a table with these roles, as a protocol states them.

        The columns are named too: the same rows read by another column of items are another measurement.
        """
        said: dict[str, Any] = {"columns": dict(sorted(roles.items()))}
        said["identifiers"] = "spaces around go, 17850.0 of a float column is 17850"
        if EVENT in roles:
            said["event_weights"] = dict(sorted(self.event_weights.items()))
            said["other_event_weight"] = self.other_event_weight
        if QUANTITY in roles:
            said["quantity"] = "0 or less is left out" if self.positive_quantity else "any"
        if PRICE in roles:
            said["price"] = "0 or less is left out" if self.positive_price else "any"
        if ORDER in roles:
            rule = "C and digits is a cancellation and left out, where most order numbers are digits only"
            said["order"] = rule if self.cancelled_orders else "any"
        automatic = "ids without a digit are left out where 9 in 10 ids have one"
        said["items"] = automatic if self.exclude_items == AUTO else f"left out: {self.exclude_items or 'none'}"
        if RATING in roles:
            least = "0 or less" if self.minimum_rating is None else f"0 or less, or less than {self.minimum_rating:g},"
            said["rating"] = f"the weight; empty, NaN, {least} is left out"
        if self.net_returns:
            said["returns"] = "taken off the user's purchases of the item before, the latest first; none left: left out"
        if self.user_core or self.item_core:
            said["core"] = (
                f"users with {self.user_core} different items or more and items with {self.item_core} different users "
                "or more, repeated until nothing falls away; before the split"
            )
        return said


@dataclass(frozen=True)
class Counts:
    """Rows by what became of them: each row is counted once, under the first reason that holds, in this order."""

    rows: int = 0
    without_user: int = 0
    without_item: int = 0
    without_time: int = 0
    ignored_event: int = 0
    cancelled_order: int = 0
    quantity_not_positive: int = 0
    price_not_positive: int = 0
    not_a_product: int = 0
    without_rating: int = 0
    rating_too_low: int = 0
    purchase_returned: int = 0
    below_core: int = 0
    kept: int = 0
    users: int = 0
    items: int = 0
    users_with_tied_last_time: int = 0  # whose last two or more different items share one time
    other_events: tuple[str, ...] = ()  # event types without a weight of their own, at most 20

    def document(self) -> dict[str, Any]:
        share = self.users_with_tied_last_time / self.users if self.users else 0.0
        counts = {name: count for name, count in asdict(self).items() if count or name not in OPTIONAL}
        return {**counts, "other_events": list(self.other_events), "share_with_tied_last_time": share}


REASONS = (
    "without_user",
    "without_item",
    "without_time",
    "ignored_event",
    "cancelled_order",
    "quantity_not_positive",
    "price_not_positive",
    "not_a_product",
    "without_rating",
    "rating_too_low",
    "purchase_returned",
)
OPTIONAL = ("without_rating", "rating_too_low", "purchase_returned", "below_core")  # not told where nothing was
