"""Schedules, channels and the history of findings as the API shows and takes them."""

from rest_framework import serializers

from assessments.common.masking import mask_address
from assessments.quality.finding_words import note_in_words
from assessments.quality.models import Channel, FindingEvent, Schedule, Severity


class FindingEventSerializer(serializers.ModelSerializer):
    user = serializers.CharField(source="user.username", read_only=True, default=None, allow_null=True)
    note = serializers.SerializerMethodField()

    class Meta:
        model = FindingEvent
        fields = ["id", "what", "share", "run", "user", "note", "at"]

    def get_note(self, event: FindingEvent) -> str:
        return note_in_words(event.note)


class FindingAssignSerializer(serializers.Serializer):
    owner = serializers.CharField(max_length=150, allow_null=True, help_text="a member's user name, null for nobody")


class ScheduleSerializer(serializers.ModelSerializer):
    class Meta:
        model = Schedule
        fields = ["dataset", "cron", "read", "enabled", "next_at", "last_at", "last_problem"]


class ScheduleWriteSerializer(serializers.Serializer):
    cron = serializers.CharField(max_length=100, help_text="minute, hour, day of month, month, weekday")
    read = serializers.BooleanField(default=True)
    enabled = serializers.BooleanField(default=True)


class ChannelSerializer(serializers.ModelSerializer):
    target = serializers.SerializerMethodField()

    class Meta:
        model = Channel
        fields = ["id", "name", "kind", "target", "severity", "enabled", "created_at"]

    def get_target(self, channel: Channel) -> str:
        return mask_address(channel.target)


class ChannelWriteSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=120)
    kind = serializers.ChoiceField(choices=Channel.Kind.choices)
    target = serializers.CharField(max_length=1000)
    severity = serializers.ChoiceField(choices=Severity.choices, default=Severity.ERROR)
    enabled = serializers.BooleanField(default=True)
