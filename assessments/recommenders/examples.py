"""The examples of a run as somebody may see them: a user's id tells who it is, so not everybody sees it whole."""

from collections.abc import Mapping
from typing import Any

from assessments.common.masking import mask_all, mask_parts
from assessments.recommenders.models import TrainingRun

Example = Mapping[str, Any]


def examples_of(run: TrainingRun, *, masked: bool) -> list[dict[str, Any]]:
    """What the run kept; ``masked`` leaves of each user the first sign and the length, and masks what titles quote."""
    if not masked:
        return [dict(example) for example in run.examples]
    return [_masked(example) for example in run.examples]


def _masked(example: Example) -> dict[str, Any]:
    hidden = {key: _titles_masked(value) for key, value in example.items()}
    return hidden | {"user": mask_all(str(example.get("user", "")))}


def _titles_masked(value: Any) -> Any:
    if isinstance(value, list):
        return [_titles_masked(each) for each in value]
    if isinstance(value, dict):
        return {key: mask_parts(str(each)) if key == "title" else _titles_masked(each) for key, each in value.items()}
    return value
