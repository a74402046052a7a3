"""Taking rules, results and descriptions out of a dataset, and rules in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from assessments.accounts.access import allowed
from assessments.accounts.bodies import takes_files
from assessments.accounts.roles import Capability
from assessments.common.errors import GovernError
from assessments.dashboards.asking import may, organisation_of, user_of
from assessments.dashboards.forms.interchange import RulesImportForm
from assessments.datasets.selectors import dataset_get
from assessments.quality.exports import export_make
from assessments.quality.services import rules_import
from assessments.quality.yaml_text import LARGEST


@require_GET
@allowed(Capability.VIEW)
def export(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    dataset = dataset_get(organisation=organisation_of(request), pk=pk)
    made = export_make(dataset, what, quotes=may(request, Capability.CHECK))
    headers = {"X-Content-Type-Options": "nosniff"}
    response = HttpResponse(made.content, content_type=made.media_type, headers=headers)
    response.headers["Content-Disposition"] = f'attachment; filename="{ascii_name(made.file_name)}"'
    return response


def ascii_name(name: str) -> str:
    """A file name that every browser takes; letters beyond ASCII become dashes."""
    return "".join(letter if letter.isascii() else "-" for letter in name)


@require_http_methods(["GET", "POST"])
@takes_files(lambda: LARGEST * 4)
@allowed(Capability.CHECK)
def rules_import_page(request: HttpRequest, pk: int) -> HttpResponse:
    dataset = dataset_get(organisation=organisation_of(request), pk=pk)
    form = RulesImportForm(request.POST or None, request.FILES or None)
    context = {"dataset": dataset, "form": form}
    if request.method != "POST" or not form.is_valid():
        return render(request, "datasets/rules_import.html", context, status=400 if form.errors else 200)
    try:
        rules, passed_over = rules_import(
            dataset=dataset, text=form.text(), replace=form.cleaned_data["replace"], user=user_of(request)
        )
    except GovernError as error:
        return render(request, "datasets/rules_import.html", context | {"error": error}, status=error.status)
    messages.success(request, _("%(count)d rules were read.") % {"count": len(rules)})
    for said in passed_over[:20]:
        messages.warning(request, _("Passed over: %(what)s") % {"what": said})
    return redirect("dataset", pk)
