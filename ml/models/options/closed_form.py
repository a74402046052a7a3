"""Options of the models that count or solve, and learn by no gradient."""

from ml.models.options.option import Option

CLOSED_FORM: dict[str, tuple[Option, ...]] = {
    "popular": (),
    "recent_popular": (Option("window_days", 28.0, 0.01, 36_500, "days before the end of the training part"),),
    "ease": (
        Option("l2", 200.0, 1e-6, 1e9, "strength of the ridge penalty (λ)"),
        Option("binary", True, 0, 1, "count a user and an item once; otherwise add up the weights"),
        Option("max_items", 20_000, 1, 200_000, "refuse more items: memory grows with their square"),
    ),
}
