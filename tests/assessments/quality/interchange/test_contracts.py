"""Rules as data contracts of the Open Data Contract Standard 3.1, and back."""

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from assessments.common.errors import GovernError
from assessments.quality.interchange.contract_in import read_contract
from assessments.quality.interchange.contract_out import (
    ContractColumn,
    ContractFacts,
    contract_document,
    write_contract,
)
from assessments.quality.interchange.contract_words import contract_verify, validator
from assessments.quality.packs import PackRule, read_pack, write_pack
from assessments.quality.specs import RuleSpec

COLUMNS = (
    ContractColumn("user", "text", "user"),
    ContractColumn("price", "decimal(9,2)"),
    ContractColumn("时间", "date"),
)
FACTS = ContractFacts("urn:x:1", "orders", "interactions", "Orders of the shop", "3.0.0", COLUMNS)
RULES = (
    RuleSpec("user is known", "completeness", ("user",), {}, "completeness", "error", 1.0),
    RuleSpec("user is mostly known", "completeness", ("user",), {}, "", "info", 0.995),
    RuleSpec("one price", "unique_key", ("user", "时间"), {"count": "members", "nulls": "fail"}, "", "critical", 0.9),
    RuleSpec("no repeated row", "duplicate_rows", (), {"count": "surplus"}, "integrity"),
    RuleSpec("price", "range", ("price",), {"min": 0, "min_exclusive": True}, "validity", "warning", 0.97),
    RuleSpec("code", "pattern", ("user",), {"regex": "^U[0-9]+$", "match": "full"}, "", "warning", 1.0),
    RuleSpec("no mail", "pattern", ("user",), {"regex": "@", "expect": "no_match", "personal_data": "email"}),
    RuleSpec("known", "allowed_values", ("user",), {"values": ["a", "b"], "case": "ignore"}, "consistency"),
    RuleSpec("fresh", "freshness", ("时间",), {"max_age": "7d"}, "timeliness"),
    RuleSpec("of items", "reference", ("user",), {"dataset": "users", "columns": ["id"]}),
)
PACK = tuple(PackRule(spec, enabled=spec.name != "known") for spec in RULES)


def contract(**quality: Any) -> str:
    """A contract of one table with one column, ``sku``, and one check of it."""
    column = {"name": "sku", "logicalType": "string", **({"quality": [quality]} if quality else {})}
    return yaml.safe_dump(
        {
            "apiVersion": "v3.1.0",
            "kind": "DataContract",
            "id": "1",
            "version": "1.0.0",
            "status": "active",
            "schema": [{"name": "items", "properties": [column]}],
        }
    )


def test_a_contract_is_valid_by_the_schema_of_the_standard_and_gives_the_same_rules() -> None:
    text = write_contract(FACTS, PACK)
    assert not list(validator().iter_errors(yaml.safe_load(text)))
    found = read_contract(text, table="orders")
    assert found.passed_over == []
    assert sorted(found.rules, key=str) == sorted(PACK, key=str)


def test_what_other_tools_read_of_it() -> None:
    table = contract_document(FACTS, PACK)["schema"][0]
    user, price, time = table["properties"]
    assert (user["logicalType"], price["logicalType"], time["logicalType"]) == ("string", "number", "date")
    filled, mostly, code, *_rest = user["quality"]
    assert (filled["metric"], filled["mustBe"], filled["dimension"]) == ("nullValues", 0, "completeness")
    assert (mostly["unit"], mostly["mustBeLessOrEqualTo"]) == ("percent", 0.5)
    assert code["arguments"] == {"pattern": "^U[0-9]+$"}
    key = next(one for one in table["quality"] if one["name"] == "one price")
    assert (key["metric"], key["arguments"]) == ("duplicateValues", {"properties": ["user", "时间"]})
    assert key["mustBeLessOrEqualTo"] == 10


@pytest.mark.parametrize(
    ("quality", "check", "parameters", "threshold"),
    [
        ({"metric": "nullValues", "mustBe": 0}, "completeness", {}, 1.0),
        ({"metric": "nullValues", "mustBeLessOrEqualTo": 5, "unit": "percent"}, "completeness", {}, 0.95),
        ({"type": "library", "metric": "duplicateValues", "mustBe": 0}, "unique_key", {}, 1.0),
        (
            {"metric": "invalidValues", "arguments": {"validValues": ["a", 2]}, "mustBe": 0},
            "allowed_values",
            {"values": ["a", 2]},
            1.0,
        ),
        ({"metric": "invalidValues", "arguments": {"pattern": "^a"}, "mustBe": 0}, "pattern", {"regex": "^a"}, 1.0),
    ],
)
def test_checks_of_other_tools_become_rules(
    quality: dict[str, Any], check: str, parameters: dict[str, Any], threshold: float
) -> None:
    found = read_contract(contract(name="r", severity="high", dimension="conformity", **quality))
    (rule,) = found.rules
    spec = rule.spec
    assert (spec.check, spec.columns, dict(spec.parameters)) == (check, ("sku",), parameters)
    assert (spec.threshold, spec.severity, spec.dimension) == (pytest.approx(threshold, abs=1e-12), "error", "validity")


