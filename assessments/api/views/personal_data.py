"""Searches for personal data, what they found, the decisions on it, and the risk that people are recognised."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.accounts.roles import Capability
from assessments.api.base import Readable, job_answer
from assessments.api.serializers.jobs import AcceptedSerializer
from assessments.api.serializers.personal_data import (
    PersonalDataDecisionSerializer,
    PersonalDataHitSerializer,
    PersonalDataRiskSerializer,
    PersonalDataScanSerializer,
    PersonalDataScanStartSerializer,
)
from assessments.api.snapshots import snapshot_of
from assessments.api.views.accounts import validated
from assessments.quality.models import PersonalDataHit, PersonalDataScan
from assessments.quality.personal_data.selectors import (
    personal_data_hit_get,
    personal_data_hits_of,
    personal_data_scan_get,
    personal_data_scans_of,
)
from assessments.quality.services.personal_data import personal_data_decide, personal_data_risk_verify


class PersonalDataScanViewSet(Readable):
    """Searches for personal data, newest first."""

    queryset = PersonalDataScan.objects.none()
    serializer_class = PersonalDataScanSerializer
    capabilities = {
        "list": Capability.VIEW,
        "retrieve": Capability.VIEW,
        "create": Capability.CHECK,
        "risk": Capability.CHECK,
    }
    filterset_fields = {"snapshot": ["exact"], "snapshot__dataset": ["exact"], "state": ["exact"]}

    def rows(self) -> Any:
        return personal_data_scans_of(self.organisation)

    @extend_schema(request=PersonalDataScanStartSerializer, responses={202: AcceptedSerializer})
    def create(self, request: Request) -> Response:
        snapshot = snapshot_of(self.organisation, validated(PersonalDataScanStartSerializer, request))
        return job_answer(
            self,
            kind="quality.personal_data",
            subject=snapshot.dataset.name,
            parameters={"snapshot_id": snapshot.pk},
        )

    @extend_schema(request=PersonalDataRiskSerializer, responses={202: AcceptedSerializer})
    @action(detail=True, methods=["post"])
    def risk(self, request: Request, pk: str) -> Response:
        scan = personal_data_scan_get(organisation=self.organisation, pk=int(pk))
        given = validated(PersonalDataRiskSerializer, request)
        personal_data_risk_verify(snapshot=scan.snapshot, **given)
        return job_answer(
            self,
            kind="quality.personal_data_risk",
            subject=scan.snapshot.dataset.name,
            parameters={"scan_id": scan.pk, **given},
        )


class PersonalDataHitViewSet(Readable):
    """What searches found; examples are masked."""

    queryset = PersonalDataHit.objects.none()
    serializer_class = PersonalDataHitSerializer
    capabilities = {"list": Capability.VIEW, "retrieve": Capability.VIEW, "decide": Capability.CHECK}
    filterset_fields = {
        "scan": ["exact"],
        "scan__snapshot__dataset": ["exact"],
        "entity": ["exact"],
        "decision": ["exact"],
        "protection": ["exact"],
    }

    def rows(self) -> Any:
        return personal_data_hits_of(self.organisation)

    @extend_schema(request=PersonalDataDecisionSerializer, responses=PersonalDataHitSerializer)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        hit = personal_data_hit_get(organisation=self.organisation, pk=int(pk))
        given = validated(PersonalDataDecisionSerializer, request)
        personal_data_decide(hit=hit, user=self.user, **given)
        return Response(
            PersonalDataHitSerializer(personal_data_hit_get(organisation=self.organisation, pk=hit.pk)).data
        )
