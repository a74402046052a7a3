"""When is a dataset read and checked by itself, and who is told of what is found?"""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assessments.accounts.access import allowed
from assessments.accounts.roles import Capability
from assessments.common.errors import GovernError
from assessments.dashboards.asking import may, organisation_of, user_of
from assessments.dashboards.forms.watching import ChannelForm, ScheduleForm
from assessments.datasets.models import Dataset
from assessments.datasets.selectors import dataset_get
from assessments.quality.messages import signing_secret
from assessments.quality.models import Channel
from assessments.quality.selectors import channel_get, channels_of, rules_of, schedule_of
from assessments.quality.services import (
    channel_delete,
    channel_rekey,
    channel_save,
    schedule_delete,
    schedule_save,
)


@require_GET
@allowed(Capability.VIEW)
def schedule_page(request: HttpRequest, pk: int) -> HttpResponse:
    dataset = dataset_get(organisation=organisation_of(request), pk=pk)
    form = ScheduleForm(schedule=schedule_of(dataset), source_kind=dataset.source_kind)
    return _schedule(request, dataset, form, None)


@require_POST
@allowed(Capability.CHECK)
def schedule_change(request: HttpRequest, pk: int) -> HttpResponse:
    dataset = dataset_get(organisation=organisation_of(request), pk=pk)
    form = ScheduleForm(request.POST, schedule=schedule_of(dataset), source_kind=dataset.source_kind)
    error: GovernError | None = None
    if form.is_valid():
        try:
            schedule_save(dataset=dataset, user=user_of(request), **form.values())
            messages.success(request, _("Saved."))
            return redirect("dataset-schedule", pk)
        except GovernError as refused:
            error = refused
    return _schedule(request, dataset, form, error)


def _schedule(request: HttpRequest, dataset: Dataset, form: ScheduleForm, error: GovernError | None) -> HttpResponse:
    context = {
        "dataset": dataset,
        "schedule": schedule_of(dataset),
        "form": form,
        "error": error,
        "has_rules": rules_of(dataset).filter(enabled=True).exists(),
        "may_change": may(request, Capability.CHECK),
        "zone": settings.TIME_ZONE,
    }
    status = error.status if error else 400 if form.errors else 200
    return render(request, "datasets/schedule.html", context, status=status)


@require_POST
@allowed(Capability.CHECK)
def schedule_remove(request: HttpRequest, pk: int) -> HttpResponse:
    schedule = schedule_of(dataset_get(organisation=organisation_of(request), pk=pk))
    if schedule is not None:
        schedule_delete(schedule=schedule, user=user_of(request))
        messages.success(request, _("The dataset is no longer read and checked by itself."))
    return redirect("dataset-schedule", pk)


@require_GET
@allowed(Capability.MANAGE)
def channel_list(request: HttpRequest) -> HttpResponse:
    return render(request, "channels/list.html", {"channels": channels_of(organisation_of(request))[:200]})


@require_http_methods(["GET", "POST"])
@allowed(Capability.MANAGE)
def channel_new(request: HttpRequest) -> HttpResponse:
    return _channel_form(request, None)


@never_cache
@require_http_methods(["GET", "POST"])
@allowed(Capability.MANAGE)
def channel_page(request: HttpRequest, pk: int) -> HttpResponse:
    return _channel_form(request, channel_get(organisation=organisation_of(request), pk=pk))


def _channel_form(request: HttpRequest, channel: Channel | None) -> HttpResponse:
    form = ChannelForm(request.POST or None, channel=channel)
    error: GovernError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            saved = channel_save(
                organisation=organisation_of(request), channel=channel, user=user_of(request), **form.cleaned_data
            )
            messages.success(request, _("Saved."))
            return redirect("channel", saved.pk)
        except GovernError as refused:
            error = refused
    context: dict[str, Any] = {"channel": channel, "form": form, "error": error}
    if channel is not None:
        context["deliveries"] = channel.deliveries.select_related("finding")[:20]
        context["secret"] = signing_secret(channel) if channel.kind == Channel.Kind.WEBHOOK else ""
    status = error.status if error else 400 if form.errors else 200
    return render(request, "channels/channel.html", context, status=status)


@require_POST
@allowed(Capability.MANAGE)
def channel_remove(request: HttpRequest, pk: int) -> HttpResponse:
    channel_delete(channel=channel_get(organisation=organisation_of(request), pk=pk), user=user_of(request))
    messages.success(request, _("The channel is deleted."))
    return redirect("channels")


@require_POST
@allowed(Capability.MANAGE)
def channel_new_key(request: HttpRequest, pk: int) -> HttpResponse:
    channel_rekey(channel=channel_get(organisation=organisation_of(request), pk=pk), user=user_of(request))
    messages.success(request, _("From now on messages are signed with the new key."))
    return redirect("channel", pk)
