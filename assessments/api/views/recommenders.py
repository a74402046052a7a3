"""Training runs with their metrics: started, compared, promoted, taken away."""

from typing import Any, cast

from django.db import transaction
from django.http import FileResponse, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.accounts.roles import Capability
from assessments.api.base import Readable, job_accepted
from assessments.api.serializers.jobs import AcceptedSerializer
from assessments.api.serializers.recommenders import (
    ComparisonSerializer,
    EvaluationSerializer,
    PromoteSerializer,
    PromotionSerializer,
    TrainingRunDetailSerializer,
    TrainingRunSerializer,
    TrainingRunStartSerializer,
)
from assessments.api.throttling import HeavyReads
from assessments.api.views.accounts import validated
from assessments.datasets.models import Dataset
from assessments.datasets.selectors import dataset_get
from assessments.jobs.dispatch import job_start
from assessments.recommenders.bundles import bundle_archive, bundle_name
from assessments.recommenders.comparing import differences_of
from assessments.recommenders.examples import examples_of
from assessments.recommenders.models import Promotion, TrainingRun
from assessments.recommenders.promotions import promotions_of
from assessments.recommenders.selectors import run_get, runs_named, runs_of
from assessments.recommenders.services import run_promote, training_run_assign, training_run_create

USUAL_METRIC = "ndcg@10"


class TrainingRunViewSet(Readable):
    """Recommenders that were trained and evaluated, newest first."""

    queryset = TrainingRun.objects.none()
    capabilities = {
        "list": Capability.VIEW,
        "retrieve": Capability.VIEW,
        "create": Capability.TRAIN,
        "compare": Capability.VIEW,
        "evaluation": Capability.VIEW,
        "promote": Capability.PROMOTE,
        "bundle": Capability.TRAIN,
    }
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

    @extend_schema(
        parameters=[
            OpenApiParameter("run", int, many=True, required=True, description="2 to 8 runs, each less the first"),
            OpenApiParameter("metric", str, description="a metric with a value for each user; ndcg@10 by default"),
        ],
        responses=ComparisonSerializer,
    )
    @action(detail=False, filterset_fields=[], pagination_class=None, throttle_classes=[HeavyReads])
    def compare(self, request: Request) -> Response:
        """Paired differences on the same users; 400 with the reason for runs that were tested in different ways."""
        runs = runs_named(organisation=self.organisation, numbers=request.query_params.getlist("run"))
        found = differences_of(runs, request.query_params.get("metric", USUAL_METRIC)[:40])
        answer = {"protocol_digest": runs[0].protocol_digest, "runs": [run.pk for run in runs], "differences": found}
        return Response(ComparisonSerializer(answer).data)

    @extend_schema(responses=EvaluationSerializer)
    @action(detail=True, filterset_fields=[])
    def evaluation(self, request: Request, pk: str) -> Response:
        """What is known of the run besides its metrics: by group, beyond accuracy, examples with their reasons.

        Users of the examples are masked for who may not train.
        """
        run = run_get(organisation=self.organisation, pk=int(pk))
        masked = not self.membership.may(Capability.TRAIN)
        answer = {"evaluation": run.evaluation, "examples": examples_of(run, masked=masked)}
        return Response(EvaluationSerializer(answer).data)

    @extend_schema(request=PromoteSerializer, responses={201: PromotionSerializer})
    @action(detail=True, methods=["post"])
    def promote(self, request: Request, pk: str) -> Response:
        """Put the run's model in use for its dataset; without a reason, 400 when something speaks against it."""
        run = run_get(organisation=self.organisation, pk=int(pk))
        made = run_promote(run=run, user=self.user, reason=validated(PromoteSerializer, request)["reason"])
        return Response(PromotionSerializer(made).data, status=201)

    @extend_schema(responses={(200, "application/zip"): OpenApiTypes.BINARY})
    @action(detail=True, filterset_fields=[], throttle_classes=[HeavyReads])
    def bundle(self, request: Request, pk: str) -> HttpResponse:
        """The model bundle: a zip of safetensors, JSON and the model card. It names users and items."""
        run = run_get(organisation=self.organisation, pk=int(pk))
        headers = {"X-Content-Type-Options": "nosniff"}
        name = f"{bundle_name(run)}.zip"
        response = FileResponse(
            bundle_archive(run), as_attachment=True, filename=name, content_type="application/zip", headers=headers
        )
        return cast(HttpResponse, response)  # a streaming response, which the type of a view leaves out

    def dataset(self, pk: int) -> Dataset:
        return dataset_get(organisation=self.organisation, pk=pk)


class PromotionViewSet(Readable):
    """Which run was in use for which dataset, from when until when, by whom and why; newest first."""

    queryset = Promotion.objects.none()
    serializer_class = PromotionSerializer
    filterset_fields = {"dataset": ["exact"], "run": ["exact"], "ended_at": ["isnull"]}

    def rows(self) -> Any:
        return promotions_of(self.organisation)
