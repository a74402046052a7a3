"""Scoring models, assessments and scores as the API shows and takes them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
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


class AggregationSerializer(serializers.Serializer):
    """How a node was put together from its children, and where their weights come from."""

    method = serializers.CharField()
    weighting = serializers.CharField()
    operator = serializers.CharField(allow_null=True, help_text="of fuzzy evaluation")
    memberships = serializers.ListField(
        child=serializers.FloatField(), allow_null=True, help_text="how far the node is on each level, 0 to 1"
    )
    comparison = serializers.DictField(
        allow_null=True, help_text="judges, consistency ratio and the judgement furthest off"
    )
    units = serializers.IntegerField(allow_null=True, help_text="assessed units that weights by entropy come from")


class ScoreSerializer(serializers.ModelSerializer):
    """One node of the tree, root first; ``evidence`` names the rows that its value comes from.

    Its context holds ``aggregations``: those of the nodes with children, by path.
    """

    aggregation = serializers.SerializerMethodField()

    class Meta:
        model = Score
        fields = [
            "path",
            "parent",
            "name",
            "method",
            "aggregation",
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

    @extend_schema_field(AggregationSerializer(allow_null=True))
    def get_aggregation(self, score: Score) -> dict[str, Any] | None:
        found = self.context["aggregations"].get(score.path)
        return None if found is None else dict(AggregationSerializer(found).data)


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
