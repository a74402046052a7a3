"""Background work as the API shows it; traces are for the admin panel alone."""

from typing import Any

from rest_framework import serializers

from assessments.jobs.models import Job, JobLogLine


class JobSerializer(serializers.ModelSerializer):
    started_by: Any = serializers.SlugRelatedField(slug_field="username", read_only=True)

    class Meta:
        model = Job
        fields = [
            "id",
            "kind",
            "queue",
            "subject",
            "parameters",
            "state",
            "progress",
            "message",
            "attempt",
            "max_attempts",
            "cancel_requested_at",
            "result",
            "result_url",
            "error",
            "hint",
            "started_by",
            "created_at",
            "started_at",
            "finished_at",
        ]


class JobLogLineSerializer(serializers.ModelSerializer):
    class Meta:
        model = JobLogLine
        fields = ["id", "at", "level", "message"]


class StartedJobSerializer(serializers.Serializer):
    """The job that does what was asked for."""

    id = serializers.IntegerField()
    state = serializers.ChoiceField(choices=Job.State.choices)
    address = serializers.CharField()


class AcceptedSerializer(serializers.Serializer):
    job = StartedJobSerializer()
