"""Profiles of snapshots, and the rules that they suggest."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.accounts.roles import Capability
from assessments.api.base import Readable, job_answer
from assessments.api.serializers.jobs import AcceptedSerializer
from assessments.api.serializers.profiles import (
    AcceptAllSerializer,
    OfSnapshotSerializer,
    ProfileDetailSerializer,
    ProfileSerializer,
    ProfileStartSerializer,
    RuleSuggestionSerializer,
)
from assessments.api.serializers.quality import RuleSerializer
from assessments.api.snapshots import snapshot_of
from assessments.api.views.accounts import validated
from assessments.common.errors import NotFoundError
from assessments.quality.models import Profile, RuleSuggestion
from assessments.quality.profile_selectors import profiles_of, suggestion_get, suggestions_of
from assessments.quality.services.suggestions import suggestion_accept, suggestion_decline, suggestions_accept


class ProfileViewSet(Readable):
    """What snapshots look like, newest first; the figures are in the detail."""

    queryset = Profile.objects.none()
    capabilities = {"list": Capability.VIEW, "retrieve": Capability.VIEW, "create": Capability.CHECK}
    filterset_fields = {"snapshot": ["exact"], "snapshot__dataset": ["exact"]}

    def rows(self) -> Any:
        profiles = profiles_of(self.organisation)
        return profiles.defer("content") if self.action == "list" else profiles

    def get_serializer_class(self) -> Any:
        return ProfileSerializer if self.action == "list" else ProfileDetailSerializer

    @extend_schema(request=ProfileStartSerializer, responses={202: AcceptedSerializer})
    def create(self, request: Request) -> Response:
        given = validated(ProfileStartSerializer, request)
        snapshot = snapshot_of(self.organisation, given)
        parameters = {"snapshot_id": snapshot.pk, "again": given["again"]}
        return job_answer(self, kind="quality.profile", subject=snapshot.dataset.name, parameters=parameters)


class RuleSuggestionViewSet(Readable):
    """Rules that snapshots suggest; accepting one adds the rule."""

    queryset = RuleSuggestion.objects.none()
    serializer_class = RuleSuggestionSerializer
    capabilities = {
        "list": Capability.VIEW,
        "retrieve": Capability.VIEW,
        "create": Capability.CHECK,
        "accept": Capability.CHECK,
        "decline": Capability.CHECK,
        "accept_all": Capability.CHECK,
    }
    filterset_fields = {"snapshot": ["exact"], "snapshot__dataset": ["exact"], "state": ["exact"]}

    def rows(self) -> Any:
        return suggestions_of(self.organisation)

    @extend_schema(request=OfSnapshotSerializer, responses={202: AcceptedSerializer})
    def create(self, request: Request) -> Response:
        snapshot = snapshot_of(self.organisation, validated(OfSnapshotSerializer, request))
        parameters = {"snapshot_id": snapshot.pk}
        return job_answer(self, kind="quality.suggest", subject=snapshot.dataset.name, parameters=parameters)

    @extend_schema(request=None, responses=RuleSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        suggestion = suggestion_get(organisation=self.organisation, pk=int(pk))
        rule = suggestion_accept(suggestion=suggestion, user=self.user)
        return Response(RuleSerializer(rule, context={"may_check": True}).data)

    @extend_schema(request=None, responses=RuleSuggestionSerializer)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str) -> Response:
        suggestion = suggestion_get(organisation=self.organisation, pk=int(pk))
        suggestion_decline(suggestion=suggestion, user=self.user)
        return Response(RuleSuggestionSerializer(suggestion_get(organisation=self.organisation, pk=int(pk))).data)

    @extend_schema(
        operation_id="rule_suggestions_accept_several",
        request=AcceptAllSerializer,
        responses=RuleSerializer(many=True),
    )
    @action(detail=False, methods=["post"], url_path="accept", pagination_class=None, filterset_fields=[])
    def accept_all(self, request: Request) -> Response:
        """Accept several: all of them, or none when one is no longer open."""
        wanted = set(validated(AcceptAllSerializer, request)["suggestions"])
        found = list(suggestions_of(self.organisation).filter(pk__in=wanted).order_by("pk"))
        if len(found) != len(wanted):
            raise NotFoundError(_("There is no such suggestion."))
        rules = suggestions_accept(suggestions=found, user=self.user)
        return Response(RuleSerializer(rules, many=True, context={"may_check": True}).data)
