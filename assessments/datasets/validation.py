"""What a registration must say, asked before any byte is read."""

from django.utils.translation import gettext as _

from assessments.common.errors import GovernError
from assessments.datasets.models import Dataset
from assessments.datasets.sources import SourceSpec
from assessments.datasets.sources.objects import object_named
from assessments.datasets.sources.path import local_file
from assessments.datasets.sources.places import table_address
from assessments.datasets.sources.url import checked_url


def checked_name(name: str) -> str:
    """Any printable text will do as a name: it is only ever shown, escaped, and never becomes a path or a statement."""
    name = name.strip()
    if not name or len(name) > 120 or not name.isprintable():
        raise GovernError(
            _("A dataset's name has 1 to 120 printable characters."), where=_("name"), hint=_("Choose another name.")
        )
    return name


def check_kind(kind: str) -> None:
    if kind not in Dataset.Kind.values:
        raise GovernError(
            _("There is no kind of dataset named “%(kind)s”.") % {"kind": kind},
            where=_("kind"),
            hint=_("Use one of: %(kinds)s.") % {"kinds": ", ".join(Dataset.Kind.values)},
        )


def check_source(source: SourceSpec, *, operator: bool) -> None:
    """Refuse at once what the job would refuse later."""
    if len(source.location) > 1000:
        raise GovernError(_("The location is longer than 1,000 characters."), where=_("location"))
    if source.kind == "path":
        local_file(source.location, operator=operator)
    elif source.kind == "url":
        checked_url(source.location)
    elif source.kind == "object":
        object_named(source.location, source.organisation)
    elif source.kind == "database":
        table_address(source.location, source.organisation)
