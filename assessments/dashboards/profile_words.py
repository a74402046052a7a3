"""The figures of a profile in words and with units, as the page shows them."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from assessments.common.templatetags.govern import decimals, share, whole
from assessments.dashboards.column_words import TYPES
from assessments.quality.profile.changes import Change

LEAST_SHAPE = 0.05
Fact = tuple[str, str, str]  # what, the figure with its unit, a remark


def table_facts(content: Mapping[str, Any]) -> list[Fact]:
    """The figures of the whole table."""
    rows, surplus = content["rows"], content["duplicates"].get("surplus")
    facts = [
        (_("Rows"), whole(rows), ""),
        (_("Columns"), whole(content["columns_in_all"]), ""),
        (
            _("Repeated rows"),
            _("not counted") if surplus is None else whole(surplus),
            ""
            if surplus is None
            else _("surplus: all but one of each group of equal rows; %(share)s of all")
            % {"share": share(surplus / rows if rows else None)},
        ),
    ]
    activity = content.get("activity", {})
    if activity.get("events", {}).get("first"):
        events = activity["events"]
        facts.append((_("Time"), f"{events['first'][:16]} – {events['last'][:16]}", _("UTC, in “%(column)s”") % events))
    for key, name in (("users", _("Users")), ("items", _("Items"))):
        if activity.get(key, {}).get("count"):
            facts += _spread_facts(name, activity[key])
    if activity.get("sessions", {}).get("count"):
        sessions = activity["sessions"]
        how = _("by “%(column)s”") if sessions["by"] == "column" else _("a pause of over 30 minutes ends one")
        text = _("%(mean)s rows each; %(how)s") % {"mean": decimals(sessions["mean"], 1), "how": how % sessions}
        facts.append((_("Sessions"), whole(sessions["count"]), text))
    return facts


def _spread_facts(name: str, spread: Mapping[str, Any]) -> list[Fact]:
    quartiles = " / ".join(whole(one) for one in spread["quartiles"])
    text = _("%(mean)s rows each on average; quartiles %(quartiles)s, at most %(most)s; %(once)s in one row only")
    told = {
        "mean": decimals(spread["mean"], 1),
        "quartiles": quartiles,
        "most": whole(spread["most"]),
        "once": whole(spread["once"]),
    }
    tail = _("Gini coefficient: 0 is all alike, 1 is one has all; the most frequent 1 %% (%(count)s) have %(share)s")
    gini = tail % {"count": whole(spread["top_count"]), "share": share(spread["top_share"])}
    return [
        (name, whole(spread["count"]), text % told),
        (_("%(name)s: Gini") % {"name": name}, decimals(spread["gini"], 3), gini),
    ]


def column_shown(column: Mapping[str, Any], role: str) -> dict[str, Any]:
    """A column with its facts in words. Where hardly two values have one shape, as in sentences, shapes say nothing."""
    shapes = column.get("shapes", [])
    return {
        **column,
        "shapes": shapes if shapes and shapes[0]["share"] >= LEAST_SHAPE else [],
        "role": role,
        "type_label": TYPES.get(column["kind"], column["kind"]),
        "facts": list(_facts(column)),
    }


def _facts(column: Mapping[str, Any]) -> list[Fact]:
    about = _("about") + " " if column["distinct_sketched"] else ""
    sketched = _("sketched") if column["distinct_sketched"] else ""
    facts = [
        (_("Empty"), share(column["null_share"]), whole(column["nulls"])),
        (_("Different values"), about + whole(column["distinct"]), sketched),
    ]
    if column.get("not_finite"):
        facts.append((_("Not a finite number"), whole(column["not_finite"]), _("left out of the figures")))
    if column.get("min") is not None:
        facts.append((_("Least – greatest"), f"{figure(column['min'])} – {figure(column['max'])}", ""))
        quartiles = column["quartiles"]
        if None not in quartiles:
            words = " / ".join(figure(one) for one in quartiles)
            facts.append((_("Quartiles"), words, _("sketched") if column["quartiles_sketched"] else ""))
    if column.get("mean") is not None and column["kind"] != "boolean":
        spread = figure(column["deviation"]) if column.get("deviation") is not None else "–"
        facts.append((_("Mean ± deviation"), f"{figure(column['mean'])} ± {spread}", ""))
    if column.get("lengths"):
        least, mean, most = column["lengths"]
        facts.append(
            (_("Characters"), f"{whole(least)} – {whole(most)}", _("mean %(mean)s") % {"mean": decimals(mean, 1)})
        )
    return facts


def figure(value: Any) -> str:
    """A number of the data, with as many digits as it needs; a time without what it does not say."""
    if isinstance(value, str):
        return value[:16].removesuffix(" 00:00")
    if isinstance(value, int) or float(value).is_integer():
        return whole(int(value)) if abs(value) < 1e15 else f"{value:.3g}"
    return decimals(value, 2) if abs(value) >= 1 else f"{value:.3g}"


def change_shown(change: Change) -> dict[str, str]:
    words = {
        "added": (_("new column"), "–", _kind(change.now)),
        "gone": (_("the column is gone"), _kind(change.before), "–"),
        "type": (_("another type"), _kind(change.before), _kind(change.now)),
    }
    if change.what in words:
        what, before, now = words[change.what]
    elif change.what == "nulls":
        what, before, now = _("share of empty cells"), share(change.before), share(change.now)
    elif change.what == "mean":
        what, before, now = _("mean"), figure(change.before), figure(change.now)
    else:
        what, before, now = _("different values"), whole(change.before), whole(change.now)
    return {"column": change.column, "what": what, "before": before, "now": now}


def _kind(kind: Any) -> str:
    return str(TYPES.get(str(kind), kind))
