"""Profiles and suggested rules as the API shows and takes them."""

from typing import Any

from rest_framework import serializers

from assessments.quality.models import Profile, RuleSuggestion
from assessments.quality.suggestion_words import in_words


class ProfileSerializer(serializers.ModelSerializer):
    dataset = serializers.IntegerField(source="snapshot.dataset_id", read_only=True)
    dataset_name = serializers.CharField(source="snapshot.dataset.name", read_only=True)

    class Meta:
        model = Profile
        fields = ["id", "dataset", "dataset_name", "snapshot", "job", "seconds", "created_at"]


class ProfileDetailSerializer(ProfileSerializer):
    """``content`` has a version number of its own; what is sketched or sampled says so beside it."""

    class Meta(ProfileSerializer.Meta):
        fields = [*ProfileSerializer.Meta.fields, "content"]


class OfSnapshotSerializer(serializers.Serializer):
    """Name the snapshot, or the dataset for its newest one."""

    dataset = serializers.IntegerField(min_value=1, required=False)
    snapshot = serializers.IntegerField(min_value=1, required=False)

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        if ("dataset" in data) == ("snapshot" in data):
            raise serializers.ValidationError("Name either a dataset or a snapshot.")
        return data


class ProfileStartSerializer(OfSnapshotSerializer):
    again = serializers.BooleanField(default=False, help_text="measure again what was measured before")


class RuleSuggestionSerializer(serializers.ModelSerializer):
    """``share`` is the share of checked rows that the rule would flag, ``repair`` a step that would mend them."""

    dataset = serializers.IntegerField(source="snapshot.dataset_id", read_only=True)
    check = serializers.CharField(source="check_name", read_only=True)
    name = serializers.SerializerMethodField()
    reason = serializers.SerializerMethodField()
    decided_by = serializers.CharField(source="decided_by.username", read_only=True, default=None)

    class Meta:
        model = RuleSuggestion
        fields = [
            "id",
            "dataset",
            "snapshot",
            "name",
            "check",
            "columns",
            "parameters",
            "severity",
            "threshold",
            "reason",
            "rows_flagged",
            "share",
            "repair",
            "state",
            "decided_by",
            "decided_at",
            "rule",
        ]

    def get_name(self, suggestion: RuleSuggestion) -> str:
        return in_words(suggestion.name)

    def get_reason(self, suggestion: RuleSuggestion) -> str:
        return in_words(suggestion.reason)


class AcceptAllSerializer(serializers.Serializer):
    suggestions = serializers.ListField(child=serializers.IntegerField(min_value=1), min_length=1, max_length=200)
