"""Reading assessments and the scores of their nodes; everything is asked for within one organisation."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.accounts.models import Organisation
from assessments.checklists.models import Item, Questionnaire
from assessments.common.errors import NotFoundError
from assessments.scoring.bindings import bindings_of, level_of
from assessments.scoring.indicators import indicator_get
from assessments.scoring.indicators.registry import KNOWN, Ask, Context
from assessments.scoring.model_files import DEFAULT_FILE, scoring_model_read
from assessments.scoring.models import Assessment, Score, ScoringModel
from assessments.scoring.seal import Verdict, verify
from assessments.scoring.tree import model_of, path_below
from assessments.scoring.uncertainty import measure_value

DEFAULT_MODEL = "governance"


def scoring_models() -> QuerySet[ScoringModel]:
    return ScoringModel.objects.all()


def scoring_model_latest(identifier: str = DEFAULT_MODEL) -> ScoringModel | None:
    """The newest loaded version of a scoring model."""
    return ScoringModel.objects.filter(identifier=identifier).order_by("-version").first()


def frameworks_scored() -> set[str]:
    """Identifiers of the frameworks whose answers count for a score by the newest scoring model."""
    model = scoring_model_latest()
    content = model.content if model else scoring_model_read(DEFAULT_FILE.read_bytes(), DEFAULT_FILE.name)
    leaves = model_of(content).root.leaves()
    return {str(leaf.parameters["framework"]) for leaf in leaves if "framework" in leaf.parameters}


def level_proposal(questionnaire: Questionnaire, item: Item) -> dict[str, Any] | None:
    """The level that the newest measurement proposes for the item, as plain data to be kept with an answer.

    ``level`` 1 to 5, ``value`` in ``unit`` of the ``indicator`` with its ``parameters``, the ``cuts`` at which levels 2
    to 5 begin, ``measures`` and ``reason`` in both languages, the indicator's ``measure``, ``sources``, ``missing`` and
    ``date``. None when nothing measures the item, or there is no evidence of the questionnaire's organisation.
    """
    framework = questionnaire.framework.identifier
    binding = bindings_of(framework).get(item.key)
    if binding is None:
        return None
    context = Context(organisation=questionnaire.organisation, period=questionnaire.period, as_of=timezone.now())
    ask = Ask(context, binding.parameters, binding.validity_days)
    found = indicator_get(binding.indicator)(ask)
    if found.state != KNOWN or found.measure is None:
        return None
    counted = found.measure["kind"] == "count"
    value = float(found.measure["count"]) if counted else measure_value(found.measure)
    return {
        "framework": framework,
        "item": item.key,
        "level": level_of(value, binding.cuts),
        "value": value,
        "cuts": list(binding.cuts),
        "indicator": binding.indicator,
        "parameters": dict(binding.parameters),
        "measures": dict(binding.measures),
        "reason": dict(binding.reason),
        "unit": found.unit,
        "measure": found.measure,
        "date": found.date,
        "sources": found.sources,
        "missing": found.missing,
    }


def assessments_of(organisation: Organisation) -> QuerySet[Assessment]:
    """The organisation's assessments, newest first, without their documents."""
    return (
        Assessment.objects.filter(organisation=organisation)
        .select_related("scoring_model", "organisation", "created_by", "published_by")
        .defer("document")
    )


def assessment_get(*, organisation: Organisation, pk: int) -> Assessment:
    """One assessment of this organisation; raises NotFoundError for anybody else's."""
    found = (
        Assessment.objects.filter(organisation=organisation, pk=pk)
        .select_related("scoring_model", "organisation", "created_by", "published_by")
        .first()
    )
    if found is None:
        raise NotFoundError(_("There is no assessment %(pk)s here.") % {"pk": pk})
    return found


def assessment_latest(
    organisation: Organisation, published_only: bool = False, period: str | None = None
) -> Assessment | None:
    """The newest assessment, with its document; of one period when it is named."""
    rows = Assessment.objects.filter(organisation=organisation).select_related("scoring_model", "organisation")
    if published_only:
        rows = rows.filter(state=Assessment.State.PUBLISHED)
    if period:
        rows = rows.filter(period=period)
    return rows.first()


def assessment_previous(assessment: Assessment) -> Assessment | None:
    """The newest published assessment of an earlier period: what trends and changes are measured against."""
    return (
        Assessment.objects.filter(organisation_id=assessment.organisation_id, state=Assessment.State.PUBLISHED)
        .filter(Q(period__lt=assessment.period))
        .exclude(pk=assessment.pk)
        .order_by("-period", "-as_of", "-pk")
        .first()
    )


