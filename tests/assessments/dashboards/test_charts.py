"""The figures hold the numbers that they were given, and their tables say the same."""

import json
import math

import pytest

from assessments.common.levels import LEVELS
from assessments.dashboards import charts, score_charts
from assessments.dashboards.score_changes import Part, decompose


def trace(chart: charts.Chart, number: int = 0) -> dict[str, object]:
    """The trace as the page gets it."""
    return json.loads(chart.figure.to_json())["data"][number]


def test_radar_closes_each_line_and_draws_this_period_over_the_last() -> None:
    points = [
        score_charts.DomainPoint("A", 10, 5),
        score_charts.DomainPoint("B", 20, None),
        score_charts.DomainPoint("C", 30, 15),
    ]
    chart = score_charts.radar(points, period="2026-Q3", previous_period="2026-Q2")
    assert trace(chart, 0)["r"] == [5, None, 15, 5]
    assert trace(chart, 1)["r"] == [10, 20, 30, 10]
    assert trace(chart, 1)["theta"] == ["A", "B", "C", "A"]
    assert [trace(chart, n)["line"]["dash"] for n in (0, 1)] == ["dot", "solid"]
    assert chart.rows == [["A", "10.0", "5.0"], ["B", "20.0", "not known"], ["C", "30.0", "15.0"]]


def test_radar_without_a_last_period_has_one_line() -> None:
    chart = score_charts.radar([score_charts.DomainPoint("A", 1), score_charts.DomainPoint("B", 2)], period="2026-Q3")
    assert len(chart.figure.data) == 1
    assert list(chart.columns) == ["Domain", "2026-Q3"]


def test_trend_fills_the_band_between_low_and_high() -> None:
    points = [
        score_charts.TrendPoint("2026-Q2", 50, 45, 56, "/a/"),
        score_charts.TrendPoint("2026-Q3", 60, 52, 66, "/b/"),
    ]
    chart = score_charts.trend(points)
    low, high, line = (trace(chart, n) for n in range(3))
    assert (low["y"], high["y"], line["y"]) == ([45, 52], [56, 66], [50, 60])
    assert high["fill"] == "tonexty"
    assert line["customdata"] == ["/a/", "/b/"]
    assert chart.rows[1] == ["2026-Q3", "60.0", "52.0 – 66.0"]


def test_drivers_are_drawn_largest_on_top() -> None:
    chart = score_charts.drivers([("weights", 0.6, "/w/"), ("AUC", 0.25, "/a/")])
    assert trace(chart)["x"] == [25.0, 60.0]
    assert trace(chart)["customdata"] == ["/a/", "/w/"]
    assert chart.rows[0] == ["weights", "60.0 %"]


def test_waterfall_starts_before_and_ends_after() -> None:
    chart = score_charts.waterfall(("2026-Q2", 60.0), [("maturity", 3.0), ("data", -1.0)], ("2026-Q3", 62.0))
    assert trace(chart)["y"] == [60.0, 3.0, -1.0, 62.0]
    assert trace(chart)["measure"] == ["absolute", "relative", "relative", "total"]
    assert trace(chart)["text"] == ["60.0", "+3.0", "−1.0", "62.0"]


def test_tree_joins_children_to_parents_and_greys_the_unknown() -> None:
    nodes = [
        score_charts.TreeNode("", "", "All", 1.0, 50.0, "/"),
        score_charts.TreeNode("a", "", "A", 0.5, 100.0, "/?node=a"),
        score_charts.TreeNode("b", "", "B", 0.5, None, "/?node=b"),
        score_charts.TreeNode("b.c", "b", "C", 0.5, None, "/?node=b.c"),
    ]
    icicle = trace(score_charts.tree(nodes))
    assert icicle["ids"] == ["root", "a", "b", "b.c"]
    assert icicle["parents"] == ["", "root", "root", "b"]
    assert icicle["values"] == [1.0, 0.5, 0.5, 0.5]
    assert icicle["marker"]["colors"][2:] == [charts.GREY, charts.GREY]
    assert icicle["text"] == ["50.0", "100.0", "not known", "not known"]


