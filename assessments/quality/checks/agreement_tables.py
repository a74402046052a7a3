"""Judgments counted in the database: how often each grade was given to a unit, then how many units are alike.

What reaches Python are kinds of units ("two judges said 3, one said 2") and how many there are of each: few, however
many judgments there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
from django.utils.translation import gettext as _

from assessments.common.errors import GovernError
from assessments.common.progress import Progress
from assessments.quality import agreement
from assessments.quality.checks.base import Reader, Scope, place
from assessments.quality.checks.queries import all_there, by_role, filled, keyed
from assessments.quality.specs import RuleSpec

MOST_GRADES, MOST_JUDGES = 100, 20


@dataclass(frozen=True)
class Judgments:
    """``columns`` are the grades of a unit in a table with a row for each unit (one column for each judge), or, in
    ``long``, a table with the unit in k0, k1, …, the judge in ``judge`` and the grade in ``grade``."""

    grades: list[Any]
    wide: ir.Table | None = None
    columns: tuple[str, ...] = ()
    long: ir.Table | None = None
    unit: tuple[str, ...] = ()

    def require_numbers(self, values: dict[str, Any], spec: RuleSpec) -> None:
        """Refuse to order grades that are texts."""
        ordered = values["measure"] == "alpha" and values["level"] != "nominal"
        weighted = values["measure"] == "cohen" and values["weights"] != "none"
        if (ordered or weighted) and any(isinstance(grade, str) for grade in self.grades):
            raise GovernError(
                _("The grades are texts, which have no order."),
                where=place(spec),
                hint=_("Use the level “nominal” and the weights “none”, or grades that are numbers."),
            )

    def summed(self, reader: Reader, progress: Progress) -> "Sums":
        """What the coefficients are computed from, added up over kinds of units."""
        kinds = self._kinds()
        sums = Sums(len(self.grades))
        for batch in reader.batches(kinds, progress):
            found = [batch.column(name).to_numpy(zero_copy_only=False).astype(np.int64) for name in kinds.columns]
            if len(found[-1]):
                sums.add(np.stack(found[:-1], axis=1), found[-1])
        return sums

    def _kinds(self) -> ir.Table:
        """Columns g0, g1, …: how often each grade was given; ``units``: to how many units in this way."""
        names = [f"g{position}" for position in range(len(self.grades))]
        if self.wide is not None:
            table = self.wide
            counts = {
                name: sum((table[column] == grade).fill_null(False).ifelse(1, 0) for column in self.columns)
                for name, grade in zip(names, self.grades, strict=True)
            }
            units = table.select(**counts)
        else:
            table = self.long
            assert table is not None  # noqa: S101  one of the two is there
            counts = {
                name: table.count(where=table.grade == grade) for name, grade in zip(names, self.grades, strict=True)
            }
            units = table.group_by(list(self.unit)).aggregate(**counts)
        return units.group_by(names).aggregate(units=units.count())


@dataclass
class Sums:
    """Sums over units with two ratings or more, from which alpha and kappa follow."""

    size: int
    units: int = 0
    unanimous: int = 0
    agreeing: int = 0
    pairs: int = 0
    ratings: int = 0
    by_ratings: dict[int, tuple[int, int, np.ndarray]] = field(default_factory=dict)
    matrix: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.matrix = np.zeros((self.size, self.size))

    def add(self, counts: np.ndarray, times: np.ndarray) -> None:
        """Kinds of units: the ratings of each grade (columns) and how many units are of the kind."""
        self.matrix += agreement.coincidences(counts, times)
        ratings, agreeing = counts.sum(axis=1), agreement.agreeing_pairs(counts)
        for number in np.unique(ratings[ratings > 1]).tolist():
            of = ratings == number
            units, pairs, totals = self.by_ratings.get(number, (0, 0, np.zeros(self.size)))
            found = (
                int(times[of].sum()),
                int((agreeing[of] * times[of]).sum()),
                (counts[of] * times[of, None]).sum(axis=0),
            )
            self.by_ratings[number] = units + found[0], pairs + found[1], totals + found[2]
            self.units += found[0]
            self.agreeing += found[1]
            self.pairs += found[0] * number * (number - 1)
            self.ratings += found[0] * number
            self.unanimous += int(times[of & (agreeing == number * (number - 1))].sum())

    @property
    def pair_agreement(self) -> float | None:
        """The share of pairs of judgments of one unit that are equal."""
        return self.agreeing / self.pairs if self.pairs else None

    def alpha(self, grades: Sequence[Any], level: str) -> float:
        numbers = None if level == "nominal" else np.asarray(grades, dtype=np.float64)
        return agreement.krippendorff_alpha(self.matrix, numbers, level)

    def fleiss(self) -> tuple[float, int, int]:
        """Kappa over the units with the most usual number of ratings, how many they are, and that number."""
        number, (units, pairs, totals) = max(self.by_ratings.items(), key=lambda item: (item[1][0], item[0]))
        return agreement.fleiss_kappa(pairs, totals, units, number), units, number


def judgments_of(scope: Scope, spec: RuleSpec, values: dict[str, Any], reader: Reader) -> Judgments:
    """The table's judgments and the different grades in them, ascending."""
    if len(spec.columns) > 1:
        columns = {f"j{position}": filled(scope.column(name)) for position, name in enumerate(spec.columns)}
        wide = scope.table.select(**columns)
        grades = ibis.union(*(wide.select(grade=wide[name]) for name in columns))
        return Judgments(_different(grades, reader, spec), wide=wide, columns=tuple(columns))
    names = values["unit"] or [by_role(scope, None, role, "unit", spec) for role in ("query", "item")]
    unit = keyed({name: scope.column(name) for name in names}, names)
    table = scope.table.select(
        **unit, judge=filled(scope.column(values["judge"])), grade=filled(scope.column(spec.columns[0]))
    )
    table = table.filter(all_there(table, [*unit, "judge", "grade"]))
    once = table.group_by([*unit, "judge"]).aggregate(grade=table.grade.max())
    return Judgments(_different(once, reader, spec), long=once, unit=tuple(unit))