def documents_of_units(organisation: Organisation, identifier: str, as_of: datetime) -> list[dict[str, Any]]:
    """The newest published document of each unit at ``as_of``, by any version of the named scoring model.

    The units are the organisation's parent, or itself where it has none, and the units under that: what they scored
    is read across organisations here, and here alone, for the weights of their own scoring model.
    """
    head = organisation.parent_id or organisation.pk
    rows = (
        Assessment.objects.filter(Q(organisation_id=head) | Q(organisation__parent_id=head))
        .filter(state=Assessment.State.PUBLISHED, scoring_model__identifier=identifier, as_of__lte=as_of)
        .order_by("organisation_id", "-as_of", "-pk")
        .values_list("organisation_id", "pk")
    )
    newest: dict[int, int] = {}
    for unit, pk in rows:
        newest.setdefault(unit, pk)
    return list(Assessment.objects.filter(pk__in=newest.values()).values_list("document", flat=True))


def chain_head(organisation: Organisation) -> Assessment | None:
    """The published assessment that no other follows yet."""
    published = Assessment.objects.filter(organisation=organisation, state=Assessment.State.PUBLISHED)
    return published.exclude(seal__in=published.values("previous_seal")).first()


def scores_of(assessment: Assessment) -> QuerySet[Score]:
    """The score of every node, in the order of the tree: parents before their children."""
    return assessment.scores.order_by("position")


def aggregations_of(assessment: Assessment) -> dict[str, dict[str, Any]]:
    """How each node with parts was put together, by path.

    ``method`` and ``weighting`` of the scoring model; ``operator`` and ``memberships`` of fuzzy evaluation,
    ``comparison`` (judges, consistency ratio, the judgement furthest off) and ``units`` (how many) where there are any,
    else None.
    """
    rows = {row["path"]: row for row in assessment.document.get("result", {}).get("nodes", [])}
    branches = _branches(assessment.document.get("model", {}).get("root", {}), "")
    return {
        path: {
            "method": rows[path]["method"],
            "weighting": weighting,
            **{name: rows[path].get(name) for name in ("operator", "memberships", "comparison", "units")},
        }
        for path, weighting in branches
        if path in rows
    }


def _branches(content: Mapping[str, Any], path: str) -> Iterator[tuple[str, str]]:
    """The path and weighting of each node with children."""
    if "children" in content:
        yield path, content.get("weighting", "equal")
        for child in content["children"]:
            yield from _branches(child, path_below(path, child["id"]))


def assessment_verify(assessment: Assessment) -> Verdict:
    """Check a stored assessment: its document from itself alone, then the row and the chain of seals around it."""
    verdict = verify(assessment.document)
    if not verdict.valid:
        return verdict
    block, result = assessment.document["seal"], assessment.document["result"]
    if (block["seal"], block["previous"]) != (assessment.seal, assessment.previous_seal):
        return Verdict(False, "chain", "The seal of the document is not the one that was stored.", "seal")
    for name in ("score", "median", "low", "high", "level", "coverage"):
        if getattr(assessment, name) != result[name]:
            return Verdict(False, "row", f"The stored {name} is not the one that was sealed.", name)
    published = Assessment.objects.filter(
        organisation_id=assessment.organisation_id, state=Assessment.State.PUBLISHED
    ).exclude(pk=assessment.pk)
    if assessment.previous_seal and not published.filter(seal=assessment.previous_seal).exists():
        return Verdict(False, "chain", "The assessment that this one follows is gone.", "seal.previous")
    if not assessment.previous_seal and published.filter(published_at__lt=assessment.published_at).exists():
        return Verdict(
            False, "chain", "An earlier assessment was published, but this one follows none.", "seal.previous"
        )
    return verdict


def verdict_sentence(verdict: Verdict) -> str:
    """What the verdict means, in the reader's language; its ``reason`` has the figures, in English."""
    return {
        "valid": _("Every number was recomputed from the evidence, and the seal holds."),
        "no_seal": _("This assessment carries no seal: it was not published."),
        "structure": _("This document cannot be recomputed."),
        "model_digest": _("The scoring model is not the one that was used."),
        "evidence_digest": _("The evidence is not the one that was scored."),
        "node": _("A score differs from what the evidence gives."),
        "interval": _("An interval differs from what the evidence gives."),
        "level": _("The level differs from what the evidence gives."),
        "gate": _("A gate differs from what the evidence gives."),
        "drivers": _("What drives the score differs from what the evidence gives."),
        "content_digest": _("The content is not the one that was sealed."),
        "chain": _("The link to the previous seal is broken."),
    }.get(verdict.code, _("Something differs from what was sealed."))
