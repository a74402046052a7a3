"""Charts of the score: its domains, trend, tree, levels, drivers and changes. Pure functions, as in charts.py."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go
from django.utils.translation import gettext as _
from plotly.colors import sample_colorscale

from assessments.common.templatetags.govern import one, share, signed
from assessments.dashboards.charts import BAND, BLUE, GREEN, GREY, RED, UNDER, Chart, figure_of, wrapped


@dataclass(frozen=True)
class DomainPoint:
    """One axis of the radar; scores from 0 to 100, None where nothing is known."""

    name: str
    value: float | None
    previous: float | None = None


def radar(domains: Sequence[DomainPoint], *, period: str, previous_period: str = "") -> Chart:
    """This period's domain scores over the last one's."""
    names = [wrapped(d.name, 12) for d in domains]
    series = [(period, [d.value for d in domains], "solid", BLUE)]
    if previous_period:
        series.insert(0, (previous_period, [d.previous for d in domains], "dot", GREY))
    traces = [
        go.Scatterpolar(
            name=name,
            theta=[*names, *names[:1]],
            r=[*values, *values[:1]],
            mode="lines+markers",
            line={"dash": dash, "color": colour, "width": 2},
            connectgaps=False,
            fill="toself" if dash == "solid" and None not in values else None,
            fillcolor=BAND,
            hovertemplate="%{theta}: %{r:.1f}",
        )
        for name, values, dash, colour in series
    ]
    polar = {"radialaxis": {"range": [0, 100], "tickvals": [20, 40, 60, 80], "angle": 90, "tickangle": 90}}
    figure = figure_of(
        traces, polar=polar, margin={"l": 76, "r": 76, "t": 32, "b": 32}, font={"size": 11}, legend=UNDER
    )
    columns = [_("Domain"), period, *([previous_period] if previous_period else [])]
    rows = [[d.name, one(d.value), *([one(d.previous)] if previous_period else [])] for d in domains]
    return Chart("domains", _("Scores of the domains, 0 to 100"), figure, columns, rows)


@dataclass(frozen=True)
class TrendPoint:
    """One published assessment: score and 90 % interval, 0 to 100, and the page of it."""

    period: str
    score: float | None
    low: float | None
    high: float | None
    address: str = ""


def trend(points: Sequence[TrendPoint]) -> Chart:
    """The score of the published assessments with its 90 % band, oldest first."""
    periods = [p.period for p in points]
    band = [
        go.Scatter(
            x=periods, y=[p.low for p in points], mode="lines", line={"width": 0}, hoverinfo="skip", showlegend=False
        ),
        go.Scatter(
            name=_("90 % interval"),
            x=periods,
            y=[p.high for p in points],
            mode="lines",
            line={"width": 0},
            fill="tonexty",
            fillcolor=BAND,
            hoverinfo="skip",
        ),
    ]
    line = go.Scatter(
        name=_("Score"),
        x=periods,
        y=[p.score for p in points],
        mode="lines+markers",
        line={"color": BLUE, "width": 2},
        marker={"size": 9},
        customdata=[p.address for p in points],
        hovertemplate="%{x}: %{y:.1f}",
    )
    figure = figure_of(
        [*band, line], xaxis={"type": "category"}, yaxis={"range": [0, 100], "tickvals": [0, 20, 40, 60, 80, 100]}
    )
    rows = [[p.period, one(p.score), f"{one(p.low)} – {one(p.high)}"] for p in points]
    columns = [_("Period"), _("Score"), _("90 % interval")]
    return Chart("trend", _("The score over time, published assessments"), figure, columns, rows, opens=True)


def drivers(rows: Sequence[tuple[str, float, str]]) -> Chart:
    """What makes the score uncertain: (name, share of the score's spread from 0 to 1, address), largest first."""
    shown = list(reversed(rows))
    bars = go.Bar(
        x=[s * 100 for _name, s, _address in shown],
        y=[wrapped(name, 26) for name, _s, _address in shown],
        orientation="h",
        marker={"color": BLUE},
        text=[share(s) for _name, s, _address in shown],
        textposition="outside",
        cliponaxis=False,
        customdata=[address for _name, _s, address in shown],
        hovertemplate="%{y}: %{text}",
    )
    most = max((s for _name, s, _address in rows), default=1.0) * 100
    figure = figure_of([bars], xaxis={"ticksuffix": _(" %"), "range": [0, most * 1.5], "nticks": 4, "tickangle": 0})
    table = [[name, share(s)] for name, s, _address in rows]
    title = _("What the score's uncertainty comes from")
    return Chart("drivers", title, figure, [_("Part"), _("Share of the score's spread")], table, opens=True)


def waterfall(before: tuple[str, float], changes: Sequence[tuple[str, float]], after: tuple[str, float]) -> Chart:
    """From the last period's score to this one's, part by part: (name, change in points of the whole)."""
    steps = [wrapped(name, 12) for name in (before[0], *(name for name, _c in changes), after[0])]
    bars = go.Waterfall(
        x=steps,
        y=[before[1], *(change for _name, change in changes), after[1]],
        measure=["absolute", *("relative" for _c in changes), "total"],
        text=[one(before[1]), *(signed(change) for _name, change in changes), one(after[1])],
        textposition="outside",
        increasing={"marker": {"color": GREEN}},
        decreasing={"marker": {"color": RED}},
        totals={"marker": {"color": BLUE}},
        hovertemplate="%{x}: %{text}",
    )
    top = max(before[1], after[1], before[1] + sum(change for _name, change in changes if change > 0))
    figure = figure_of([bars], yaxis={"range": [0, min(top * 1.2 + 1, 115)]}, xaxis={"type": "category"})
    rows = [[before[0], one(before[1])], *([n, signed(c)] for n, c in changes), [after[0], one(after[1])]]
    return Chart("changes", _("What changed the score since the last period"), figure, [_("Part"), _("Points")], rows)


@dataclass(frozen=True)
class TreeNode:
    """A node of the score tree; ``share`` is its weight in the whole (0 to 1), ``value`` its score (0 to 100).

    ``method`` says in words how its parts are put together.
    """

    path: str
    parent: str
    name: str
    share: float
    value: float | None
    address: str
    method: str = ""


def tree(nodes: Sequence[TreeNode]) -> Chart:
    """The whole score as an icicle: width is weight, shade is score."""
    root = next(node for node in nodes if not node.path)
    icicle = go.Icicle(
        ids=["root" if node is root else node.path for node in nodes],
        parents=["" if node is root else node.parent or "root" for node in nodes],
        labels=[node.name for node in nodes],
        values=[node.share for node in nodes],
        branchvalues="total",
        text=[one(node.value) for node in nodes],
        texttemplate="%{label}<br>%{text}",
        hovertemplate="%{label}: %{text}<extra></extra>",
        customdata=[node.address for node in nodes],
        tiling={"orientation": "v"},
        pathbar={"visible": False},
        leaf={"opacity": 1},
        sort=False,
        marker={"colors": [score_colour(node.value) for node in nodes], "line": {"width": 1}},
    )
    rows = [[node.name, one(node.value), share(node.share), node.method] for node in nodes]
    columns = [_("Part"), _("Score"), _("Weight in the whole"), _("Put together by")]
    return Chart(
        "tree",
        _("Where the score comes from: width is weight, colour is score"),
        figure_of([icicle], uniformtext={"minsize": 10, "mode": "hide"}),
        columns,
        rows,
        opens=True,
    )


def score_colour(value: float | None) -> str:
    """Dark for a low score, light for a high one, in a scale for all eyes (viridis); grey: not known."""
    return GREY if value is None else str(sample_colorscale("Viridis", value / 100)[0])


def level_probabilities(probabilities: Mapping[int, float], words: Mapping[int, Any]) -> Chart:
    """How probable each level is, given the interval."""
    levels = sorted(words)
    shares = [probabilities.get(level, 0.0) for level in levels]
    bars = go.Bar(
        x=[s * 100 for s in shares],
        y=[f"{level} · {words[level]}" for level in levels],
        orientation="h",
        text=[share(s) for s in shares],
        textposition="outside",
        cliponaxis=False,
        marker={"color": BLUE},
        hovertemplate="%{y}: %{text}",
    )
    axis = {
        "range": [0, 165],
        "tickvals": [0, 50, 100],
        "ticktext": [_("%(percent)s %%") % {"percent": n} for n in (0, 50, 100)],
    }
    figure = figure_of([bars], xaxis=axis, yaxis={"type": "category", "autorange": "reversed"})
    rows = [[f"{level} · {words[level]}", share(s)] for level, s in zip(levels, shares, strict=True)]
    return Chart("levels", _("How probable each level is"), figure, [_("Level"), _("Probability")], rows)
