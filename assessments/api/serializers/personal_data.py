"""Searches for personal data and what they found, as the API shows and takes them. Examples are masked."""

from typing import Any

from rest_framework import serializers

from assessments.quality.models import PersonalDataHit, PersonalDataScan
from assessments.quality.personal_data.catalogue import entity


class ArticleSerializer(serializers.Serializer):
    law = serializers.CharField()
    article = serializers.CharField()
    text = serializers.CharField()


class PersonalDataHitSerializer(serializers.ModelSerializer):
    """``share`` and ``confidence`` run from 0 to 1; ``protection`` is empty when nothing protects the values."""

    dataset = serializers.IntegerField(source="scan.snapshot.dataset_id", read_only=True)
    entity_label = serializers.SerializerMethodField()
    kind = serializers.SerializerMethodField(help_text="direct, quasi, sensitive or helper")
    sensitive = serializers.SerializerMethodField()
    articles = serializers.SerializerMethodField()

    class Meta:
        model = PersonalDataHit
        fields = [
            "id",
            "scan",
            "dataset",
            "column",
            "entity",
            "entity_label",
            "kind",
            "sensitive",
            "confidence",
            "share",
            "rows",
            "in_text",
            "evidence",
            "examples",
            "protection",
            "articles",
            "decision",
            "reason",
            "decided_at",
        ]

    def get_entity_label(self, hit: PersonalDataHit) -> str:
        return entity(hit.entity).label

    def get_kind(self, hit: PersonalDataHit) -> str:
        return entity(hit.entity).kind

    def get_sensitive(self, hit: PersonalDataHit) -> bool:
        return entity(hit.entity).sensitive

    def get_articles(self, hit: PersonalDataHit) -> list[dict[str, Any]]:
        return [dict(one) for one in ArticleSerializer(entity(hit.entity).articles, many=True).data]


class PersonalDataScanSerializer(serializers.ModelSerializer):
    dataset = serializers.IntegerField(source="snapshot.dataset_id", read_only=True)
    dataset_name = serializers.CharField(source="snapshot.dataset.name", read_only=True)
    hits = serializers.IntegerField(source="hit_count", read_only=True)

    class Meta:
        model = PersonalDataScan
        fields = [
            "id",
            "dataset",
            "dataset_name",
            "snapshot",
            "job",
            "state",
            "rows",
            "rows_sampled",
            "hits",
            "detectors",
            "risk",
            "seconds",
            "started_at",
            "finished_at",
        ]


class PersonalDataScanStartSerializer(serializers.Serializer):
    """Name the snapshot, or the dataset to search its newest one."""

    dataset = serializers.IntegerField(min_value=1, required=False)
    snapshot = serializers.IntegerField(min_value=1, required=False)

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        if ("dataset" in data) == ("snapshot" in data):
            raise serializers.ValidationError("Name a dataset or a snapshot.")
        return data


class PersonalDataDecisionSerializer(serializers.Serializer):
    decision = serializers.ChoiceField(choices=["confirmed", "dismissed"])
    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class PersonalDataRiskSerializer(serializers.Serializer):
    """``columns`` tell people apart together; ``sensitive`` is a column whose values should not follow from them."""

    columns = serializers.ListField(child=serializers.CharField(max_length=300), min_length=1, max_length=8)
    sensitive = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
