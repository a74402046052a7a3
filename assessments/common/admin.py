"""What the admin panels of several apps share."""

from typing import Any

from django.http import HttpRequest


class ReadOnly:
    """Mixed into an admin or inline class: rows are shown, and only Govern itself makes, changes or ends them."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
