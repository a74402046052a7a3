"""How many rows repeat another one."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from assessments.common.progress import Progress, part
from assessments.quality.profile.facts import ColumnFacts
from assessments.quality.scanner import Scanner

# A grouping by more columns than this costs more than the figure is worth.
COLUMNS_COMPARED = 200
# A sketched number of distinct values this close to the rows may be that of a key; sketches err by a few per cent.
LIKELY_KEY = 0.9


def repeated_rows(scanner: Scanner, facts: Sequence[ColumnFacts], progress: Progress) -> dict[str, Any]:
    """{"surplus": rows but one of each group of equal ones}, empty cells being equal; {} where it was not counted."""
    if _has_key(scanner, facts, part(progress, 0.0, 0.3)):
        return {"surplus": 0}
    if not facts or len(scanner.names) > COLUMNS_COMPARED:
        return {}
    rows = scanner.table.select(*scanner.names).distinct()
    found = scanner.runner.rows(
        rows.aggregate(n=rows.count()), part(progress, 0.3, 1.0), _("Looking for repeated rows")
    )
    return {"surplus": facts[0].rows - int(found[0]["n"])}


def _has_key(scanner: Scanner, facts: Sequence[ColumnFacts], progress: Progress) -> bool:
    """Whether a column has no two equal values, so that no two rows are equal."""
    full = [one for one in facts if one.rows and one.nulls == 0 and one.kind != "other"]
    if any(one.distinct_exact and one.distinct == one.rows for one in full):
        return True
    likely = [one for one in full if is_likely_key(one)]
    likely.sort(key=lambda one: (one.kind == "text", -one.distinct))
    return bool(likely) and prove_key(scanner, likely[0], progress)


def is_likely_key(facts: ColumnFacts) -> bool:
    """Whether the sketched number of values is about that of the rows."""
    return not facts.distinct_exact and facts.nulls == 0 and facts.distinct > LIKELY_KEY * facts.rows


def prove_key(scanner: Scanner, facts: ColumnFacts, progress: Progress) -> bool:
    """Whether no value of the column stands in two rows, by one grouping of it; the facts are brought up to date."""
    groups = scanner.table.group_by(k=scanner.table[facts.name]).aggregate(n=scanner.table.count())
    counted = scanner.runner.rows(groups.aggregate(values=groups.count(), most=groups.n.max()), progress)[0]
    facts.distinct, facts.distinct_exact = int(counted["values"]), True
    return int(counted["most"]) == 1
