"""Rules that quote values about people: found, warned of, and masked for who may not change them."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core import serializers
from django.test import Client

from assessments.accounts.models import AuditEvent, User
from assessments.common.errors import ConflictError
from assessments.datasets.models import Snapshot
from assessments.quality.exports import rules_yaml
from assessments.quality.models import Finding, Rule, RuleResult, RuleSuggestion
from assessments.quality.packs import read_pack
from assessments.quality.personal_data.quoting import quoted_values, unquoted, without_quotes
from assessments.quality.services import quality_run_execute, rule_save
from assessments.quality.services.personal_data import personal_data_scan
from assessments.quality.services.repairs import repair_execute
from assessments.quality.services.rules import rule_delete, rules_load
from assessments.quality.services.suggestions import suggestion_accept

ABOUT = {"buyer", "email", "age_band"}
NAMES = ["Emma Smith", "John Garcia", "Mary Brown", "Lucas Garcia"]


@pytest.mark.parametrize(
    ("check", "columns", "parameters", "quoted"),
    [
        (
            "allowed_values",
            ["buyer"],
            {"values": ["Anna Lind", "王芳", "N/A", 12345678, True]},
            "Anna Lind 王芳 12345678",
        ),
        ("allowed_values", ["age_band"], {"values": ["18-24", "65+", "M"]}, ""),
        ("allowed_values", ["colour"], {"values": ["red"]}, ""),
        ("pattern", ["buyer"], {"regex": r"(Anna|Bo)\s[A-Z][a-z]+"}, "Anna Bo"),
        ("pattern", ["email"], {"regex": "[^@ ]+@[^@ ]+[.][a-z]+"}, ""),
        ("pattern", ["email"], {"regex": r"[a-z]+@shop\.example"}, ""),
        ("pattern", ["email"], {"regex": r"anna\.lind@.*"}, "anna lind"),
        ("pattern", ["buyer"], {"regex": r"CUST\d{5}"}, ""),
        ("pattern", ["buyer"], {"regex": r"(ANNA|BO)\d"}, "ANNA BO"),
        ("pattern", ["buyer"], {"regex": r"\p{Lu}\w{2,30}(?i:x)"}, ""),
        ("pattern", ["buyer"], {"regex": "not closed ("}, "not closed"),
        ("expression", [], {"expression": "buyer = 'Anna Lind' or price > 3"}, "Anna Lind"),
        ("expression", [], {"expression": "colour = 'red'"}, ""),
        ("expression", [], {"expression": "no expression ("}, ""),
        ("conditional_completeness", ["price"], {"where": "email = 'a.lind@x.example'"}, "a.lind@x.example"),
        ("no such check", ["buyer"], {"values": ["Anna"]}, ""),
    ],
)
def test_what_is_quoted(check: str, columns: list[str], parameters: dict[str, Any], quoted: str) -> None:
    found = quoted_values(check, columns, parameters, ABOUT)
    assert " ".join(found) == quoted
    masked = without_quotes(parameters, found)
    assert not any(value in json.dumps(masked, ensure_ascii=False) for value in found)
    assert quoted_values(check, columns, masked, ABOUT) == (), "masking again finds nothing more"
    if not found:
        assert masked == parameters


def test_texts_are_masked_word_by_word() -> None:
    quoted = ("Anna", "Anna Lind", "王芳")
    assert unquoted("buyer is Anna Lind or anna, not Annabel, or 大王芳", quoted) == (
        "buyer is A•••••••• or a•••, not Annabel, or 大••"
    )
    assert unquoted("Anna", ()) == "Anna"


@pytest.fixture
def quoting(make_snapshot: Callable[..., Snapshot], members: dict[str, User]) -> Snapshot:
    """A table with names under a name that says nothing, measured by a rule that quotes them, before any search."""
    rows = {"c1": NAMES * 15, "price": list(range(60))}
    snapshot = make_snapshot(rows)
    for name in NAMES[:2]:
        rule_save(
            dataset=snapshot.dataset,
            name=f"c1 is {name}",
            check="allowed_values",
            columns=["c1"],
            parameters={"values": [name]},
        )
    quality_run_execute(snapshot=snapshot)
    for state in ("open", "accepted", "declined"):
        RuleSuggestion.objects.create(
            snapshot=snapshot,
            name=state,
            check_name="allowed_values",
            columns=["c1"],
            parameters={"values": NAMES},
            reason="Its values are “Emma Smith”, “John Garcia”, …",
            repair={"repair": "map_values", "columns": ["c1"], "parameters": {"values": {"Emma Smit": "Emma Smith"}}},
            state=state,
        )
    return snapshot


def kept() -> str:
    models = [RuleResult, Finding, RuleSuggestion]
    return "".join(serializers.serialize("json", model._default_manager.all()) for model in models)


def test_a_search_masks_what_was_kept_of_the_rule(quoting: Snapshot) -> None:
    assert "Emma Smith" in kept()
    personal_data_scan(snapshot=quoting)
    assert not any(name in kept() for name in NAMES)
    assert dict(RuleSuggestion.objects.values_list("state", "repair")) == {"accepted": {}, "declined": {}}
    before = list(RuleResult.objects.values("rule_name", "parameters"))
    personal_data_scan(snapshot=quoting)
    assert list(RuleResult.objects.values("rule_name", "parameters")) == before
    run = quality_run_execute(snapshot=quoting)
    assert [result.rule_name for result in run.results.order_by("pk")] == [one["rule_name"] for one in before]
    assert run.results.order_by("pk")[0].rows_failing == 45, "the rule itself measures as before"
    assert not any(name in kept() for name in NAMES)


def test_results_that_look_alike_when_masked_stay_apart(quoting: Snapshot) -> None:
    for name in ("Ada", "Amy"):
        rule_save(
            dataset=quoting.dataset,
            name=f"not {name}",
            check="allowed_values",
            columns=["c1"],
            parameters={"values": [name]},
        )
    quality_run_execute(snapshot=quoting)
    personal_data_scan(snapshot=quoting)
    assert {"not •••", "not ••• (2)"} < set(RuleResult.objects.values_list("rule_name", flat=True))
    quality_run_execute(snapshot=quoting)


def test_the_warning_and_who_sees_what(quoting: Snapshot, client_as: Callable[[str], Client]) -> None:
    personal_data_scan(snapshot=quoting)
    steward, viewer = client_as("steward"), client_as("viewer")
    rule = quoting.dataset.rules.order_by("pk").first()
    assert rule is not None
    shown = steward.get(f"/api/v1/rules/{rule.pk}/").json()
    assert (shown["name"], shown["parameters"], shown["quotes_personal_data"]) == (
        "c1 is Emma Smith",
        {"values": ["Emma Smith"]},
        1,
    )
    assert b"quotes 1 value about people" in steward.get(f"/rules/{rule.pk}/").content
    assert b"c1 is Emma Smith" in steward.get(f"/datasets/{quoting.dataset_id}/personal-data/").content
    assert b"quotes values about people" in steward.get(f"/datasets/{quoting.dataset_id}/").content
    assert "Emma Smith" in steward.get(f"/api/v1/datasets/{quoting.dataset_id}/export/rules.yaml/").content.decode()
    rule_save(
        dataset=quoting.dataset,
        name="Mary Brown?",
        check="allowed_values",
        columns=["c1"],
        parameters={"values": NAMES},
    )
    for address in (
        *(f"/api/v1/{name}/" for name in ("rules", f"rules/{rule.pk}", "findings", "rule-suggestions")),
        *(f"/datasets/{quoting.dataset_id}/{page}" for page in ("", "personal-data/", "suggestions/")),
        *(f"/api/v1/datasets/{quoting.dataset_id}/export/{name}/" for name in ("rules.yaml", "contract.odcs.yaml")),
        *(f"/api/v1/datasets/{quoting.dataset_id}/export/{name}/" for name in ("results.csv", "results.json")),
        f"/datasets/{quoting.dataset_id}/export/rules.yaml/",
        "/findings/",
    ):
        answer = viewer.get(address)
        assert answer.status_code == 200, address
        text = answer.content.decode()
        assert not any(name in text for name in NAMES), address
    pack = read_pack(viewer.get(f"/api/v1/datasets/{quoting.dataset_id}/export/rules.yaml/").content.decode())
    assert [one.enabled for one in pack] == [False, False, False]


def test_a_suggestion_that_quotes_is_not_accepted(quoting: Snapshot) -> None:
    open_one = RuleSuggestion.objects.get(state="open")
    personal_data_scan(snapshot=quoting)
    assert not RuleSuggestion.objects.filter(state="open").exists()
    open_one.pk, open_one.name = None, "late"
    open_one.save()  # made beside the search
    with pytest.raises(ConflictError, match="quotes values"):
        suggestion_accept(suggestion=open_one)
    assert quoting.dataset.rules.count() == 2


def test_values_are_hidden_from_a_viewer_until_a_search_has_looked(
    make_snapshot: Callable[..., Snapshot], client_as: Callable[[str], Client]
) -> None:
    snapshot = make_snapshot(
        {"c1": NAMES * 15, "c2": ["standard", "express"] * 30, "price": list(range(60))}, searched=False
    )
    for column, value in (("c1", "Emma Smith"), ("c2", "express"), ("gone", "Lucas Garcia"), ("price", "10000")):
        Rule.objects.create(
            dataset=snapshot.dataset,
            name=f"{column} is {value}",
            check_name="expression" if column == "gone" else "allowed_values",
            columns=[] if column == "gone" else [column],
            parameters={"expression": "gone = 'Lucas Garcia'"} if column == "gone" else {"values": [value]},
        )
    viewer, steward = client_as("viewer"), client_as("steward")

    def names(client: Client) -> set[str]:
        return {one["name"] for one in client.get("/api/v1/rules/").json()["results"]}

    told = {"c1 is Emma Smith", "c2 is express", "gone is Lucas Garcia", "price is 10000"}
    assert names(steward) == told
    assert names(viewer) == {"c1 is E•••••••••", "c2 is e••••••", "gone is L•••••••••••", "price is 10000"}
    personal_data_scan(snapshot=snapshot)
    assert names(viewer) == {"c1 is E•••••••••", "c2 is express", "gone is L•••••••••••", "price is 10000"}
    assert names(steward) == told


def test_a_column_about_people_stays_hidden_when_it_is_dropped(
    quoting: Snapshot, client_as: Callable[[str], Client]
) -> None:
    personal_data_scan(snapshot=quoting)
    made = repair_execute(snapshot=quoting, steps=[{"repair": "drop_column", "columns": ["c1"]}]).result
    assert made is not None
    personal_data_scan(snapshot=made)
    shown = client_as("viewer").get("/api/v1/rules/").content.decode()
    assert not any(name in shown for name in NAMES)


def test_the_audit_log_names_no_value_about_people(make_snapshot: Callable[..., Snapshot]) -> None:
    dataset = make_snapshot({"c1": NAMES * 15, "price": list(range(60))}, searched=False).dataset
    rule_save(dataset=dataset, name="price is there", check="completeness", columns=["price"])
    quoted = {"check": "allowed_values", "columns": ["c1"]}
    rule = rule_save(dataset=dataset, name="c1 is Emma Smith", parameters={"values": ["Emma Smith"]}, **quoted)
    pack = rules_yaml(dataset, quotes=True)
    rule_save(dataset=dataset, name="c1 is Mary Brown", parameters={"values": ["Mary Brown"]}, **quoted)
    rules_load(dataset=dataset, pack=pack.replace("Emma Smith", "John Garcia"), replace=True)
    rule_delete(rule=rule)
    told = list(AuditEvent.objects.order_by("pk").values_list("action", "subject", "detail"))
    assert told == [
        ("rule.add", "orders: price is there", {}),
        ("rule.add", "orders: c1 is E•••••••••", {}),
        ("rule.add", "orders: c1 is M•••••••••", {}),
        (
            "rules.load",
            "orders",
            {"added or changed": ["c1 is J••••••••••"], "taken out of use": ["c1 is E•••••••••", "c1 is M•••••••••"]},
        ),
        ("rule.delete", "orders: c1 is E•••••••••", {}),
    ]
