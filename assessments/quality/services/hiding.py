"""Masking afterwards what was kept of a column before anybody knew that it is about people."""

import re
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from assessments.common.masking import mask_all, mask_value
from assessments.datasets.models import Dataset, Snapshot
from assessments.quality.models import Finding, Profile, RepairRun, RuleResult, RuleSuggestion
from assessments.quality.personal_data.quoting import free_name, quoted_values, unquoted, without_quotes
from assessments.quality.personal_data.selectors import masked_columns
from assessments.quality.repairs import repair_named

# What a profile tells of a column's values; of a column about people it tells none of it.
FIGURES = ("min", "max", "quartiles", "quartiles_sketched", "mean", "deviation", "histogram")


@transaction.atomic
def kept_values_hide(*, snapshot: Snapshot) -> None:
    """Mask what profiles, results, suggestions and repairs of the snapshot's dataset show of its masked columns.

    Open suggestions whose parameters or reasons come from the values of such a column are removed. Rules keep what
    they quote, or they would measure something else: who may not change them sees it masked. Doing it again changes
    nothing.
    """
    dataset, hidden = snapshot.dataset, masked_columns(snapshot)
    for profile in Profile.objects.filter(snapshot__dataset=dataset).select_for_update():
        if _profile_hidden(profile.content, hidden):
            profile.save(update_fields=["content"])
    results = RuleResult.objects.filter(run__snapshot__dataset=dataset).exclude(sample=[], detail={})
    for result in results.only("sample", "detail", "columns").iterator(chunk_size=200):
        told = [_row_hidden(row, hidden) for row in result.sample]
        bins = bool(set(result.columns) & hidden) and _bins_hidden(result.detail)
        if told != result.sample or bins:
            result.sample = told
            result.save(update_fields=["sample", "detail"])
    for run in RepairRun.objects.filter(snapshot__dataset=dataset).select_for_update():
        changed = [_step_hidden(step, hidden) for step in run.preview]
        if any(changed):
            run.save(update_fields=["preview"])
    _quotes_hide(dataset, hidden)


def _quotes_hide(dataset: Dataset, hidden: Collection[str]) -> None:
    """Remove open suggestions that quote values, and mask what results, findings and decided suggestions quote."""
    for suggestion in RuleSuggestion.objects.filter(snapshot__dataset=dataset):
        if set(suggestion.columns) & set(hidden) and (suggestion.parameters or "“" in suggestion.reason):
            if suggestion.state == RuleSuggestion.State.OPEN:
                suggestion.delete()
            else:
                _suggestion_unquote(suggestion, hidden)
    findings = Finding.objects.filter(dataset=dataset)
    results = RuleResult.objects.filter(run__snapshot__dataset=dataset).exclude(parameters={})
    for result in results.defer("sample", "detail").iterator(chunk_size=200):
        quoted = quoted_values(result.check_name, result.columns, result.parameters, hidden)
        if quoted:
            _result_unquote(result, quoted)
            for finding in findings.filter(Q(last_result=result) | Q(first_result=result)):
                finding.title = unquoted(finding.title, quoted)
                finding.save(update_fields=["title"])


def _result_unquote(result: RuleResult, quoted: Collection[str]) -> None:
    others = RuleResult.objects.filter(run=result.run_id).exclude(pk=result.pk)
    result.rule_name = free_name(unquoted(result.rule_name, quoted), set(others.values_list("rule_name", flat=True)))
    result.parameters = without_quotes(result.parameters, quoted)
    result.meaning, result.error = unquoted(result.meaning, quoted), unquoted(result.error, quoted)
    result.save(update_fields=["rule_name", "parameters", "meaning", "error"])


def _suggestion_unquote(suggestion: RuleSuggestion, hidden: Collection[str]) -> None:
    """Of a suggestion that somebody decided on, what it quoted; a repair by values is no longer offered."""
    quoted = quoted_values(suggestion.check_name, suggestion.columns, suggestion.parameters, hidden)
    suggestion.parameters = without_quotes(suggestion.parameters, quoted)
    suggestion.reason = re.sub(r"“([^”]*)”", lambda match: f"“{mask_all(match[1])}”", suggestion.reason)
    if suggestion.repair.get("parameters"):
        suggestion.repair = {}
    suggestion.save(update_fields=["parameters", "reason", "repair"])


def _profile_hidden(content: dict[str, Any], hidden: Collection[str]) -> bool:
    """Mask the columns in place; whether any was shown until now."""
    found = [one for one in content.get("columns", []) if one["name"] in hidden and not one.get("personal")]
    for one in found:
        one["personal"] = True
        for figure in FIGURES:
            one.pop(figure, None)
        shown = [told for told in one.get("top", []) if told["count"] > 1]
        one["top"] = [told | {"value": mask_value(told["value"], personal=True)} for told in shown]
    return bool(found)


def _row_hidden(row: dict[str, Any], hidden: Collection[str]) -> dict[str, Any]:
    return row | {"values": _values_hidden(row.get("values", {}), hidden)}


def _values_hidden(values: dict[str, Any], hidden: Collection[str]) -> dict[str, Any]:
    """A masked value stays as it is: its first character and as many dots."""
    return {name: mask_value(value, personal=True) if name in hidden else value for name, value in values.items()}


def _bins_hidden(detail: dict[str, Any]) -> bool:
    """Number the bins of a distribution, whose labels are values, in place; whether there are any."""
    bins = [one for one in detail.get("bins", []) if "label" in one]
    for number, one in enumerate(bins, start=1):
        one["label"] = _("bin %(number)d") % {"number": number}
    return bool(bins)


def _step_hidden(step: dict[str, Any], hidden: Collection[str]) -> bool:
    """Mask the samples of a repair's step in place; whether they changed. What a protection made of a cell stays."""
    before = [step.get("changed", []), step.get("dropped", [])]
    protects = set(step["columns"]) if repair_named(step["repair"]).about_persons else set()
    step["changed"] = [
        row | {"changed": {name: _pair_hidden(name, pair, hidden, protects) for name, pair in row["changed"].items()}}
        for row in before[0]
    ]
    step["dropped"] = [_row_hidden(row, hidden) for row in before[1]]
    return before != [step["changed"], step["dropped"]]


def _pair_hidden(name: str, pair: list[Any], hidden: Collection[str], protects: Collection[str]) -> list[Any]:
    if name not in hidden:
        return pair
    old, new = pair
    return [mask_value(old, personal=True), new if name in protects else mask_value(new, personal=True)]
