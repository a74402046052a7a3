"""Adding and changing rules by a form that each check describes itself."""

import html
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from assessments.datasets.models import Dataset
from assessments.quality.checks import all_checks, check_named, verify
from assessments.quality.checks.description import describe, example_of
from assessments.quality.expressions.functions import FUNCTIONS
from assessments.quality.models import Rule
from assessments.quality.rule_fields import scalar


def given(**data: Any) -> dict[str, Any]:
    return {"name": "price below 100", "severity": "error", "threshold": "99.5", "enabled": "on", **data}


def test_first_a_check_is_chosen(shop: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    text = client_as("steward").get(f"/datasets/{shop.dataset.pk}/rules/new/").content.decode()
    for check in all_checks():
        assert f'href="?check={check.name}"' in text
    assert 'href="/checks/"' in text


@pytest.mark.parametrize("check", [check.name for check in all_checks()])
def test_every_check_has_a_form(check: str, shop: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    response = client_as("steward").get(f"/datasets/{shop.dataset.pk}/rules/new/?check={check}")
    assert response.status_code == 200
    text = response.content.decode()
    for parameter in check_named(check).parameters:
        assert f'name="parameter-{parameter.name}"' in text
        assert html.escape(str(parameter.help)) in text
    assert f'href="/checks/#{check}"' in text


def test_another_check_is_chosen_without_losing_what_was_typed(
    shop: SimpleNamespace, client_as: Callable[[str], Client]
) -> None:
    client, address = client_as("steward"), f"/datasets/{shop.dataset.pk}/rules/new/"
    query = {"check": "range", "name": "price is fair", "severity": "critical", "threshold": "97"}
    part = client.get(address, query, headers={"HX-Request": "true"})
    page = client.get(address, query)
    assert next(template.name for template in part.templates) == "datasets/rule_fields.html"
    for text in (part.content.decode(), page.content.decode()):
        assert 'value="price is fair"' in text
        assert '<option value="critical" selected>' in text
        assert 'value="97"' in text
        assert 'name="parameter-min_exclusive"' in text
    assert "<html" not in part.content.decode()
    assert '<option value="range" selected>' in page.content.decode()
    assert 'hx-get="/datasets/' in page.content.decode()


def test_columns_are_offered_with_their_types_in_the_order_that_a_check_needs(
    shop: SimpleNamespace, client_as: Callable[[str], Client]
) -> None:
    client, address = client_as("steward"), f"/datasets/{shop.dataset.pk}/rules/new/"
    text = client.get(address, {"check": "range"}).content.decode()
    assert '<option value="price">price · number</option>' in text
    assert '<option value="time">time · date</option>' in text
    text = client.get(address, {"check": "completeness"}).content.decode()
    assert text.count('type="checkbox" name="columns"') == 4
    text = client.get(address, {"check": "functional_dependency"}).content.decode()
    assert '<select name="parameter-dependent"' in text
    data = given(name="apart", **{"column-0": "price", "column-1": "time", "parameter-operator": "<"})
    client.post(f"{address}?check=compare_columns", data)
    assert Rule.objects.get(name="apart").columns == ["price", "time"]


@pytest.mark.parametrize(
    ("check", "data", "field", "words"),
    [
        ("range", {"columns": "price", "parameter-min": "much"}, "parameter-min", "“min” cannot be"),
        ("range", {"columns": "price"}, "parameter-min", "needs “min”"),
        ("range", {"columns": "", "parameter-min": "1"}, "columns", "required"),
        ("range", {"columns": "nothing", "parameter-min": "1"}, "columns", "valid choice"),
        ("pattern", {"columns": "user_id", "parameter-regex": "("}, "parameter-regex", "not a regular expression"),
        ("format", {"columns": "time"}, "parameter-format", "required"),
        (
            "format",
            {"columns": "time", "parameter-format": "date", "parameter-pattern": "%Q"},
            "parameter-pattern",
            "%Q",
        ),
        ("expression", {"parameter-expression": "price >"}, "parameter-expression", "At character 8"),
        ("expression", {"parameter-expression": "prize > 0"}, "parameter-expression", "Did you mean “price”?"),
        ("expression", {"parameter-expression": "user_id > 0"}, "parameter-expression", "cannot be compared"),
        ("conditional_completeness", {"columns": "price", "parameter-where": "1 = 1"}, "parameter-where", "no column"),
        ("compare_columns", {"column-0": "price", "column-1": "price", "parameter-operator": "<"}, "column-0", "once"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_added(
    check: str,
    data: dict[str, str],
    field: str,
    words: str,
    shop: SimpleNamespace,
    client_as: Callable[[str], Client],
) -> None:
    response = client_as("steward").post(f"/datasets/{shop.dataset.pk}/rules/new/?check={check}", given(**data))
    assert response.status_code == 400
    errors = response.context["form"].errors
    assert list(errors) == [field]
    assert words in str(errors.as_data()[field])
    assert f'id="id_{field}_error"' in response.content.decode()
    assert not Rule.objects.filter(name="price below 100").exists()


def test_a_dataset_that_was_not_read_takes_columns_by_name(
    shop: SimpleNamespace, client_as: Callable[[str], Client]
) -> None:
    other = Dataset.objects.create(
        organisation=shop.organisation, name="unread", kind="items", source_kind="path", source_location="x"
    )
    client, address = client_as("steward"), f"/datasets/{other.pk}/rules/new/?check=completeness"
    assert "One a line" in client.get(address).content.decode()
    client.post(address, given(name="filled", columns="id\n title "))
    assert Rule.objects.get(name="filled").columns == ["id", "title"]


def test_every_check_and_function_is_explained_to_a_viewer(
    shop: SimpleNamespace, client_as: Callable[[str], Client]
) -> None:
    text = client_as("viewer").get("/checks/").content.decode()
    for check in all_checks():
        described = describe(check)
        assert f'id="{check.name}"' in text
        for _choice, meaning in described.meanings:
            assert meaning, check.name
            assert html.escape(meaning) in text
        for parameter in described.parameters:
            assert html.escape(parameter.help) in text
        assert verify(example_of(check)) is check
    for function in FUNCTIONS.values():
        assert html.escape(function.usage) in text
    assert (
        f'href="/checks/#{shop.result.check_name}"'
        in client_as("viewer").get(f"/checks/{shop.run.pk}/").content.decode()
    )


def test_a_rule_is_added_with_typed_parameters(shop: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    data = given(columns="price", **{"parameter-max": "100", "parameter-max_exclusive": "true"})
    response = client_as("steward").post(f"/datasets/{shop.dataset.pk}/rules/new/?check=range", data)
    assert response["Location"] == f"/datasets/{shop.dataset.pk}/"
    rule = Rule.objects.get(name="price below 100")
    assert (rule.check_name, rule.columns, rule.severity, rule.enabled) == ("range", ["price"], "error", True)
    assert rule.parameters == {"max": 100, "max_exclusive": True}
    assert rule.threshold == pytest.approx(0.995)


def test_a_wrong_parameter_is_named_and_nothing_is_added(
    shop: SimpleNamespace, client_as: Callable[[str], Client]
) -> None:
    data = given(columns="price", **{"parameter-min": "much"})
    response = client_as("steward").post(f"/datasets/{shop.dataset.pk}/rules/new/?check=range", data)
    assert response.status_code == 400
    assert "The parameter “min” cannot be" in response.content.decode()
    assert 'value="price below 100"' in response.content.decode()
    assert not Rule.objects.filter(name="price below 100").exists()


def test_a_check_that_there_is_not(shop: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    response = client_as("steward").get(f"/datasets/{shop.dataset.pk}/rules/new/?check=<script>")
    assert response.status_code == 400
    assert "There is no check “&lt;script&gt;”." in response.content.decode()


def test_a_rule_is_changed_and_what_was_not_touched_stays(
    shop: SimpleNamespace, client_as: Callable[[str], Client]
) -> None:
    client, address = client_as("steward"), f"/rules/{shop.rule.pk}/"
    form = client.get(address).context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    assert client.post(address, {**data, "threshold": "90"}).status_code == 302
    changed = Rule.objects.get(pk=shop.rule.pk)
    assert changed.threshold == pytest.approx(0.9)
    assert (changed.name, changed.columns, changed.parameters) == ("price is positive", ["price"], {"min": 0})


def test_a_column_that_is_gone_is_not_lost_unseen(shop: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    Rule.objects.filter(pk=shop.rule.pk).update(columns=["gone"])
    client, address = client_as("steward"), f"/rules/{shop.rule.pk}/"
    form = client.get(address).context["form"]
    assert form["columns"].value() == "gone"
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    response = client.post(address, data)
    assert response.status_code == 400
    assert "The column “gone” is not in the table." in response.content.decode()


@pytest.mark.parametrize(
    ("text", "value"), [("7", 7), ("7.5", 7.5), ("7d", "7d"), ("true", "true"), ("[1]", "[1]"), ("NaN", "NaN")]
)
def test_a_text_is_a_number_only_when_it_is_written_as_one(text: str, value: Any) -> None:
    assert scalar(text) == value or (text == "NaN" and scalar(text) != scalar(text))


def test_the_form_is_in_chinese_throughout(shop: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    client = client_as("steward")
    client.post("/language/", {"language": "zh-hans"})
    text = client.get(f"/datasets/{shop.dataset.pk}/rules/new/?check=drift").content.decode()
    assert "In rule packs" not in text
    assert "在规则包中：measure。" in text
    assert "距离的度量" in text
