"""The entrance, the schema and its page, and the answer to addresses that are not there."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny
from rest_framework.renderers import TemplateHTMLRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.api.base import ApiView

LISTS = [
    "organisation",
    "dataset",
    "snapshot",
    "rule",
    "quality-run",
    "finding",
    "training-run",
    "framework",
    "questionnaire",
    "scoring-model",
    "assessment",
    "job",
    "token",
    "audit-event",
]


class RootView(ApiView):
    """Where everything is."""

    permission_classes = [AllowAny]

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        lists = {f"{name}s": reverse(f"api:{name}-list") for name in LISTS}
        return Response({**lists, **{name: reverse(f"api:{name}") for name in ("session", "verify", "schema", "docs")}})


class SchemaView(SpectacularAPIView):
    """The OpenAPI document of this API."""


class DocsView(SpectacularSwaggerSplitView):
    """The same document as a page; its scripts come from this server."""

    renderer_classes = [TemplateHTMLRenderer]
    url_name = "api:schema"


class MissingView(ApiView):
    permission_classes = [AllowAny]

    @extend_schema(exclude=True)
    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.args, self.kwargs = args, kwargs
        request = self.initialize_request(request, *args, **kwargs)
        self.request, self.headers = request, self.default_response_headers
        request.accepted_renderer, request.accepted_media_type = self.get_renderers()[0], "application/json"
        return self.finalize_response(request, self.handle_exception(Http404()), *args, **kwargs)
