"""Rules on datasets, what their runs measured, what stands as wrong, and what is done about it."""

from assessments.quality.models.findings import Finding, FindingEvent
from assessments.quality.models.personal_data import PersonalDataHit, PersonalDataScan
from assessments.quality.models.profiles import Profile, RuleSuggestion
from assessments.quality.models.publishing import NoisyCounts
from assessments.quality.models.repairs import RepairRun
from assessments.quality.models.rules import Dimension, Rule, Severity
from assessments.quality.models.runs import QualityRun, RuleResult
from assessments.quality.models.watching import Channel, Delivery, Schedule

__all__ = [
    "Channel",
    "Delivery",
    "Dimension",
    "Finding",
    "FindingEvent",
    "NoisyCounts",
    "PersonalDataHit",
    "PersonalDataScan",
    "Profile",
    "QualityRun",
    "RepairRun",
    "Rule",
    "RuleResult",
    "RuleSuggestion",
    "Schedule",
    "Severity",
]
