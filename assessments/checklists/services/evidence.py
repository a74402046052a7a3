"""Attaching what backs an answer: a file, a link, or what was measured when it was saved."""

import hashlib
import secrets
import tempfile
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.validators import URLValidator
from django.db import transaction
from django.utils.translation import gettext as _

from assessments.accounts.models import User
from assessments.accounts.roles import Capability
from assessments.checklists.evidence_types import MAX_BYTES, TYPES, extension_of
from assessments.checklists.framework_file import digest_of
from assessments.checklists.models import Answer, Evidence
from assessments.checklists.services.questionnaires import questionnaire_open, require_member
from assessments.common.errors import GovernError

MAX_PER_ANSWER = 20


@transaction.atomic
def evidence_add(
    *, answer: Answer, user: User, file: "File[bytes] | None" = None, url: str = "", title: str = ""
) -> Evidence:
    """Attach a file (at most 20 MiB, of an allowed type) or an http(s) link to an answer.

    The file is stored under a random name; its own name is kept only as the title, when no title is given.
    """
    questionnaire = answer.questionnaire
    require_member(organisation=questionnaire.organisation, user=user, capability=Capability.ANSWER)
    questionnaire_open(questionnaire)
    if (file is None) == (not url):
        raise GovernError(_("Give either a file or a link."), where="evidence")
    if answer.evidence.exclude(kind=Evidence.Kind.MEASURED).count() >= MAX_PER_ANSWER:
        raise GovernError(
            _("An answer takes at most %(limit)d pieces of evidence.") % {"limit": MAX_PER_ANSWER}, where="evidence"
        )
    if file is None:
        return _add_link(answer, user, url, title)
    return _add_file(answer, user, file, title)


def evidence_measured(*, answer: Answer, proposal: Mapping[str, Any]) -> None:
    """Keep what was proposed when this revision of the answer was saved; the same proposal is not kept twice on end.

    ``proposal`` is plain data with ``level`` and, in both languages, ``measures``.
    """
    digest = digest_of(dict(proposal))
    pieces = answer.evidence.filter(kind=Evidence.Kind.MEASURED)
    if pieces.order_by("-pk").values_list("digest", flat=True).first() == digest:
        return
    Evidence.objects.create(
        answer=answer,
        kind=Evidence.Kind.MEASURED,
        title=_title(proposal["measures"]["en"]),
        digest=digest,
        document=dict(proposal),
        revision=answer.revision,
        created_by=answer.assessor,
    )


def evidence_carry(*, previous: Answer, answer: Answer) -> None:
    """Let what backs an older answer back this one too; who added it, and when, stays as it was.

    The rows of a file name the same stored file: its content never changes, and nothing deletes it.
    """
    for piece in previous.evidence.all():
        carried = Evidence.objects.create(
            answer=answer,
            kind=piece.kind,
            title=piece.title,
            url=piece.url,
            file=piece.file.name,
            digest=piece.digest,
            document=piece.document,
            created_by=piece.created_by,
        )
        Evidence.objects.filter(pk=carried.pk).update(created_at=piece.created_at)


def _add_link(answer: Answer, user: User, url: str, title: str) -> Evidence:
    address = url_checked(url)
    return Evidence.objects.create(
        answer=answer, kind=Evidence.Kind.LINK, title=_title(title or address), url=address, created_by=user
    )


def url_checked(url: str) -> str:
    """The address without surrounding blanks; raise GovernError unless it is a plain http or https address."""
    address = url.strip()
    where, hint = "url", _("Give an address that starts with https:// or http://.")
    try:
        URLValidator(schemes=["http", "https"])(address)
        parts = urlsplit(address)
    except (ValidationError, ValueError) as error:
        raise GovernError(_("This is not an address of a page."), where=where, hint=hint) from error
    if parts.username is not None or parts.password is not None:
        raise GovernError(_("The address holds a name or password."), where=where, hint=_("Leave them out."))
    if len(address) > 500:
        raise GovernError(_("The address has more than 500 characters."), where=where)
    return address


def _add_file(answer: Answer, user: User, file: "File[bytes]", title: str) -> Evidence:
    name = PurePosixPath((file.name or "").replace("\\", "/")).name
    extension = extension_of(name)
    if extension not in TYPES:
        raise GovernError(
            _("Files of the type “%(extension)s” are not taken.") % {"extension": extension[:20]},
            where=name[:100],
            hint=_("Taken are: %(types)s.") % {"types": ", ".join(sorted(kind[1:] for kind in TYPES))},
        )
    evidence = Evidence(answer=answer, kind=Evidence.Kind.FILE, title=_title(title or name), created_by=user)
    with tempfile.SpooledTemporaryFile(max_size=2**20) as copy:
        evidence.digest = _copy(file, copy, name)
        copy.seek(0)
        if not TYPES[extension][1](copy):
            raise GovernError(
                _("The content of this file is not what its name says."),
                where=name[:100],
                hint=_("Text must be UTF-8; documents must be without macros."),
            )
        copy.seek(0)
        evidence.file.save(f"{secrets.token_hex(16)}{extension}", File(copy), save=False)
    try:
        evidence.save()
    except Exception:
        evidence.file.delete(save=False)  # no row will ever name it
        raise
    return evidence


def _copy(file: "File[bytes]", copy: tempfile.SpooledTemporaryFile[bytes], name: str) -> str:
    """Copy the file in pieces and return its SHA-256; the size is measured, not believed."""
    digest, size = hashlib.sha256(), 0
    for piece in file.chunks():
        size += len(piece)
        if size > MAX_BYTES:
            raise GovernError(
                _("The file is larger than %(limit)d MiB.") % {"limit": MAX_BYTES // 2**20},
                where=name[:100],
                hint=_("Attach the pages that matter, or a link."),
            )
        digest.update(piece)
        copy.write(piece)
    if not size:
        raise GovernError(_("The file is empty."), where=name[:100])
    return digest.hexdigest()


def _title(text: str) -> str:
    """At most 200 characters without control characters; never used as a path."""
    return "".join(sign for sign in text if sign.isprintable()).strip()[:200] or _("Untitled")
