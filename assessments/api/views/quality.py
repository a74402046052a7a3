"""Rules, quality runs, their results, and findings."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.accounts.roles import Capability
from assessments.accounts.selectors import member_get
from assessments.api.base import Readable, job_answer
from assessments.api.serializers.jobs import AcceptedSerializer
from assessments.api.serializers.quality import (
    FindingAcceptSerializer,
    FindingSerializer,
    QualityRunDetailSerializer,
    QualityRunSerializer,
    QualityRunStartSerializer,
    RuleCreateSerializer,
    RuleResultSerializer,
    RuleSerializer,
    RuleWriteSerializer,
)
from assessments.api.serializers.watching import FindingAssignSerializer, FindingEventSerializer
from assessments.api.snapshots import snapshot_of
from assessments.api.views.accounts import validated
from assessments.datasets.selectors import dataset_get
from assessments.quality.models import Finding, QualityRun, Rule
from assessments.quality.selectors import events_of, finding_get, findings_of, results_of, rule_get, run_get, runs_of
from assessments.quality.services import finding_accept, finding_assign, rule_delete, rule_save


class RuleViewSet(Readable):
    """Expectations on datasets."""

    queryset = Rule.objects.none()
    serializer_class = RuleSerializer
    capabilities = {
        "list": Capability.VIEW,
        "retrieve": Capability.VIEW,
        "create": Capability.CHECK,
        "update": Capability.CHECK,
        "destroy": Capability.CHECK,
    }
    filterset_fields = {
        "dataset": ["exact"],
        "check_name": ["exact"],
        "dimension": ["exact"],
        "severity": ["exact"],
        "enabled": ["exact"],
    }

    def rows(self) -> Any:
        rules = Rule.objects.filter(dataset__organisation=self.organisation)
        return rules.select_related("dataset").order_by("dataset", "pk")

    def get_serializer_context(self) -> dict[str, Any]:
        asked = not getattr(self, "swagger_fake_view", False)
        return {**super().get_serializer_context(), "may_check": asked and self.membership.may(Capability.CHECK)}

    @extend_schema(request=RuleCreateSerializer, responses={201: RuleSerializer})
    def create(self, request: Request) -> Response:
        given = validated(RuleCreateSerializer, request)
        dataset = dataset_get(organisation=self.organisation, pk=given.pop("dataset"))
        rule = rule_save(dataset=dataset, user=self.user, **given)
        return Response(self.get_serializer(rule).data, status=201)

    @extend_schema(request=RuleWriteSerializer, responses=RuleSerializer)
    def update(self, request: Request, pk: str) -> Response:
        rule = rule_get(organisation=self.organisation, pk=int(pk))
        given = validated(RuleWriteSerializer, request)
        saved = rule_save(dataset=rule.dataset, rule=rule, user=self.user, **given)
        return Response(self.get_serializer(saved).data)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        rule_delete(rule=rule_get(organisation=self.organisation, pk=int(pk)), user=self.user)
        return Response(status=204)


class QualityRunViewSet(Readable):
    """Executions of a dataset's rules on a snapshot, newest first."""

    queryset = QualityRun.objects.none()
    capabilities = {
        "list": Capability.VIEW,
        "retrieve": Capability.VIEW,
        "results": Capability.VIEW,
        "create": Capability.CHECK,
    }
    filterset_fields = {"snapshot": ["exact"], "snapshot__dataset": ["exact"], "state": ["exact"]}

    def rows(self) -> Any:
        return runs_of(self.organisation)

    def get_serializer_class(self) -> Any:
        return QualityRunSerializer if self.action == "list" else QualityRunDetailSerializer

    @extend_schema(request=QualityRunStartSerializer, responses={202: AcceptedSerializer})
    def create(self, request: Request) -> Response:
        given = validated(QualityRunStartSerializer, request)
        snapshot = snapshot_of(self.organisation, given)
        parameters = {"snapshot_id": snapshot.pk}
        if "as_of" in given:
            parameters["as_of"] = given["as_of"].isoformat()
        return job_answer(self, kind="quality.check", subject=snapshot.dataset.name, parameters=parameters)

    @extend_schema(responses=RuleResultSerializer(many=True))
    @action(detail=True, filterset_fields=[])
    def results(self, request: Request, pk: str) -> Response:
        page = self.paginate_queryset(results_of(run_get(organisation=self.organisation, pk=int(pk))))
        return self.get_paginated_response(RuleResultSerializer(page, many=True).data)


class FindingViewSet(Readable):
    """What stands as wrong."""

    queryset = Finding.objects.none()
    serializer_class = FindingSerializer
    capabilities = {
        "list": Capability.VIEW,
        "retrieve": Capability.VIEW,
        "events": Capability.VIEW,
        "accept": Capability.CHECK,
        "assign": Capability.CHECK,
    }
    filterset_fields = ["dataset", "state", "severity", "rule", "kind", "owner"]

    def rows(self) -> Any:
        return findings_of(self.organisation)

    @extend_schema(request=FindingAcceptSerializer, responses=FindingSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        finding = finding_get(organisation=self.organisation, pk=int(pk))
        given = validated(FindingAcceptSerializer, request)
        finding_accept(finding=finding, user=self.user, reason=given["reason"], until=given["until"])
        return Response(FindingSerializer(finding_get(organisation=self.organisation, pk=finding.pk)).data)

    @extend_schema(request=FindingAssignSerializer, responses=FindingSerializer)
    @action(detail=True, methods=["post"])
    def assign(self, request: Request, pk: str) -> Response:
        finding = finding_get(organisation=self.organisation, pk=int(pk))
        name = validated(FindingAssignSerializer, request)["owner"]
        owner = None if name is None else member_get(organisation=self.organisation, username=name)
        finding_assign(finding=finding, owner=owner, user=self.user)
        return Response(FindingSerializer(finding_get(organisation=self.organisation, pk=finding.pk)).data)

    @extend_schema(responses=FindingEventSerializer(many=True))
    @action(detail=True, filterset_fields=[])
    def events(self, request: Request, pk: str) -> Response:
        page = self.paginate_queryset(events_of(finding_get(organisation=self.organisation, pk=int(pk))))
        return self.get_paginated_response(FindingEventSerializer(page, many=True).data)