@pytest.mark.parametrize(
    ("quality", "reason"),
    [
        ({"type": "sql", "query": "DROP TABLE items", "mustBe": 0}, "SQL from a contract is not run"),
        ({"type": "text", "description": "Fresh every day."}, "words for people"),
        ({"type": "custom", "engine": "soda", "implementation": "x"}, "“soda”"),
        ({"type": "custom", "engine": "govern", "implementation": "x"}, "engine “govern”"),
        ({"metric": "nullValues", "mustBeLessThan": 10}, "not a share of rows"),
        ({"metric": "invalidValues", "arguments": {"pattern": "(a"}, "mustBe": 0}, "not a regular expression"),
        ({"metric": "invalidValues", "arguments": {"format": "x"}, "mustBe": 0}, "no check for this metric"),
        (
            {"type": "custom", "engine": "govern", "implementation": {"check": "__import__", "columns": ["sku"]}},
            "There is no check",
        ),
    ],
)
def test_what_cannot_be_measured_is_passed_over_with_its_reason(quality: dict[str, Any], reason: str) -> None:
    found = read_contract(contract(name="r", **quality))
    assert found.rules == []
    (said,) = found.passed_over
    assert said.startswith("sku: r: ")
    assert reason in said


def test_promises_of_a_column_become_rules() -> None:
    document = yaml.safe_load(contract())
    options = {"minLength": 1, "pattern": "^[a-z]+$"}
    document["schema"][0]["properties"] = [
        {"name": "sku", "logicalType": "string", "required": True, "unique": True, "logicalTypeOptions": options},
        {"name": "n", "logicalType": "number", "logicalTypeOptions": {"exclusiveMinimum": 0, "maximum": 9}},
    ]
    found = read_contract(yaml.safe_dump(document))
    by_check = {rule.spec.check: dict(rule.spec.parameters) for rule in found.rules}
    assert by_check["completeness"] == {}
    assert by_check["unique_key"] == {}
    assert by_check["pattern"] == {"regex": "^[a-z]+$"}
    assert by_check["range"] == {"min": 0, "max": 9, "min_exclusive": True}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"apiVersion": "v9"}, "apiVersion"),
        ({"kind": "Contract"}, "kind"),
        ({"status": None}, "status"),
        ({"schema": [{"name": "a"}, {"name": "b"}]}, "2 tables"),
        ({"schema": []}, "0 tables"),
    ],
)
def test_what_is_no_contract_is_refused_with_its_place(change: dict[str, Any], reason: str) -> None:
    document = {**yaml.safe_load(contract()), **change}
    with pytest.raises(GovernError) as refused:
        read_contract(yaml.safe_dump(document), table="items")
    assert reason in f"{refused.value.where} {refused.value.message}"
    with pytest.raises(GovernError):
        contract_verify([document])


@pytest.mark.parametrize("text", ["&a [*a]", "a: 1\na: 2", "{" * 20, "- x: [", "x" * 1_000_001])
def test_hostile_text_is_refused(text: str) -> None:
    with pytest.raises(GovernError):
        read_contract(text)


names = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20).filter(str.strip)


@given(
    st.lists(
        st.builds(
            RuleSpec,
            name=names.map(str.strip),
            check=st.just("completeness"),
            columns=st.just(("user",)),
            dimension=st.sampled_from(["", "completeness", "integrity", "validity"]),
            severity=st.sampled_from(["info", "warning", "error", "critical"]),
            threshold=st.floats(0, 1),
        ),
        max_size=5,
        unique_by=lambda spec: spec.name,
    )
)
def test_any_rule_comes_back_from_a_pack_and_from_a_contract(specs: list[RuleSpec]) -> None:
    rules = [PackRule(spec) for spec in specs]
    assert read_pack(write_pack(rules)) == rules
    found = read_contract(write_contract(FACTS, rules)).rules
    assert [(one.spec.name, one.spec.threshold, one.spec.dimension) for one in found] == [
        (spec.name, pytest.approx(spec.threshold, abs=1e-9), spec.dimension) for spec in specs
    ]
