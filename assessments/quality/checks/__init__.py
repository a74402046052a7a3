"""The code behind rules: one file for each dimension, one small class for each check, found in a registry.

A new check is a class in one of these files (or in a new one, imported below) with ``@register`` over it.
"""

from assessments.quality.checks import completeness, integrity, timeliness, uniqueness, validity
from assessments.quality.checks.registry import all_checks, check_named, verify

__all__ = ["all_checks", "check_named", "completeness", "integrity", "timeliness", "uniqueness", "validity", "verify"]
