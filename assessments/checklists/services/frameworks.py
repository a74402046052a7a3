"""Loading frameworks: a published version never changes."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.checklists.framework_file import FOLDER, framework_read
from assessments.checklists.mapping_file import mappings_read, shipped_paths
from assessments.checklists.models import Domain, Framework, Item
from assessments.common.errors import ConflictError

SHIPPED: tuple[Path, ...] = tuple(sorted(FOLDER.glob("*.yaml")))


def framework_load(path: Path | str) -> Framework:
    """Load a framework's YAML file; loading the same content again returns what is there.

    Raise GovernError with file, line and reason for a file that is not a framework, and ConflictError when the
    version is loaded already with another content.
    """
    document, digest = framework_read(Path(path))
    return _framework_save(document, digest)


def mappings_check(paths: Iterable[Path] | None = None) -> int:
    """How many pairs of items these files map, those that come with Govern without any.

    Raise GovernError with file, line and reason when one of them is wrong or names what is not loaded.
    """
    items: dict[str, set[str]] = defaultdict(set)
    loaded = Item.objects.values_list("domain__framework__identifier", "domain__identifier", "identifier")
    for framework, domain, identifier in loaded:
        items[framework].add(f"{domain}.{identifier}")
    found = mappings_read(shipped_paths() if paths is None else paths, items=items)
    return sum(len(each) for each in found.values()) // 2


@transaction.atomic
def _framework_save(document: dict[str, Any], digest: str) -> Framework:
    framework, created = Framework.objects.get_or_create(
        identifier=document["id"],
        version=document["version"],
        defaults={
            "name": document["name"],
            "source": document["source"],
            "attribution": document.get("attribution", {}),
            "digest": digest,
        },
    )
    if created:
        _items_create(framework, document["domains"])
    elif framework.digest != digest:
        raise ConflictError(
            _("Version %(version)d of this framework is published with another content and never changes.")
            % {"version": framework.version},
            where=framework.identifier,
            hint=_("Raise the version number in the file."),
        )
    return framework


def _items_create(framework: Framework, domains: list[dict[str, Any]]) -> None:
    for position, content in enumerate(domains, start=1):
        domain = Domain.objects.create(
            framework=framework, identifier=content["id"], position=position, name=content["name"]
        )
        Item.objects.bulk_create(
            Item(
                domain=domain,
                identifier=item["id"],
                position=n,
                name=item["name"],
                question=item["question"],
                levels=item["levels"],
                reference=item.get("reference", ""),
                why=item.get("why", {}),
                typical_evidence=item.get("evidence", []),
            )
            for n, item in enumerate(content["items"], start=1)
        )
