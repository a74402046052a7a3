"""How far judges agree beyond chance. Pure: tables of counts in, coefficients out.

A coefficient is 1 for full agreement, 0 for what chance would give and below 0 for less than that; it is not a number
(nan) where there is nothing to tell by: no two ratings to compare, or one grade alone.
"""

import numpy as np

LEVELS = ("nominal", "ordinal", "interval")
WEIGHTS = ("none", "linear", "quadratic")


def cohen_kappa(table: np.ndarray, weights: str = "none") -> float:
    """Cohen's kappa of two judges (1960; weighted 1968).

    ``table`` counts units by the grade of the first judge (rows) and of the second (columns), grades in their order
    on both sides. ``weights`` says how much a disagreement of i against j counts: 1, |i - j| or (i - j)².
    """
    table = np.asarray(table, dtype=np.float64)
    total = table.sum()
    if not total:
        return float("nan")
    places = np.arange(len(table))
    apart = np.abs(places[:, None] - places[None, :]).astype(np.float64)
    cost = {"none": (apart > 0).astype(np.float64), "linear": apart, "quadratic": apart**2}[weights]
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / total
    return _one_minus(float((cost * table).sum()), float((cost * expected).sum()))


def fleiss_kappa(agreeing: float, totals: np.ndarray, units: int, ratings: int) -> float:
    """Fleiss' kappa (1971) of ``units`` units with ``ratings`` ratings each, of any judges.

    ``agreeing`` is the sum over units of the ordered pairs of equal ratings, ``totals`` the ratings of each grade.
    """
    if not units or ratings < 2:
        return float("nan")
    observed = agreeing / (units * ratings * (ratings - 1))
    shares = np.asarray(totals, dtype=np.float64) / (units * ratings)
    return _one_minus(1 - observed, 1 - float((shares**2).sum()))


def agreeing_pairs(counts: np.ndarray) -> np.ndarray:
    """For each unit (rows; ratings of each grade in the columns) the ordered pairs of equal ratings."""
    counts = np.asarray(counts, dtype=np.int64)
    return np.asarray((counts * (counts - 1)).sum(axis=1))


def coincidences(counts: np.ndarray, times: np.ndarray | None = None) -> np.ndarray:
    """Krippendorff's matrix of coincidences: which grades met in a unit, each unit weighing as many as its ratings.

    ``counts`` has a row for each unit, or for each kind of unit that occurs ``times`` times, and a column for each
    grade. Units with one rating or none add nothing. Matrices of parts of the units may be added up.
    """
    counts = np.asarray(counts, dtype=np.float64)
    often = np.ones(len(counts)) if times is None else np.asarray(times, dtype=np.float64)
    ratings = counts.sum(axis=1)
    paired = ratings > 1
    counts, weights = counts[paired], (often[paired] / (ratings[paired] - 1))
    return np.asarray((counts * weights[:, None]).T @ counts - np.diag((counts * weights[:, None]).sum(axis=0)))


def krippendorff_alpha(matrix: np.ndarray, grades: np.ndarray | None = None, level: str = "nominal") -> float:
    """Krippendorff's alpha (Computing Krippendorff's Alpha-Reliability, 2011) from a matrix of coincidences.

    ``grades`` are the numbers that the grades stand for, ascending; needed for the level "interval".
    """
    totals = matrix.sum(axis=1)
    count = totals.sum()
    if count <= 1:
        return float("nan")
    cost = _difference(totals, grades, level)
    observed = float((matrix * cost).sum())
    expected = float((np.outer(totals, totals) * cost).sum()) / (count - 1)
    return _one_minus(observed, expected)


def krippendorff_interval(
    counts: np.ndarray,
    grades: np.ndarray | None = None,
    level: str = "ordinal",
    *,
    mass: float = 0.9,
    resamples: int = 2000,
    seed: int = 0,
) -> tuple[float, float]:
    """The ends of the interval that holds ``mass`` of the alphas of units drawn anew with replacement.

    The percentile bootstrap over units (Zapf, Castell, Morawietz and Karch, BMC Medical Research Methodology 16:93,
    2016); ``counts`` as for ``coincidences``, ``mass`` between 0 and 1. Units with one rating or none are not drawn:
    alpha does not see them. A drawing of one grade alone has no alpha and is left out; both ends are nan where that
    happens to more than half of them, and where there are fewer than two units to draw from. The same seed gives the
    same ends.
    """
    counts = np.asarray(counts, dtype=np.float64)
    units = counts[counts.sum(axis=1) > 1]
    if len(units) < 2:
        return float("nan"), float("nan")
    matrices = np.stack([coincidences(unit[None, :]) for unit in units]).reshape(len(units), -1)
    random, size = np.random.default_rng(seed), counts.shape[1]
    even = np.full(len(units), 1 / len(units))
    alphas = np.empty(resamples)
    for place in range(resamples):
        drawn = random.multinomial(len(units), even) @ matrices
        alphas[place] = krippendorff_alpha(drawn.reshape(size, size), grades, level)
    known = alphas[~np.isnan(alphas)]
    if 2 * len(known) < resamples:
        return float("nan"), float("nan")
    low, high = np.quantile(known, [(1 - mass) / 2, (1 + mass) / 2])
    return float(low), float(high)


def _difference(totals: np.ndarray, grades: np.ndarray | None, level: str) -> np.ndarray:
    """The squared difference of each two grades. Ordinal: the ratings between them, half of those at either end."""
    size = len(totals)
    if level == "nominal":
        return 1.0 - np.eye(size)
    if level == "interval":
        values = np.asarray(grades, dtype=np.float64)
        return np.asarray((values[:, None] - values[None, :]) ** 2)
    middle = np.cumsum(totals) - totals / 2
    return np.asarray((middle[:, None] - middle[None, :]) ** 2)


def _one_minus(observed: float, expected: float) -> float:
    return 1 - observed / expected if expected else float("nan")
