"""Telling people and programs of findings: written with the event, sent afterwards, tried again until it arrives."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from assessments.common.errors import GovernError
from assessments.quality.messages import send
from assessments.quality.models import Channel, Delivery, FindingEvent, Severity

TOLD = (FindingEvent.What.OPENED, FindingEvent.What.WORSENED, FindingEvent.What.REOPENED)
# Minutes until the next try after the first, second … failure; after the last one a delivery is given up.
WAITS = (1, 5, 30, 120, 720, 1440)
LEASE = timedelta(minutes=2)
A_ROUND = 20
State = Delivery.State


@transaction.atomic
def deliveries_queue(*, event: FindingEvent) -> int:
    """Write one delivery for each channel that wants to know of ``event``; how many there are."""
    finding = event.finding
    if event.what not in TOLD:
        return 0
    order = list(Severity.values)
    wanted = order[: order.index(finding.severity) + 1]
    channels = Channel.objects.filter(organisation=finding.dataset.organisation_id, enabled=True, severity__in=wanted)
    made = Delivery.objects.bulk_create(
        Delivery(channel=channel, finding=finding, event=event.what, next_at=timezone.now()) for channel in channels
    )
    return len(made)


def deliveries_send(*, now: datetime | None = None) -> int:
    """Try what is due, at most a few at once; how many arrived."""
    now = now or timezone.now()
    due = Delivery.objects.filter(state=State.WAITING, next_at__lte=now).order_by("next_at", "pk")
    return sum(delivery_try(pk=pk, now=now) for pk in list(due.values_list("pk", flat=True)[:A_ROUND]))


def delivery_try(*, pk: int, now: datetime | None = None) -> bool:
    """Try one delivery, unless another process does; whether it arrived."""
    now = now or timezone.now()
    delivery = _claim(pk, now)
    if delivery is None:
        return False
    problem = ""
    try:
        send(delivery)
    except GovernError as error:
        problem = f"{error.message} {error.hint}".strip()[:300]
    delivery.problem = problem
    if not problem:
        delivery.state, delivery.sent_at, delivery.next_at = State.SENT, timezone.now(), None
    elif delivery.attempts > len(WAITS):
        delivery.state, delivery.next_at = State.FAILED, None
    else:
        delivery.next_at = now + timedelta(minutes=WAITS[delivery.attempts - 1])
    delivery.save(update_fields=["state", "sent_at", "next_at", "problem"])
    return not problem


@transaction.atomic
def _claim(pk: int, now: datetime) -> Delivery | None:
    """The delivery, held for as long as a try may take; None when it is no longer due or its channel is off."""
    waiting = Delivery.objects.select_for_update(of=("self",)).filter(pk=pk, state=State.WAITING, next_at__lte=now)
    delivery = waiting.select_related("channel__organisation", "finding__dataset").first()
    if delivery is None:
        return None
    if not delivery.channel.enabled:
        delivery.state, delivery.next_at = State.FAILED, None
        delivery.save(update_fields=["state", "next_at"])
        return None
    delivery.attempts, delivery.next_at = delivery.attempts + 1, now + LEASE
    delivery.save(update_fields=["attempts", "next_at"])
    return delivery
