"""What a failing rule proposes, with its parameters filled in."""

from collections.abc import Callable
from typing import Any

import pytest

from assessments.datasets.models import Snapshot
from assessments.quality.models import Finding, RuleSuggestion
from assessments.quality.repairs import Step, steps_read
from assessments.quality.repairs.fitting import steps_for
from assessments.quality.selectors import repairs_for, repairs_for_finding
from assessments.quality.services import rule_save
from assessments.quality.specs import RuleSpec

ROLES = {"user": "who", "item": "what", "time": "when", "quantity": "n"}
# check, columns, parameters, what fits
RULES: list[tuple[str, tuple[str, ...], dict[str, Any], list[Step]]] = [
    ("duplicate_rows", (), {}, [Step("drop_duplicates")]),
    ("unique_key", ("id",), {}, [Step("drop_duplicates", ("id",), {"nulls": "skip"})]),
    (
        "range",
        ("price",),
        {"min": 0},
        [Step(f"{how}_out_of_range", ("price",), {"min": 0}) for how in ("clip", "empty", "drop")],
    ),
    (
        "range",
        ("price",),
        {"min": 0, "min_exclusive": True},
        [Step("drop_out_of_range", ("price",), {"min": 0, "min_exclusive": True})],
    ),
    (
        "range",
        ("n",),
        {"min": 1},
        [
            Step("net_cancellations", ("n",)),
            Step("clip_out_of_range", ("n",), {"min": 1}),
            Step("drop_out_of_range", ("n",), {"min": 1}),
        ],
    ),
    (
        "completeness",
        ("city",),
        {},
        [
            Step("impute", ("city",), {"method": "mode"}),
            Step("drop_rows_where", (), {"expression": "`city` is null"}),
        ],
    ),
    ("completeness", ("who",), {}, [Step("drop_rows_where", (), {"expression": "`who` is null"})]),
    ("disguised_missing", ("a",), {"values": ["?"]}, [Step("missing_to_null", ("a",), {"values": ["?"]})]),
    (
        "functional_dependency",
        ("code",),
        {"dependent": "name"},
        [Step("correct_by_dependency", ("code", "name")), Step("collapse_descriptions", ("code", "name"))],
    ),
    ("reference", ("what",), {"dataset": "items"}, [Step("drop_orphans", ("what",), {"dataset": "items"})]),
    ("time_ties", (), {}, [Step("break_time_ties", ("when",), {"of": ["who"]})]),
    ("not_in_future", ("when",), {}, [Step("drop_rows_where", (), {"expression": "`when` > now()"})]),
    ("expression", (), {"expression": "a > 0"}, [Step("drop_rows_where", (), {"expression": "not (`a` > 0)"})]),
    (
        "text_form",
        ("a",),
        {"case": "upper"},
        [Step("normalise_spaces", ("a",)), Step("normalise_case", ("a",), {"to": "upper"})],
    ),
    ("code_collision", ("a",), {}, [Step("normalise_codes", ("a",))]),
    ("freshness", ("when",), {"max_age": "7d"}, []),
    ("expression", (), {"expression": "a >"}, []),
]


@pytest.mark.parametrize(("check", "columns", "parameters", "expected"), RULES, ids=lambda value: str(value)[:40])
def test_what_fits(check: str, columns: tuple[str, ...], parameters: dict[str, Any], expected: list[Step]) -> None:
    found = steps_for(RuleSpec("r", check, columns, parameters), roles=ROLES)
    assert found == expected
    assert not found or steps_read(found) == found


def test_outliers_are_clipped_to_what_was_measured() -> None:
    rule = RuleSpec("r", "outliers", ("price",), {"limit": 3})
    found = steps_for(rule, detail={"median": 10.0, "robust_standard_deviation": 2.0})
    assert found[0] == Step("clip_out_of_range", ("price",), {"min": 4.0, "max": 16.0})
    assert steps_for(rule) == []


def test_the_repair_of_the_suggestion_comes_first(make_snapshot: Callable[..., Snapshot]) -> None:
    snapshot = make_snapshot({"city": ["Wien", "Wein"]})
    rule = rule_save(dataset=snapshot.dataset, name="r", check="completeness", columns=["city"])
    suggested = {"repair": "correct_typos", "columns": ["city"], "parameters": {}}
    RuleSuggestion.objects.create(snapshot=snapshot, name="r", check_name="completeness", rule=rule, repair=suggested)
    assert [step.repair for step in repairs_for(rule)] == ["correct_typos", "impute", "drop_rows_where"]
    RuleSuggestion.objects.update(repair={"repair": "gone"})
    assert [step.repair for step in repairs_for(rule)] == ["impute", "drop_rows_where"]


def test_personal_data_proposes_its_protections(make_snapshot: Callable[..., Snapshot]) -> None:
    dataset = make_snapshot({"mail": ["a"]}).dataset
    kind = Finding.Kind.PERSONAL_DATA
    finding = Finding.objects.create(dataset=dataset, kind=kind, subject="mail:email", title="x", severity="error")
    found = repairs_for_finding(finding)
    assert [(step.repair, step.columns) for step in found] == [
        ("mask_column", ("mail",)),
        ("pseudonymise", ("mail",)),
        ("drop_column", ("mail",)),
    ]
