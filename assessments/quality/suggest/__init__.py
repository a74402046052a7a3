"""Rules that a snapshot suggests, each with its reason, what it would flag, and the repair that would mend it."""

from assessments.quality.suggest.measuring import suggestions_for
from assessments.quality.suggest.suggested import Suggested, identity

__all__ = ["Suggested", "identity", "suggestions_for"]
