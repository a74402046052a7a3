"""Suggestions of a table: made from a look at it, measured by the scan that will measure the rules, and ranked."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from assessments.common.errors import GovernError
from assessments.common.progress import Progress, part, silent
from assessments.quality.checks import verify
from assessments.quality.engine import scan
from assessments.quality.profile.document import facts_of
from assessments.quality.scanner import Scanner, Source, scanner_open
from assessments.quality.specs import Limits, Outcome
from assessments.quality.suggest.dependencies import dependencies
from assessments.quality.suggest.gaps import gaps
from assessments.quality.suggest.keys import keys
from assessments.quality.suggest.look import Look
from assessments.quality.suggest.misplaced import misplaced
from assessments.quality.suggest.numbers import numbers
from assessments.quality.suggest.references import references
from assessments.quality.suggest.sets import sets
from assessments.quality.suggest.suggested import Suggested, identity
from assessments.quality.suggest.times import times
from assessments.quality.suggest.writing import writing

# So many are shown: first what flags something, then what only watches.
MOST, MOST_GUARDS = 60, 12
MEASURED_AT_ONCE = 200
MENDED = 25


def suggestions_for(
    table: Source,
    *,
    as_of: datetime,
    kind: str = "",
    roles: Mapping[str, str] | None = None,
    masked: Collection[str] = (),
    others: Mapping[str, Source] | None = None,
    described: Mapping[str, Mapping[str, tuple[str, str]]] | None = None,
    known: Collection[tuple[Any, ...]] = (),
    limits: Limits | None = None,
    progress: Progress = silent,
) -> list[Suggested]:
    """The rules that the table suggests, the most telling first, each with what it flags there.

    ``kind`` is the dataset's, ``roles`` {role: column}, ``masked`` the columns about persons, whose values stand in no
    rule. ``others`` are the organisation's other datasets by name and ``described`` their columns, {dataset: {column:
    (role, kind of type), "": (kind of the dataset, "")}}. ``known`` are identities (see ``identity``) of rules that are
    not to be suggested. ``as_of`` (with a zone) is now. Raises GovernError when the table cannot be read.
    """
    with scanner_open(table, limits=limits) as scanner:
        look = _look(scanner, kind, roles or {}, masked, described or {}, part(progress, 0.0, 0.4))
        moment = as_of.astimezone(UTC).replace(tzinfo=None)
        candidates = [one for one in _candidates(look, moment, part(progress, 0.4, 0.6)) if _is_new(one, known)]
    candidates.sort(key=lambda one: -one.rank)
    candidates = candidates[:MEASURED_AT_ONCE]
    outcomes = scan(
        table,
        [one.spec for one in candidates],
        references=others,
        roles=look.roles,
        as_of=as_of,
        masked=masked,
        limits=limits,
        progress=part(progress, 0.6, 1.0),
    )
    measured = [_measured(one, outcome) for one, outcome in zip(candidates, outcomes, strict=True)]
    return chosen([one for one in measured if one is not None])


def _look(
    scanner: Scanner,
    kind: str,
    roles: Mapping[str, str],
    masked: Collection[str],
    described: Mapping[str, Mapping[str, tuple[str, str]]],
    progress: Progress,
) -> Look:
    there = {role: column for role, column in roles.items() if column in scanner.names}
    return Look(scanner, facts_of(scanner, progress), kind, there, masked, described)


def _candidates(look: Look, as_of: datetime, progress: Progress) -> Iterator[Suggested]:
    """All that might be suggested, whatever it flags; each rule is one that its check takes."""
    if not look.usable:
        return
    made = (
        gaps(look),
        writing(look),
        sets(look),
        misplaced(look, part(progress, 0.0, 0.1)),
        numbers(look),
        keys(look, part(progress, 0.1, 0.3)),
        times(look, as_of, part(progress, 0.3, 0.4)),
        references(look),
        dependencies(look, part(progress, 0.4, 1.0)),
    )
    names: set[str] = set()
    for several in made:
        for one in several:
            if one.spec.name not in names and _is_rule(one):
                names.add(one.spec.name)
                yield one


def _is_rule(one: Suggested) -> bool:
    try:
        verify(one.spec)
    except GovernError:
        return False
    return True


def _is_new(one: Suggested, known: Collection[tuple[Any, ...]]) -> bool:
    return identity(one.spec.check, one.spec.columns, one.spec.parameters) not in known


def _measured(one: Suggested, outcome: Outcome) -> Suggested | None:
    """The suggestion with its counts; None when it says nothing, or flags so much that it was wrong."""
    if outcome.error or not outcome.rows_checked:
        return None
    share = outcome.rows_failing / outcome.rows_checked
    if share > one.most or (not outcome.rows_failing and not one.guard):
        return None
    return replace(one, checked=outcome.rows_checked, failing=outcome.rows_failing)


def chosen(measured: list[Suggested]) -> list[Suggested]:
    """What is shown: nothing that repeats another, what flags rows before what only watches."""
    kept: list[Suggested] = []
    # Of two that say the same, the one that can be mended.
    for one in sorted(measured, key=lambda one: -one.rank - MENDED * bool(one.repair)):
        if not any(_repeats(one, other) for other in kept):
            kept.append(one)
    kept.sort(key=lambda one: -one.rank)
    # A list of allowed values would take errors in that a dependency has found.
    wrong = {one.blames for one in kept if one.spec.check == "functional_dependency" and one.failing}
    kept = [one for one in kept if one.failing or one.spec.check != "allowed_values" or one.blames not in wrong]
    flagging = [one for one in kept if one.failing]
    watching = [one for one in kept if not one.failing][:MOST_GUARDS]
    return [*flagging, *watching][:MOST]


def _repeats(one: Suggested, other: Suggested) -> bool:
    """Whether a better suggestion says of the same columns, on as many rows, nearly the same."""
    if one.blames != other.blames:
        return False
    if one.spec.check == other.spec.check:
        return one.spec.check == "pattern"
    if {one.spec.check, other.spec.check} == {"text_form", "code_collision"}:
        return other.failing > one.failing / 2 and one.failing > other.failing / 2
    if other.spec.check == "format" and other.failing and one.spec.check in {"pattern", "text_form", "code_collision"}:
        return True
    values = {"pattern", "format", "allowed_values", "disguised_missing", "text_form", "code_collision"}
    if {one.spec.check, other.spec.check} <= values and one.failing:
        return one.failing == other.failing
    return {one.spec.check, other.spec.check} <= values - {"disguised_missing"} and not one.failing
