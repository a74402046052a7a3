"""Training runs as the API shows and takes them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from assessments.recommenders.comparing import Difference
from assessments.recommenders.models import Promotion, TrainingRun, TuningRun
from assessments.recommenders.selectors import metric_documents, metrics_by_model
from assessments.recommenders.services.tuning import METRICS, MOST_MINUTES

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
    """``run`` less ``against`` in one metric on the same users, with its 95 % interval.

    ``adjusted_p`` is the p-value adjusted for all differences of the answer, null for one alone.
    """

    run = serializers.IntegerField()
    against = serializers.IntegerField()
    metric = serializers.CharField()
    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    users = serializers.IntegerField()
    p_value = serializers.FloatField(help_text="of a paired permutation test")
    adjusted_p = serializers.FloatField(allow_null=True)
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


class TrialSerializer(serializers.Serializer):
    """One configuration that was tried; ``value`` is null where it was not measured to the end."""

    model = serializers.CharField()
    number = serializers.IntegerField(help_text="within the model's trials")
    options = serializers.DictField()
    value = serializers.FloatField(allow_null=True)
    state = serializers.ChoiceField(choices=["complete", "pruned", "failed"])
    seconds = serializers.FloatField()
    message = serializers.CharField(allow_blank=True)


class TuningSerializer(serializers.ModelSerializer):
    """``best`` is the trial with the highest ``metric`` on the validation part, empty until there is one."""

    dataset_name = serializers.CharField(source="dataset.name", read_only=True)
    models = serializers.ListField(source="model_names", child=serializers.CharField(), read_only=True)
    state = serializers.CharField(source="current.state", read_only=True)

    class Meta:
        model = TuningRun
        fields = [
            "id",
            "dataset",
            "dataset_name",
            "snapshot",
            "items_snapshot",
            "users_snapshot",
            "job",
            "models",
            "split",
            "repeats",
            "metric",
            "minutes",
            "seed",
            "state",
            "best",
            "seconds",
            "error",
            "created_at",
            "finished_at",
        ]


class TuningDetailSerializer(TuningSerializer):
    """With all trials and the protocol of the validation."""

    trials = TrialSerializer(many=True, read_only=True)

    class Meta(TuningSerializer.Meta):
        fields = [*TuningSerializer.Meta.fields, "trials", "protocol"]


class TuningStartSerializer(serializers.Serializer):
    dataset = serializers.IntegerField(min_value=1)
    items_dataset = serializers.IntegerField(min_value=1, required=False)
    users_dataset = serializers.IntegerField(min_value=1, required=False)
    models = serializers.ListField(child=serializers.CharField(max_length=40), allow_empty=False, max_length=30)
    split = serializers.CharField(max_length=100, help_text="for example time:2011-10-10,28d")
    repeats = serializers.ChoiceField(choices=REPEATS, default="allowed")
    metric = serializers.ChoiceField(choices=METRICS, default="ndcg")
    minutes = serializers.FloatField(min_value=0.1, max_value=MOST_MINUTES, default=10.0)
    seed = serializers.IntegerField(min_value=0, default=0)


class TrialTrainSerializer(serializers.Serializer):
    trial = serializers.IntegerField(min_value=0, help_text="place in the list of trials")
