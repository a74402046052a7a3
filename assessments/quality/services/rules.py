"""Adding and changing rules, one by one or from a pack."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.accounts.models import User
from assessments.accounts.services import event_record
from assessments.common.errors import ConflictError, GovernError
from assessments.datasets.models import Column, Dataset
from assessments.datasets.selectors import snapshot_latest
from assessments.quality.checks import verify
from assessments.quality.checks.base import place, require_column
from assessments.quality.expressions import family_of_name
from assessments.quality.finding_words import DELETED
from assessments.quality.interchange.contract_in import read_contract
from assessments.quality.models import Finding, Rule
from assessments.quality.packs import read_pack, write_pack
from assessments.quality.quoting_selectors import names_to_log
from assessments.quality.services.findings import finding_resolve
from assessments.quality.specs import RuleSpec
from assessments.quality.yaml_text import parse_yaml

CONTENT = ("check_name", "columns", "parameters", "dimension", "severity", "threshold", "enabled")


def spec_of(rule: Rule) -> RuleSpec:
    """The rule as the engine reads it."""
    return RuleSpec(
        name=rule.name,
        check=rule.check_name,
        columns=tuple(rule.columns),
        parameters=rule.parameters,
        dimension=rule.dimension,
        severity=rule.severity,
        threshold=rule.threshold,
    )


@transaction.atomic
def rule_save(
    *,
    dataset: Dataset,
    name: str,
    check: str,
    columns: Sequence[str] = (),
    parameters: Mapping[str, Any] | None = None,
    dimension: str = "",
    severity: str = "warning",
    threshold: float = 1.0,
    enabled: bool = True,
    rule: Rule | None = None,
    user: User | None = None,
) -> Rule:
    """Add a rule to the dataset, or change ``rule``; raises GovernError naming the parameter or column at fault."""
    name = name.strip()
    if not name:
        raise GovernError(_("A rule needs a name."), hint=_("Say in a few words what should hold."))
    spec = RuleSpec(name, check, tuple(columns), dict(parameters or {}), dimension, severity, threshold)
    rule_verify(dataset=dataset, spec=spec)
    namesakes = Rule.objects.filter(dataset=dataset, name=name)
    if (namesakes.exclude(pk=rule.pk) if rule and rule.pk else namesakes).exists():
        raise ConflictError(
            _("Another rule of this dataset is named “%(name)s”.") % {"name": name}, hint=_("Choose another name.")
        )
    rule = rule or Rule(dataset=dataset)
    added = rule.pk is None
    _fill(rule, spec, enabled)
    rule.name, rule.dataset = name, dataset
    rule.save()
    action = "rule.add" if added else "rule.change"
    subject = f"{dataset}: {names_to_log(dataset, [rule])[0]}"
    event_record(organisation=dataset.organisation, actor=user, action=action, subject=subject)
    return rule


def rule_verify(*, dataset: Dataset, spec: RuleSpec) -> None:
    """Refuse a rule that its check refuses, or that does not fit the columns of the dataset's newest snapshot."""
    check = verify(spec)
    snapshot = snapshot_latest(dataset)
    if snapshot is None:
        return
    types = dict(Column.objects.filter(snapshot=snapshot).order_by("position").values_list("name", "type"))
    for column in spec.columns:
        try:
            require_column(column, tuple(types))
        except GovernError as error:
            raise GovernError(error.message, where=place(spec), hint=error.hint) from error
    check.verify_columns(spec, {name: family_of_name(kind) for name, kind in types.items()})


@transaction.atomic
def rules_load(
    *, dataset: Dataset, pack: str | Mapping[str, Any], user: User | None = None, replace: bool = False
) -> list[Rule]:
    """Add and change the rules that the pack names, and return them; loading it again changes nothing.

    ``replace`` takes the dataset's other rules out of use. A column that the table does not have is not refused here:
    its rule reports it in each run, beside the results of the others.
    """
    rules = read_pack(pack)
    standing = {rule.name: rule for rule in Rule.objects.select_for_update().filter(dataset=dataset)}
    loaded, touched = [], []
    for one in rules:
        rule = standing.pop(one.spec.name, None) or Rule(dataset=dataset, name=one.spec.name)
        before = [getattr(rule, field) for field in CONTENT] if rule.pk else None
        _fill(rule, one.spec, one.enabled)
        if before != [getattr(rule, field) for field in CONTENT]:
            rule.save()
            touched.append(rule)
        loaded.append(rule)
    others = [rule for rule in standing.values() if rule.enabled] if replace else []
    Rule.objects.filter(pk__in=[rule.pk for rule in others]).update(enabled=False, changed_at=timezone.now())
    if touched or others:
        event_record(
            organisation=dataset.organisation,
            actor=user,
            action="rules.load",
            subject=str(dataset),
            detail={
                "added or changed": names_to_log(dataset, touched),
                "taken out of use": names_to_log(dataset, others),
            },
        )
    return loaded


@transaction.atomic
def rules_import(
    *, dataset: Dataset, text: str, user: User | None = None, replace: bool = False
) -> tuple[list[Rule], list[str]]:
    """Load the rules of a pack or of a data contract (Open Data Contract Standard 3.1), both as YAML text.

    Gives the rules, and what of a contract was passed over with the reason. Raises GovernError for a text that is
    neither.
    """
    document, _node = parse_yaml(text)
    if not (isinstance(document, Mapping) and "apiVersion" in document):
        return rules_load(dataset=dataset, pack=text, user=user, replace=replace), []
    contract = read_contract(text, table=dataset.name)
    pack = write_pack(contract.rules)
    return rules_load(dataset=dataset, pack=pack, user=user, replace=replace), contract.passed_over


@transaction.atomic
def rule_delete(*, rule: Rule, user: User | None = None) -> None:
    """Delete the rule; its results stay, and its finding is resolved, since nothing expects it any more."""
    for finding in Finding.objects.filter(rule=rule).exclude(state=Finding.State.RESOLVED):
        finding_resolve(finding=finding, note=DELETED, user=user)
    subject = f"{rule.dataset}: {names_to_log(rule.dataset, [rule])[0]}"
    event_record(organisation=rule.dataset.organisation, actor=user, action="rule.delete", subject=subject)
    rule.delete()


def _fill(rule: Rule, spec: RuleSpec, enabled: bool) -> None:
    rule.check_name, rule.columns, rule.parameters = spec.check, list(spec.columns), dict(spec.parameters)
    rule.dimension = spec.dimension or verify(spec).dimension
    rule.severity, rule.threshold, rule.enabled = spec.severity, spec.threshold, enabled
