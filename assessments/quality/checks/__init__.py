"""The code behind rules: one file for each dimension, one small class for each check, found in a registry.

A new check is a class in one of these files (or in a new one, imported below) with ``@register`` over it.
"""

from assessments.quality.checks import (
    comparison,
    completeness,
    completeness_conditional,
    completeness_disguised,
    expression,
    formats,
    integrity,
    outliers,
    timeliness,
    uniqueness,
    validity,
    validity_decimals,
    validity_text,
)
from assessments.quality.checks.registry import all_checks, check_named, verify

__all__ = [
    "all_checks",
    "check_named",
    "comparison",
    "completeness",
    "completeness_conditional",
    "completeness_disguised",
    "expression",
    "formats",
    "integrity",
    "outliers",
    "timeliness",
    "uniqueness",
    "validity",
    "validity_decimals",
    "validity_text",
    "verify",
]
