"""Guessing passwords is slow, from one address as well as at one name; and what costs much is not asked for at will."""

import hashlib
from typing import TYPE_CHECKING

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle, UserRateThrottle

if TYPE_CHECKING:  # REST framework imports this module while it builds that class
    from rest_framework.views import APIView


class SignInByAddress(SimpleRateThrottle):
    scope = "sign-in"

    def get_cache_key(self, request: Request, view: "APIView") -> str | None:
        return self.key_of(self.get_ident(request)) if request.method == "POST" else None

    def key_of(self, ident: str) -> str:
        digest = hashlib.sha256(ident.encode()).hexdigest()
        return f"throttle:{type(self).__name__}:{digest}"


class SignInByName(SignInByAddress):
    def get_cache_key(self, request: Request, view: "APIView") -> str | None:
        if request.method != "POST" or not isinstance(request.data, dict):
            return None
        return self.key_of(str(request.data.get("username", ""))[:150].casefold())


class HeavyReads(UserRateThrottle):
    """Answers that are computed or packed for each asker."""

    scope = "heavy"
