"""Background work: state, log, cancel."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.accounts.roles import Capability
from assessments.api.base import Readable
from assessments.api.serializers.jobs import JobLogLineSerializer, JobSerializer
from assessments.jobs.access import capability_of
from assessments.jobs.dispatch import jobs_recover
from assessments.jobs.models import Job
from assessments.jobs.selectors import job_get, jobs_of, log_of
from assessments.jobs.services import job_cancel


class JobViewSet(Readable):
    """Background work, newest first."""

    queryset = Job.objects.none()
    serializer_class = JobSerializer
    capabilities = {
        "list": Capability.VIEW,
        "retrieve": Capability.VIEW,
        "log": Capability.VIEW,
        "cancel": Capability.VIEW,  # and what its kind needs
    }
    filterset_fields = ["state", "kind"]

    def rows(self) -> Any:
        return jobs_of(self.organisation)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        jobs_recover()
        return super().list(request, *args, **kwargs)

    @extend_schema(
        responses=JobLogLineSerializer(many=True),
        parameters=[OpenApiParameter("after", int, description="only the lines after the one with this id")],
    )
    @action(detail=True, filterset_fields=[])
    def log(self, request: Request, pk: str) -> Response:
        after = request.query_params.get("after", "0")
        if not (after.isascii() and after.isdigit() and len(after) < 19):
            raise ValidationError({"after": [_("Give the id of a line.")]})
        lines = log_of(job_get(organisation=self.organisation, pk=int(pk))).filter(pk__gt=int(after))
        page = self.paginate_queryset(lines)
        return self.get_paginated_response(JobLogLineSerializer(page, many=True).data)

    @extend_schema(request=None, responses=JobSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        job = job_get(organisation=self.organisation, pk=int(pk))
        self.require(capability_of(job.kind))
        return Response(JobSerializer(job_cancel(job=job, actor=self.user)).data)
