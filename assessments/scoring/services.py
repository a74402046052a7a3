"""Writing scoring models and assessments: load, compute, publish, export."""

import re
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.accounts.models import Organisation, User
from assessments.accounts.services import event_record
from assessments.checklists.models import localised
from assessments.common.errors import ConflictError, GovernError
from assessments.common.progress import Fence, Progress, part, silent
from assessments.scoring.canonical import canonical, digest
from assessments.scoring.collect import evidence_collect
from assessments.scoring.indicators.registry import instant
from assessments.scoring.model_files import DEFAULT_FILE, FOLDER, scoring_model_read
from assessments.scoring.models import Assessment, Score, ScoringModel
from assessments.scoring.pairwise import GREATEST_RATIO
from assessments.scoring.seal import document_of, sealed
from assessments.scoring.selectors import chain_head, scoring_model_latest
from assessments.scoring.tree import path_below

PERIOD = re.compile(r"[0-9]{4}(-(Q[1-4]|H[12]|0[1-9]|1[0-2]))?")


def scoring_model_load(path: Path) -> ScoringModel:
    """Load one version of a scoring model from YAML; the same content twice is the same row."""
    try:
        text = path.read_bytes()
    except OSError as error:
        raise GovernError(
            _("The file cannot be read: %(reason)s") % {"reason": error.strerror}, where=str(path)
        ) from error
    return scoring_model_save(content=scoring_model_read(text, path.name))


@transaction.atomic
def scoring_model_save(*, content: dict[str, Any]) -> ScoringModel:
    """Keep a checked content as a version; raises ConflictError when that version is there with another content."""
    found, created = ScoringModel.objects.get_or_create(
        identifier=content["id"],
        version=content["version"],
        defaults={"name": content["name"], "content": content, "digest": digest(content)},
    )
    if not created and found.digest != digest(content):
        raise ConflictError(
            _("Version %(version)s of “%(name)s” is loaded with another content.")
            % {"version": found.version, "name": found.identifier},
            where="version",
            hint=_("A loaded version never changes: raise the version."),
        )
    return found


def scoring_models_load() -> list[ScoringModel]:
    """Load the scoring models that Govern brings along."""
    return [scoring_model_load(path) for path in sorted(FOLDER.glob("*.yaml"))]


def period_of(date: datetime) -> str:
    """The quarter of a date, for example 2026-Q3."""
    return f"{date.year}-Q{(date.month + 2) // 3}"


def assessment_compute(
    *,
    organisation: Organisation,
    period: str = "",
    scoring_model: ScoringModel | None = None,
    as_of: datetime | None = None,
    user: User | None = None,
    progress: Progress = silent,
    fence: Fence = transaction.atomic,
) -> Assessment:
    """Gather the evidence there is at ``as_of`` and score it; the draft and its nodes are written under ``fence``.

    ``period`` is the quarter of ``as_of`` when it is empty. Evidence made after ``as_of`` does not count.
    """
    as_of = as_of or timezone.now()
    period = period or period_of(as_of)
    if not PERIOD.fullmatch(period):
        raise GovernError(
            _("“%(period)s” is not a period.") % {"period": period[:30]},
            where="period",
            hint=_("Write a year, a half, a quarter or a month: 2026, 2026-H2, 2026-Q3 or 2026-07."),
        )
    model = scoring_model or scoring_model_latest() or scoring_model_load(DEFAULT_FILE)
    evidence = evidence_collect(
        organisation=organisation,
        period=period,
        as_of=as_of,
        content=model.content,
        progress=part(progress, 0.0, 0.6),
    )
    progress(0.6, _("Computing the score and its interval"))
    document = document_of(
        organisation={"name": organisation.name, "slug": organisation.slug},
        period=period,
        as_of=instant(as_of),
        model=model.content,
        evidence=evidence,
    )
    with fence():
        assessment = _assessment_create(organisation, model, document, as_of, user)
    progress(1.0, _("Done"))
    return assessment


