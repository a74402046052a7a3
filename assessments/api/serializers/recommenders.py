"""Training runs as the API shows and takes them."""

from typing import Any

from rest_framework import serializers

from assessments.recommenders.models import TrainingRun
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
