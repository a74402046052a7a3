"""Frameworks, questionnaires, answers and evidence as the API shows and takes them."""

from typing import Any

from rest_framework import serializers

from assessments.checklists.models import Answer, Domain, Evidence, Framework, Item, Questionnaire
from assessments.checklists.selectors import progress_of


class FrameworkSerializer(serializers.ModelSerializer):
    class Meta:
        model = Framework
        fields = ["id", "identifier", "version", "name", "source", "attribution", "digest", "created_at"]


class ItemSerializer(serializers.ModelSerializer):
    evidence = serializers.JSONField(source="typical_evidence", read_only=True)

    class Meta:
        model = Item
        fields = ["identifier", "name", "question", "levels", "reference", "why", "evidence"]


class DomainSerializer(serializers.ModelSerializer):
    items = ItemSerializer(many=True, read_only=True)

    class Meta:
        model = Domain
        fields = ["identifier", "name", "items"]


class FrameworkDetailSerializer(FrameworkSerializer):
    domains = DomainSerializer(many=True, read_only=True)

    class Meta(FrameworkSerializer.Meta):
        fields = [*FrameworkSerializer.Meta.fields, "domains"]


class QuestionnaireSerializer(serializers.ModelSerializer):
    framework = serializers.CharField(source="framework.identifier", read_only=True)
    framework_version = serializers.IntegerField(source="framework.version", read_only=True)

    class Meta:
        model = Questionnaire
        fields = ["id", "framework", "framework_version", "period", "created_at", "submitted_at"]


class QuestionnaireDetailSerializer(QuestionnaireSerializer):
    progress = serializers.SerializerMethodField()

    class Meta(QuestionnaireSerializer.Meta):
        fields = [*QuestionnaireSerializer.Meta.fields, "progress"]

    def get_progress(self, questionnaire: Questionnaire) -> list[dict[str, Any]]:
        return [
            {"domain": row.domain.identifier, "items": row.total, "answered": row.answered, "known": row.known}
            for row in progress_of(questionnaire)
        ]


class QuestionnaireCreateSerializer(serializers.Serializer):
    framework = serializers.CharField(max_length=60)
    version = serializers.IntegerField(min_value=1, required=False)
    period = serializers.CharField(max_length=20, help_text="for example 2026-Q3")


class EvidenceSerializer(serializers.ModelSerializer):
    created_by: Any = serializers.SlugRelatedField(slug_field="username", read_only=True)

    class Meta:
        model = Evidence
        fields = ["id", "kind", "title", "url", "digest", "document", "revision", "created_by", "created_at"]


class EvidenceCreateSerializer(serializers.Serializer):
    """A file (as a multipart form) or a link."""

    title = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    url = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    file = serializers.FileField(required=False, default=None)


class AnswerSerializer(serializers.ModelSerializer):
    item = serializers.CharField(source="item.key", read_only=True)
    assessor: Any = serializers.SlugRelatedField(slug_field="username", read_only=True)
    evidence = EvidenceSerializer(many=True, read_only=True)

    class Meta:
        model = Answer
        fields = [
            "id",
            "item",
            "assessor",
            "status",
            "level",
            "comment",
            "sample",
            "revision",
            "created_at",
            "changed_at",
            "evidence",
        ]


class AnswerWriteSerializer(serializers.Serializer):
    """``revision`` is that of the answer which was read before, 0 when there was none."""

    status = serializers.ChoiceField(choices=Answer.Status.choices)
    level = serializers.IntegerField(min_value=1, max_value=5, required=False, allow_null=True, default=None)
    comment = serializers.CharField(required=False, allow_blank=True, default="", max_length=20_000)
    revision = serializers.IntegerField(min_value=0)
