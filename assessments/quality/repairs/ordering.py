"""In which order repairs are best done: writings first, so that what only differs in writing becomes one value."""

from collections.abc import Iterable

from assessments.quality.repairs.base import Step

ORDER = (
    "normalise_spaces",
    "missing_to_null",
    "move_last_word",
    "swap_back",
    "normalise_units",
    "normalise_dates",
    "write_alike",
    "empty_out_of_range",
    "normalise_case",
    "normalise_codes",
    "correct_typos",
    "correct_by_dependency",
    "collapse_descriptions",
    "impute",
)


# These stand in one place, in their own order: what decides others comes before them.
ALIKE = {"correct_by_votes": "correct_by_dependency"}


def in_best_order(steps: Iterable[Step]) -> list[Step]:
    """The same steps; those that are not in ``ORDER`` (rows left out, protections) stay last, in their own order."""
    return sorted(steps, key=_place)


def _place(step: Step) -> int:
    name = ALIKE.get(step.repair, step.repair)
    return ORDER.index(name) if name in ORDER else len(ORDER)
