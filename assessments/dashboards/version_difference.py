"""What a newer version of a checklist changes, in rows for its page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.checklists.framework_difference import Change, ItemDifference, framework_difference
from assessments.checklists.models import localised
from assessments.common.levels import level_word

# What changed, and what becomes of the answers; in the order in which a person needs to look.
WORDS: dict[Change, tuple[Promise, Promise]] = {
    Change.CHANGED: (gettext_lazy("Reads differently"), gettext_lazy("The old answer is shown and must be confirmed.")),
    Change.ADDED: (gettext_lazy("New"), gettext_lazy("Must be answered.")),
    Change.REMOVED: (gettext_lazy("Gone"), gettext_lazy("The answer stays in the older questionnaire.")),
    Change.MOVED: (gettext_lazy("Moved"), gettext_lazy("The answer is carried over.")),
    Change.UNCHANGED: (gettext_lazy("Unchanged"), gettext_lazy("The answer is carried over.")),
}


@dataclass(frozen=True)
class Part:
    """A part of an item that reads differently, before and now, in the reader's language."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Row:
    """One item: its name now (or before, when it is gone), where it stands and stood, and how many answers it has."""

    name: str
    domain: str
    moved_from: str
    answers: int
    parts: list[Part]


@dataclass(frozen=True)
class Group:
    """The items to which the same happened."""

    change: str
    title: str
    consequence: str
    rows: list[Row]


def difference_groups(old: Mapping[str, Any], new: Mapping[str, Any], answers: Mapping[str, int]) -> list[Group]:
    """The items of two versions by what happened to them; ``answers`` counts the older answers by item key."""
    before, after = _placed(old), _placed(new)
    differences = framework_difference(old, new)
    return [
        Group(change.value, str(title), str(consequence), [_row(d, before, after, answers) for d in found])
        for change, (title, consequence) in WORDS.items()
        if (found := [d for d in differences if d.change is change])
    ]


def parts_of(old: Mapping[str, Any], new: Mapping[str, Any], parts: tuple[str, ...]) -> list[Part]:
    """The named parts of two documents of an item, each before and now."""
    return [Part(_label(part), localised(_text(old, part)), localised(_text(new, part))) for part in parts]


Placed = dict[str, tuple[str, Mapping[str, Any]]]


def _placed(document: Mapping[str, Any]) -> Placed:
    """The items by key, each with the name of its domain."""
    return dict(_keyed(document))


def _keyed(document: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, Mapping[str, Any]]]]:
    for domain in document["domains"]:
        for item in domain["items"]:
            yield f"{domain['id']}.{item['id']}", (localised(domain["name"]), item)


def _row(difference: ItemDifference, before: Placed, after: Placed, answers: Mapping[str, int]) -> Row:
    was = before.get(difference.old_key or "")
    now = after.get(difference.new_key or "")
    domain, item = now or was or ("", {})
    return Row(
        name=localised(item["name"]),
        domain=domain,
        moved_from=was[0] if was and difference.moved else "",
        answers=answers.get(difference.old_key or "", 0),
        parts=parts_of(was[1], now[1], difference.parts) if was and now else [],
    )


def _label(part: str) -> str:
    if part.startswith("level "):
        number = int(part.removeprefix("level "))
        return _("Level %(number)d: %(word)s") % {"number": number, "word": level_word(number)}
    return {"name": _("Name"), "question": _("Question")}[part]


def _text(item: Mapping[str, Any], part: str) -> Mapping[str, str]:
    if part.startswith("level "):
        text: Mapping[str, str] = item["levels"][int(part.removeprefix("level ")) - 1]
    else:
        text = item[part]
    return text
