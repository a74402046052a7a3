"""The values of each user in a file, so that two runs can be compared later, on the same people and without a model."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ml.data.interactions import Ids
from ml.errors import DataError
from ml.evaluation.harness import Evaluation
from ml.evaluation.ranking import Values
from ml.evaluation.uncertainty import Estimate, paired_difference

USER, DIGEST = "user", b"protocol"


@dataclass(frozen=True)
class StoredValues:
    """``values`` are per user, in the order of ``users``; ``digest`` is that of the protocol."""

    users: Ids
    values: dict[str, Values]
    digest: str


def write_values(path: Path, evaluation: Evaluation) -> None:
    """One row for each user and one column for each metric, as Parquet; NaN is a user without the metric."""
    path.parent.mkdir(parents=True, exist_ok=True)
    table = pa.table({USER: pa.array(evaluation.users.tolist(), pa.string()), **evaluation.values})
    table = table.replace_schema_metadata({DIGEST: evaluation.protocol.digest.encode()})
    pq.write_table(table, path, compression="zstd")


def read_values(path: Path, metrics: list[str] | None = None) -> StoredValues:
    """The values of these metrics, or of all. Raises DataError for a file that is missing or is not such a file."""
    try:
        table = pq.read_table(path, columns=[USER, *metrics] if metrics else None)
    except (OSError, pa.ArrowInvalid) as error:
        raise DataError("The values of each user cannot be read.", where=path.name) from error
    digest = (table.schema.metadata or {}).get(DIGEST, b"").decode()
    if USER not in table.column_names or not digest:
        raise DataError("The values of each user cannot be read.", where=path.name)
    names = [name for name in table.column_names if name != USER]
    values = {name: np.asarray(table[name].to_numpy(), np.float64) for name in names}
    return StoredValues(np.array(table[USER].to_pylist(), dtype=object), values, digest)


def compare_stored(ours: StoredValues, theirs: StoredValues, metric: str) -> Estimate:
    """The paired difference ours - theirs. Raises DataError when protocols or users differ, or one lacks the metric."""
    if ours.digest != theirs.digest or not np.array_equal(ours.users, theirs.users):
        raise DataError("The two were measured differently, so they cannot be compared.", where=metric)
    if metric not in ours.values or metric not in theirs.values:
        known = ", ".join(sorted(set(ours.values) & set(theirs.values)))
        raise DataError(f"'{metric}' has no value for each user.", where="metric", hint=f"Known: {known}.")
    return paired_difference(ours.values[metric], theirs.values[metric])
