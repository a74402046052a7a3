"""Recompute an assessment, stored or exported, and check its seal."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from assessments.common.command import GovernCommand
from assessments.common.errors import GovernError, NotFoundError
from assessments.scoring.canonical import parse
from assessments.scoring.models import Assessment
from assessments.scoring.seal import Verdict, verify
from assessments.scoring.selectors import assessment_verify

MAX_BYTES = 256 * 2**20


class Command(GovernCommand):
    help = "Recompute every number of an assessment and check its seal; exit code 1 when something differs."

    def add_options(self, parser: ArgumentParser) -> None:
        parser.add_argument("assessment", metavar="ID_OR_FILE", help="number of an assessment, or an exported file")

    def uses_database(self, **options: Any) -> bool:
        """A file is checked from itself alone, also where there is no database."""
        return options["assessment"].isdecimal() and not Path(options["assessment"]).exists()

    def run(self, **options: Any) -> dict[str, Any]:
        text = options["assessment"]
        verdict = _stored(int(text)) if self.uses_database(**options) else _exported(Path(text))
        return {"valid": verdict.valid, "reason": verdict.reason, "code": verdict.code, "where": verdict.where}


def _stored(pk: int) -> Verdict:
    assessment = Assessment.objects.filter(pk=pk).select_related("organisation").first()
    if assessment is None:
        raise NotFoundError(_("There is no assessment %(pk)s.") % {"pk": pk})
    return assessment_verify(assessment)


def _exported(path: Path) -> Verdict:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise GovernError(_("The file is larger than an exported assessment can be."), where=str(path))
        content = path.read_bytes()
    except OSError as error:
        raise GovernError(
            _("The file cannot be read: %(reason)s") % {"reason": error.strerror}, where=str(path)
        ) from error
    try:
        document = parse(content)
    except (ValueError, RecursionError) as error:
        return Verdict(False, "structure", f"The file is not the JSON of an assessment: {error}")
    return verify(document)
