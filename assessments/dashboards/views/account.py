"""A person's own page: who they are here, and their keys for the API."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from assessments.accounts.access import allowed
from assessments.accounts.models import ApiToken
from assessments.accounts.panel import has_panel
from assessments.accounts.roles import Capability
from assessments.accounts.services import token_create, token_revoke
from assessments.dashboards.asking import membership_of, user_of
from assessments.dashboards.forms.account import TokenForm
from assessments.dashboards.rows import show


@never_cache
@require_http_methods(["GET", "POST"])
@allowed(Capability.VIEW)
def account(request: HttpRequest) -> HttpResponse:
    """The key is in the answer to this one POST and nowhere else; only its digest is kept."""
    membership = membership_of(request)
    form = TokenForm(request.POST or None, membership=membership, initial={"scopes": [Capability.VIEW]})
    key = ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        _token, key = token_create(membership=membership, name=data["name"], scopes=data["scopes"], days=data["days"])
        form = TokenForm(membership=membership, initial={"scopes": [Capability.VIEW]})
    tokens = ApiToken.objects.filter(user=user_of(request), organisation=membership.organisation)
    labels = dict(Capability.choices)
    shown = list(tokens[:50])
    for token in shown:
        names = [labels.get(scope, scope) for scope in token.scopes]
        show(token, scope_labels=names, expired=token.expires_at <= timezone.now())
    context = {"form": form, "key": key, "tokens": shown, "has_panel": has_panel(request)}
    return render(request, "account/account.html", context, status=400 if form.errors else 200)


@require_POST
@allowed(Capability.VIEW)
def token_revoke_view(request: HttpRequest, pk: int) -> HttpResponse:
    membership = membership_of(request)
    token = ApiToken.objects.filter(user=user_of(request), organisation=membership.organisation, pk=pk).first()
    if token is None:
        raise Http404
    token_revoke(token=token, actor=user_of(request))
    messages.success(request, _("Revoked. Nothing can be done with this key any more."))
    return redirect("account")
