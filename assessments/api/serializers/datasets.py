"""Datasets and snapshots as the API shows and takes them."""

from typing import Any

from rest_framework import serializers

from assessments.api.serializers.jobs import AcceptedSerializer
from assessments.datasets.models import Column, Dataset, Snapshot

OPTIONS = {"format", "delimiter", "encoding", "null_values", "date_format", "sheet", "copy"}
SOURCES = ("file", "path", "url", "object", "table")


class DatasetSerializer(serializers.ModelSerializer):
    latest_snapshot = serializers.IntegerField(read_only=True, allow_null=True)
    rows = serializers.IntegerField(read_only=True, allow_null=True)
    source_location = serializers.CharField(source="source_shown", read_only=True)

    class Meta:
        model = Dataset
        fields = [
            "id",
            "name",
            "kind",
            "description",
            "source_kind",
            "source_location",
            "created_at",
            "latest_snapshot",
            "rows",
        ]


class RolesField(serializers.DictField):
    """{role: column name}; the service says which roles there are."""

    child = serializers.CharField(max_length=300)


class JsonOrForm(serializers.JSONField):
    """An object; in a form it is written as JSON text."""


ONE_SOURCE = "Name exactly one source: file, path, url, object or table."


class SnapshotCreateSerializer(serializers.Serializer):
    """Name another source, or none to read the same one again."""

    file = serializers.FileField(required=False)
    path = serializers.CharField(required=False, max_length=1000)
    url = serializers.CharField(required=False, max_length=1000)
    object = serializers.CharField(required=False, max_length=1000, help_text="s3://bucket/key in a named store")
    table = serializers.CharField(
        required=False, max_length=400, help_text="connection:schema.table by a named connection"
    )
    options = JsonOrForm(required=False, help_text=f"how to read it: {', '.join(sorted(OPTIONS))}")

    def validate_options(self, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise serializers.ValidationError("Give an object.")
        unknown = sorted(set(value) - OPTIONS)
        if unknown:
            raise serializers.ValidationError(f"There is no option “{unknown[0]}”; use: {', '.join(sorted(OPTIONS))}.")
        if not isinstance(value.get("copy", False), bool):
            raise serializers.ValidationError("The option “copy” is true or false.")
        return value

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        named = [source for source in SOURCES if source in data]
        if len(named) > 1:
            raise serializers.ValidationError(ONE_SOURCE)
        if not named and "options" in data:
            raise serializers.ValidationError(f"Options belong to a source: {', '.join(SOURCES)}.")
        return {**data, "source": named[0]} if named else data


class DatasetFields(serializers.Serializer):
    """What a dataset is, without where its rows are."""

    name = serializers.CharField(max_length=120)
    kind = serializers.ChoiceField(choices=Dataset.Kind.choices)
    description = serializers.CharField(required=False, allow_blank=True, default="", max_length=10_000)
    roles = JsonOrForm(required=False, help_text="{role: column name}")

    def validate_roles(self, value: Any) -> dict[str, str]:
        roles: dict[str, str] = RolesField().run_validation(value)
        return roles


class DatasetCreateSerializer(DatasetFields, SnapshotCreateSerializer):
    """Name one source: ``file`` (as a multipart form), ``path``, ``url``, ``object`` or ``table``."""

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        data = super().validate(data)
        if "source" not in data:
            raise serializers.ValidationError(ONE_SOURCE)
        return data


class DatasetAcceptedSerializer(AcceptedSerializer):
    dataset = DatasetSerializer()


class ColumnSerializer(serializers.ModelSerializer):
    class Meta:
        model = Column
        fields = ["position", "name", "type", "nulls", "role", "suggested_role", "suggestion_reason"]


class SnapshotSerializer(serializers.ModelSerializer):
    dataset_name = serializers.CharField(source="dataset.name", read_only=True)

    class Meta:
        model = Snapshot
        fields = [
            "id",
            "dataset",
            "dataset_name",
            "number",
            "digest",
            "rows",
            "bytes",
            "in_place",
            "notes",
            "created_at",
        ]


class SnapshotDetailSerializer(SnapshotSerializer):
    columns = ColumnSerializer(many=True, read_only=True)

    class Meta(SnapshotSerializer.Meta):
        fields = [*SnapshotSerializer.Meta.fields, "columns"]


class RolesSerializer(serializers.Serializer):
    roles = RolesField()
