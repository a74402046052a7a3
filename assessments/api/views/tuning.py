"""Searches for good options: started, read, and trained."""

from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.accounts.roles import Capability
from assessments.api.base import Readable, job_accepted
from assessments.api.serializers.jobs import AcceptedSerializer
from assessments.api.serializers.recommenders import (
    TrialTrainSerializer,
    TuningDetailSerializer,
    TuningSerializer,
    TuningStartSerializer,
)
from assessments.api.views.accounts import validated
from assessments.datasets.selectors import dataset_get
from assessments.jobs.dispatch import job_start
from assessments.recommenders.models import TuningRun
from assessments.recommenders.selectors import tuning_get, tunings_of
from assessments.recommenders.services import (
    training_run_assign,
    training_run_from_trial,
    tuning_assign,
    tuning_create,
)


class TuningViewSet(Readable):
    """Searches for good options, newest first; test rows are never looked at."""

    queryset = TuningRun.objects.none()
    capabilities = {
        "list": Capability.VIEW,
        "retrieve": Capability.VIEW,
        "create": Capability.TRAIN,
        "train": Capability.TRAIN,
    }
    filterset_fields = ["dataset", "snapshot", "state"]

    def rows(self) -> Any:
        return tunings_of(self.organisation)

    def get_serializer_class(self) -> Any:
        return TuningSerializer if self.action == "list" else TuningDetailSerializer

    @extend_schema(request=TuningStartSerializer, responses={202: AcceptedSerializer})
    def create(self, request: Request) -> Response:
        given = validated(TuningStartSerializer, request)
        names = [name for name in ("dataset", "items_dataset", "users_dataset") if name in given]
        given |= {name: dataset_get(organisation=self.organisation, pk=given[name]) for name in names}
        with transaction.atomic():
            tuning = tuning_create(model_names=given.pop("models"), **given)
            job = job_start(
                organisation=self.organisation,
                kind="recommenders.tune",
                subject=str(tuning)[:300],
                parameters={"tuning_id": tuning.pk},
                started_by=self.user,
            )
            tuning_assign(tuning=tuning, job=job)
        return job_accepted(job, tuning=tuning.pk)

    @extend_schema(request=TrialTrainSerializer, responses={202: AcceptedSerializer})
    @action(detail=True, methods=["post"])
    def train(self, request: Request, pk: str) -> Response:
        """Train the configuration of one trial on all that it may learn from, and test it once."""
        tuning = tuning_get(organisation=self.organisation, pk=int(pk))
        place = validated(TrialTrainSerializer, request)["trial"]
        with transaction.atomic():
            run = training_run_from_trial(tuning=tuning, place=place)
            job = job_start(
                organisation=self.organisation,
                kind="recommenders.train",
                subject=str(run)[:300],
                parameters={"run_id": run.pk},
                started_by=self.user,
            )
            training_run_assign(run=run, job=job)
        return job_accepted(job, training_run=run.pk)
