"""From a stored tuning to what its page shows."""

from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go
from django.utils.translation import gettext as _

from assessments.common.templatetags.govern import decimals
from assessments.dashboards.charts import SERIES, SYMBOLS, Chart, figure_of
from assessments.dashboards.model_words import choice_word, model_label, option_word
from assessments.dashboards.run_figures import metric_short
from assessments.recommenders.ml_words import told
from assessments.recommenders.models import TuningRun

SHOWN = 20


@dataclass(frozen=True)
class Trial:
    """``place`` is that in the stored list, by which it is trained; ``options`` are those varied, in words."""

    place: int
    model: str
    value: float
    seconds: float
    options: str
    best: bool


@dataclass(frozen=True)
class ModelTrials:
    label: str
    tried: int
    measured: int
    seconds: float
    best: float | None
    message: str


def trials_of(tuning: TuningRun) -> list[Trial]:
    """The best trials, best first."""
    placed = [(place, trial) for place, trial in enumerate(tuning.trials) if trial.get("value") is not None]
    ordered = sorted(placed, key=lambda pair: (-pair[1]["value"], pair[1]["seconds"]))[:SHOWN]
    varied = _varied(tuning)
    return [
        Trial(
            place,
            model_label(trial["model"]),
            trial["value"],
            trial["seconds"],
            _options(trial, varied[trial["model"]]),
            number == 0,
        )
        for number, (place, trial) in enumerate(ordered)
    ]


def best_by_model(tuning: TuningRun) -> list[ModelTrials]:
    rows = []
    for model in tuning.model_names:
        own = [trial for trial in tuning.trials if trial["model"] == model]
        values = [trial["value"] for trial in own if trial.get("value") is not None]
        said = "" if values else told(next((trial["message"] for trial in own if trial.get("message")), ""))
        seconds = sum(trial["seconds"] for trial in own)
        rows.append(ModelTrials(model_label(model), len(own), len(values), seconds, max(values, default=None), said))
    return rows


def trials_chart(tuning: TuningRun) -> Chart | None:
    """Every measured trial in order: later ones should lie higher."""
    measured = [trial for trial in tuning.trials if trial.get("value") is not None]
    if len(measured) < 2:
        return None
    models = list(dict.fromkeys(trial["model"] for trial in measured))
    metric = metric_short(f"{tuning.metric}@10")
    traces = []
    for i, model in enumerate(models):
        own = [trial for trial in measured if trial["model"] == model]
        traces.append(
            go.Scatter(
                name=model_label(model),
                x=[trial["number"] + 1 for trial in own],
                y=[trial["value"] for trial in own],
                mode="markers",
                marker={"color": SERIES[i % 6], "symbol": SYMBOLS[i % 6], "size": 9},
                hovertemplate="%{x}: %{y:.4f}",
            )
        )
    axes = {"xaxis": {"title": {"text": _("Trial")}}, "yaxis": {"title": {"text": metric}}}
    rows = [[model_label(trial["model"]), str(trial["number"] + 1), decimals(trial["value"], 4)] for trial in measured]
    title = _("%(metric)s of each trial on the validation part: the higher, the better") % {"metric": metric}
    figure = figure_of(traces, showlegend=True, **axes)
    return Chart("trials", title, figure, [_("Recommender"), _("Trial"), metric], rows)


def _varied(tuning: TuningRun) -> dict[str, set[str]]:
    """Model → the options whose values differ between its trials."""
    found: dict[str, dict[str, set[str]]] = {}
    for trial in tuning.trials:
        mine = found.setdefault(trial["model"], {})
        for name, value in trial["options"].items():
            mine.setdefault(name, set()).add(str(value))
    return {model: {name for name, values in options.items() if len(values) > 1} for model, options in found.items()}


def _options(trial: dict[str, Any], varied: set[str]) -> str:
    shown = [f"{option_word(n)} {_value(v)}" for n, v in trial["options"].items() if n in varied]
    return _("; ").join(shown) or _("as usual")


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return f"{value:.4g}" if isinstance(value, float) else choice_word(value) if isinstance(value, str) else str(value)
