"""Writing rules, quality runs and findings."""

from assessments.quality.services.channels import channel_delete, channel_rekey, channel_save
from assessments.quality.services.deliveries import deliveries_queue, deliveries_send, delivery_try
from assessments.quality.services.findings import (
    finding_accept,
    finding_assign,
    finding_note,
    finding_open,
    finding_resolve,
    findings_follow,
    findings_reopen,
)
from assessments.quality.services.rules import rule_delete, rule_save, rule_verify, rules_import, rules_load
from assessments.quality.services.runs import quality_run_execute
from assessments.quality.services.schedules import dataset_watch, schedule_claim, schedule_delete, schedule_save

__all__ = [
    "channel_delete",
    "channel_rekey",
    "channel_save",
    "dataset_watch",
    "deliveries_queue",
    "deliveries_send",
    "delivery_try",
    "finding_accept",
    "finding_assign",
    "finding_note",
    "finding_open",
    "finding_resolve",
    "findings_follow",
    "findings_reopen",
    "quality_run_execute",
    "rule_delete",
    "rule_save",
    "rule_verify",
    "rules_import",
    "rules_load",
    "schedule_claim",
    "schedule_delete",
    "schedule_save",
]
