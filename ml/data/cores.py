"""k-core filtering: only users with enough items and items with enough users, until nothing more falls away."""

import numpy as np

from ml.data.interactions import Interactions, compact
from ml.errors import DataError


def core(rows: Interactions, user_minimum: int, item_minimum: int) -> Interactions:
    """The largest part of the rows in which each user has ``user_minimum`` different items or more and each item
    ``item_minimum`` different users or more. Raises DataError when nothing remains.
    """
    pairs = np.unique(rows.user_codes.astype(np.int64) * max(rows.n_items, 1) + rows.item_codes)
    users, items = pairs // max(rows.n_items, 1), pairs % max(rows.n_items, 1)
    while True:
        enough_items = np.bincount(users, minlength=rows.n_users) >= user_minimum
        enough_users = np.bincount(items, minlength=rows.n_items) >= item_minimum
        stays = enough_items[users] & enough_users[items]
        if stays.all():
            break
        users, items = users[stays], items[stays]
    if not len(users):
        raise DataError(
            f"No row is left where users have {user_minimum} items or more and items {item_minimum} users or more.",
            where="core",
            hint="Choose a smaller core.",
        )
    if len(users) == len(pairs):
        return rows
    return compact(rows.select(enough_items[rows.user_codes] & enough_users[rows.item_codes], until=rows.until))
