"""What is said of a finding by e-mail and webhook, and how it is sent.

Webhooks follow the Standard Webhooks specification: the headers webhook-id, webhook-timestamp and webhook-signature,
where the signature is ``v1,`` and the Base64 of HMAC-SHA-256 over ``id.timestamp.body``.
"""

import base64
import hashlib
import hmac
import http.client
import json
import smtplib
import time
from contextlib import closing
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from assessments.common.errors import GovernError
from assessments.datasets.sources.url import PinnedConnection, at_most, checked_url
from assessments.quality.finding_words import title_in_words
from assessments.quality.models import Channel, Delivery

# Of silence, and in all: messages are sent one by one, and others wait.
SECONDS, TOTAL_SECONDS = 10.0, 20.0


def send(delivery: Delivery) -> None:
    """Send one message; raises GovernError saying why it did not arrive."""
    if delivery.channel.kind == Channel.Kind.EMAIL:
        _send_email(delivery)
    else:
        _send_webhook(delivery)


def signing_key(channel: Channel) -> bytes:
    """The 32 bytes that sign a channel's webhooks: derived, so that no secret lies in the database."""
    return salted_hmac("assessments.quality.webhook", f"{channel.pk}:{channel.generation}", algorithm="sha256").digest()


def signing_secret(channel: Channel) -> str:
    """The key as a receiver's library takes it."""
    return "whsec_" + base64.b64encode(signing_key(channel)).decode()


def signature(key: bytes, name: str, timestamp: int, body: bytes) -> str:
    signed = hmac.new(key, f"{name}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(signed).decode()


def content(delivery: Delivery) -> dict[str, Any]:
    """The message as JSON; titles and names only, never a row of data."""
    finding = delivery.finding
    event = finding.events.filter(what=delivery.event).order_by("-pk").first()
    return {
        "type": f"finding.{delivery.event}",
        "timestamp": delivery.created_at.isoformat(),
        "data": {
            "organisation": delivery.channel.organisation.slug,
            "finding": finding.pk,
            "title": title_in_words(finding),
            "kind": finding.kind,
            "severity": finding.severity,
            "dataset": finding.dataset.name,
            "share_failing": event.share if event else None,
            "opened_at": finding.opened_at.isoformat(),
            "url": settings.PUBLIC_URL + reverse("finding", args=[finding.pk]) if settings.PUBLIC_URL else None,
        },
    }


def _send_webhook(delivery: Delivery) -> None:
    parts = checked_url(delivery.channel.target)
    body = json.dumps(content(delivery), ensure_ascii=False).encode()
    name, timestamp = f"govern-{delivery.pk}", int(time.time())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Govern",
        "webhook-id": name,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(signing_key(delivery.channel), name, timestamp, body),
    }
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        with closing(PinnedConnection(parts)) as connection, at_most(connection, TOTAL_SECONDS):
            connection.timeout = SECONDS
            connection.request("POST", path, body=body, headers=headers)
            status = connection.getresponse().status
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        raise GovernError(_("The address does not answer: %(error)s.") % {"error": type(error).__name__}) from error
    if not 200 <= status < 300:
        raise GovernError(_("The address answered %(status)s.") % {"status": status})


def _send_email(delivery: Delivery) -> None:
    if not settings.EMAIL_SENT:
        raise GovernError(_("No mail server is set."), hint=_("The operator sets GOVERN_EMAIL_URL."))
    told = content(delivery)["data"]
    finding = delivery.finding
    share = told["share_failing"]
    lines = [
        title_in_words(finding),
        "",
        _("Dataset: %(name)s") % {"name": finding.dataset.name},
        _("Severity: %(severity)s") % {"severity": finding.get_severity_display()},
        *([_("Share of rows: %(share).1f %%") % {"share": 100 * share}] if share is not None else []),
        _("Since: %(time)s") % {"time": f"{timezone.localtime(finding.opened_at):%Y-%m-%d %H:%M %Z}"},
        *(["", told["url"]] if told["url"] else []),
    ]
    subject = " ".join(f"[Govern] {finding.get_severity_display()}: {title_in_words(finding)}".split())
    message = EmailMessage(subject=subject[:200], body="\n".join(lines), to=[delivery.channel.target])
    try:
        message.send()
    except (smtplib.SMTPException, OSError) as error:
        raise GovernError(_("The mail server refused: %(error)s.") % {"error": type(error).__name__}) from error
