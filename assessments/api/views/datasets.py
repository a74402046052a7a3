"""Datasets and their snapshots."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import OuterRef, Subquery
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.accounts.bodies import FORM_BYTES
from assessments.accounts.roles import Capability
from assessments.api.base import Readable, job_answer
from assessments.api.parsers import JsonParser
from assessments.api.serializers.datasets import (
    DatasetAcceptedSerializer,
    DatasetCreateSerializer,
    DatasetSerializer,
    RolesSerializer,
    SnapshotCreateSerializer,
    SnapshotDetailSerializer,
    SnapshotSerializer,
)
from assessments.api.serializers.jobs import AcceptedSerializer
from assessments.api.views.accounts import validated
from assessments.datasets.models import Dataset, Snapshot
from assessments.datasets.selectors import dataset_get, datasets_of, snapshot_get, snapshots_of
from assessments.datasets.services import dataset_create, dataset_source_change, roles_confirm
from assessments.datasets.sources import SourceSpec
from assessments.datasets.sources.upload import upload_store, uploads


class DatasetViewSet(Readable):
    """Registered datasets. Registering one starts the job that takes its first snapshot."""

    queryset = Dataset.objects.none()
    serializer_class = DatasetSerializer
    parser_classes = [JsonParser, MultiPartParser]
    capabilities = {
        "list": Capability.VIEW,
        "retrieve": Capability.VIEW,
        "create": Capability.REGISTER,
        "snapshots": Capability.REGISTER,
    }
    filterset_fields = {"kind": ["exact"], "name": ["exact", "icontains"]}

    def largest_form(self) -> int:
        return int(settings.DATASET_MAX_BYTES) + FORM_BYTES

    def rows(self) -> Any:
        newest = Snapshot.objects.filter(dataset=OuterRef("pk")).order_by("-number")
        return datasets_of(self.organisation).annotate(
            latest_snapshot=Subquery(newest.values("pk")[:1]), rows=Subquery(newest.values("rows")[:1])
        )

    @extend_schema(request=DatasetCreateSerializer, responses={202: DatasetAcceptedSerializer})
    def create(self, request: Request) -> Response:
        given = validated(DatasetCreateSerializer, request)
        source = source_of(given)
        with kept_on_success(source), transaction.atomic():
            dataset = dataset_create(
                organisation=self.organisation,
                name=given["name"],
                kind=given["kind"],
                description=given["description"],
                source=source,
                roles=given.get("roles"),
                user=self.user,
            )
            shown = DatasetSerializer(self.get_queryset().get(pk=dataset.pk)).data
            return self.start_reading(dataset, dataset=shown)

    def start_reading(self, registered: Dataset, /, **extra: Any) -> Response:
        parameters = {"dataset_id": registered.pk}
        return job_answer(self, kind="datasets.register", subject=registered.name, parameters=parameters, **extra)

    @extend_schema(request=SnapshotCreateSerializer, responses={202: AcceptedSerializer}, summary="Take a new snapshot")
    @action(detail=True, methods=["post"])
    def snapshots(self, request: Request, pk: str) -> Response:
        dataset = dataset_get(organisation=self.organisation, pk=int(pk))
        given = validated(SnapshotCreateSerializer, request)
        source = source_of(given) if "source" in given else None
        with kept_on_success(source), transaction.atomic():
            dataset_source_change(dataset=dataset, source=source, user=self.user)
            return self.start_reading(dataset)


@contextmanager
def kept_on_success(source: SourceSpec | None) -> Iterator[None]:
    """Remove a stored upload if the block raises: nothing would ever name it."""
    try:
        yield
    except BaseException:
        if source is not None and source.kind == "upload":
            (uploads() / source.location).unlink(missing_ok=True)
        raise


def source_of(given: dict[str, Any]) -> SourceSpec:
    options = dict(given.get("options") or {})
    if given["source"] == "file":
        return upload_store(given["file"], options)
    kind = "database" if given["source"] == "table" else given["source"]
    return SourceSpec(kind, given[given["source"]], options)


class SnapshotViewSet(Readable):
    """Immutable readings of datasets, with their columns."""

    queryset = Snapshot.objects.none()
    serializer_class = SnapshotSerializer
    capabilities = {"list": Capability.VIEW, "retrieve": Capability.VIEW, "roles": Capability.REGISTER}
    filterset_fields = ["dataset", "digest"]

    def rows(self) -> Any:
        rows = snapshots_of(self.organisation).order_by("dataset", "-number")
        return rows if self.action == "list" else rows.prefetch_related("columns")

    def get_serializer_class(self) -> Any:
        return SnapshotSerializer if self.action == "list" else SnapshotDetailSerializer

    @extend_schema(request=RolesSerializer, responses=SnapshotDetailSerializer, summary="Say what the columns mean")
    @action(detail=True, methods=["put"])
    def roles(self, request: Request, pk: str) -> Response:
        snapshot = snapshot_get(organisation=self.organisation, pk=int(pk))
        roles_confirm(snapshot=snapshot, roles=validated(RolesSerializer, request)["roles"], user=self.user)
        return Response(SnapshotDetailSerializer(self.get_queryset().get(pk=snapshot.pk)).data)