def test_colours_of_scores_get_lighter_with_the_score() -> None:
    def lightness(score: float) -> float:
        red, green, blue = (float(part) for part in score_charts.score_colour(score)[4:-1].split(","))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    steps = [lightness(score) for score in range(0, 101, 10)]
    assert steps == sorted(steps)
    assert steps[-1] - steps[0] > 150


def test_level_probabilities_name_all_five_levels() -> None:
    chart = score_charts.level_probabilities({2: 0.25, 3: 0.75}, LEVELS)
    assert trace(chart)["x"] == [0.0, 25.0, 75.0, 0.0, 0.0]
    assert trace(chart)["y"][0] == "1 · initial"


def test_learning_curve_leaves_a_gap_where_nothing_was_measured() -> None:
    epochs = [{"epoch": 1, "auc_validation": 0.6}, {"epoch": 2, "auc_validation": 0.7, "auc_test": 0.65}]
    chart = charts.learning_curve(epochs, [("auc_validation", "validation"), ("auc_test", "test")])
    assert trace(chart, 0)["y"] == [0.6, 0.7]
    assert trace(chart, 1)["y"] == [None, 0.65]
    assert trace(chart, 0)["x"] == [1, 2]
    assert chart.rows[0] == ["1", "0.6000", "not known"]


def test_intervals_reach_from_low_to_high() -> None:
    values = [charts.Interval("ease", "NDCG@10", 0.2, 0.15, 0.27), charts.Interval("popular", "NDCG@10", 0.1)]
    chart = charts.intervals("metrics", "Metrics", values, zero=True)
    errors = trace(chart, 0)["error_x"]
    assert errors["array"] == [pytest.approx(0.07)]
    assert errors["arrayminus"] == [pytest.approx(0.05)]
    assert trace(chart, 0)["marker"]["symbol"] != trace(chart, 1)["marker"]["symbol"]
    assert len(chart.figure.layout.shapes) == 1


def test_quality_history_draws_only_dimensions_that_were_measured() -> None:
    runs = [("#1", {"completeness": 0.5, "validity": None}), ("#2", {"completeness": 0.9, "validity": None})]
    chart = charts.quality_history(runs, {"completeness": "Completeness", "validity": "Validity"})
    assert [t.name for t in chart.figure.data] == ["Completeness"]
    assert trace(chart)["y"] == [50.0, 90.0]
    assert chart.rows[1] == ["#2", "90.0 %", "not known"]


def test_two_checks_at_one_time_stay_apart() -> None:
    runs = [("11-23 20:40", {"validity": 0.5}), ("11-23 20:40", {"validity": 0.6})]
    assert trace(charts.quality_history(runs, {"validity": "Validity"}))["x"] == [0, 1]


def test_labels_break_between_words_and_between_wide_letters() -> None:
    assert charts.wrapped("Recommender capability", 12) == "Recommender<br>capability"
    assert charts.wrapped("数据生存周期", 8) == "数据生存<br>周期"


def test_parts_of_an_arithmetic_mean_bring_weight_times_change() -> None:
    parts = [Part("a", 0.25, 80, 60), Part("b", 0.75, 40, 44)]
    assert decompose(parts, 48.0, 50.0, geometric=False) == [("a", 5.0), ("b", -3.0)]


def test_parts_of_a_geometric_mean_add_up_to_its_change_exactly() -> None:
    now, before, weights = (80.0, 40.0, 70.0), (60.0, 44.0, 70.0), (0.2, 0.5, 0.3)
    whole = [math.prod(v**w for v, w in zip(values, weights, strict=True)) for values in (before, now)]
    parts = [Part(str(n), w, v, b) for n, (w, v, b) in enumerate(zip(weights, now, before, strict=True))]
    changes = decompose(parts, *whole, geometric=True)
    assert sum(change for _name, change in changes) == pytest.approx(whole[1] - whole[0], abs=1e-12)
    assert changes[2][1] == 0.0


def test_a_part_that_was_not_known_brings_nothing() -> None:
    assert decompose([Part("a", 1.0, 50.0, None)], 40.0, 50.0, geometric=True) == [("a", 0.0)]
