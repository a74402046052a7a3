"""Options of the models that count or solve, and learn by no gradient."""

from ml.models.options.option import Option, choice

SIMILARITIES = ("cosine", "jaccard", "tfidf", "bm25")
LIKENESS_HELP = "how alike two rows are: cosine, Jaccard, or the cosine of rows weighted by TF-IDF or BM25"

CLOSED_FORM: dict[str, tuple[Option, ...]] = {
    "popular": (),
    "recent_popular": (Option("window_days", 28.0, 0.01, 36_500, "days before the end of the training part"),),
    "personal_popular": (
        Option("half_life_days", 0.0, 0.0, 36_500, "after so many days an event of the user counts half; 0 for never"),
    ),
    "item_neighbours": (
        choice("similarity", "cosine", SIMILARITIES, LIKENESS_HELP),
        Option("neighbours", 200, 1, 10_000, "most alike items that an item is told by"),
        Option(
            "shrinkage", 10.0, 0.0, 1e6, "added to the denominator of the likeness, so that little evidence is little"
        ),
        Option("binary", True, 0, 1, "count a user and an item once; otherwise add up the weights"),
        Option("half_life_days", 0.0, 0.0, 36_500, "after so many days an event of the user counts half; 0 for never"),
    ),
    "user_neighbours": (
        choice("similarity", "cosine", SIMILARITIES, LIKENESS_HELP),
        Option("neighbours", 200, 1, 10_000, "most alike users who are asked"),
        Option(
            "shrinkage", 10.0, 0.0, 1e6, "added to the denominator of the likeness, so that little evidence is little"
        ),
        Option("binary", True, 0, 1, "count a user and an item once; otherwise add up the weights"),
        Option(
            "half_life_days", 0.0, 0.0, 36_500, "after so many days an event of a neighbour counts half; 0 for never"
        ),
    ),
    "ease": (
        Option("l2", 200.0, 1e-6, 1e9, "strength of the ridge penalty (λ)"),
        Option("binary", True, 0, 1, "count a user and an item once; otherwise add up the weights"),
        Option("half_life_days", 0.0, 0.0, 36_500, "after so many days an event of the user counts half; 0 for never"),
        Option("max_items", 20_000, 1, 200_000, "refuse more items: memory grows with their square"),
    ),
    "ials": (
        Option("factors", 64, 1, 4096, "numbers that describe a user or an item"),
        Option("iterations", 16, 1, 1000, "passes over users and items"),
        Option("l2", 0.004, 0.0, 1e6, "strength of the ridge penalty (λ)"),
        Option("unobserved_weight", 0.3, 1e-6, 1e3, "weight of a pair that never met, beside 1 for one that did (α₀)"),
        Option("frequency", 1.0, 0.0, 2.0, "power with which the penalty grows with the number of events (ν)"),
        Option("binary", True, 0, 1, "count a user and an item once; otherwise add up the weights"),
    ),
}
