"""What other tools take out of a dataset, and rules that they bring."""

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.accounts.roles import Capability
from assessments.api.base import ApiView
from assessments.api.serializers.interchange import RulesImportedSerializer, RulesImportSerializer
from assessments.api.views.accounts import validated
from assessments.datasets.selectors import dataset_get
from assessments.quality.exports import export_make
from assessments.quality.services import rules_import


class ExportView(ApiView):
    """One of: rules.yaml, contract.odcs.yaml, results.csv, results.json, profile.csv, profile.json, croissant.json."""

    capabilities = {"get": Capability.VIEW}

    @extend_schema(responses={(200, "*/*"): OpenApiTypes.STR})
    def get(self, request: Request, pk: int, what: str) -> HttpResponse:
        dataset, may_check = dataset_get(organisation=self.organisation, pk=pk), self.membership.may(Capability.CHECK)
        made = export_make(dataset, what, quotes=may_check)
        return HttpResponse(made.content, content_type=made.media_type, headers={"X-Content-Type-Options": "nosniff"})


class RulesImportView(ApiView):
    """Load the rules of a rule pack or of a data contract of the Open Data Contract Standard 3.1."""

    capabilities = {"post": Capability.CHECK}

    @extend_schema(request=RulesImportSerializer, responses=RulesImportedSerializer)
    def post(self, request: Request, pk: int) -> Response:
        dataset = dataset_get(organisation=self.organisation, pk=pk)
        given = validated(RulesImportSerializer, request)
        rules, passed_over = rules_import(dataset=dataset, text=given["yaml"], replace=given["replace"], user=self.user)
        answer = {"rules": [rule.pk for rule in rules], "passed_over": passed_over}
        return Response(RulesImportedSerializer(answer).data)
