"""The kinds of background work. An app adds one with ``@job_task`` in its tasks.py."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext as _

from assessments.common.errors import NotFoundError

Work = Callable[..., dict[str, Any] | None]


@dataclass(frozen=True)
class Kind:
    """One kind of work: ``function(context, **parameters)`` returns the job's result."""

    name: str
    queue: str
    label: str | Promise
    function: Work


_kinds: dict[str, Kind] = {}


def job_task(name: str, *, queue: str = "default", label: str | Promise) -> Callable[[Work], Work]:
    """Register the decorated function as the work of jobs of kind ``name``.

    The function takes a JobContext and the job's parameters by keyword. It may run more than once for one job (after
    a worker died) and must leave the same result. What it returns becomes the job's result; its "url" the link.
    """

    def register(function: Work) -> Work:
        known = _kinds.get(name)
        if known is not None and known.function.__module__ != function.__module__:
            raise ValueError(f"two modules register the job kind {name!r}")
        _kinds[name] = Kind(name, queue, label, function)
        return function

    return register


def kind_get(name: str) -> Kind:
    if name not in _kinds:
        autodiscover_modules("tasks")
    if name not in _kinds:
        raise NotFoundError(
            _("Govern knows no background work named “%(kind)s”.") % {"kind": name},
            hint=_("The worker may run another version of Govern than the pages: restart it."),
        )
    return _kinds[name]


def kind_label(name: str) -> str:
    """What people call this kind of work; the name itself for a kind that is gone."""
    try:
        return str(kind_get(name).label)
    except NotFoundError:
        return name
