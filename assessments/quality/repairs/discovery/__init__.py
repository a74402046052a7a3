"""What a table suggests by itself: typing errors, dependencies, units, disguised missing values. Pure."""

from assessments.quality.repairs.discovery.dependencies import Dependency, dependencies
from assessments.quality.repairs.discovery.proposals import Discovery, Suggested, discover

__all__ = ["Dependency", "Discovery", "Suggested", "dependencies", "discover"]
