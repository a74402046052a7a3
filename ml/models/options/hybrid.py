"""Options of the model that blends others."""

from ml.models.options.closed_form import CLOSED_FORM
from ml.models.options.gradient import GRADIENT
from ml.models.options.option import Option
from ml.models.options.sequence import SEQUENCE

HYBRID: dict[str, tuple[Option, ...]] = {
    "hybrid": (
        Option(
            "models",
            "ease,ials,item_neighbours,user_neighbours,recent_popular,personal_popular",
            0,
            0,
            "which models are tried, with commas between",
            choices=(*CLOSED_FORM, *GRADIENT, *SEQUENCE),
            several=True,
        ),
        Option("half_life_days", 45.0, 0.0, 36_500, "after so many days an event counts half in a fading history"),
        Option("window_days", 14.0, 0.01, 36_500, "window of recent_popular"),
        Option("validation_share", 0.1, 0.01, 0.5, "share of train, its end, on which the weights are chosen"),
        Option("max_users", 5000, 10, 1_000_000, "users at most on whom the weights are chosen"),
    ),
}
