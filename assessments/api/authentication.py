"""Who is asking: a bearer token or a signed-in browser."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import authentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from assessments.accounts.models import ApiToken, User
from assessments.accounts.services import TOKEN_PREFIX, token_digest

USE_NOTED_EVERY = timedelta(minutes=1)


class TokenAuthentication(authentication.BaseAuthentication):
    """``Authorization: Bearer gov_…``. All refusals read the same, so that nobody learns which keys exist."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _space, key = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = self.token_of(key.strip())
        if token is None:
            raise AuthenticationFailed(_("This token is not valid: unknown, expired or revoked."))
        note_use(token)
        return token.user, token

    def token_of(self, key: str) -> ApiToken | None:
        if not key.startswith(TOKEN_PREFIX) or len(key) > 200:
            return None
        valid = ApiToken.objects.filter(revoked_at=None, expires_at__gt=timezone.now(), user__is_active=True)
        return valid.select_related("user", "organisation").filter(digest=token_digest(key)).first()

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


def note_use(token: ApiToken) -> None:
    """Note when the token was last used, at most once a minute, so that reading does not mean writing each time."""
    now = timezone.now()
    long_ago = Q(last_used_at=None) | Q(last_used_at__lt=now - USE_NOTED_EVERY)
    if token.last_used_at is None or token.last_used_at < now - USE_NOTED_EVERY:
        ApiToken.objects.filter(long_ago, pk=token.pk).update(last_used_at=now)


class SessionAuthentication(authentication.SessionAuthentication):
    """The browser's session; what changes something needs the CSRF token in the header X-CSRFToken."""
