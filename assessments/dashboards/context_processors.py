"""The frame of every page: its navigation and theme."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

THEMES = ("auto", "light", "dark")
# (name of the address, icon, label); an address belongs to an entry when its path begins with the entry's.
ENTRIES = (
    ("overview", "home", _("Overview")),
    ("assessments", "report-analytics", _("Assessments")),
    ("findings", "alert-triangle", _("Findings")),
    ("datasets", "database", _("Datasets")),
    ("recommenders", "cpu", _("Recommenders")),
    ("checklists", "checklist", _("Checklists")),
    ("jobs", "progress", _("Jobs")),
)
FIRST_SEGMENT = {name: name for name, _icon, _label in ENTRIES} | {"overview": ""}


def frame(request: HttpRequest) -> dict[str, Any]:
    segment = request.path.strip("/").split("/")[0]
    entries = [
        {"name": name, "icon": icon, "label": label, "current": FIRST_SEGMENT[name] == segment}
        for name, icon, label in ENTRIES
    ]
    chosen = getattr(getattr(request, "user", None), "theme", "") or request.COOKIES.get("theme", "auto")
    return {"navigation": entries, "theme": chosen if chosen in THEMES else "auto"}
