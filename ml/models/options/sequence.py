"""Options of the models that read a user's items in order."""

from ml.models.options.option import Option, choice

LOSSES = ("auto", "sampled_softmax", "full_cross_entropy", "gbce", "bce")

SHARED = (
    Option("width", 64, 4, 4096, "numbers that stand for an item"),
    Option("blocks", 2, 1, 64, "layers one above the other"),
    Option("dropout", 0.2, 0.0, 0.95, "share of the numbers that are left out at random while it learns"),
    choice("loss", "auto", LOSSES, "what is minimised; auto is the full cross-entropy up to 2,000 items"),
    Option(
        "negatives", 256, 1, 1_000_000, "items that a batch is compared with, drawn at random; not for the full loss"
    ),
    Option("calibration", 0.75, 0.0, 1.0, "of gbce (t): 0 is plain binary cross-entropy, 1 gives calibrated chances"),
    Option("learning_rate", 0.001, 1e-7, 1.0, "step size of Adam"),
    Option("weight_decay", 0.0, 0.0, 10.0, "decoupled weight decay of Adam"),
    Option("warmup_steps", 100, 0, 1_000_000, "steps over which the step size grows"),
    choice("decay", "none", ("none", "linear", "cosine"), "how the step size falls to 0 over all epochs"),
    Option("clip", 5.0, 0.0, 1e6, "largest norm of the gradient; 0 leaves it as it is"),
    Option("epochs", 100, 1, 10_000, "epochs at most"),
    Option("patience", 10, 1, 10_000, "epochs without a better validation NDCG@10 before it stops"),
    Option("batch_size", 0, 0, 1_000_000, "sequences of one step; 0 chooses 16 to 256 by how many there are"),
    choice(
        "pretraining",
        "none",
        ("none", "masked", "contrastive"),
        "what is learned first without labels: hidden items, or telling changed views of a sequence",
    ),
    Option("pretraining_epochs", 10, 1, 10_000, "epochs of the pre-training"),
)

LENGTH = Option("length", 200, 2, 10_000, "items of a history that count, the last ones; longer ones are cut in pieces")
HEADS = Option("heads", 2, 1, 256, "heads of the attention; they share the width")

SEQUENCE: dict[str, tuple[Option, ...]] = {
    "sasrec": (LENGTH, HEADS, *SHARED),
    "bert4rec": (
        LENGTH,
        HEADS,
        Option("mask_share", 0.2, 0.01, 0.95, "share of the items that are hidden and asked"),
        *SHARED,
    ),
    "convolution": (LENGTH, *SHARED),
}
