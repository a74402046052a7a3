"""What suggestions are made from: the facts of each column, unmasked, and what is known of the table."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from assessments.common.masking import mask_parts
from assessments.quality.checks.completeness_disguised import DISGUISES
from assessments.quality.profile.facts import ColumnFacts
from assessments.quality.repairs.discovery.markers import markers
from assessments.quality.repairs.discovery.ways import Way, usual_way
from assessments.quality.scanner import Scanner

LEAST_ROWS = 20
LONGEST_QUOTED = 60  # characters: a wrong value and the right one beside it
CODE_LETTERS, FREE_LETTERS = 24, 40
ID_WORDS = frozenset({"id", "no", "nr", "number", "code", "key", "sku", "ean", "index", "cd", "uuid"})
HIDDEN = frozenset(DISGUISES) - {""}


@dataclass(frozen=True)
class Look:
    """``others``: {dataset: {column: (role, kind of type)}} of the organisation's other datasets."""

    scanner: Scanner
    facts: Sequence[ColumnFacts]
    kind: str = ""
    roles: Mapping[str, str] = field(default_factory=dict)
    masked: Collection[str] = ()
    others: Mapping[str, Mapping[str, tuple[str, str]]] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return self.facts[0].rows if self.facts else 0

    @cached_property
    def role_of(self) -> Mapping[str, str]:
        return {column: role for role, column in self.roles.items()}

    @cached_property
    def usable(self) -> list[ColumnFacts]:
        """Columns with enough values to say anything of them."""
        return [one for one in self.facts if not one.error and one.kind != "other" and one.filled >= LEAST_ROWS]

    @cached_property
    def texts(self) -> list[ColumnFacts]:
        return [one for one in self.usable if one.kind == "text"]

    @cached_property
    def markers_of(self) -> Mapping[str, frozenset[str]]:
        """The texts of each column of texts that only stand for a missing one."""
        return {
            one.name: frozenset(markers({str(v): n for v, n in one.values.counts}, empty=one.nulls))
            for one in self.texts
        }

    @cached_property
    def ways(self) -> Mapping[str, Way | None]:
        """In which way each column of texts is written, where some of its cells are written in another."""
        return {one.name: usual_way(self._told(one)) for one in self.texts}

    def _told(self, facts: ColumnFacts) -> dict[str, int]:
        missing = self.markers_of[facts.name]
        return {str(value): n for value, n in facts.values.counts if value not in missing}

    def named(self, name: str) -> ColumnFacts | None:
        return next((one for one in self.facts if one.name == name), None)

    def shows(self, facts: ColumnFacts) -> bool:
        """Whether values of the column may stand in a rule, which everybody reads."""
        return facts.name not in self.masked


def id_like(name: str) -> bool:
    """Whether the name is that of a number or code of something."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    words = re.findall(r"[a-z]+", spaced.lower())
    return (bool(words) and (words[-1] in ID_WORDS or words[-1].endswith("id"))) or name.endswith(
        ("号", "编号", "编码")
    )


def is_code(facts: ColumnFacts) -> bool:
    """Short texts without sentences: codes, names of kinds, numbers written as texts."""
    return facts.lengths is not None and facts.lengths[1] <= CODE_LETTERS


def is_free(facts: ColumnFacts) -> bool:
    return facts.lengths is not None and facts.lengths[1] > FREE_LETTERS


def hidden(value: Any) -> bool:
    """Whether a text only stands for a missing one."""
    return isinstance(value, str) and value.strip().lower() in HIDDEN


def told(facts: ColumnFacts) -> list[tuple[str, int]]:
    """The texts of the column that say something, with their counts."""
    return [(value, count) for value, count in facts.values.counts if not hidden(value) and str(value).strip()]


def plain(values: Sequence[Any]) -> bool:
    """Whether none of the values looks like something personal."""
    return all(not isinstance(value, str) or mask_parts(value) == value for value in values)


def quoted(values: Sequence[Any], most: int = 4, *, shapes: bool = False) -> str:
    """A few values for a reason; what looks personal is masked, unless they are ``shapes``."""
    shown = ", ".join(f"“{_short(str(value) if shapes else mask_parts(str(value)))}”" for value in values[:most])
    return f"{shown}, …" if len(values) > most else shown


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_QUOTED else f"{text[: LONGEST_QUOTED - 1]}…"
