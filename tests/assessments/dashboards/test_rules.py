"""Adding and changing rules by a form that each check describes itself."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from assessments.dashboards.forms.rules import scalar
from assessments.quality.checks import all_checks
from assessments.quality.models import Rule


def given(**data: Any) -> dict[str, Any]:
    return {"name": "price below 100", "severity": "error", "threshold": "99.5", "enabled": "on", **data}


def test_first_a_check_is_chosen(shop: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    text = client_as("steward").get(f"/datasets/{shop.dataset.pk}/rules/new/").content.decode()
    for check in all_checks():
        assert f'href="?check={check.name}"' in text


@pytest.mark.parametrize("check", [check.name for check in all_checks()])
def test_every_check_has_a_form(check: str, shop: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    response = client_as("steward").get(f"/datasets/{shop.dataset.pk}/rules/new/?check={check}")
    assert response.status_code == 200


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
