"""Sessions, tokens, memberships and the audit log as the API shows them."""

from typing import Any

from rest_framework import serializers

from assessments.accounts.models import ApiToken, AuditEvent, Membership, User
from assessments.accounts.roles import CAPABILITIES, Capability


class SignInSerializer(serializers.Serializer):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=1000, trim_whitespace=False, write_only=True)


class UserSerializer(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = ["id", "username", "email", "language"]


class MembershipSerializer(serializers.ModelSerializer):
    organisation: Any = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    name = serializers.CharField(source="organisation.name", read_only=True)
    capabilities = serializers.SerializerMethodField()

    class Meta:
        model = Membership
        fields = ["organisation", "name", "role", "capabilities"]

    def get_capabilities(self, membership: Membership) -> list[str]:
        return sorted(CAPABILITIES.get(membership.role, frozenset()))


class TokenSerializer(serializers.ModelSerializer):
    organisation: Any = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = ApiToken
        fields = [
            "id",
            "name",
            "organisation",
            "prefix",
            "scopes",
            "created_at",
            "expires_at",
            "last_used_at",
            "revoked_at",
        ]


class TokenCreateSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=100)
    scopes = serializers.MultipleChoiceField(choices=Capability.choices, allow_empty=False)
    days = serializers.IntegerField(min_value=1, max_value=366, default=90)


class TokenCreatedSerializer(TokenSerializer):
    key = serializers.CharField(read_only=True, help_text="Shown this once and never kept.")

    class Meta(TokenSerializer.Meta):
        fields = [*TokenSerializer.Meta.fields, "key"]


class AuditEventSerializer(serializers.ModelSerializer):
    actor: Any = serializers.SlugRelatedField(slug_field="username", read_only=True)

    class Meta:
        model = AuditEvent
        fields = ["id", "at", "actor", "action", "subject", "detail"]
