"""Repairs: what there is, previews, and making them into new snapshots."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.accounts.roles import Capability
from assessments.api.base import Readable, job_answer
from assessments.api.serializers.jobs import AcceptedSerializer
from assessments.api.serializers.repairs import (
    RepairDetailSerializer,
    RepairKindSerializer,
    RepairMakeSerializer,
    RepairSerializer,
    RepairStartSerializer,
)
from assessments.api.snapshots import snapshot_of
from assessments.api.views.accounts import validated
from assessments.quality.models import RepairRun
from assessments.quality.repairs import all_repairs, steps_read
from assessments.quality.selectors import finding_get, repair_run_get, repair_runs_of
from assessments.quality.services.repairs import repair_discard


class RepairViewSet(Readable):
    """Repairs that were previewed or made, newest first."""

    queryset = RepairRun.objects.none()
    capabilities = {
        "list": Capability.VIEW,
        "retrieve": Capability.VIEW,
        "kinds": Capability.VIEW,
        "create": Capability.CHECK,
        "make": Capability.REGISTER,
        "destroy": Capability.CHECK,
    }
    filterset_fields = {"snapshot": ["exact"], "snapshot__dataset": ["exact"], "state": ["exact"]}

    def rows(self) -> Any:
        return repair_runs_of(self.organisation)

    def get_serializer_class(self) -> Any:
        return RepairSerializer if self.action == "list" else RepairDetailSerializer

    @extend_schema(request=RepairStartSerializer, responses={202: AcceptedSerializer})
    def create(self, request: Request) -> Response:
        """Preview repairs on the whole table, or, with ``make``, make them at once."""
        given = validated(RepairStartSerializer, request)
        if given["make"]:
            self.require(Capability.REGISTER)
        snapshot = snapshot_of(self.organisation, given)
        parameters: dict[str, Any] = {
            "snapshot_id": snapshot.pk,
            "steps": [step.document() for step in steps_read(given["steps"])],
        }
        if "finding" in given:
            parameters["finding_id"] = finding_get(organisation=self.organisation, pk=given["finding"]).pk
        if given["make"]:
            parameters |= {"check": given["check"], "force": given["force"]}
        kind = "quality.repair" if given["make"] else "quality.repair_preview"
        return job_answer(self, kind=kind, subject=snapshot.dataset.name, parameters=parameters)

    @extend_schema(request=RepairMakeSerializer, responses={202: AcceptedSerializer})
    @action(detail=True, methods=["post"])
    def make(self, request: Request, pk: str) -> Response:
        """Make a previewed repair into a new snapshot."""
        run = repair_run_get(organisation=self.organisation, pk=int(pk))
        given = validated(RepairMakeSerializer, request)
        parameters = {"repair_id": run.pk, "check": given["check"], "force": given["force"]}
        return job_answer(self, kind="quality.repair", subject=run.snapshot.dataset.name, parameters=parameters)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Throw a preview away."""
        repair_discard(run=repair_run_get(organisation=self.organisation, pk=int(pk)), user=self.user)
        return Response(status=204)

    @extend_schema(responses=RepairKindSerializer(many=True))
    @action(detail=False, filterset_fields=[], pagination_class=None)
    def kinds(self, request: Request) -> Response:
        """Every kind of repair with its parameters."""
        return Response(RepairKindSerializer(all_repairs(), many=True).data)
