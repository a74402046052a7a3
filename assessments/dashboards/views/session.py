"""Signing in and out, and what is kept for a person: language and theme."""

import hashlib
from contextlib import suppress
from typing import cast

from django.conf import settings
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from assessments.accounts.models import User
from assessments.dashboards.context_processors import THEMES
from assessments.dashboards.forms.session import SignInForm

WINDOW_SECONDS = 60
# Failures in that time after which even the right password must wait. One person mistypes; somebody who guesses tries
# many names from one address, or one name from many.
MOST_FAILURES = {"both": 10, "address": 30, "name": 50}
YEAR = 365 * 24 * 3600


class SignInView(auth_views.LoginView):
    """Asks for name and password; asks to wait after too many failures."""

    authentication_form = SignInForm
    template_name = "session/sign_in.html"
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        failures = cache.get_many(self.throttle_keys().values())
        if any(failures.get(key, 0) >= MOST_FAILURES[kind] for kind, key in self.throttle_keys().items()):
            form = self.get_form_class()(request)
            problem = _("Too many attempts. Wait a minute, then try again.")
            context = self.get_context_data(form=form, problem=problem)
            return self.render_to_response(context, status=429)
        return super().post(request, *args, **kwargs)

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        for key in self.throttle_keys().values():
            cache.add(key, 0, WINDOW_SECONDS)
            with suppress(ValueError):  # the minute ended between the two
                cache.incr(key)
        return super().form_invalid(form)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        # Those by address and by name stay: a guesser with an account must not be able to clear them.
        cache.delete(self.throttle_keys()["both"])
        response = super().form_valid(form)
        user = form.get_user()
        if isinstance(user, User) and user.language:
            keep(response, settings.LANGUAGE_COOKIE_NAME, user.language)
        return response

    def throttle_keys(self) -> dict[str, str]:
        # Read as the API reads it: behind our own proxy, the address that the proxy says.
        address = str(BaseThrottle().get_ident(cast(Request, self.request)))
        name = self.request.POST.get("username", "")[:150].casefold()
        who = {"both": f"{address}|{name}", "address": address, "name": name}
        return {kind: f"sign-in:{kind}:{hashlib.sha256(text.encode()).hexdigest()}" for kind, text in who.items()}


@login_not_required
@require_POST
def change_language(request: HttpRequest) -> HttpResponse:
    response = back(request)
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        keep(response, settings.LANGUAGE_COOKIE_NAME, chosen)
        if isinstance(request.user, User):
            User.objects.filter(pk=request.user.pk).update(language=chosen)
    return response


@login_not_required
@require_POST
def change_theme(request: HttpRequest) -> HttpResponse:
    response = back(request)
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        keep(response, "theme", chosen)
        if isinstance(request.user, User):
            User.objects.filter(pk=request.user.pk).update(theme=chosen)
    return response


def keep(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)


def back(request: HttpRequest) -> HttpResponseRedirect:
    """To the page that the person came from, and never to another site."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = resolve_url("overview")
    return HttpResponseRedirect(target)
