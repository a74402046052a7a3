"""Writing accounts: organisations, members, tokens, the audit log."""

import hashlib
import secrets
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from assessments.accounts.models import ApiToken, AuditEvent, Membership, Organisation, User
from assessments.accounts.roles import Capability, Role
from assessments.common.errors import ConflictError, GovernError

TOKEN_PREFIX = "gov_"  # noqa: S105 - the public beginning that lets secret scanners know a leaked token


@transaction.atomic
def organisation_create(*, name: str, slug: str = "", parent: Organisation | None = None) -> Organisation:
    slug = slug or slugify(name)
    if not slug:
        raise GovernError("The short name is empty.", hint="Give one of letters, digits and hyphens.")
    if Organisation.objects.filter(slug=slug).exists():
        raise ConflictError(f"The short name “{slug}” is taken.", hint="Give another one with --slug.")
    return Organisation.objects.create(name=name, slug=slug, parent=parent)


@transaction.atomic
def member_add(*, organisation: Organisation, user: User, role: Role) -> Membership:
    """Give the user this role in the organisation, in place of the one held before."""
    return Membership.objects.update_or_create(organisation=organisation, user=user, defaults={"role": role})[0]


@transaction.atomic
def member_create(
    *, organisation: Organisation, username: str, role: Role, ask_password: Callable[[], str], email: str = ""
) -> Membership:
    """Give a person this role, making their account when the name is new; only then is a password asked for."""
    user = User.objects.filter(username=username).first()
    if user is None:
        user = User(username=username, email=email)
        password = ask_password()
        try:
            validate_password(password, user)
            user.set_password(password)
            user.full_clean(exclude=["password"])
        except ValidationError as error:
            raise GovernError(
                _("The account cannot be made: %(why)s") % {"why": " ".join(error.messages)},
                where=username,
                hint=_("Choose another user name or a longer password."),
            ) from error
        user.save()
    event_record(organisation=organisation, actor=None, action="member.add", subject=username, detail={"role": role})
    return member_add(organisation=organisation, user=user, role=role)


@transaction.atomic
def token_create(*, membership: Membership, name: str, scopes: Iterable[str], days: int = 90) -> tuple[ApiToken, str]:
    """Make an API token; the second value is the key, shown this once and never kept."""
    chosen = sorted({Capability(scope).value for scope in scopes})
    if not chosen:
        raise GovernError("A token needs at least one scope.")
    if not 1 <= days <= 366:
        raise GovernError("A token lasts from 1 to 366 days.")
    key = TOKEN_PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=membership.user,
        organisation=membership.organisation,
        name=name,
        prefix=key[:8],
        digest=token_digest(key),
        scopes=chosen,
        expires_at=timezone.now() + timedelta(days=days),
    )
    event_record(organisation=membership.organisation, actor=membership.user, action="token.create", subject=name)
    return token, key


def token_digest(key: str) -> str:
    """SHA-256 suffices for a key of 256 random bits: there is nothing to guess, so nothing to slow down."""
    return hashlib.sha256(key.encode()).hexdigest()


@transaction.atomic
def token_revoke(*, token: ApiToken, actor: User) -> ApiToken:
    token.revoked_at = token.revoked_at or timezone.now()
    token.save(update_fields=["revoked_at"])
    event_record(organisation=token.organisation, actor=actor, action="token.revoke", subject=token.name)
    return token


def event_record(
    *,
    organisation: Organisation,
    actor: User | None,
    action: str,
    subject: str,
    detail: dict[str, Any] | None = None,
) -> AuditEvent:
    """Add one line to the audit log; ``detail`` must hold no secret and no personal data."""
    return AuditEvent.objects.create(
        organisation=organisation, actor=actor, action=action, subject=subject[:300], detail=detail or {}
    )
