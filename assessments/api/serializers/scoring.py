"""Scoring models, assessments and scores as the API shows and takes them."""

from typing import Any

from rest_framework import serializers

from assessments.scoring.models import Assessment, Score, ScoringModel
from assessments.scoring.services import PERIOD


class ScoringModelSerializer(serializers.ModelSerializer):
    class Meta:
        model = ScoringModel
        fields = ["id", "identifier", "version", "name", "digest", "created_at"]


class ScoringModelDetailSerializer(ScoringModelSerializer):
    class Meta(ScoringModelSerializer.Meta):
        fields = [*ScoringModelSerializer.Meta.fields, "content"]


class AssessmentSerializer(serializers.ModelSerializer):
    scoring_model = serializers.CharField(source="scoring_model.identifier", read_only=True)
    scoring_model_version = serializers.IntegerField(source="scoring_model.version", read_only=True)
    created_by: Any = serializers.SlugRelatedField(slug_field="username", read_only=True)
    published_by: Any = serializers.SlugRelatedField(slug_field="username", read_only=True)

    class Meta:
        model = Assessment
        fields = [
            "id",
            "period",
            "scoring_model",
            "scoring_model_version",
            "state",
            "as_of",
            "score",
            "median",
            "low",
            "high",
            "level",
            "coverage",
            "seal",
            "previous_seal",
            "created_by",
            "published_by",
            "created_at",
            "published_at",
        ]


class ScoreSerializer(serializers.ModelSerializer):
    """One node of the tree, root first; ``evidence`` names the rows that its value comes from."""

    class Meta:
        model = Score
        fields = [
            "path",
            "parent",
            "name",
            "method",
            "weight",
            "share",
            "value",
            "low",
            "high",
            "coverage",
            "raw",
            "unit",
            "evidence",
        ]


class AssessmentDetailSerializer(AssessmentSerializer):
    pillars = serializers.SerializerMethodField()

    class Meta(AssessmentSerializer.Meta):
        fields = [*AssessmentSerializer.Meta.fields, "pillars"]

    def get_pillars(self, assessment: Assessment) -> dict[str, float | None]:
        top = assessment.scores.filter(parent="").exclude(path="").order_by("position")
        return {score.path: score.value for score in top}


class AssessSerializer(serializers.Serializer):
    period = serializers.RegexField(rf"^({PERIOD.pattern})\Z", help_text="for example 2026-Q3")


class VerdictSerializer(serializers.Serializer):
    valid = serializers.BooleanField()
    code = serializers.CharField()
    reason = serializers.CharField()
    where = serializers.CharField()
