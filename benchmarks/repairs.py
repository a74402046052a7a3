"""How many wrong cells are found and mended when everything that a dirty table suggests is accepted as it comes.

python -m benchmarks.repairs [--data ../shared/data] [--made all] [--rows 2000] [--seed 7] [--columns] [--steps]
For each table with a clean one beside it (dirty_clean_pairs: beers, hospital), and for tables that are made here with
known errors (benchmarks/dirty_tables), one line: all rules that the dirty table suggests are accepted, each with its
repair where it has one (assessments.quality.suggest). The repairs are made in their best order; then the result is
compared with the clean table, cell by cell, as texts; a missing cell is the empty text. Nothing but the dirty table is
known to them. Detection: cells that a suggestion blames or a repair changes. Repair: changed cells.
"""

import argparse
import csv
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.dirty_tables import MADE

Columns = dict[str, list[str | None]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("GOVERN_DATA_DIR", "../shared/data")))
    parser.add_argument("--columns", action="store_true", help="also what is left wrong, column by column")
    parser.add_argument("--steps", action="store_true", help="also what was suggested")
    parser.add_argument(
        "--alike",
        action="store_true",
        help="compare with words for “missing” as missing, and runs of spaces as one: the clean tables keep both",
    )
    parser.add_argument("--made", default=",".join(MADE), help="names of made tables, or none")
    parser.add_argument("--rows", type=int, default=2_000, help="of each made table")
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["GOVERN_HOME"], os.environ["DJANGO_SETTINGS_MODULE"] = home, "govern_app.settings"
        import django

        django.setup()
        print("table       wrong  detection P     R    F1   repair P     R    F1  repairs   seconds")
        for name in [name for name in given.made.split(",") if name in MADE]:
            pair = MADE[name](given.rows, given.seed)
            measure(name, pair.dirty, pair.clean, given)
        for folder in sorted((given.data / "dirty_clean_pairs").glob("*/")):
            dirty, clean = read(folder / "dirty.csv"), read(folder / "clean.csv")
            measure(folder.name, dirty, dict(zip(dirty, clean.values(), strict=True)), given)


def measure(name: str, dirty: Columns, clean: Columns, given: argparse.Namespace) -> None:
    from assessments.quality.repairs.evaluation import scores

    started = time.perf_counter()
    steps, blamed, repaired = accepted(dirty)
    seconds = time.perf_counter() - started
    if given.alike:
        blamed = {cell for cell in blamed if alike(dirty[cell[1]][cell[0]])}
        tables = [
            {name: [alike(cell) for cell in cells] for name, cells in one.items()} for one in (dirty, clean, repaired)
        ]
        result = scores(dirty=tables[0], clean=tables[1], repaired=tables[2], blamed=blamed)
    else:
        result = scores(dirty=dirty, clean=clean, repaired=repaired, blamed=blamed)
    figures = [f"{x:.3f}" for s in (result.detection, result.repair) for x in (s.precision, s.recall, s.f1)]
    line = f"{name:<10} {result.wrong_cells:>6}       {' '.join(figures[:3])}"
    print(f"{line}      {' '.join(figures[3:])}  {len(steps):>7}  {seconds:>8.1f}")
    if given.steps:
        for step in steps:
            print("  ", step.repair, list(step.columns), dict(step.parameters))
    if given.columns:
        for column in dirty:
            print("  ", *left(column, dirty[column], clean[column], repaired[column]))


def alike(cell: str | None) -> str:
    """The cell as ``--alike`` compares it."""
    from assessments.quality.checks.completeness_disguised import DISGUISES
    from assessments.quality.repairs.texts import plainly

    text = plainly(cell or "")
    return "" if text.lower() in {*DISGUISES, "empty"} else text


def accepted(dirty: Columns) -> tuple[list, set[tuple[int, str]], Columns]:
    """The repairs of all suggestions, the cells that they blame, and the table that they make of this one."""
    table = pa.table({name: pa.array(values, pa.string()) for name, values in dirty.items()})
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "dirty.parquet"
        pq.write_table(table, file)
        steps, blamed = suggested(file)
        return steps, blamed, repair(file, steps) if steps else dirty


def suggested(file: Path) -> tuple[list, set[tuple[int, str]]]:
    """The repairs of the suggested rules, and the cells that their row-by-row rules blame."""
    from assessments.common.errors import GovernError
    from assessments.quality.repairs import steps_read
    from assessments.quality.repairs.ordering import in_best_order
    from assessments.quality.suggest import suggestions_for

    steps, blamed = [], set()
    for one in suggestions_for(file, as_of=datetime.now(UTC)):
        if not one.failing:
            continue
        blamed |= {(row, name) for row in failing_rows(file, one.spec) for name in one.blames}
        if one.repair:
            with suppress(GovernError):
                steps += [step for step in steps_read([one.repair]) if step not in steps]
    return in_best_order(steps), blamed


def failing_rows(file: Path, rule: object) -> list[int]:
    """The numbers of the rows in which a rule fails, where it is decided row by row."""
    from assessments.quality.checks import check_named
    from assessments.quality.checks.base import Scope
    from assessments.quality.scanner import scanner_open

    check = check_named(rule.check)
    if check.measured_by != "plan":
        return []
    with scanner_open(file) as scanner:
        table, row = scanner.table, scanner.row
        now = datetime.now(UTC).replace(tzinfo=None)
        scope = Scope(table, scanner.names, now, row=table[row], dialect=scanner.dialect)
        asked = check.prepare(scope, rule)
        measured = scanner.runner.rows(table.aggregate(**asked))[0] if asked else {}
        plan = check.plan(replace(scope, measured=measured), rule)
        flagged = table.mutate(fails=plan.checked & plan.failing)
        return [found["r"] for found in scanner.runner.rows(flagged.filter(flagged.fails).select(r=flagged[row]))]


def left(name: str, dirty: list, clean: list, repaired: list) -> Iterator[object]:
    """The column, its wrong cells, those still wrong, those that the repair made wrong, and some of both."""
    rows = [(a or "", b or "", c or "") for a, b, c in zip(dirty, clean, repaired, strict=True)]
    still = [row for row in rows if row[0] != row[1] and row[2] != row[1]]
    made = [row for row in rows if row[0] == row[1] and row[2] != row[1]]
    yield from (name, sum(a != b for a, b, _c in rows), len(still), len(made), still[:4], made[:4])


def repair(file: Path, steps: list) -> Columns:
    from assessments.quality.repairs.execution import Surroundings, steps_done

    with steps_done(file, steps, Surroundings(others={}, roles={}, masked=())) as (staged, _outcomes):
        return dict(pq.read_table(staged.path).to_pydict())


def read(file: Path) -> Columns:
    """The columns as texts; an empty cell is missing."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        names, *rows = csv.reader(lines)
    return {name: [row[at] or None for row in rows] for at, name in enumerate(names)}


if __name__ == "__main__":
    main()
