"""Signing in, tokens, organisations and the audit log."""

from typing import Any

from django.contrib.auth import authenticate, login, logout
from django.middleware.csrf import get_token
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.accounts.models import ApiToken, AuditEvent, Membership
from assessments.accounts.roles import Capability
from assessments.accounts.selectors import memberships_of
from assessments.accounts.services import token_create, token_revoke
from assessments.api.authentication import SessionAuthentication
from assessments.api.base import ApiView, Readable, ViewSet
from assessments.api.permissions import BySession, HasCapability, membership_of
from assessments.api.serializers.accounts import (
    AuditEventSerializer,
    MembershipSerializer,
    SignInSerializer,
    TokenCreatedSerializer,
    TokenCreateSerializer,
    TokenSerializer,
    UserSerializer,
)
from assessments.api.throttling import SignInByAddress, SignInByName
from assessments.common.errors import ForbiddenError, NotFoundError


class SessionView(ApiView):
    """Who is signed in; signing in and out by a browser's session."""

    permission_classes = [AllowAny]
    throttle_classes = [SignInByAddress, SignInByName]

    @extend_schema(responses=dict, summary="Who is asking; sets the CSRF cookie")
    def get(self, request: Request) -> Response:
        get_token(request._request)
        if not request.user.is_authenticated:
            return Response({"user": None, "membership": None})
        membership = membership_of(request)
        shown = MembershipSerializer(membership).data if membership else None
        return Response({"user": UserSerializer(request.user).data, "membership": shown})

    @extend_schema(request=SignInSerializer, responses={200: UserSerializer}, summary="Sign in")
    def post(self, request: Request) -> Response:
        SessionAuthentication().enforce_csrf(request)
        given = validated(SignInSerializer, request)
        user = authenticate(request._request, username=given["username"], password=given["password"])
        if user is None:
            raise AuthenticationFailed(_("The name or the password is wrong."))
        login(request._request, user)
        return Response(UserSerializer(user).data)

    @extend_schema(responses={204: None}, summary="Sign out")
    def delete(self, request: Request) -> Response:
        SessionAuthentication().enforce_csrf(request)
        logout(request._request)
        return Response(status=204)


def validated(serializer: Any, request: Request) -> dict[str, Any]:
    """The body as the serializer reads it; raises ValidationError naming the fields."""
    given = serializer(data=request.data)
    given.is_valid(raise_exception=True)
    values: dict[str, Any] = given.validated_data
    return values


class OrganisationViewSet(ViewSet):
    """The organisations that the asker belongs to; a token belongs to one."""

    queryset = Membership.objects.none()
    serializer_class = MembershipSerializer
    capabilities = {"list": Capability.VIEW}
    pagination_class = None

    def list(self, request: Request) -> Response:
        by_token = isinstance(request.auth, ApiToken)
        memberships = [self.membership] if by_token else memberships_of(self.user)
        return Response(MembershipSerializer(memberships, many=True).data)


class TokenViewSet(ViewSet):
    """The asker's own tokens. Only a browser session makes and revokes them."""

    queryset = ApiToken.objects.none()
    serializer_class = TokenSerializer
    permission_classes = [BySession, HasCapability]
    capabilities = {"list": Capability.VIEW, "create": Capability.VIEW, "destroy": Capability.VIEW}

    def rows(self) -> Any:
        own = ApiToken.objects.filter(user=self.user, organisation=self.organisation)
        return own.select_related("organisation").order_by("-created_at", "-pk")

    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(TokenSerializer(page, many=True).data)

    @extend_schema(request=TokenCreateSerializer, responses={201: TokenCreatedSerializer})
    def create(self, request: Request) -> Response:
        given = validated(TokenCreateSerializer, request)
        beyond = sorted(scope for scope in given["scopes"] if not self.membership.may(scope))
        if beyond:
            raise ForbiddenError(
                _("Your role does not allow these scopes."), where=", ".join(beyond), hint=_("Leave them out.")
            )
        token, key = token_create(
            membership=self.membership, name=given["name"], scopes=given["scopes"], days=given["days"]
        )
        return Response({**TokenSerializer(token).data, "key": key}, status=201, headers={"Cache-Control": "no-store"})

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        token = self.get_queryset().filter(pk=pk).first()
        if token is None:
            raise NotFoundError(_("You have no such token."))
        token_revoke(token=token, actor=self.user)
        return Response(status=204)


class AuditEventViewSet(Readable):
    """Who did what, newest first."""

    queryset = AuditEvent.objects.none()
    serializer_class = AuditEventSerializer
    capabilities = {"list": Capability.AUDIT, "retrieve": Capability.AUDIT}
    filterset_fields = ["action"]

    def rows(self) -> Any:
        return AuditEvent.objects.filter(organisation=self.organisation).select_related("actor")
