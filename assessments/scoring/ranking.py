"""Ranking units or periods by their distance from the best and the worst there is (TOPSIS)."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from assessments.common.errors import GovernError
from assessments.scoring.tree import model_of, scores_of_units
from assessments.scoring.units import meaning_of


def documents_ranked(documents: Sequence[Mapping[str, Any]]) -> list[float]:
    """The closeness of each assessment, unit or period, to the best in each part just below the total.

    The parts weigh as in the first document. Raises GovernError, with the period, where a part is not known and where
    the scoring models do not mean the same, as then the scores cannot be compared.
    """
    if len(documents) < 2:
        raise GovernError("A ranking needs two or more assessments.", where="assessments")
    first = documents[0]
    root = model_of(first["model"], scores_of_units(first["evidence"])).root
    meaning, rows = meaning_of(model_of(first["model"]).root), []
    for document in documents:
        if meaning_of(model_of(document["model"]).root) != meaning:
            raise GovernError(
                "Assessments by scoring models that score differently cannot be ranked.",
                where=document["period"],
                hint="Assess these periods by the same scoring model.",
            )
        scores = {node["path"]: node["value"] for node in document["result"]["nodes"]}
        unknown = [child.path for child in root.children if scores[child.path] is None]
        if unknown:
            raise GovernError(f"“{unknown[0]}” is not known, so there is nothing to rank by.", where=document["period"])
        rows.append([scores[child.path] for child in root.children])
    return topsis(rows, [child.weight for child in root.children])


def topsis(
    rows: Sequence[Sequence[float]], weights: Sequence[float], benefits: Sequence[bool] | None = None
) -> list[float]:
    """How near each row comes to the ideal, from 0 (the worst everywhere) to 1 (the best everywhere).

    Each column is divided by its Euclidean length and weighed; the ideal has the best value of every column, the
    anti-ideal the worst. With the distances d⁺ and d⁻ to them the closeness is d⁻ / (d⁺ + d⁻) (Hwang and Yoon, Multiple
    attribute decision making, 1981). ``rows`` are units or periods; a column for which ``benefits`` is False is better
    when smaller; ``weights`` need not sum to 1. It ranks only the rows that are there: another row may change the order
    of the others.

    Raises GovernError for fewer than two rows, values that are no numbers, weights that do not fit or are not above 0,
    and rows that are all the same.
    """
    matrix = np.asarray([list(row) for row in rows], dtype=np.float64) if _same_length(rows) else None
    if matrix is None or len(matrix) < 2 or not matrix.shape[1]:
        raise GovernError("A ranking needs two or more rows with a value in every column.", where="rows")
    if not np.isfinite(matrix).all():
        row, column = np.argwhere(~np.isfinite(matrix))[0]
        raise GovernError("A value to rank by is not a number.", where=f"row {row + 1}, column {column + 1}")
    shares = np.asarray(weights, dtype=np.float64)
    if shares.shape != (matrix.shape[1],) or not (np.isfinite(shares) & (shares > 0)).all():
        raise GovernError(f"A ranking needs {matrix.shape[1]} weights above 0.", where="weights")
    better = np.ones(len(shares), dtype=bool) if benefits is None else np.asarray(benefits, dtype=bool)
    if better.shape != shares.shape:
        raise GovernError(f"A ranking by {len(shares)} columns needs as many directions.", where="benefits")
    lengths = np.sqrt((matrix**2).sum(axis=0))
    weighed = matrix / np.where(lengths > 0, lengths, 1.0) * (shares / shares.sum())
    best = np.where(better, weighed.max(axis=0), weighed.min(axis=0))
    worst = np.where(better, weighed.min(axis=0), weighed.max(axis=0))
    to_best = np.sqrt(((weighed - best) ** 2).sum(axis=1))
    to_worst = np.sqrt(((weighed - worst) ** 2).sum(axis=1))
    if not (to_best + to_worst > 0).all():
        raise GovernError("There is nothing to rank: all rows are the same.", where="rows")
    return [float(closeness) for closeness in to_worst / (to_best + to_worst)]


def _same_length(rows: Sequence[Sequence[float]]) -> bool:
    return len({len(row) for row in rows}) == 1
