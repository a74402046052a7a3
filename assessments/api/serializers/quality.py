"""Rules, quality runs, their results and findings as the API shows and takes them."""

from typing import Any

from rest_framework import serializers

from assessments.quality.finding_words import title_in_words
from assessments.quality.models import Dimension, Finding, QualityRun, Rule, RuleResult, Severity
from assessments.quality.personal_data.quoting import may_quote, unquoted, without_quotes
from assessments.quality.quoting_selectors import Hidden
from assessments.quality.selectors import dimension_scores


class RuleSerializer(serializers.ModelSerializer):
    """``quotes_personal_data`` counts the values about people that the rule quotes; who may not change rules sees
    them masked in its name and parameters."""

    check = serializers.CharField(source="check_name", read_only=True)
    quotes_personal_data = serializers.SerializerMethodField()

    class Meta:
        model = Rule
        fields = [
            "id",
            "dataset",
            "name",
            "check",
            "columns",
            "parameters",
            "dimension",
            "severity",
            "threshold",
            "enabled",
            "quotes_personal_data",
            "created_at",
            "changed_at",
        ]

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._hidden: dict[int, Hidden] = {}  # of each dataset, read once for a whole page

    def get_quotes_personal_data(self, rule: Rule) -> int:
        return len(self._quoted(rule))

    def to_representation(self, rule: Rule) -> dict[str, Any]:
        shown = super().to_representation(rule)
        quoted = () if self.context.get("may_check") else self._quoted(rule)
        shown["name"] = unquoted(rule.name, quoted)
        shown["parameters"] = without_quotes(rule.parameters, quoted)
        return dict(shown)

    def _quoted(self, rule: Rule) -> tuple[str, ...]:
        if not may_quote(rule.check_name, rule.parameters):
            return ()
        if rule.dataset_id not in self._hidden:
            self._hidden[rule.dataset_id] = Hidden(rule.dataset)
        return self._hidden[rule.dataset_id].quoted_by(rule)


class RuleWriteSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=200)
    check = serializers.CharField(max_length=40)
    columns = serializers.ListField(child=serializers.CharField(max_length=300), default=list, max_length=100)
    parameters = serializers.DictField(default=dict)
    dimension = serializers.ChoiceField(choices=Dimension.choices, required=False, allow_blank=True, default="")
    severity = serializers.ChoiceField(choices=Severity.choices, default=Severity.WARNING)
    threshold = serializers.FloatField(min_value=0, max_value=1, default=1.0)
    enabled = serializers.BooleanField(default=True)


class RuleCreateSerializer(RuleWriteSerializer):
    dataset = serializers.IntegerField(min_value=1)


class QualityRunSerializer(serializers.ModelSerializer):
    dataset = serializers.IntegerField(source="snapshot.dataset_id", read_only=True)
    dataset_name = serializers.CharField(source="snapshot.dataset.name", read_only=True)

    class Meta:
        model = QualityRun
        fields = [
            "id",
            "dataset",
            "dataset_name",
            "snapshot",
            "job",
            "state",
            "as_of",
            "rows",
            "seconds",
            "started_at",
            "finished_at",
        ]


class DimensionScoreSerializer(serializers.Serializer):
    """``value`` runs from 0 to 1; null when nothing was measured."""

    dimension = serializers.ChoiceField(choices=Dimension.choices)
    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField()
    high = serializers.FloatField()
    coverage = serializers.FloatField()
    rules = serializers.IntegerField()
    measured = serializers.IntegerField()
    passed = serializers.IntegerField()


class QualityRunDetailSerializer(QualityRunSerializer):
    dimensions = serializers.SerializerMethodField()

    class Meta(QualityRunSerializer.Meta):
        fields = [*QualityRunSerializer.Meta.fields, "dimensions"]

    def get_dimensions(self, run: QualityRun) -> list[dict[str, Any]]:
        return [dict(row) for row in DimensionScoreSerializer(dimension_scores(run), many=True).data]


class QualityRunStartSerializer(serializers.Serializer):
    """Name the snapshot, or the dataset to check its newest one."""

    dataset = serializers.IntegerField(min_value=1, required=False)
    snapshot = serializers.IntegerField(min_value=1, required=False)
    as_of = serializers.DateTimeField(required=False, help_text="the time that freshness is measured against")

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        if ("dataset" in data) == ("snapshot" in data):
            raise serializers.ValidationError("Name a dataset or a snapshot.")
        return data


class RuleResultSerializer(serializers.ModelSerializer):
    check = serializers.CharField(source="check_name", read_only=True)

    class Meta:
        model = RuleResult
        fields = [
            "id",
            "rule",
            "rule_name",
            "check",
            "columns",
            "parameters",
            "dimension",
            "severity",
            "threshold",
            "rows_checked",
            "rows_failing",
            "fraction",
            "passed",
            "meaning",
            "detail",
            "sample",
            "error",
            "seconds",
        ]


class FindingSerializer(serializers.ModelSerializer):
    title = serializers.SerializerMethodField()
    dataset_name = serializers.CharField(source="dataset.name", read_only=True)
    run = serializers.IntegerField(source="last_result.run_id", read_only=True, default=None, allow_null=True)
    owner = serializers.CharField(source="owner.username", read_only=True, default=None, allow_null=True)
    rows_failing = serializers.IntegerField(
        source="last_result.rows_failing", read_only=True, default=None, allow_null=True
    )

    class Meta:
        model = Finding
        fields = [
            "id",
            "dataset",
            "dataset_name",
            "rule",
            "kind",
            "subject",
            "title",
            "severity",
            "state",
            "owner",
            "run",
            "rows_failing",
            "opened_at",
            "resolved_at",
            "accepted_until",
            "accepted_reason",
        ]

    def get_title(self, finding: Finding) -> str:
        return title_in_words(finding)


class FindingAcceptSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=2000)
    until = serializers.DateField()
