"""Where an organisation is told of findings."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from assessments.accounts.models import Organisation, User
from assessments.accounts.services import event_record
from assessments.common.errors import ConflictError, GovernError
from assessments.common.masking import mask_address
from assessments.datasets.sources.url import checked_url
from assessments.quality.models import Channel, Severity


@transaction.atomic
def channel_save(
    *,
    organisation: Organisation,
    name: str,
    kind: str,
    target: str,
    severity: str = Severity.ERROR,
    enabled: bool = True,
    channel: Channel | None = None,
    user: User | None = None,
) -> Channel:
    """Add a channel, or change ``channel``; raises GovernError when the address is none or is not to be asked."""
    name, target = name.strip(), target.strip()
    if not name:
        raise GovernError(_("A channel needs a name."), where="name")
    if kind not in Channel.Kind.values:
        raise GovernError(_("A channel is an e-mail address or a webhook."), where="kind")
    if severity not in Severity.values:
        raise GovernError(_("There is no such severity."), where="severity")
    _check_target(kind, target)
    namesakes = Channel.objects.filter(organisation=organisation, name=name)
    if (namesakes.exclude(pk=channel.pk) if channel else namesakes).exists():
        raise ConflictError(_("Another channel has this name."), where="name", hint=_("Choose another name."))
    added = channel is None
    channel = channel or Channel(organisation=organisation)
    channel.name, channel.kind, channel.target = name, kind, target
    channel.severity, channel.enabled = severity, enabled
    channel.save()
    _record(channel, "channel.add" if added else "channel.change", user)
    return channel


@transaction.atomic
def channel_delete(*, channel: Channel, user: User | None = None) -> None:
    """Delete the channel with what was still to be sent to it."""
    _record(channel, "channel.delete", user)
    channel.delete()


@transaction.atomic
def channel_rekey(*, channel: Channel, user: User | None = None) -> Channel:
    """Sign with a new key from now on; the old one is worth nothing any more."""
    channel = Channel.objects.select_for_update().get(pk=channel.pk)
    channel.generation += 1
    channel.save(update_fields=["generation"])
    _record(channel, "channel.rekey", user)
    return channel


def _check_target(kind: str, target: str) -> None:
    if kind == Channel.Kind.WEBHOOK:
        checked_url(target)
        return
    try:
        validate_email(target)
    except ValidationError as error:
        raise GovernError(_("This is no e-mail address."), where="target") from error


def _record(channel: Channel, action: str, user: User | None) -> None:
    event_record(
        organisation=channel.organisation,
        actor=user,
        action=action,
        subject=channel.name,
        detail={"kind": channel.kind, "target": mask_address(channel.target), "severity": channel.severity},
    )
