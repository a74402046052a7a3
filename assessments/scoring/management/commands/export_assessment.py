"""Write one assessment, with its model and evidence, to a file that verifies on its own."""

import hashlib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from assessments.common.command import GovernCommand
from assessments.common.errors import GovernError, NotFoundError
from assessments.scoring.models import Assessment
from assessments.scoring.services import assessment_export


class Command(GovernCommand):
    help = "Export an assessment as canonical JSON: model, evidence, result and seal."

    def add_options(self, parser: ArgumentParser) -> None:
        parser.add_argument("assessment", type=int, metavar="ID", help="number of the assessment")
        parser.add_argument("--output", type=Path, required=True, metavar="FILE", help="where to write it")

    def run(self, **options: Any) -> dict[str, Any]:
        assessment = Assessment.objects.filter(pk=options["assessment"]).first()
        if assessment is None:
            raise NotFoundError(_("There is no assessment %(pk)s.") % {"pk": options["assessment"]})
        content = assessment_export(assessment)
        try:
            options["output"].write_bytes(content)
        except OSError as error:
            raise GovernError(
                _("The file cannot be written: %(reason)s") % {"reason": error.strerror}, where=str(options["output"])
            ) from error
        return {
            "assessment": assessment.pk,
            "file": str(options["output"]),
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "seal": assessment.seal or None,
        }
