"""Training runs as the API shows and takes them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from assessments.recommenders.comparing import Difference
from assessments.recommenders.models import Promotion, TrainingRun
from assessments.recommenders.selectors import metric_documents, metrics_by_model

REPEATS = list(TrainingRun.repeats.field.choices or [])


class TrainingRunSerializer(serializers.ModelSerializer):
    """``metrics`` holds the run's own model; the baselines stand in the detail."""

    model = serializers.CharField(source="model_name", read_only=True)
    dataset_name = serializers.CharField(source="dataset.name", read_only=True)
    state = serializers.CharField(source="current.state", read_only=True)
    metrics = serializers.SerializerMethodField()

    class Meta:
        model = TrainingRun
        fields = [
            "id",
            "dataset",
            "dataset_name",
            "snapshot",
            "items_snapshot",
            "users_snapshot",
            "job",
            "model",
            "options",
            "split",
            "repeats",
            "seed",
            "state",
            "protocol_digest",
            "metrics",
            "device",
            "seconds",
            "error",
            "created_at",
            "finished_at",
        ]

    def get_metrics(self, run: TrainingRun) -> dict[str, dict[str, Any]]:
        return metric_documents(metric for metric in run.metrics.all() if metric.model == run.model_name)


class TrainingRunDetailSerializer(TrainingRunSerializer):
    """``metrics`` holds every model that was evaluated: {model: {metric: {value, low, high, …}}}."""

    bundle = serializers.SerializerMethodField()

    class Meta(TrainingRunSerializer.Meta):
        fields = [
            *TrainingRunSerializer.Meta.fields,
            "protocol",
            "counts",
            "epochs",
            "comparisons",
            "notes",
            "peak_mib",
            "bundle",
        ]

    def get_metrics(self, run: TrainingRun) -> dict[str, dict[str, Any]]:
        return {model: metric_documents(metrics.values()) for model, metrics in metrics_by_model(run).items()}

    def get_bundle(self, run: TrainingRun) -> dict[str, Any] | None:
        bundle = getattr(run, "bundle", None)
        return bundle and {"digest": bundle.digest, "bytes": bundle.bytes, "manifest": bundle.manifest}


class TrainingRunStartSerializer(serializers.Serializer):
    dataset = serializers.IntegerField(min_value=1)
    items_dataset = serializers.IntegerField(min_value=1, required=False)
    users_dataset = serializers.IntegerField(min_value=1, required=False)
    model = serializers.CharField(max_length=40)
    split = serializers.CharField(max_length=100, help_text="for example time:2011-10-10,28d")
    options = serializers.DictField(default=dict)
    repeats = serializers.ChoiceField(choices=REPEATS, default="allowed")
    seed = serializers.IntegerField(min_value=0, default=0)


class EvaluationSerializer(serializers.Serializer):
    """What is known of a run besides its metrics; both are empty for a run that kept none."""

    evaluation = serializers.JSONField(help_text="by group, beyond accuracy, robustness and more, as ml wrote it")
    examples = serializers.JSONField(help_text="lists of some users with their reasons")


class DifferenceSerializer(serializers.Serializer):
    """``run`` less ``against`` in one metric on the same users, with its 95 % interval."""

    run = serializers.IntegerField()
    against = serializers.IntegerField()
    metric = serializers.CharField()
    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    users = serializers.IntegerField()
    verdict = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ChoiceField(choices=["better", "worse", "no_difference", "unknown"]))
    def get_verdict(self, difference: Difference) -> str:
        return difference.verdict


class ComparisonSerializer(serializers.Serializer):
    protocol_digest = serializers.CharField()
    runs = serializers.ListField(child=serializers.IntegerField())
    differences = DifferenceSerializer(many=True)


class PromotionSerializer(serializers.ModelSerializer):
    """``ended_at`` is null for what is in use now; ``warnings`` is what spoke against it."""

    dataset_name = serializers.CharField(source="dataset.name", read_only=True)
    model = serializers.CharField(source="run.model_name", read_only=True)
    promoted_by = serializers.CharField(source="promoted_by.username", default=None, read_only=True)
    warnings = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Promotion
        fields = [
            "id",
            "dataset",
            "dataset_name",
            "run",
            "model",
            "bundle_digest",
            "promoted_by",
            "reason",
            "warnings",
            "created_at",
            "ended_at",
        ]
        read_only_fields = fields


class PromoteSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=2000, default="", allow_blank=True, help_text="needed after a warning")
