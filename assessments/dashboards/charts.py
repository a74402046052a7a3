"""Charts as pure functions: data in, a Plotly figure and its table out. Ink and paper follow the page's theme.

Series differ by dash, marker or pattern as well as by colour, so they stay apart in black and white. The colours are
those of Okabe and Ito, told apart by people with any common kind of colour blindness.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go
from django.utils.translation import gettext as _

from assessments.common.templatetags.govern import decimals, share

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


def learning_curve(epochs: Sequence[Mapping[str, Any]], series: Sequence[tuple[str, str]], *, loss: str = "") -> Chart:
    """Measured after each epoch. ``series``: (key in an epoch, name shown); an epoch without the key leaves a gap.

    ``loss`` is the key of the loss, which has a scale of its own, at the right.
    """
    numbers = [int(epoch["epoch"]) for epoch in epochs]
    shown = [*series, *([(loss, _("Loss"))] if loss else [])]
    traces = [
        go.Scatter(
            name=_("%(name)s (right scale)") % {"name": name} if key == loss and series else name,
            x=numbers,
            y=[epoch.get(key) for epoch in epochs],
            mode="lines+markers",
            line={"color": SERIES[i % 6], "dash": ("solid", "dot", "dash", "dashdot")[i % 4]},
            marker={"symbol": SYMBOLS[i % 6]},
            hovertemplate="%{x}: %{y:.4f}",
            yaxis="y2" if key == loss and series else "y",
        )
        for i, (key, name) in enumerate(shown)
    ]
    step = max(1, len(numbers) // 10)
    layout: dict[str, Any] = {"xaxis": {"title": {"text": _("Epoch")}, "dtick": step}, "showlegend": True}
    if loss and series:
        layout["yaxis2"] = {"overlaying": "y", "side": "right", "showgrid": False, "automargin": True}
    rows = [[str(n), *(decimals(e.get(k), 4) for k, _name in shown)] for n, e in zip(numbers, epochs, strict=True)]
    columns = [_("Epoch"), *(n for _k, n in shown)]
    return Chart("learning", _("What it learned, epoch by epoch"), figure_of(traces, **layout), columns, rows)


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
                orientation="h",  # so that the series of a row stand below each other
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
    figure = figure_of(traces, yaxis={"ticksuffix": _(" %"), "rangemode": "normal"}, xaxis=axis, showlegend=True)
    rows = [[date, *(share(scores.get(key)) for key in names)] for date, scores in runs]
    columns = [_("Check"), *(str(label) for label in names.values())]
    return Chart("history", _("Quality over the last checks"), figure, columns, rows)


def share_history(points: Sequence[tuple[str, float]]) -> Chart:
    """The failing share (0 to 1) of a finding over its checks: (date, share), oldest first."""
    places = list(range(len(points)))
    trace = go.Scatter(
        name=_("Rows failing"),
        x=places,
        text=[date for date, _share in points],
        y=[value * 100 for _date, value in points],
        mode="lines+markers",
        line={"color": RED},
        marker={"symbol": "circle", "size": 8},
        hovertemplate="%{text}: %{y:.2f} %",
    )
    step = max(1, len(points) // 8)
    dates = [date for date, _share in points]
    axis = {"tickvals": places[::step], "ticktext": dates[::step], "range": [-0.3, len(points) - 0.7]}
    figure = figure_of([trace], yaxis={"ticksuffix": _(" %"), "rangemode": "tozero"}, xaxis=axis)
    rows = [[date, share(value)] for date, value in points]
    return Chart("share", _("Share of checked rows that fail"), figure, [_("Check"), _("Rows failing")], rows)


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
