"""Bindings: what is refused with place and reason, the level of a value, and the bindings that come with Govern."""

from typing import Any

import pytest
import yaml
from django.conf import settings

from assessments.common.errors import GovernError
from assessments.scoring.bindings import bindings_of, bindings_read, level_of

ITEMS = {"quality.checks", "quality.analysis"}
SHARE = [0.1, 0.8, 0.95, 1.0]
DAYS = [90.0, 31.0, 7.0, 1.0]


def text_of(item: str = "quality.checks", **more: Any) -> str:
    binding = {
        "indicator": "datasets_checked",
        "cuts": SHARE,
        "measures": {"en": "datasets checked", "zh": "已检查的数据集"},
        "reason": {"en": "Because.", "zh": "因为。"},
    } | more
    return yaml.safe_dump({"framework": "small", "bindings": {item: binding}}, allow_unicode=True)


def test_a_binding_is_read() -> None:
    binding = bindings_read(text_of(parameters={"a": 1}, validity_days=9), "small.yaml", items=ITEMS)["quality.checks"]
    assert (binding.item, binding.indicator, binding.cuts) == ("quality.checks", "datasets_checked", tuple(SHARE))
    assert (binding.parameters, binding.validity_days) == ({"a": 1}, 9)
    assert binding.measures == {"en": "datasets checked", "zh": "已检查的数据集"}


@pytest.mark.parametrize(
    ("value", "cuts", "level"),
    [
        (0.0, SHARE, 1),
        (0.0999, SHARE, 1),
        (0.1, SHARE, 2),
        (0.8, SHARE, 3),
        (0.96, SHARE, 4),
        (1.0, SHARE, 5),
        (0.03 / 0.1, [0.1, 0.3, 0.75, 1.5], 3),
        (0.3 - 1e-12, [0.1, 0.3, 0.75, 1.5], 3),
        ((0.13 - 0.1) / 0.1, [0.1, 0.3, 0.75, 1.5], 3),
        (-0.2, [0.1, 0.3, 0.75, 1.5], 1),
        (91.0, DAYS, 1),
        (90.0, DAYS, 2),
        (30.0, DAYS, 3),
        (2.0, DAYS, 4),
        (1.0, DAYS, 5),
        (0.0, DAYS, 5),
    ],
)
def test_a_value_on_a_cut_reaches_its_level(value: float, cuts: list[float], level: int) -> None:
    assert level_of(value, cuts) == level


@pytest.mark.parametrize(
    ("text", "where", "reason"),
    [
        (text_of("quality.nothing"), "small.yaml bindings.quality.nothing", "no item “quality.nothing”"),
        (text_of(indicator="magic"), "small.yaml bindings.quality.checks.indicator", "No indicator named “magic”"),
        (text_of(indicator="answer_level"), "small.yaml bindings.quality.checks.indicator", "“answer_level”"),
        (text_of(cuts=[0.1, 0.8, 0.8, 1]), "small.yaml bindings.quality.checks.cuts", "neither rise nor fall"),
        (text_of(cuts=[0.1, 0.8, 0.5, 1]), "small.yaml bindings.quality.checks.cuts", "neither rise nor fall"),
        (text_of(cuts=[0.1, 0.8, 1]), "small.yaml bindings.quality.checks.cuts", "too short"),
        (text_of(measures={"en": "x"}), "small.yaml bindings.quality.checks.measures", "missing: zh"),
        (text_of(reason={"zh": "因为。"}), "small.yaml bindings.quality.checks.reason", "missing: en"),
        (text_of(cut=1), "small.yaml bindings.quality.checks", "'cut' was unexpected"),
        ("bindings: {}", "small.yaml", "'framework' is a required property"),
        ("a: [", "small.yaml", "not valid YAML"),
        (text_of() + "framework: other\n", "small.yaml", "stands twice"),
        ("#" * (2**20 + 1), "small.yaml", "at most 1 MiB"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, where: str, reason: str) -> None:
    with pytest.raises(GovernError) as caught:
        bindings_read(text, "small.yaml", items=ITEMS)
    assert caught.value.where.startswith(where)
    assert reason in caught.value.message


def test_fourteen_items_of_dcmm_are_bound() -> None:
    assert {binding.item: binding.indicator for binding in bindings_of("dcmm-2018").values()} == {
        "quality.requirements": "datasets_with_rules",
        "quality.checks": "datasets_checked",
        "quality.analysis": "findings_owned",
        "quality.improvement": "findings_settled",
        "architecture.metadata": "columns_with_role",
        "architecture.distribution": "quality_dimension",
        "architecture.integration": "quality_dimension",
        "standards.reference": "quality_dimension",
        "standards.elements": "quality_dimension",
        "security.management": "personal_data_protected",
        "security.audit": "datasets_searched",
        "lifecycle.operation": "days_since_check",
        "application.analysis": "recommender_skill",
        "application.service": "recommender_metric",
    }


def test_a_framework_without_bindings_has_none() -> None:
    assert bindings_of("fair-data") == {}


def test_the_documentation_tells_of_every_binding() -> None:
    text = (settings.BASE_DIR / "docs" / "checklists.md").read_text("utf-8")
    for binding in bindings_of("dcmm-2018").values():
        row = next(line for line in text.splitlines() if line.startswith(f"| `{binding.item}` |"))
        assert f"`{binding.indicator}`" in row
        days = binding.indicator == "days_since_check"
        cuts = [f"{cut:g}" if days else f"{cut * 100:.10g} %" for cut in binding.cuts]
        assert row.endswith(f"| {', '.join(cuts)} |")
