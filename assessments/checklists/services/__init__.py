"""Writing checklists: frameworks, questionnaires, answers, evidence."""

from assessments.checklists.services.answers import AnswerConflictError, TypedAnswer, answer_save
from assessments.checklists.services.carry_over import CarriedOver, questionnaire_carry_over
from assessments.checklists.services.evidence import evidence_add
from assessments.checklists.services.frameworks import SHIPPED, framework_load, mappings_check
from assessments.checklists.services.mapped import mapped_level_take
from assessments.checklists.services.questionnaires import (
    questionnaire_create,
    questionnaire_reopen,
    questionnaire_submit,
)
from assessments.checklists.services.samples import SAMPLE_PROFILES, sample_answers

__all__ = [
    "SAMPLE_PROFILES",
    "SHIPPED",
    "AnswerConflictError",
    "CarriedOver",
    "TypedAnswer",
    "answer_save",
    "evidence_add",
    "framework_load",
    "mapped_level_take",
    "mappings_check",
    "questionnaire_carry_over",
    "questionnaire_create",
    "questionnaire_reopen",
    "questionnaire_submit",
    "sample_answers",
]