def _assessment_create(
    organisation: Organisation, model: ScoringModel, document: dict[str, Any], as_of: datetime, user: User | None
) -> Assessment:
    result = document["result"]
    assessment = Assessment.objects.create(
        organisation=organisation,
        scoring_model=model,
        period=document["period"],
        as_of=as_of,
        document=document,
        created_by=user,
        **{name: result[name] for name in ("score", "median", "low", "high", "level", "coverage")},
    )
    Score.objects.bulk_create(_score_row(assessment, node, document["evidence"]) for node in result["nodes"])
    event_record(organisation=organisation, actor=user, action="assessment.compute", subject=str(assessment))
    return assessment


def _score_row(assessment: Assessment, node: dict[str, Any], evidence: dict[str, Any]) -> Score:
    leaf = evidence["leaves"].get(node["path"], {})
    names = (
        "path",
        "parent",
        "position",
        "name",
        "method",
        "weight",
        "share",
        "value",
        "low",
        "high",
        "coverage",
        "raw",
    )
    return Score(
        assessment=assessment,
        unit=leaf.get("unit", ""),
        evidence=leaf.get("sources", []),
        **{name: node[name] for name in names},
    )


def assessment_publish(*, assessment: Assessment, user: User | None) -> Assessment:
    """Seal a draft and chain it to the organisation's previous seal; the caller has checked the capability.

    Two that are published at the same moment cannot follow the same seal: the second is refused by the database and
    tried once more behind the first.
    """
    for last in (False, True):
        try:
            _publish(assessment, user)
            assessment.refresh_from_db()
            return assessment
        except IntegrityError as error:
            if last:
                raise ConflictError(
                    _("Another assessment was published at the same moment."), hint=_("Publish this one again.")
                ) from error
    raise AssertionError("unreachable")


@transaction.atomic
def _publish(assessment: Assessment, user: User | None) -> None:
    Organisation.objects.select_for_update().get(pk=assessment.organisation_id)
    current = Assessment.objects.select_for_update(of=("self",)).get(pk=assessment.pk)
    if current.state == Assessment.State.PUBLISHED:
        raise ConflictError(
            _("This assessment is already published."), hint=_("To correct it, compute and publish a new one.")
        )
    if current.score is None:
        raise GovernError(
            _("Nothing is known yet, so there is no score to publish."),
            hint=_("Answer a checklist, check a dataset or train a recommender, then assess again."),
        )
    _refuse_contradictions(current)
    head = chain_head(assessment.organisation)
    now = timezone.now()
    document = sealed({**current.document, "published_at": instant(now)}, head.seal if head else "")
    current.document = document
    current.seal, current.previous_seal = document["seal"]["seal"], document["seal"]["previous"]
    current.state, current.published_at, current.published_by = Assessment.State.PUBLISHED, now, user
    current.save(update_fields=["document", "seal", "previous_seal", "state", "published_at", "published_by"])
    event_record(
        organisation=current.organisation,
        actor=user,
        action="assessment.publish",
        subject=str(current),
        detail={"assessment": current.pk, "seal": current.seal},
    )


def _refuse_contradictions(assessment: Assessment) -> None:
    """Refuse to publish weights from judgements that contradict each other more than Saaty allows."""
    nodes = {node["path"]: node for node in assessment.document["result"]["nodes"]}
    for path, node in nodes.items():
        found = node.get("comparison")
        if found is None or found["consistency_ratio"] <= GREATEST_RATIO:
            continue
        worst = found["most_inconsistent"]
        first, second = (nodes[path_below(path, worst[end])]["name"] for end in ("first", "second"))
        raise GovernError(
            _(
                "The judgements behind the weights of “%(node)s” contradict each other: their consistency ratio is "
                "%(ratio).3f, and at most %(most).2f may be published."
            )
            % {"node": localised(node["name"]), "ratio": found["consistency_ratio"], "most": GREATEST_RATIO},
            where=path or "total",
            hint=_(
                "The judgement furthest off: “%(first)s” counts %(stated).3g times as much as “%(second)s”; the "
                "others imply %(consistent).3g times. Compare again and load the scoring model with a higher version."
            )
            % {
                "first": localised(first),
                "second": localised(second),
                "stated": worst["stated"],
                "consistent": worst["consistent"],
            },
        )


def assessment_export(assessment: Assessment) -> bytes:
    """The whole assessment as canonical JSON: the same bytes every time."""
    return canonical(assessment.document)
