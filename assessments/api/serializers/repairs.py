"""Repairs as the API shows and takes them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from assessments.quality.models import RepairRun


class StepSerializer(serializers.Serializer):
    """One repair of a list; ``repair`` is one of those at ``repairs/kinds/``."""

    repair = serializers.CharField(max_length=40)
    columns = serializers.ListField(child=serializers.CharField(max_length=300), default=list, max_length=100)
    parameters = serializers.DictField(default=dict)


class RepairSerializer(serializers.ModelSerializer):
    dataset = serializers.IntegerField(source="snapshot.dataset_id", read_only=True)
    dataset_name = serializers.CharField(source="snapshot.dataset.name", read_only=True)
    steps = StepSerializer(many=True, read_only=True)

    class Meta:
        model = RepairRun
        fields = [
            "id",
            "dataset",
            "dataset_name",
            "snapshot",
            "result",
            "finding",
            "job",
            "state",
            "steps",
            "created_at",
            "made_at",
        ]


class RepairDetailSerializer(RepairSerializer):
    """With what each step changes: rows, cells for each column, and masked samples."""

    class Meta(RepairSerializer.Meta):
        fields = [*RepairSerializer.Meta.fields, "preview"]


class RepairStartSerializer(serializers.Serializer):
    """Name the snapshot, or the dataset to repair its newest one. Without ``make`` it is a preview."""

    dataset = serializers.IntegerField(min_value=1, required=False)
    snapshot = serializers.IntegerField(min_value=1, required=False)
    steps = StepSerializer(many=True, allow_empty=False)
    finding = serializers.IntegerField(min_value=1, required=False)
    make = serializers.BooleanField(default=False)
    check = serializers.BooleanField(default=False, help_text="measure the rules on the new snapshot")
    force = serializers.BooleanField(default=False, help_text="make it also when no row is left")

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        if ("dataset" in data) == ("snapshot" in data):
            raise serializers.ValidationError("Name a dataset or a snapshot.")
        return data


class RepairMakeSerializer(serializers.Serializer):
    check = serializers.BooleanField(default=True, help_text="measure the rules on the new snapshot")
    force = serializers.BooleanField(default=False, help_text="make it also when no row is left")


class RepairParameterSerializer(serializers.Serializer):
    name = serializers.CharField()
    kind = serializers.CharField()
    help = serializers.CharField()
    required = serializers.BooleanField()  # type: ignore[assignment]  # a field of the answer named like an option
    choices = serializers.ListField(child=serializers.CharField())
    default = serializers.SerializerMethodField("default_of")

    @extend_schema_field(serializers.JSONField)
    def default_of(self, parameter: Any) -> Any:
        return parameter.default


class RepairKindSerializer(serializers.Serializer):
    """A kind of repair: what it does and takes."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of the answer named like an option
    help = serializers.CharField()
    least_columns = serializers.IntegerField()
    most_columns = serializers.IntegerField()
    about_persons = serializers.BooleanField()
    parameters = RepairParameterSerializer(many=True)
