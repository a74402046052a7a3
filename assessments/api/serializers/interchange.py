"""Rules from other tools as the API takes them."""

from rest_framework import serializers

from assessments.quality.yaml_text import LARGEST


class RulesImportSerializer(serializers.Serializer):
    yaml = serializers.CharField(max_length=LARGEST, help_text="a rule pack or a data contract, as YAML text")
    replace = serializers.BooleanField(default=False, help_text="take the dataset's other rules out of use")


class RulesImportedSerializer(serializers.Serializer):
    rules = serializers.ListField(child=serializers.IntegerField())
    passed_over = serializers.ListField(child=serializers.CharField())
