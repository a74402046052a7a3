"""Charts as pure functions: data in, a Plotly figure and its table out. Ink and paper follow the page's theme.

Series differ by dash, marker or pattern as well as by colour, so they stay apart in black and white. The colours are
those of Okabe and Ito, told apart by people with any common kind of colour blindness.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go
from django.utils.translation import gettext as _
from plotly.colors import sample_colorscale

from assessments.common.templatetags.govern import decimals, one, share, signed

BLUE, ORANGE, GREEN, RED, GREY = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#8a8f98"
SERIES = (BLUE, ORANGE, GREEN, "#CC79A7", "#56B4E9", GREY)
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "x")
UNDER = {"orientation": "h", "yanchor": "top", "y": -0.12, "xanchor": "center", "x": 0.5}
DOTTED = {"color": GREY, "dash": "dot"}
BAND = "rgba(0, 114, 178, 0.18)"


@dataclass(frozen=True)
class Chart:
    """A figure with the name of its element, a title that says what to see, and the table of its numbers.

    ``opens``: a click on a point opens the address in its ``customdata``.
    """

    name: str
    title: str
    figure: go.Figure
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    opens: bool = False


def figure_of(traces: Sequence[Any], **layout: Any) -> go.Figure:
    base: dict[str, Any] = {
        "template": "none",
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "legend": {"orientation": "h", "yanchor": "bottom", "y": 1.02, "x": 0},
        "showlegend": len(traces) > 1,
    }
    return go.Figure(data=list(traces), layout={**base, **layout})


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
        traces, polar=polar, margin={"l": 60, "r": 60, "t": 36, "b": 36}, font={"size": 11}, legend=UNDER
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
    figure = figure_of([bars], xaxis={"ticksuffix": " %", "range": [0, most * 1.2]})
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
    """A node of the score tree; ``share`` is its weight in the whole (0 to 1), ``value`` its score (0 to 100)."""

    path: str
    parent: str
    name: str
    share: float
    value: float | None
    address: str


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
    rows = [[node.name, one(node.value), share(node.share)] for node in nodes]
    columns = [_("Part"), _("Score"), _("Weight in the whole")]
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
    axis = {"range": [0, 130], "tickvals": [0, 50, 100], "ticktext": ["0 %", "50 %", "100 %"]}
    figure = figure_of([bars], xaxis=axis, yaxis={"type": "category", "autorange": "reversed"})
    rows = [[f"{level} · {words[level]}", share(s)] for level, s in zip(levels, shares, strict=True)]
    return Chart("levels", _("How probable each level is"), figure, [_("Level"), _("Probability")], rows)


def learning_curve(epochs: Sequence[Mapping[str, Any]], series: Sequence[tuple[str, str]]) -> Chart:
    """Measured after each epoch. ``series``: (key in an epoch, name shown); an epoch without the key leaves a gap."""
    numbers = [int(epoch["epoch"]) for epoch in epochs]
    traces = [
        go.Scatter(
            name=name,
            x=numbers,
            y=[epoch.get(key) for epoch in epochs],
            mode="lines+markers",
            line={"color": SERIES[i % 6], "dash": ("solid", "dot", "dash", "dashdot")[i % 4]},
            marker={"symbol": SYMBOLS[i % 6]},
            hovertemplate="%{x}: %{y:.4f}",
        )
        for i, (key, name) in enumerate(series)
    ]
    figure = figure_of(
        traces, xaxis={"title": {"text": _("Epoch")}, "dtick": max(1, len(numbers) // 10)}, showlegend=True
    )
    rows = [[str(n), *(decimals(e.get(k), 4) for k, _name in series)] for n, e in zip(numbers, epochs, strict=True)]
    return Chart("learning", _("What it learned, epoch by epoch"), figure, [_("Epoch"), *(n for _k, n in series)], rows)


@dataclass(frozen=True)
class Interval:
    """A value with its interval, of one series (a model, or a run) in one row of the chart (a metric)."""

    series: str
    row: str
    value: float
    low: float | None = None
    high: float | None = None


def intervals(name: str, title: str, values: Sequence[Interval], *, zero: bool = False) -> Chart:
    """Values as points with 95 % intervals, a marker for each series; ``zero`` draws the line of no difference."""
    series = list(dict.fromkeys(v.series for v in values))
    traces = []
    for i, each in enumerate(series):
        mine = [v for v in values if v.series == each]
        traces.append(
            go.Scatter(
                name=each,
                x=[v.value for v in mine],
                y=[v.row for v in mine],
                mode="markers",
                marker={"color": SERIES[i % 6], "symbol": SYMBOLS[i % 6], "size": 10},
                error_x={
                    "type": "data",
                    "symmetric": False,
                    "array": [0 if v.high is None else v.high - v.value for v in mine],
                    "arrayminus": [0 if v.low is None else v.value - v.low for v in mine],
                    "color": SERIES[i % 6],
                },
                hovertemplate="%{y}: %{x:.4f}",
            )
        )
    shapes = [{"type": "line", "x0": 0, "x1": 0, "yref": "paper", "y0": 0, "y1": 1, "line": DOTTED}]
    figure = figure_of(
        traces,
        yaxis={"type": "category", "autorange": "reversed"},
        scattermode="group",
        showlegend=len(series) > 1,
        shapes=shapes if zero else [],
    )
    rows = [[v.row, v.series, decimals(v.value, 4), f"{decimals(v.low, 4)} – {decimals(v.high, 4)}"] for v in values]
    return Chart(name, title, figure, [_("Metric"), _("Model"), _("Value"), _("95 % interval")], rows)


def quality_history(runs: Sequence[tuple[str, Mapping[str, float | None]]], names: Mapping[str, Any]) -> Chart:
    """The score of each dimension over the last checks: (date, {dimension: share from 0 to 1}), oldest first."""
    places = list(range(len(runs)))
    axis = {"tickvals": places, "ticktext": [date for date, _scores in runs], "range": [-0.3, len(runs) - 0.7]}
    traces = [
        go.Scatter(
            name=str(label),
            x=places,
            text=[date for date, _scores in runs],
            y=[None if scores.get(key) is None else (scores[key] or 0.0) * 100 for _date, scores in runs],
            mode="lines+markers",
            line={"color": SERIES[i % 6]},
            marker={"symbol": SYMBOLS[i % 6], "size": 8},
            hovertemplate="%{text}: %{y:.1f} %",
        )
        for i, (key, label) in enumerate(names.items())
        if any(scores.get(key) is not None for _date, scores in runs)
    ]
    figure = figure_of(traces, yaxis={"ticksuffix": " %", "rangemode": "normal"}, xaxis=axis, showlegend=True)
    rows = [[date, *(share(scores.get(key)) for key in names)] for date, scores in runs]
    columns = [_("Check"), *(str(label) for label in names.values())]
    return Chart("history", _("Quality over the last checks"), figure, columns, rows)


def wrapped(text: str, width: int) -> str:
    """The text broken into lines of about ``width`` characters for a chart's label; wide characters count double."""
    if any(ord(letter) > 0x2E80 for letter in text):
        half = max(width // 2, 1)
        return "<br>".join(text[i : i + half] for i in range(0, len(text), half))
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += " " + word
        else:
            lines.append(word)
    return "<br>".join(lines)
