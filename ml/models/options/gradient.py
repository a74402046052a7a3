"""Options of the models that learn step by step from examples."""

from ml.models.options.option import Option

PAIRWISE = (
    Option("factors", 64, 1, 4096, "numbers that describe a user or an item"),
    Option("l2", 0.001, 0.0, 100.0, "strength of the penalty on the factors of a batch"),
    Option("learning_rate", 0.003, 1e-7, 1.0, "step size of Adam"),
    Option("negatives", 4, 1, 1000, "items that the user never met, drawn for each event"),
    Option("epochs", 100, 1, 10_000, "epochs at most"),
    Option("patience", 5, 1, 1000, "epochs without a better validation NDCG@10 before it stops"),
    Option("batch_size", 2048, 1, 10_000_000, "events of one step"),
)

FEATURES = (
    Option("hidden", 64, 1, 4096, "ReLU units of the hidden layer"),
    Option("learning_rate", 0.001, 1e-7, 1.0, "step size of Adam"),
    Option("weight_decay", 0.01, 0.0, 10.0, "decoupled weight decay of Adam"),
    Option("epochs", 20, 1, 1000, "epochs at most"),
    Option("patience", 5, 1, 1000, "epochs without a better validation AUC before it stops"),
    Option("batch_size", 2048, 1, 10_000_000, "examples of one step"),
    Option("negatives", 4, 1, 100, "sampled items for each event"),
    Option("popular_share", 0.5, 0.0, 1.0, "share of the negatives drawn by popularity; the rest uniformly"),
    Option("max_events", 250_000, 10, 100_000_000, "training events at most; more are sampled"),
    Option("step_days", 0.0, 0.0, 3650, "days between two readings of the history; 0 chooses from the time span"),
    Option("taste_factors", 32, 0, 512, "factors of the taste feature (truncated SVD); 0 leaves it out"),
    Option("titles", False, 0, 1, "use the titles of the items, through the sentence encoder"),
)

GRADIENT: dict[str, tuple[Option, ...]] = {
    "bpr": PAIRWISE,
    "lightgcn": (Option("layers", 2, 1, 10, "steps over the graph of who met what"), *PAIRWISE),
    "softmax_factors": (
        Option("factors", 32, 1, 4096, "numbers that describe a user or an item"),
        Option("l2", 10.0, 0.0, 1e6, "strength of the ridge penalty (λ)"),
        Option("binary", False, 0, 1, "count a user and an item once; otherwise add up the weights"),
        Option("learning_rate", 0.01, 1e-7, 1.0, "step size of Adam"),
        Option("epochs", 100, 1, 10_000, "epochs at most"),
        Option("patience", 5, 1, 1000, "epochs without a better validation NDCG@10 before it stops"),
        Option("batch_size", 0, 0, 1_000_000, "users of one step; 0 chooses 16 to 256 by how many there are"),
    ),
    "perceptron": FEATURES,
    "wide_and_deep": (
        Option("width", 16, 1, 1024, "numbers that stand for a user, an item, a category or a property of a user"),
        Option("buckets", 262_144, 2, 2**30, "buckets into which the crosses are hashed"),
        Option("last_items", 10, 0, 200, "items that a user met last, each crossed with the item that is judged"),
        Option("l2", 0.001, 0.0, 100.0, "strength of the penalty on the crosses of a batch"),
        Option("dropout", 0.2, 0.0, 0.95, "share of the hidden units that are left out at random while it learns"),
        *FEATURES,
    ),
    "two_tower": (
        Option("width", 64, 1, 4096, "numbers that stand for a user or an item"),
        Option("length", 50, 1, 10_000, "items of a history that count, the last ones"),
        Option("titles", True, 0, 1, "tell items by their titles, through the sentence encoder, where they have some"),
        Option("ids", True, 0, 1, "tell the items of train by themselves too, not by their titles alone"),
        Option("id_dropout", 0.2, 0.0, 1.0, "share of the items that are told by their titles alone while it learns"),
        Option("temperature", 0.1, 0.001, 10.0, "by which the likeness of user and item is divided"),
        Option("negatives", 256, 0, 1_000_000, "items drawn at random for each batch, beside those of the batch"),
        Option("max_events", 150_000, 10, 100_000_000, "training events at most; more are sampled"),
        Option("learning_rate", 0.002, 1e-7, 1.0, "step size of Adam"),
        Option("weight_decay", 0.01, 0.0, 10.0, "decoupled weight decay of Adam"),
        Option("epochs", 20, 1, 10_000, "epochs at most"),
        Option("patience", 3, 1, 1000, "epochs without a better validation NDCG@10 before it stops"),
        Option("batch_size", 0, 0, 10_000_000, "events of one step; 0 chooses 64 to 2,048 by how many there are"),
    ),
}
