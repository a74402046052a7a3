"""How a recommender is to be tested: the ways of holding something back, each with what it asks for."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class SplitKind:
    """One way: its name, what it does and when to choose it, and the fields that it needs."""

    name: str
    label: str | Promise
    words: str | Promise
    fields: tuple[str, ...]


KINDS = (
    SplitKind(
        "time",
        _("By time, from a day on"),
        _("Learns from everything before a day and foretells what comes after it, as in real use."),
        ("first_day", "days"),
    ),
    SplitKind(
        "time_share",
        _("By time, the last part"),
        _("The same, and the day is found: so that a given share of the interactions comes before it."),
        ("train_share", "days"),
    ),
    SplitKind(
        "loo",
        _("Each person's last item"),
        _("For comparison with published tables. It sees the future of other people, so numbers come out higher."),
        (),
    ),
    SplitKind(
        "random",
        _("Part of each person's items, at random"),
        _("For comparison with published tables. Time plays no part, so it says little about real use."),
        ("test_share", "split_seed"),
    ),
    SplitKind(
        "users",
        _("People whom it has never seen"),
        _("Some people are held back whole: how good is it for newcomers? Not every recommender can do that."),
        ("test_share", "split_seed"),
    ),
)
BY_NAME = {kind.name: kind for kind in KINDS}


def split_fields() -> dict[str, forms.Field]:
    """The fields of all ways; a form keeps those of the way that was chosen."""
    return {
        "first_day": forms.DateField(
            label=_("The test begins on"),
            widget=forms.DateInput(attrs={"type": "date"}),
            help_text=_("Nothing of this day or after it is seen while learning."),
        ),
        "train_share": forms.FloatField(
            label=_("Share to learn from, %"),
            min_value=1,
            max_value=99,
            initial=90,
            widget=forms.NumberInput(attrs={"step": "any"}),
            help_text=_("Of all interactions, the earliest."),
        ),
        "days": forms.IntegerField(
            label=_("Days of the test"),
            min_value=1,
            max_value=3650,
            initial=28,
            required=False,
            help_text=_("The recommender must foretell what people take in these days. Empty: up to the last row."),
        ),
        "test_share": forms.FloatField(
            label=_("Share to be tested, %"),
            min_value=1,
            max_value=99,
            initial=20,
            widget=forms.NumberInput(attrs={"step": "any"}),
            help_text=_("Of each person's items, or of all people."),
        ),
        "split_seed": forms.IntegerField(
            label=_("Seed of the drawing"),
            min_value=0,
            max_value=999_999_999,
            initial=0,
            help_text=_("The same seed holds back the same rows or people."),
        ),
    }


def split_text(kind: str, data: dict[str, Any]) -> str:
    """The split as ``ml.data.splits`` reads it."""
    window = f",{data['days']}d" if data.get("days") else ""
    if kind == "time":
        return f"time:{data['first_day'].isoformat()}{window}"
    if kind == "time_share":
        return f"time:{data['train_share'] / 100:g}{window}"
    if kind == "loo":
        return "loo"
    return f"{kind}:{data['test_share'] / 100:g},seed={data['split_seed']}"


def split_initial(text: str) -> dict[str, Any]:
    """What a form shows for a stored split; nothing for one that it cannot show."""
    kind, _colon, rest = text.partition(":")
    first, *others = rest.split(",")
    if kind == "loo":
        return {"split_kind": "loo"}
    try:
        if kind == "time":
            found = _time_initial(first)
            windows = [other[:-1] for other in others if other.endswith("d")]
            return found | {"days": round(float(windows[0])) if windows else None}
        if kind in {"random", "users"}:
            seeds = [other.partition("=")[2] for other in others if other.startswith("seed=")]
            seed = int(seeds[0]) if seeds else 0
            return {"split_kind": kind, "test_share": round(float(first) * 100, 6), "split_seed": seed}
    except ValueError:
        return {}
    return {}


def _time_initial(first: str) -> dict[str, Any]:
    if "-" in first:
        return {"split_kind": "time", "first_day": first[:10]}
    return {"split_kind": "time_share", "train_share": round(float(first) * 100, 6)}
