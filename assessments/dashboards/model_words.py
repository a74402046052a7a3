"""Recommenders, their options and metrics in plain words."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

# A registered model needs its line here and no other: its label, and one sentence for who chooses: what it recommends,
# what it is good for, what it costs and what it needs.
MODELS = {
    "popular": (
        _("Most popular"),
        _("Recommends what most people take: the measure for all others, costs nothing and needs only who took what."),
    ),
    "recent_popular": (
        _("Most popular lately"),
        _(
            "Recommends what most people took in the last weeks: hard to beat in fashion, costs nothing, "
            "needs true times."
        ),
    ),
    "personal_popular": (
        _("Personal popularity"),
        _(
            "Recommends what a person took most often, then what most people take: hard to beat where people buy "
            "again, costs nothing, finds nothing new."
        ),
    ),
    "item_neighbours": (
        _("Item neighbours"),
        _(
            "Recommends what the same people take: easy to explain, done in seconds, needs items that "
            "several people took."
        ),
    ),
    "user_neighbours": (
        _("User neighbours"),
        _(
            "Recommends what people of the same taste took: good in small shops, slow in large ones, "
            "needs long histories."
        ),
    ),
    "ease": (
        "EASE",
        _(
            "Recommends what goes together with what a person took: often the best of the simple, "
            "minutes, to 20,000 items."
        ),
    ),
    "ials": (
        "iALS",
        _(
            "Recommends what lies near a person's taste: good for large catalogues, minutes, needs no "
            "more than who took what."
        ),
    ),
    "bpr": (
        "BPR",
        _(
            "Learns to put taken items before others: a yardstick of published tables, minutes, needs "
            "only who took what."
        ),
    ),
    "softmax_factors": (
        _("Softmax factors"),
        _(
            "Learns how likely each item is to be a person's next: strong where tastes are stable, minutes, needs "
            "no more than who took what."
        ),
    ),
    "lightgcn": (
        "LightGCN",
        _(
            "Learns from neighbours of neighbours: good where people took few items, slow without a GPU, "
            "needs no features."
        ),
    ),
    "perceptron": (
        _("Perceptron"),
        _(
            "Judges a person, an item and a moment by their features: good for single pairs, minutes, "
            "needs months of history."
        ),
    ),
    "wide_and_deep": (
        _("Wide and deep"),
        _(
            "Remembers pairs and learns from features: good with rich tables of items and users, minutes, "
            "better with a GPU."
        ),
    ),
    "two_tower": (
        _("Two towers"),
        _(
            "Turns people and items into vectors: can recommend new items by their titles, minutes, needs "
            "a table of items."
        ),
    ),
    "sasrec": (
        "SASRec",
        _(
            "Recommends what follows in a person's sequence: good where order matters, better with a GPU, "
            "needs true times."
        ),
    ),
    "bert4rec": (
        "BERT4Rec",
        _(
            "Fills gaps in a person's sequence from both sides: strong on long ones, slow without a GPU, "
            "needs true times."
        ),
    ),
    "convolution": (
        _("Convolution"),
        _("Finds short patterns in a person's last steps: good for sessions, minutes, needs true times."),
    ),
    "hybrid": (
        _("Hybrid"),
        _(
            "Blends several recommenders by what held back data show: mostly as good as the best, costs "
            "the time of all."
        ),
    ),
}
OPTIONS = {
    "window_days": _("Days before the end of the training part"),
    "half_life_days": _("Days after which an event counts half; 0 counts all alike"),
    "similarity": _("How it is judged whether two are alike"),
    "neighbours": _("Neighbours that have a say"),
    "shrinkage": _("How strongly pairs that met seldom are held down"),
    "l2": _("How strongly large weights are held down"),
    "frequency": _("How fast that grows with the events of a person or an item"),
    "binary": _("Count a person and an item once"),
    "max_items": _("Refuse more items than this: memory grows with their square"),
    "factors": _("Factors of a taste"),
    "iterations": _("Rounds of solving"),
    "unobserved_weight": _("Weight of what a person did not take"),
    "hidden": _("Units of the hidden layer"),
    "width": _("Width of the vectors"),
    "ids": _("Know items by themselves too, not by their titles alone"),
    "id_dropout": _("Share of items known by their titles alone while learning"),
    "temperature": _("How little a small difference in likeness counts"),
    "buckets": _("Places in which remembered pairs are kept"),
    "last_items": _("Items taken last that are paired with the one judged"),
    "blocks": _("Layers"),
    "heads": _("Heads of attention"),
    "length": _("Items of a sequence that are looked at, the last ones"),
    "dropout": _("Share of units left out at random while learning"),
    "loss": _("What is made small while learning"),
    "calibration": _("Calibration of the loss: 0 none, 1 full"),
    "mask_share": _("Share of the items hidden while learning"),
    "pretraining": _("What is learned first, without a task"),
    "pretraining_epochs": _("Epochs of that"),
    "learning_rate": _("Step size"),
    "warmup_steps": _("Steps in which the step size grows to its full"),
    "decay": _("How the step size falls to the end"),
    "clip": _("Largest length of a step; 0 sets none"),
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
    "layers": _("Steps over the graph of who met what"),
    "models": _("Which models are tried, with commas between"),
    "validation_share": _("Share of the learning part, its end, on which the weights are chosen"),
    "max_users": _("People at most on whom the weights are chosen"),
}
CHOICES = {
    "auto": _("chosen by itself"),
    "none": _("none"),
    "cosine": _("cosine"),
    "jaccard": "Jaccard",
    "tfidf": "TF-IDF",
    "bm25": "BM25",
    "sampled_softmax": _("sampled cross-entropy"),
    "full_cross_entropy": _("full cross-entropy"),
    "gbce": _("calibrated binary cross-entropy (gSASRec)"),
    "bce": _("binary cross-entropy"),
    "linear": _("in a straight line"),
    "masked": _("hidden items"),
    "contrastive": _("telling changed sequences apart"),
    "adam": "Adam",
    "adamw": "AdamW",
    "sgd": "SGD",
    **{name: words[0] for name, words in MODELS.items()},
}


def model_label(name: str) -> str:
    return str(MODELS[name][0]) if name in MODELS else name


def model_words(name: str) -> str:
    """What it recommends, what it is good for, what it costs and what it needs."""
    return str(MODELS[name][1]) if name in MODELS else ""


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
    "without_rating": _("left out: no rating"),
    "rating_too_low": _("left out: the rating is too low"),
    "purchase_returned": _("left out: bought and given back"),
    "below_core": _("left out: a user or an item with too few interactions"),
    "other_events": _("events that are no purchases"),
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
    "test_users_without_known_history": _("users without a history that can be learned from"),
    "history_rows": _("interactions shown of the users held out"),
    "history_rows_of_unknown_items": _("of these, with items unknown before"),
    "test_users_evaluated": _("users judged"),
    "rows_after_the_window": _("interactions after the test"),
    "gpu_peak_mib": _("peak memory of the GPU, MiB"),
}


def count_word(name: str) -> str:
    return str(COUNTS.get(name, name.replace("_", " ")))
