"""Charts of a profile: small ones for columns, events over time, the long tail."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go
from django.utils.translation import gettext as _

from assessments.common.templatetags.govern import decimals, share, whole
from assessments.dashboards.charts import BLUE, DOTTED, ORANGE, Chart, figure_of

SMALL_MARGIN = {"l": 4, "r": 4, "t": 4, "b": 4}
LABEL = 22


def column_chart(column: Mapping[str, Any], position: int) -> Chart | None:
    """The distribution of a column: its values where they are few, else a histogram, else the most frequent values."""
    top = column.get("top", [])
    few = bool(top) and len(top) == column["distinct"]
    if column.get("histogram") and not few:
        return histogram(column, position)
    return values_chart(column, position, every=few) if top else None


def histogram(column: Mapping[str, Any], position: int) -> Chart:
    drawn = column["histogram"]
    edges, counts = drawn["edges"], drawn["counts"]
    names = [f"{_edge(low)} – {_edge(high)}" for low, high in itertools.pairwise(edges)]
    if column["kind"] in {"date", "timestamp"}:
        middles: Sequence[Any] = edges[:-1]
    else:
        middles = [(low + high) / 2 for low, high in itertools.pairwise(edges)]
    bars = go.Bar(
        x=middles, y=counts, text=names, textposition="none", marker={"color": BLUE}, hovertemplate="%{text}: %{y:,}"
    )
    figure = figure_of([bars], margin=SMALL_MARGIN, bargap=0.05, yaxis={"showticklabels": False}, xaxis={"nticks": 5})
    rows = [[name, whole(count)] for name, count in zip(names, counts, strict=True)]
    outside = [(_("below"), drawn["below"]), (_("above"), drawn["above"])]
    rows += [[name, whole(count)] for name, count in outside if count]
    title = _("How the values of “%(column)s” are distributed") % {"column": column["name"]}
    return Chart(f"column-{position}", title, figure, [_("From – to"), _("Rows")], rows)


def values_chart(column: Mapping[str, Any], position: int, *, every: bool) -> Chart:
    top = column["top"]
    names = [_short(one["value"]) for one in top]
    # Numbered, so that two values that are masked alike stay two bars.
    places = list(range(len(top)))
    bars = go.Bar(
        x=[one["count"] for one in top],
        y=places,
        text=names,
        textposition="none",
        orientation="h",
        marker={"color": BLUE if every else ORANGE},
        hovertemplate="%{text}: %{x:,}",
    )
    axis = {"autorange": "reversed", "tickvals": places, "ticktext": names, "tickfont": {"size": 10}}
    figure = figure_of([bars], margin=SMALL_MARGIN, bargap=0.2, yaxis=axis, xaxis={"nticks": 4})
    title = _("All values of “%(column)s”") if every else _("The most frequent values of “%(column)s”")
    rows = [[_short(one["value"], 80), whole(one["count"]), share(one["share"])] for one in top]
    columns = [_("Value"), _("Rows"), _("Share of the filled cells")]
    return Chart(f"column-{position}", title % {"column": column["name"]}, figure, columns, rows)


def events_chart(events: Mapping[str, Any]) -> Chart:
    """Rows of each day, month or year."""
    units = {"day": _("day"), "month": _("month"), "year": _("year")}
    line = go.Bar(x=events["periods"], y=events["counts"], marker={"color": BLUE}, hovertemplate="%{x}: %{y:,}")
    figure = figure_of(
        [line], bargap=0, yaxis={"title": {"text": _("rows")}, "rangemode": "tozero"}, xaxis={"type": "date"}
    )
    title = _("Rows for each %(unit)s") % {"unit": units[events["unit"]]}
    rows = [[period, whole(count)] for period, count in zip(events["periods"], events["counts"], strict=True)]
    return Chart("events", title, figure, [units[events["unit"]], _("Rows")], rows)


def tail_chart(activity: Mapping[str, Any]) -> Chart | None:
    """The share of events that the most frequent share of items, and of users, has; the diagonal is equality."""
    named = [("items", _("Items"), "solid", BLUE), ("users", _("Users"), "dash", ORANGE)]
    there = [one for one in named if activity.get(one[0], {}).get("curve")]
    if not there:
        return None
    traces = [
        go.Scatter(
            name=name,
            x=[100 * point[0] for point in activity[key]["curve"]],
            y=[100 * point[1] for point in activity[key]["curve"]],
            mode="lines",
            line={"color": colour, "dash": dash},
            hovertemplate=_("the most frequent %{x} % have %{y:.1f} %"),
        )
        for key, name, dash, colour in there
    ]
    diagonal = [{"type": "line", "x0": 0, "y0": 0, "x1": 100, "y1": 100, "line": DOTTED}]
    figure = figure_of(
        traces,
        shapes=diagonal,
        showlegend=True,
        xaxis={"title": {"text": _("the most frequent, in % of all")}, "range": [0, 100]},
        yaxis={"title": {"text": _("their rows, in % of all")}, "range": [0, 101]},
    )
    curves = [{point[0]: point[1] for point in activity[key]["curve"]} for key, *_rest in there]
    rows = [[share(place), *(share(curve.get(place)) for curve in curves)] for place in curves[0]]
    title = _("The long tail: how much the most frequent have")
    return Chart("tail", title, figure, [_("The most frequent"), *(name for _key, name, *_rest in there)], rows)


def _edge(value: float | str | None) -> str:
    if isinstance(value, str):
        return value.removesuffix(" 00:00:00")
    if value is None:
        return "?"
    return decimals(value, 0) if float(value).is_integer() or abs(value) >= 1_000 else f"{value:.3g}"


def _short(value: Any, most: int = LABEL) -> str:
    text = str(value) if str(value).strip() else "␣"
    return text if len(text) <= most else text[: most - 1] + "…"
