"""How much rows of sparse matrices overlap: their scalar products, and for each row the rows most like it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ml.kernels.compiled import compiled, share_rows

Floats = NDArray[np.float32]
Indices = NDArray[np.int32]
Parts = tuple[NDArray[np.int64], Indices, Floats]  # pointers, indices and values of a sparse matrix


@dataclass(frozen=True)
class Likeness:
    """Likeness of two rows from their scalar product: cosine product / (|a| |b| + shrinkage), or Jaccard's.

    ``shrinkage`` makes little evidence count little (Dacrema, Cremonesi and Jannach, RecSys 2019). For Jaccard the rows
    are binary: product / (n_a + n_b - product + shrinkage).
    """

    jaccard: bool = False
    shrinkage: float = 0.0


def nearest_rows(queries: csr_array, rows: csr_array, k: int, likeness: Likeness, *, same: bool) -> csr_array:
    """[n queries, n rows] float32: of each query the likeness of at most k rows most like it, above 0.

    Both have the same columns. With ``same``, they are one matrix and no row is a neighbour of itself. Equal rows are
    taken in ascending number. Beside the result, each thread holds one number for each row.
    """
    queries, rows = (csr_array(matrix.astype(np.float32)) for matrix in (queries, rows))
    columns = csr_array(rows.T)
    sizes = [_sizes(matrix, likeness.jaccard) for matrix in (queries, rows)]
    found = np.zeros((queries.shape[0], k), np.int32)
    values = np.zeros((queries.shape[0], k), np.float32)
    kept = np.zeros(queries.shape[0], np.int64)
    of_queries, of_columns = _parts(queries), _parts(columns)
    shrinkage = np.float32(likeness.shrinkage)

    def work(start: int, stop: int) -> None:
        _nearest(
            start,
            stop,
            of_queries,
            of_columns,
            sizes[0],
            sizes[1],
            likeness.jaccard,
            shrinkage,
            same,
            found,
            values,
            kept,
        )

    share_rows(work, queries.shape[0])
    chosen = np.arange(k) < kept[:, None]
    pointers = np.concatenate([[0], np.cumsum(kept)])
    result = csr_array((values[chosen], found[chosen], pointers), shape=(queries.shape[0], rows.shape[0]))
    result.sort_indices()
    return result


def gram_matrix(matrix: csr_array, kind: type[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    """The upper triangle of matrix' matrix, dense [columns, columns], zeros below."""
    rows = csr_array(matrix.astype(np.float32))
    rows.sort_indices()
    columns = csr_array(rows.T)
    gram = np.zeros((rows.shape[1], rows.shape[1]), kind)
    of_columns, of_rows = _parts(columns), _parts(rows)
    share_rows(lambda start, stop: _gram_rows(start, stop, of_columns, of_rows, gram), len(gram))
    return gram


def _parts(matrix: csr_array) -> Parts:
    return matrix.indptr.astype(np.int64), matrix.indices.astype(np.int32), matrix.data


def _sizes(matrix: csr_array, jaccard: bool) -> Floats:
    """[rows] the number of entries, or the length of each row as a vector."""
    if jaccard:
        return np.diff(matrix.indptr).astype(np.float32)
    squares = np.square(matrix.data, dtype=np.float64)
    row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    return np.sqrt(np.bincount(row, weights=squares, minlength=matrix.shape[0])).astype(np.float32)


@compiled
def _gram_rows(start: int, stop: int, of_columns: Parts, of_rows: Parts, gram: NDArray[Any]) -> None:
    column_pointers, column_rows, column_values = of_columns
    pointers, indices, values = of_rows
    for item in range(start, stop):
        for place in range(column_pointers[item], column_pointers[item + 1]):
            row, value = column_rows[place], column_values[place]
            for entry in range(pointers[row + 1] - 1, pointers[row] - 1, -1):  # indices ascend
                if indices[entry] < item:
                    break
                gram[item, indices[entry]] += value * values[entry]


@compiled
def _nearest(
    start: int,
    stop: int,
    of_queries: Parts,
    of_columns: Parts,
    query_sizes: Floats,
    row_sizes: Floats,
    jaccard: bool,
    shrinkage: np.float32,
    same: bool,
    found: Indices,
    likeness: Floats,
    kept: NDArray[np.int64],
) -> None:
    products, met = np.zeros(len(row_sizes), np.float32), np.zeros(len(row_sizes), np.int32)
    for query in range(start, stop):
        count = _multiply(query, of_queries, of_columns, products, met)
        alike = np.empty(count, np.float32)
        others = 0
        for place in range(count):
            row = met[place]
            product, size = products[row], query_sizes[query]
            products[row] = 0.0
            if same and row == query:
                continue
            bound = size + row_sizes[row] - product if jaccard else size * row_sizes[row]
            alike[others] = product / (bound + shrinkage)
            met[others] = row
            others += 1
        kept[query] = _keep(met[:others], alike[:others], found[query], likeness[query])


@compiled
def _multiply(query: int, of_queries: Parts, of_columns: Parts, products: Floats, met: Indices) -> int:
    """Add the query's product with each row to ``products`` and list in ``met`` the rows that have one; how many."""
    query_pointers, query_columns, query_values = of_queries
    pointers, rows, values = of_columns
    count = 0
    for place in range(query_pointers[query], query_pointers[query + 1]):
        column, value = query_columns[place], query_values[place]
        for entry in range(pointers[column], pointers[column + 1]):
            row = rows[entry]
            if products[row] == 0.0:
                met[count] = row
                count += 1
            products[row] += value * values[entry]
    return count


@compiled
def _keep(rows: Indices, alike: Floats, found: Indices, likeness: Floats) -> int:
    """Write the most alike rows, as many as there is room for, equal ones in ascending order; how many they are."""
    count, room = len(rows), len(found)
    if count <= room:
        found[:count] = rows
        likeness[:count] = alike
        return count
    least = np.partition(alike, count - room)[count - room]
    taken, equals, equal = 0, 0, np.empty(count, np.int32)
    for place in range(count):
        if alike[place] > least:
            found[taken] = rows[place]
            likeness[taken] = alike[place]
            taken += 1
        elif alike[place] == least:
            equal[equals] = rows[place]
            equals += 1
    equal[:equals].sort()
    found[taken:] = equal[: room - taken]
    likeness[taken:] = least
    return room
