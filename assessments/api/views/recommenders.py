"""Training runs with their metrics."""

from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.accounts.roles import Capability
from assessments.api.base import Readable, job_accepted
from assessments.api.serializers.jobs import AcceptedSerializer
from assessments.api.serializers.recommenders import (
    TrainingRunDetailSerializer,
    TrainingRunSerializer,
    TrainingRunStartSerializer,
)
from assessments.api.views.accounts import validated
from assessments.datasets.models import Dataset
from assessments.datasets.selectors import dataset_get
from assessments.jobs.dispatch import job_start
from assessments.recommenders.models import TrainingRun
from assessments.recommenders.selectors import runs_of
from assessments.recommenders.services import training_run_assign, training_run_create


class TrainingRunViewSet(Readable):
    """Recommenders that were trained and evaluated, newest first."""

    queryset = TrainingRun.objects.none()
    capabilities = {"list": Capability.VIEW, "retrieve": Capability.VIEW, "create": Capability.TRAIN}
    filterset_fields = ["dataset", "snapshot", "model_name", "state", "protocol_digest"]

    def rows(self) -> Any:
        return runs_of(self.organisation).select_related("bundle").prefetch_related("metrics")

    def get_serializer_class(self) -> Any:
        return TrainingRunSerializer if self.action == "list" else TrainingRunDetailSerializer

    @extend_schema(request=TrainingRunStartSerializer, responses={202: AcceptedSerializer})
    def create(self, request: Request) -> Response:
        given = validated(TrainingRunStartSerializer, request)
        dataset = self.dataset(given["dataset"])
        with transaction.atomic():
            run = training_run_create(
                dataset=dataset,
                model_name=given["model"],
                split=given["split"],
                options=given["options"],
                seed=given["seed"],
                repeats=given["repeats"],
                items_dataset=self.dataset(given["items_dataset"]) if "items_dataset" in given else None,
                users_dataset=self.dataset(given["users_dataset"]) if "users_dataset" in given else None,
            )
            job = job_start(
                organisation=self.organisation,
                kind="recommenders.train",
                subject=str(run),
                parameters={"run_id": run.pk},
                started_by=self.user,
            )
            training_run_assign(run=run, job=job)
        return job_accepted(job, training_run=run.pk)

    def dataset(self, pk: int) -> Dataset:
        return dataset_get(organisation=self.organisation, pk=pk)
