"""Assessments, their scores and evidence, export and verification."""

from dataclasses import asdict
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.accounts.roles import Capability
from assessments.api.base import ApiView, Readable, job_answer
from assessments.api.serializers.jobs import AcceptedSerializer
from assessments.api.serializers.scoring import (
    AssessmentDetailSerializer,
    AssessmentSerializer,
    AssessSerializer,
    ScoreSerializer,
    ScoringModelDetailSerializer,
    ScoringModelSerializer,
    VerdictSerializer,
)
from assessments.api.views.accounts import validated
from assessments.common.errors import GovernError
from assessments.scoring.models import Assessment, ScoringModel
from assessments.scoring.seal import verify
from assessments.scoring.selectors import (
    aggregations_of,
    assessment_get,
    assessment_verify,
    assessments_of,
    scores_of,
    scoring_models,
)
from assessments.scoring.services import assessment_export, assessment_publish


class ScoringModelViewSet(Readable):
    """Published scoring models, the same for every organisation."""

    queryset = ScoringModel.objects.none()
    filterset_fields = ["identifier", "version"]

    def rows(self) -> Any:
        return scoring_models()

    def get_serializer_class(self) -> Any:
        return ScoringModelSerializer if self.action == "list" else ScoringModelDetailSerializer


class AssessmentViewSet(Readable):
    """Scored periods, newest first."""

    queryset = Assessment.objects.none()
    capabilities = {
        "list": Capability.VIEW,
        "retrieve": Capability.VIEW,
        "scores": Capability.VIEW,
        "create": Capability.ASSESS,
        "publish": Capability.PUBLISH,
        "export": Capability.EXPORT,
        "verify": Capability.EXPORT,
    }
    filterset_fields = {"period": ["exact"], "state": ["exact"], "level": ["exact", "gte", "lte"]}

    def rows(self) -> Any:
        return assessments_of(self.organisation)

    def get_serializer_class(self) -> Any:
        return AssessmentSerializer if self.action == "list" else AssessmentDetailSerializer

    def assessment(self, pk: str) -> Assessment:
        return assessment_get(organisation=self.organisation, pk=int(pk))

    @extend_schema(request=AssessSerializer, responses={202: AcceptedSerializer})
    def create(self, request: Request) -> Response:
        period = validated(AssessSerializer, request)["period"]
        return job_answer(self, kind="scoring.assess", subject=period, parameters={"period": period})

    @extend_schema(responses=ScoreSerializer(many=True), summary="Every node of the tree with its evidence")
    @action(detail=True, filterset_fields=[])
    def scores(self, request: Request, pk: str) -> Response:
        assessment = self.assessment(pk)
        page = self.paginate_queryset(scores_of(assessment))
        context = {"aggregations": aggregations_of(assessment)}
        return self.get_paginated_response(ScoreSerializer(page, many=True, context=context).data)

    @extend_schema(request=None, responses=AssessmentDetailSerializer)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: str) -> Response:
        published = assessment_publish(assessment=self.assessment(pk), user=self.user)
        return Response(AssessmentDetailSerializer(published).data)

    @extend_schema(responses={200: OpenApiTypes.OBJECT}, summary="The sealed document, byte for byte")
    @action(detail=True)
    def export(self, request: Request, pk: str) -> HttpResponse:
        return HttpResponse(assessment_export(self.assessment(pk)), content_type="application/json")

    @extend_schema(request=None, responses=VerdictSerializer)
    @action(detail=True, methods=["post"])
    def verify(self, request: Request, pk: str) -> Response:
        assessment = self.assessment(pk)
        if assessment.state != Assessment.State.PUBLISHED:
            raise GovernError(_("Only a published assessment has a seal."), hint=_("Publish it first."))
        return Response(asdict(assessment_verify(assessment)))


class VerifyView(ApiView):
    """Recomputes an exported document from itself alone."""

    capabilities = {"post": Capability.EXPORT}

    @extend_schema(request=OpenApiTypes.OBJECT, responses=VerdictSerializer)
    def post(self, request: Request) -> Response:
        return Response(asdict(verify(request.data)))
