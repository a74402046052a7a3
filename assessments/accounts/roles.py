"""Roles of a membership and what each may do; whatever is not listed is denied."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    VIEWER = "viewer", _("Viewer")
    STEWARD = "steward", _("Data steward")
    ASSESSOR = "assessor", _("Assessor")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")


class Capability(models.TextChoices):
    VIEW = "view", _("See pages, results and published figures")
    REGISTER = "register", _("Register datasets and take snapshots")
    CHECK = "check", _("Change rules and run quality checks")
    TRAIN = "train", _("Train recommenders")
    PROMOTE = "promote", _("Promote trained recommenders")
    ANSWER = "answer", _("Answer questionnaires")
    ASSESS = "assess", _("Compute assessments")
    PUBLISH = "publish", _("Publish and seal assessments")
    EXPORT = "export", _("Export and verify assessments")
    AUDIT = "audit", _("Read the audit log")
    MANAGE = "manage", _("Manage members, tokens and configuration")


_C = Capability
CAPABILITIES: dict[str, frozenset[Capability]] = {
    Role.VIEWER: frozenset({_C.VIEW}),
    Role.STEWARD: frozenset({_C.VIEW, _C.REGISTER, _C.CHECK, _C.TRAIN, _C.PROMOTE}),
    Role.ASSESSOR: frozenset({_C.VIEW, _C.ANSWER, _C.ASSESS, _C.EXPORT}),
    Role.AUDITOR: frozenset({_C.VIEW, _C.EXPORT, _C.AUDIT}),
    Role.ADMINISTRATOR: frozenset(_C),
}
