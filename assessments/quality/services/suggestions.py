"""Suggesting rules from a snapshot, and what people say to the suggestions."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.accounts.models import User
from assessments.accounts.services import event_record
from assessments.common.errors import ConflictError, NotFoundError
from assessments.common.progress import Fence, Progress, silent
from assessments.datasets.models import Snapshot
from assessments.datasets.selectors import datasets_of, snapshot_latest, snapshot_path
from assessments.quality.models import Rule, RuleSuggestion
from assessments.quality.personal_data.quoting import free_name, quoted_values
from assessments.quality.personal_data.selectors import masked_columns
from assessments.quality.services.opening import scan_limits, snapshot_source
from assessments.quality.services.profiles import roles_known
from assessments.quality.services.rules import rule_save
from assessments.quality.services.searching import searched_first
from assessments.quality.suggest import Suggested, identity, suggestions_for
from assessments.quality.suggestion_words import in_words

State = RuleSuggestion.State
# The words for types that the datasets keep, by the word of a profile.
KINDS = {"timestamp with zone": "timestamp"}


def suggestions_make(
    *,
    snapshot: Snapshot,
    as_of: datetime | None = None,
    job_id: int | None = None,
    progress: Progress = silent,
    fence: Fence = transaction.atomic,
) -> list[RuleSuggestion]:
    """Suggest rules for the snapshot in place of its open suggestions, and return the open ones.

    A rule that the dataset has, or that somebody declined for one of its snapshots, is not suggested again. Open
    suggestions of earlier snapshots are taken back.
    """
    progress = searched_first(snapshot=snapshot, job_id=job_id, progress=progress, fence=fence)
    roles = roles_known(snapshot)
    others, described = _others(snapshot)
    found = suggestions_for(
        snapshot_source(snapshot),
        as_of=as_of or timezone.now(),
        kind=snapshot.dataset.kind,
        roles=roles,
        masked=masked_columns(snapshot, roles),
        others=others,
        described=described,
        known=_known(snapshot),
        limits=scan_limits(),
        progress=progress,
    )
    with fence():
        _store(snapshot, found)
    return list(RuleSuggestion.objects.filter(snapshot=snapshot, state=State.OPEN))


def _known(snapshot: Snapshot) -> set[tuple[Any, ...]]:
    """Identities of the dataset's rules and of its declined suggestions."""
    rules = Rule.objects.filter(dataset=snapshot.dataset).values_list("check_name", "columns", "parameters")
    declined = RuleSuggestion.objects.filter(snapshot__dataset=snapshot.dataset, state=State.DECLINED)
    told = declined.values_list("check_name", "columns", "parameters")
    return {identity(check, columns, parameters) for check, columns, parameters in [*rules, *told]}


def _others(snapshot: Snapshot) -> tuple[dict[str, Path], dict[str, dict[str, tuple[str, str]]]]:
    """The organisation's other datasets: their files and, for each, its columns with role and type."""
    files: dict[str, Path] = {}
    described: dict[str, dict[str, tuple[str, str]]] = {}
    if snapshot.in_place:  # a table in a database is not compared with files
        return files, described
    for dataset in datasets_of(snapshot.dataset.organisation).exclude(pk=snapshot.dataset_id):
        newest = snapshot_latest(dataset)
        if newest is None or newest.in_place:
            continue
        try:
            files[dataset.name] = snapshot_path(newest)
        except NotFoundError:
            continue
        columns = {
            column.name: (column.role or column.suggested_role, KINDS.get(column.type, column.type))
            for column in newest.columns.all()
        }
        described[dataset.name] = {**columns, "": (dataset.kind, "")}
    return files, described


def _store(snapshot: Snapshot, found: Sequence[Suggested]) -> None:
    RuleSuggestion.objects.filter(snapshot__dataset=snapshot.dataset, state=State.OPEN).delete()
    taken = set(RuleSuggestion.objects.filter(snapshot=snapshot).values_list("name", flat=True))
    RuleSuggestion.objects.bulk_create(
        RuleSuggestion(
            snapshot=snapshot,
            name=one.spec.name,
            check_name=one.spec.check,
            columns=list(one.spec.columns),
            parameters=dict(one.spec.parameters),
            severity=one.spec.severity,
            threshold=one.spec.threshold,
            reason=one.reason[:500],  # names of columns may be long
            rows_flagged=one.failing,
            share=one.share,
            repair=dict(one.repair),
        )
        for one in found
        if one.spec.name not in taken
    )


@transaction.atomic
def suggestion_accept(*, suggestion: RuleSuggestion, user: User | None = None) -> Rule:
    """Add the suggested rule to the dataset."""
    suggestion = _open(suggestion)
    dataset = suggestion.snapshot.dataset
    if quoted_values(
        suggestion.check_name, suggestion.columns, suggestion.parameters, masked_columns(suggestion.snapshot)
    ):
        raise ConflictError(
            _("This suggestion quotes values that may be about people."),
            where=", ".join(suggestion.columns),
            hint=_("Have rules suggested again."),
        )
    rule = rule_save(
        dataset=dataset,
        name=_free_name(suggestion),
        check=suggestion.check_name,
        columns=suggestion.columns,
        parameters=suggestion.parameters,
        dimension=suggestion.dimension,
        severity=suggestion.severity,
        threshold=suggestion.threshold,
        user=user,
    )
    suggestion.rule = rule
    _decide(suggestion, State.ACCEPTED, user)
    return rule


@transaction.atomic
def suggestion_decline(*, suggestion: RuleSuggestion, user: User | None = None) -> RuleSuggestion:
    """Leave the suggested rule out; it is not suggested again for later snapshots."""
    return _decide(_open(suggestion), State.DECLINED, user)


@transaction.atomic
def suggestions_accept(*, suggestions: Sequence[RuleSuggestion], user: User | None = None) -> list[Rule]:
    """Add all these rules, or none when one is refused."""
    return [suggestion_accept(suggestion=one, user=user) for one in suggestions]


def _open(suggestion: RuleSuggestion) -> RuleSuggestion:
    locked = RuleSuggestion.objects.select_for_update(of=("self",)).select_related("snapshot__dataset__organisation")
    found = locked.filter(pk=suggestion.pk).first()
    if found is None or found.state != State.OPEN:
        raise ConflictError(
            _("This suggestion is no longer open."), hint=_("Somebody has decided on it, or newer ones took its place.")
        )
    return found


def _free_name(suggestion: RuleSuggestion) -> str:
    """The suggestion's name as its reader saw it, with a number behind it where a rule has it already."""
    taken = set(Rule.objects.filter(dataset=suggestion.snapshot.dataset).values_list("name", flat=True))
    return free_name(in_words(suggestion.name), taken)


def _decide(suggestion: RuleSuggestion, state: str, user: User | None) -> RuleSuggestion:
    suggestion.state, suggestion.decided_by, suggestion.decided_at = state, user, timezone.now()
    suggestion.save(update_fields=["state", "decided_by", "decided_at", "rule"])
    event_record(
        organisation=suggestion.snapshot.dataset.organisation,
        actor=user,
        action="suggestion.accept" if state == State.ACCEPTED else "suggestion.decline",
        subject=f"{suggestion.snapshot.dataset}: {suggestion.name}",
        detail=_told(suggestion),
    )
    return suggestion


def _told(suggestion: RuleSuggestion) -> dict[str, Any]:
    return {
        "check": suggestion.check_name,
        "columns": suggestion.columns,
        "snapshot": suggestion.snapshot.number,
        "rows flagged": suggestion.rows_flagged,
    }
