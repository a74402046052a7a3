"""Writing scoring models and assessments: load, compute, publish, export."""

from datetime import datetime
from pathlib import Path

from django.db import transaction

from assessments.accounts.models import Organisation, User
from assessments.common.progress import Fence, Progress, silent
from assessments.scoring.models import Assessment, ScoringModel


def scoring_model_load(path: Path) -> ScoringModel:
    """Load one version of a scoring model from YAML; the same content twice is the same row."""
    raise NotImplementedError


def assessment_compute(
    *,
    organisation: Organisation,
    period: str,
    scoring_model: ScoringModel | None = None,
    as_of: datetime | None = None,
    user: User | None = None,
    progress: Progress = silent,
    fence: Fence = transaction.atomic,
) -> Assessment:
    """Gather the evidence there is at ``as_of`` and score it; the draft and its nodes are written under ``fence``."""
    raise NotImplementedError


def assessment_publish(*, assessment: Assessment, user: User | None) -> Assessment:
    """Seal a draft and chain it to the organisation's previous seal; the caller has checked the capability."""
    raise NotImplementedError


def assessment_export(assessment: Assessment) -> bytes:
    """The whole assessment as canonical JSON: the same bytes every time."""
    raise NotImplementedError
