"""Writing rules, quality runs and findings."""

from assessments.quality.services.findings import finding_accept, findings_follow
from assessments.quality.services.rules import rule_delete, rule_save, rule_verify, rules_load
from assessments.quality.services.runs import quality_run_execute

__all__ = [
    "finding_accept",
    "findings_follow",
    "quality_run_execute",
    "rule_delete",
    "rule_save",
    "rule_verify",
    "rules_load",
]
