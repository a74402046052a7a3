"""What does this table look like, and what has changed since the snapshot before?"""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from assessments.accounts.access import allowed
from assessments.accounts.roles import Capability
from assessments.common.errors import GovernError
from assessments.dashboards.asking import may, organisation_of, user_of
from assessments.dashboards.profile_charts import column_chart, events_chart, tail_chart
from assessments.dashboards.profile_words import change_shown, column_shown, table_facts
from assessments.dashboards.selectors import work_on
from assessments.datasets.models import Dataset, Snapshot
from assessments.datasets.roles import ColumnRole
from assessments.datasets.selectors import dataset_get, snapshot_latest
from assessments.jobs.dispatch import job_start
from assessments.quality.models import Profile
from assessments.quality.profile.changes import changes_of
from assessments.quality.profile_selectors import profile_before, profile_for, suggestions_open

COLUMNS_SHOWN = 12
CHANGES_SHOWN = 30


@require_GET
@allowed(Capability.VIEW)
def profile_page(request: HttpRequest, pk: int) -> HttpResponse:
    dataset = dataset_get(organisation=organisation_of(request), pk=pk)
    snapshot = snapshot_latest(dataset)
    context: dict[str, Any] = {
        "dataset": dataset,
        "snapshot": snapshot,
        "may_check": may(request, Capability.CHECK),
        "suggestions_open": suggestions_open(dataset).count(),
    }
    if snapshot is None:
        return render(request, "datasets/profile.html", context)
    context["job"] = work_on(dataset.organisation, "quality.profile", snapshot_id=snapshot.pk)
    context["search_job"] = work_on(dataset.organisation, "quality.personal_data", snapshot_id=snapshot.pk)
    profile = profile_for(snapshot)
    if profile is not None:
        context |= shown(request, snapshot, profile)
    return render(request, "datasets/profile.html", context)


def shown(request: HttpRequest, snapshot: Snapshot, profile: Profile) -> dict[str, Any]:
    content = profile.content
    activity = content.get("activity", {})
    context = {
        "profile": profile,
        "unsearched": content.get("unsearched", []),
        "facts": table_facts(content),
        "events": events_chart(activity["events"]) if activity.get("events", {}).get("periods") else None,
        "tail": tail_chart(activity),
        "left_out": content["columns_in_all"] - len(content["columns"]),
    }
    return context | columns_shown(request, content) | changes_shown(snapshot, profile)


def columns_shown(request: HttpRequest, content: dict[str, Any]) -> dict[str, Any]:
    """A page of columns, those whose name holds what is asked for."""
    wanted = request.GET.get("column", "").strip()[:100]
    chosen = [one for one in content["columns"] if wanted.lower() in one["name"].lower()]
    page = Paginator(chosen, COLUMNS_SHOWN).get_page(request.GET.get("page"))
    roles = {column: role for role, column in content.get("roles", {}).items()}
    labels, unsearched = dict(ColumnRole.choices), set(content.get("unsearched", []))
    columns = [
        column_shown(one, str(labels.get(roles.get(one["name"], ""), "")))
        | {"chart": column_chart(one, position), "unsearched": one["name"] in unsearched}
        for position, one in enumerate(page)
    ]
    return {"page": page, "columns": columns, "wanted": wanted}


def changes_shown(snapshot: Snapshot, profile: Profile) -> dict[str, Any]:
    before = profile_before(snapshot)
    if before is None:
        return {}
    changes = changes_of(before.content, profile.content)
    return {
        "before": before,
        "changes": [change_shown(change) for change in changes[:CHANGES_SHOWN]],
        "changes_more": max(0, len(changes) - CHANGES_SHOWN),
    }


@require_POST
@allowed(Capability.CHECK)
def profile_start(request: HttpRequest, pk: int) -> HttpResponse:
    dataset = dataset_get(organisation=organisation_of(request), pk=pk)
    return redirect("job", start(request, dataset, "quality.profile", again=True))


def start(request: HttpRequest, dataset: Dataset, kind: str, **parameters: Any) -> int:
    """Start a job on the dataset's newest snapshot; its id."""
    snapshot = snapshot_latest(dataset)
    if snapshot is None:
        raise GovernError(_("This dataset has not been read yet."), hint=_("Take a snapshot first."))
    job = job_start(
        organisation=dataset.organisation,
        kind=kind,
        subject=dataset.name,
        parameters={"snapshot_id": snapshot.pk, **parameters},
        started_by=user_of(request),
    )
    return job.pk
