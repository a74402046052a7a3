"""Draws against the distributions that they come from, computed by SciPy."""

import hashlib

import numpy as np
import pytest
from scipy import stats
from trees import answers, metric, rate

from assessments.scoring.uncertainty import measure_draws, measure_value, part_error, stream
from assessments.scoring.weights import dirichlet_parts

DRAWS = 100_000


@pytest.mark.parametrize(("passing", "checked"), [(941, 1000), (0, 10), (10, 10), (3, 7), (541_908, 541_909)])
def test_a_rate_varies_as_jeffreys_says(passing: int, checked: int) -> None:
    exact = stats.beta(passing + 0.5, checked - passing + 0.5)
    drawn = measure_draws(rate(passing, checked)["measure"], "seed", "x", DRAWS)
    assert drawn.mean() == pytest.approx(exact.mean(), abs=6 * exact.std() / DRAWS**0.5)
    assert drawn.std() == pytest.approx(exact.std(), rel=0.02)
    for share in (0.05, 0.5, 0.95):
        assert exact.cdf(np.quantile(drawn, share)) == pytest.approx(share, abs=0.005)


def test_the_rate_interval_is_near_the_binomial_one() -> None:
    drawn = measure_draws(rate(90, 120)["measure"], "seed", "x", DRAWS)
    wilson = stats.binomtest(90, 120).proportion_ci(0.90, method="wilson")
    assert np.quantile(drawn, [0.05, 0.95]) == pytest.approx([wilson.low, wilson.high], abs=0.003)


def test_a_metric_varies_by_its_standard_error() -> None:
    drawn = measure_draws(metric(0.3, 0.02)["measure"], "seed", "x", DRAWS)
    assert stats.kstest(drawn, stats.norm(0.3, 0.02).cdf).pvalue > 0.001
    assert measure_draws(metric(0.3)["measure"], "seed", "x", 5).tolist() == [0.3] * 5


def test_raters_spread() -> None:
    one, two, apart = (answers(*levels)["measure"]["groups"][0]["parts"][0] for levels in ([3], [3, 3], [2, 4]))
    assert part_error("answers", one) == 0.5
    assert part_error("answers", two) == pytest.approx(0.25)
    assert part_error("answers", apart) == pytest.approx((0.25 + 2) ** 0.5 / 2)


def test_skill_is_a_share_of_the_baseline() -> None:
    part = {"difference": 0.03, "standard_error": 0.006, "baseline": 0.1, "baseline_error": 0.01}
    assert measure_value({"kind": "skill", "groups": [{"parts": [part]}]}) == pytest.approx(0.3)
    assert part_error("skill", part) == pytest.approx((0.006 + 0.3 * 0.01) / 0.1)


def test_a_big_table_does_not_hide_a_small_one() -> None:
    groups = [rate(1_000_000, 1_000_000)["measure"]["groups"][0], rate(0, 10)["measure"]["groups"][0]]
    assert measure_value({"kind": "rates", "groups": groups}) == 0.5


def test_rules_count_by_their_weight_within_a_table() -> None:
    parts = [{"passing": 1, "checked": 1, "weight": 4.0}, {"passing": 0, "checked": 1, "weight": 1.0}]
    assert measure_value({"kind": "rates", "groups": [{"parts": parts}]}) == pytest.approx(0.8)


@pytest.mark.parametrize(
    "part", [{"passing": 2, "checked": 1}, {"passing": -1, "checked": 1}, {"passing": 0, "checked": 0}]
)
def test_an_impossible_rate_is_refused(part: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="rate"):
        measure_value({"kind": "rates", "groups": [{"parts": [part]}]})


def test_weights_vary_as_a_dirichlet() -> None:
    chosen, concentration = [0.5, 0.3, 0.2], 25.0
    gammas = [
        dirichlet_parts(stream("seed", str(place)).standard_normal(DRAWS), weight, 3, concentration)
        for place, weight in enumerate(chosen)
    ]
    shares = np.array(gammas) / np.sum(gammas, axis=0)
    exact = stats.dirichlet(np.array(chosen) * 75)
    assert shares.mean(axis=1) == pytest.approx(exact.mean(), abs=0.001)
    assert shares.var(axis=1) == pytest.approx(exact.var(), rel=0.03)


def test_the_stream_of_random_numbers_never_changes() -> None:
    """Sealed assessments are recomputed for years: a NumPy that draws other numbers must not pass unnoticed."""
    drawn = stream("0" * 64, "leaf a.b").standard_normal(1000)
    assert (
        hashlib.sha256(np.round(drawn, 12).tobytes()).hexdigest()
        == "91e5e008e3923740e8a6cc3f21fa9dc727ed3e1cc64f268ba42986483c8f675c"
    )
    assert stream("0" * 64, "leaf a.c").standard_normal(1)[0] != drawn[0]
