"""A few lists of a run in words: what a person had, what is recommended, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.common.templatetags.govern import decimals, share
from assessments.recommenders.examples import examples_of
from assessments.recommenders.models import TrainingRun

THEMES = {
    "person": gettext_lazy("what is known of the person"),
    "popularity": gettext_lazy("how many took it"),
    "price": gettext_lazy("price"),
    "category": gettext_lazy("category"),
    "title": gettext_lazy("title"),
    "met": gettext_lazy("whether the person had it before"),
    "taste": gettext_lazy("likeness to what the person took"),
    "season": gettext_lazy("season"),
}


@dataclass(frozen=True)
class Recommended:
    """``name`` is the title or, without one, the id; ``reasons`` are empty where the model gives none."""

    name: str
    item: str
    right: bool
    had: bool
    reasons: list[str]


@dataclass(frozen=True)
class ExampleList:
    user: str
    known: str
    had: list[str]
    found: str
    items: list[Recommended]


def example_lists(run: TrainingRun, *, masked: bool) -> list[ExampleList]:
    """The lists that the run kept; see ``ml.explanation.examples`` for who is chosen."""
    return [_list(example) for example in examples_of(run, masked=masked) if example.get("items")]


def gives_reasons(lists: list[ExampleList]) -> bool:
    return any(item.reasons for each in lists for item in each.items)


def _list(example: Mapping[str, Any]) -> ExampleList:
    known, wanted = int(example["known"]), int(example["wanted"])
    found = ngettext(
        "%(found)s of the %(wanted)s item taken later is among the first %(length)s.",
        "%(found)s of the %(wanted)s items taken later are among the first %(length)s.",
        wanted,
    )
    return ExampleList(
        user=str(example["user"]),
        known=ngettext("%(count)s event known", "%(count)s events known", known) % {"count": known},
        had=[name_of(item) for item in example["had"]],
        found=found % {"found": example["found"], "wanted": wanted, "length": example["length"]},
        items=[
            Recommended(name_of(item), str(item["item"]), item["right"], item["had"], reasons_of(item["reason"]))
            for item in example["items"]
        ],
    )


def name_of(item: Mapping[str, Any]) -> str:
    return str(item.get("title") or item["item"])


def reasons_of(reason: Mapping[str, Any] | None) -> list[str]:
    """A reason in words: what the person had and its share of the score, or themes and what they add to it."""
    if reason is None:
        return []
    if reason["kind"] == "popular":
        return [_("many took it: the list is the same for everybody")]
    if reason["kind"] == "history":
        return [_by_history(each) for each in reason["because"]]
    return [f"{_theme(each['feature'])}\N{NO-BREAK SPACE}{_signed(each['contribution'])}" for each in reason["because"]]


def _by_history(each: Mapping[str, Any]) -> str:
    words = {"item": name_of(each), "share": share(each["share"]).replace(" ", "\N{NO-BREAK SPACE}")}
    if each["contribution"] < 0:
        return _("%(item)s, speaks against it (%(share)s)") % words
    return _("%(item)s (%(share)s)") % words


def _theme(name: str) -> str:
    return str(THEMES.get(name, name))


def _signed(value: float) -> str:
    text = decimals(abs(value), 2)
    return f"−{text}" if value < 0 else f"+{text}"
