"""The small language in which a rule says what must hold of a row: ``price > 0 and currency in ('EUR', 'USD')``.

A text becomes a tree (``parse``), the tree is checked against the columns' types (``family_of``) and becomes an Ibis
expression (``translate``). No text of a rule ever reaches a database as SQL: columns are looked up by name and
constants are literals. Values are of three-valued logic: what is computed from an empty cell is empty.
"""

from assessments.quality.expressions.families import Family, families_of, family_of_name
from assessments.quality.expressions.parser import parse
from assessments.quality.expressions.printer import printed
from assessments.quality.expressions.translation import translate
from assessments.quality.expressions.tree import Node, columns_of
from assessments.quality.expressions.typing import family_of, verify_truth

__all__ = [
    "Family",
    "Node",
    "columns_of",
    "families_of",
    "family_of",
    "family_of_name",
    "parse",
    "printed",
    "translate",
    "verify_truth",
]