def _different(table: ir.Table, reader: Reader, spec: RuleSpec) -> list[Any]:
    grades = table.filter(table.grade.notnull()).select("grade").distinct().order_by("grade").limit(MOST_GRADES + 1)
    found = [one["grade"] for one in reader.rows(grades)]
    if len(found) > MOST_GRADES:
        raise GovernError(
            _("There are more than %(most)d different grades.") % {"most": MOST_GRADES},
            where=place(spec),
            hint=_("Judgments have few grades; check that the column is the one of the grades."),
        )
    return found


def pairs_of_judges(judgments: Judgments, reader: Reader, weights: str) -> list[float]:
    """Cohen's kappa of each pair of judges, nan for a pair that never graded the same unit."""
    places = {grade: position for position, grade in enumerate(judgments.grades)}
    tables: dict[Any, np.ndarray] = {}
    for met in _met(judgments, reader):
        table = tables.setdefault(met["pair"], np.zeros((len(places), len(places))))
        table[places[met["first"]], places[met["second"]]] += int(met["n"])
    return [agreement.cohen_kappa(table, weights) for table in tables.values()]


def _met(judgments: Judgments, reader: Reader) -> list[dict[str, Any]]:
    """How often each two grades of each two judges met."""
    if judgments.wide is not None:
        found = []
        for first, second in combinations(judgments.columns, 2):
            table = judgments.wide.select(first=judgments.wide[first], second=judgments.wide[second])
            table = table.filter(all_there(table, ["first", "second"]))
            counts = table.group_by(["first", "second"]).aggregate(n=table.count())
            found += [{**one, "pair": (first, second)} for one in reader.rows(counts)]
        return found
    left = judgments.long
    assert left is not None  # noqa: S101  one of the two is there
    if len(reader.rows(left.select("judge").distinct().limit(MOST_JUDGES + 1))) > MOST_JUDGES:
        raise GovernError(
            _("There are more than %(most)d judges.") % {"most": MOST_JUDGES},
            hint=_("Use alpha, which takes any number of judges."),
        )
    right = left.view()
    both = left.join(right, [*(left[name] == right[name] for name in judgments.unit), left.judge < right.judge])
    both = both.select(one=left.judge, other=right.judge, first=left.grade, second=right.grade)
    counts = both.group_by(["one", "other", "first", "second"]).aggregate(n=both.count())
    return [{**one, "pair": (one["one"], one["other"])} for one in reader.rows(counts)]
