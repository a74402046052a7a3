"""Recommenders, their options and metrics in plain words."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

MODELS = {
    "popular": (_("Most popular"), _("what most people take")),
    "recent_popular": (_("Most popular lately"), _("what most people took in the last weeks")),
    "ease": ("EASE", _("what goes together with what a person took")),
    "perceptron": (_("Perceptron"), _("features of the person, the item and the moment")),
}
OPTIONS = {
    "window_days": _("Days before the end of the training part"),
    "l2": _("How strongly large weights are held down"),
    "binary": _("Count a person and an item once"),
    "max_items": _("Refuse more items than this: memory grows with their square"),
    "hidden": _("Units of the hidden layer"),
    "learning_rate": _("Step size"),
    "weight_decay": _("How fast weights fade"),
    "epochs": _("Epochs at most"),
    "patience": _("Epochs without progress before it stops"),
    "batch_size": _("Examples of one step"),
    "negatives": _("Items not taken, for each one that was"),
    "popular_share": _("Share of those drawn by popularity"),
    "max_events": _("Training events at most; of more, a sample is taken"),
    "step_days": _("Days between two readings of the history; 0 chooses"),
    "taste_factors": _("Factors of a person's taste; 0 leaves them out"),
    "titles": _("Use the titles of the items"),
}


def model_label(name: str) -> str:
    return str(MODELS[name][0]) if name in MODELS else name


def model_choice(name: str) -> str:
    """With what it recommends, for lists to choose from."""
    if name not in MODELS:
        return name
    return gettext("%(whole)s: %(part)s") % {"whole": MODELS[name][0], "part": MODELS[name][1]}


def option_word(name: str, otherwise: str = "") -> str:
    return str(OPTIONS.get(name, otherwise or name))


COUNTS = {
    "rows": _("rows read"),
    "without_user": _("left out: no user"),
    "without_item": _("left out: no item"),
    "without_time": _("left out: no time"),
    "ignored_event": _("left out: an event that does not count"),
    "cancelled_order": _("left out: a cancelled order"),
    "quantity_not_positive": _("left out: the quantity is not positive"),
    "price_not_positive": _("left out: the price is not positive"),
    "not_a_product": _("left out: not a product"),
    "kept": _("interactions"),
    "users": _("users"),
    "items": _("items"),
    "users_with_tied_last_time": _("users whose last events have the same time"),
    "share_with_tied_last_time": _("their share of the users"),
    "train_rows": _("interactions to learn from"),
    "train_users": _("users to learn from"),
    "train_items": _("items to learn from"),
    "test_rows": _("interactions in the time of the test"),
    "test_users": _("users in the time of the test"),
    "test_users_unknown_in_train": _("of them unknown before"),
    "test_rows_of_unknown_users": _("interactions of users unknown before"),
    "test_rows_of_unknown_items": _("interactions with items unknown before"),
    "test_rows_kept": _("interactions to foretell"),
    "test_users_evaluated": _("users judged"),
    "rows_after_the_window": _("interactions after the test"),
}


def count_word(name: str) -> str:
    return str(COUNTS.get(name, name.replace("_", " ")))
