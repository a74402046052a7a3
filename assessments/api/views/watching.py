"""When datasets are read and checked by themselves, and who is told of findings."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.accounts.roles import Capability
from assessments.api.base import ApiView, Readable
from assessments.api.serializers.watching import (
    ChannelSerializer,
    ChannelWriteSerializer,
    ScheduleSerializer,
    ScheduleWriteSerializer,
)
from assessments.api.views.accounts import validated
from assessments.common.errors import NotFoundError
from assessments.datasets.selectors import dataset_get
from assessments.quality.models import Channel, Schedule
from assessments.quality.selectors import channel_get, channels_of, schedule_of
from assessments.quality.services import channel_delete, channel_save, schedule_delete, schedule_save


class ScheduleView(ApiView):
    """When one dataset is read and checked by itself."""

    capabilities = {"get": Capability.VIEW, "put": Capability.CHECK, "delete": Capability.CHECK}

    def schedule(self, pk: int) -> Schedule:
        found = schedule_of(dataset_get(organisation=self.organisation, pk=pk))
        if found is None:
            raise NotFoundError(_("This dataset has no schedule."))
        return found

    @extend_schema(responses=ScheduleSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(ScheduleSerializer(self.schedule(pk)).data)

    @extend_schema(request=ScheduleWriteSerializer, responses=ScheduleSerializer)
    def put(self, request: Request, pk: int) -> Response:
        dataset = dataset_get(organisation=self.organisation, pk=pk)
        given = validated(ScheduleWriteSerializer, request)
        return Response(ScheduleSerializer(schedule_save(dataset=dataset, user=self.user, **given)).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        schedule_delete(schedule=self.schedule(pk), user=self.user)
        return Response(status=204)


class ChannelViewSet(Readable):
    """Where findings are sent. What may be a key in a web address is not shown."""

    queryset = Channel.objects.none()
    serializer_class = ChannelSerializer
    capabilities = {
        "list": Capability.MANAGE,
        "retrieve": Capability.MANAGE,
        "create": Capability.MANAGE,
        "update": Capability.MANAGE,
        "destroy": Capability.MANAGE,
    }
    filterset_fields = ["kind", "enabled"]

    def rows(self) -> Any:
        return channels_of(self.organisation)

    @extend_schema(request=ChannelWriteSerializer, responses={201: ChannelSerializer})
    def create(self, request: Request) -> Response:
        given = validated(ChannelWriteSerializer, request)
        channel = channel_save(organisation=self.organisation, user=self.user, **given)
        return Response(ChannelSerializer(channel).data, status=201)

    @extend_schema(request=ChannelWriteSerializer, responses=ChannelSerializer)
    def update(self, request: Request, pk: str) -> Response:
        channel = channel_get(organisation=self.organisation, pk=int(pk))
        given = validated(ChannelWriteSerializer, request)
        channel = channel_save(organisation=self.organisation, channel=channel, user=self.user, **given)
        return Response(ChannelSerializer(channel).data)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        channel_delete(channel=channel_get(organisation=self.organisation, pk=int(pk)), user=self.user)
        return Response(status=204)
