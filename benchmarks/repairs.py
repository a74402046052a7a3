"""How many wrong cells are found and mended when everything that a dirty table suggests is accepted as it comes.

python benchmarks/repairs.py [--data ../shared/data] [--columns]
For each table with a clean one beside it (dirty_clean_pairs: beers, hospital): the repairs are suggested from the dirty
table alone, all are made in their order, and the result is compared with the clean table, cell by cell, as texts; a
missing cell is the empty text. Detection: cells that a suggestion blames or a repair changes. Repair: changed cells.
"""

import argparse
import csv
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

Columns = dict[str, list[str | None]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("GOVERN_DATA_DIR", "../shared/data")))
    parser.add_argument("--columns", action="store_true", help="also what is left wrong, column by column")
    parser.add_argument("--steps", action="store_true", help="also what was suggested")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["GOVERN_HOME"], os.environ["DJANGO_SETTINGS_MODULE"] = home, "govern_app.settings"
        import django

        django.setup()
        print("table      wrong  detection P     R    F1   repair P     R    F1  repairs   seconds")
        for folder in sorted((given.data / "dirty_clean_pairs").iterdir()):
            measure(folder, given)


def measure(folder: Path, given: argparse.Namespace) -> None:
    from assessments.quality.repairs.discovery import discover
    from assessments.quality.repairs.evaluation import scores

    dirty, clean = read(folder / "dirty.csv"), read(folder / "clean.csv")
    clean = dict(zip(dirty, clean.values(), strict=True))
    started = time.perf_counter()
    table = pa.table({name: pa.array(values, pa.string()) for name, values in dirty.items()})
    found = discover(table)
    repaired = repair(table, [suggested.step for suggested in found.repairs])
    seconds = time.perf_counter() - started
    blamed = {(row, name) for name, odd in found.odd.items() for row, value in enumerate(dirty[name]) if value in odd}
    result = scores(dirty=dirty, clean=clean, repaired=repaired, blamed=blamed)
    figures = [f"{x:.3f}" for s in (result.detection, result.repair) for x in (s.precision, s.recall, s.f1)]
    line = f"{folder.name:<10}{result.wrong_cells:>6}      {figures[0]} {figures[1]} {figures[2]}"
    print(f"{line}      {' '.join(figures[3:])}  {len(found.repairs):>7}  {seconds:>8.1f}")
    if given.steps:
        for suggested in found.repairs:
            print(
                "  ",
                suggested.step.repair,
                list(suggested.step.columns),
                dict(suggested.step.parameters),
                suggested.rows,
            )
    if given.columns:
        for name in dirty:
            print("  ", *left(name, dirty[name], clean[name], repaired[name]))


def left(name: str, dirty: list, clean: list, repaired: list) -> Iterator[object]:
    """The column, its wrong cells, those still wrong, those that the repair made wrong, and some of both."""
    rows = [(a or "", b or "", c or "") for a, b, c in zip(dirty, clean, repaired, strict=True)]
    still = [row for row in rows if row[0] != row[1] and row[2] != row[1]]
    made = [row for row in rows if row[0] == row[1] and row[2] != row[1]]
    yield from (name, sum(a != b for a, b, _c in rows), len(still), len(made), still[:4], made[:4])


def repair(table: pa.Table, steps: list) -> Columns:
    from assessments.quality.repairs.execution import Surroundings, steps_done

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "dirty.parquet"
        pq.write_table(table, file)
        with steps_done(file, steps, Surroundings(others={}, roles={}, masked=())) as (staged, _outcomes):
            return dict(pq.read_table(staged.path).to_pydict())


def read(file: Path) -> Columns:
    """The columns as texts; an empty cell is missing."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        names, *rows = csv.reader(lines)
    return {name: [row[at] or None for row in rows] for at, name in enumerate(names)}


if __name__ == "__main__":
    main()
