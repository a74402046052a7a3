"""What every view of the API shares: size limits, the asker's organisation, answers that start a job."""

from typing import Any, ClassVar

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework import mixins, viewsets
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from assessments.accounts.models import Membership, Organisation, User
from assessments.accounts.roles import Capability
from assessments.api.permissions import membership_of, require_capability
from assessments.api.problems import TooLarge
from assessments.jobs.dispatch import job_start
from assessments.jobs.models import Job


class ApiView(APIView):
    """``capabilities`` names the capability of each action or method; what it does not name is denied."""

    capabilities: ClassVar[dict[str, Capability]] = {}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        # REST framework reads a JSON body whole; files are streamed and have limits of their own.
        length = str(request.META.get("CONTENT_LENGTH") or "0")
        if not (length.isascii() and length.isdecimal() and len(length) < 19):
            raise ParseError(_("The header Content-Length is not a number."))
        form = (request.content_type or "").startswith("multipart/")
        largest = self.largest_form() if form else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if int(length) > largest:
            raise TooLarge(f"The body is larger than {largest} bytes.")
        super().initial(request, *args, **kwargs)

    def largest_form(self) -> int:
        """The bytes of a form with a file that this view reads."""
        return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)

    @property
    def membership(self) -> Membership:
        membership = membership_of(self.request)
        assert membership is not None  # noqa: S101 - HasCapability has asked for it
        return membership

    @property
    def organisation(self) -> Organisation:
        """Without a membership there is none: the generator of the schema asks views that nobody called."""
        return self.membership.organisation

    @property
    def user(self) -> User:
        return self.membership.user

    def require(self, capability: Capability) -> None:
        require_capability(self.request, capability)


class ViewSet(ApiView, viewsets.GenericViewSet):
    """Rows of the asker's organisation; ``rows`` says which."""

    lookup_value_regex = "[0-9]{1,18}"  # what every database can count to, and what Python reads at once

    def rows(self) -> Any:
        raise NotImplementedError

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return super().get_queryset()
        return self.rows()


class Readable(mixins.ListModelMixin, mixins.RetrieveModelMixin, ViewSet):
    """A list in pages, and one row."""

    capabilities = {"list": Capability.VIEW, "retrieve": Capability.VIEW}


def job_answer(view: ApiView, *, kind: str, subject: str, parameters: dict[str, Any], **extra: Any) -> Response:
    """Start a job and answer 202 with it; its address is in the header Location."""
    job = job_start(
        organisation=view.organisation, kind=kind, subject=subject, parameters=parameters, started_by=view.user
    )
    return job_accepted(job, **extra)


def job_accepted(job: Job, **extra: Any) -> Response:
    address = reverse("api:job-detail", args=[job.pk])
    body = {**extra, "job": {"id": job.pk, "state": job.state, "address": address}}
    return Response(body, status=202, headers={"Location": address})
