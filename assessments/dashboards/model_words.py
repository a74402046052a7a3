"""Recommenders, their options and metrics in plain words."""

from collections.abc import Iterable

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# A registered model needs its line here and no other: label, what it recommends, and one sentence for who chooses:
# what it is good for, what it costs and what it needs.
MODELS = {
    "popular": (
        _("Most popular"),
        _("what most people take"),
        _("The measure for all others; costs nothing and needs only who took what."),
    ),
    "recent_popular": (
        _("Most popular lately"),
        _("what most people took in the last weeks"),
        _("Hard to beat where fashions change; costs nothing and needs true times."),
    ),
    "item_neighbours": (
        _("Item neighbours"),
        _("what is taken by the same people"),
        _("Easy to explain and quick, seconds for most shops; needs items that several people took."),
    ),
    "user_neighbours": (
        _("User neighbours"),
        _("what people with the same taste took"),
        _("Good for small communities with clear tastes; slow to ask in large shops; needs people with several items."),
    ),
    "ease": (
        "EASE",
        _("what goes together with what a person took"),
        _("Often the best of the simple ones, done in a minute; its memory suffices for about 20,000 items."),
    ),
    "ials": (
        "iALS",
        _("factors of people and items, from counts"),
        _("Good for large catalogues with many people; minutes of work and little memory; needs no features."),
    ),
    "bpr": (
        "BPR",
        _("factors that put taken items before others"),
        _("A common yardstick in published tables; minutes of work; needs no features."),
    ),
    "lightgcn": (
        "LightGCN",
        _("factors spread over who took what"),
        _("Good where people took few items, for it learns from neighbours of neighbours; slow without a GPU."),
    ),
    "perceptron": (
        _("Perceptron"),
        _("features of the person, the item and the moment"),
        _("Uses prices, categories and seasons to judge single pairs (AUC); minutes; needs a history of months."),
    ),
    "wide_and_deep": (
        _("Wide and deep"),
        _("remembered pairs and learned features together"),
        _("For shops with rich tables; minutes, a GPU helps; needs categories, prices or countries."),
    ),
    "two_tower": (
        _("Two towers"),
        _("people and items as vectors, from text as well"),
        _("Can recommend new items by their titles; minutes, a GPU helps; needs a table of items with titles."),
    ),
    "sasrec": (
        "SASRec",
        _("what follows in a person's sequence"),
        _("Good where the order of what people take matters; minutes of work, a GPU helps; needs true times."),
    ),
    "bert4rec": (
        "BERT4Rec",
        _("gaps in a person's sequence filled from both sides"),
        _("Strong on long sequences, but learns slowly; best on a GPU; needs true times."),
    ),
    "convolution": (
        _("Convolution"),
        _("short patterns in a person's sequence"),
        _("Good for sessions, where the last few steps say most; minutes of work; needs true times."),
    ),
    "hybrid": (
        _("Hybrid"),
        _("several recommenders blended"),
        _("Mostly as good as its best part or better; costs the time of all its parts; needs what they need."),
    ),
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


CHOICES = {
    "adam": "Adam",
    "adamw": "AdamW",
    "sgd": "SGD",
    **{name: words[0] for name, words in MODELS.items()},
}


def model_label(name: str) -> str:
    return str(MODELS[name][0]) if name in MODELS else name


def model_choice(name: str) -> str:
    """With what it recommends, for lists to choose from."""
    if name not in MODELS:
        return name
    return gettext("%(whole)s: %(part)s") % {"whole": MODELS[name][0], "part": MODELS[name][1]}


def model_words(name: str) -> str:
    """What it recommends, and what it is good for, costs and needs."""
    if name not in MODELS:
        return ""
    return gettext("Recommends %(what)s. %(words)s") % {"what": MODELS[name][1], "words": MODELS[name][2]}


def model_order(names: Iterable[str]) -> list[str]:
    """From simple to costly; one that has no words yet comes last."""
    known = list(MODELS)
    return sorted(names, key=lambda name: (known.index(name) if name in known else len(known), name))


def option_word(name: str, otherwise: str = "") -> str:
    return str(OPTIONS.get(name, otherwise or name))


def choice_word(word: str) -> str:
    return str(CHOICES.get(word, word.replace("_", " ")))


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
