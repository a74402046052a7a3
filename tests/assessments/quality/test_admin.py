"""The form of a rule in the admin panel."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from assessments.accounts.models import AuditEvent, User
from assessments.datasets.models import Snapshot
from assessments.quality.checks import all_checks, check_named
from assessments.quality.models import Rule
from assessments.quality.services import rule_save

ADD = "/admin/quality/rule/add/"


@pytest.fixture
def snapshot(make_snapshot: Callable[..., Snapshot]) -> Snapshot:
    return make_snapshot({"Quantity": [1, 2], "Country": ["CN", "DE"]})


def form_of(snapshot: Snapshot, **changes: object) -> dict[str, object]:
    check = changes.get("check_name", "range")
    fields = {
        "dataset": snapshot.dataset_id,
        "check_name": check,
        "shown_for": f"{snapshot.dataset_id}:{check}",
        "name": "positive quantity",
        "columns": "Quantity",
        "parameter-min": "1",
        "dimension": "",
        "severity": "warning",
        "threshold": "1.0",
        "enabled": "on",
    }
    return fields | {name.replace("parameter_", "parameter-"): value for name, value in changes.items()}


def test_a_rule_is_added_and_changed(admin_client: Client, snapshot: Snapshot) -> None:
    assert admin_client.get(ADD).status_code == 200
    assert admin_client.post(ADD, form_of(snapshot)).status_code == 302
    rule = Rule.objects.get()
    assert (rule.check_name, rule.columns, rule.parameters, rule.dimension) == (
        "range",
        ["Quantity"],
        {"min": 1},
        "validity",
    )
    page = f"/admin/quality/rule/{rule.pk}/change/"
    text = admin_client.get(page).content.decode()
    assert '<option value="Quantity" selected>' in text
    assert 'name="parameter-min" value="1"' in text
    assert 'name="check_name"' not in text
    admin_client.post(page, form_of(snapshot, parameter_min="2"))
    rule.refresh_from_db()
    assert (rule.parameters, rule.check_name) == ({"min": 2}, "range")
    assert list(AuditEvent.objects.order_by("pk").values_list("action", flat=True)) == ["rule.add", "rule.change"]


def test_the_fields_are_those_of_the_check_and_the_dataset_in_the_address(
    admin_client: Client, snapshot: Snapshot
) -> None:
    first = admin_client.get(ADD).content.decode()
    assert "parameter-" not in first
    assert "rule_admin.js" in first
    query = {"dataset": snapshot.dataset_id, "check_name": "pattern", "name": "is a code"}
    text = admin_client.get(ADD, query).content.decode()
    assert 'name="parameter-regex"' in text
    assert 'value="is a code"' in text
    assert '<option value="Country">Country · text</option>' in text
    assert "parameter-min" not in text


@pytest.mark.parametrize("check", [check.name for check in all_checks()])
def test_every_check_has_fields_in_the_panel(admin_client: Client, snapshot: Snapshot, check: str) -> None:
    text = admin_client.get(ADD, {"dataset": snapshot.dataset_id, "check_name": check}).content.decode()
    for parameter in check_named(check).parameters:
        assert f'name="parameter-{parameter.name}"' in text


def test_a_form_that_was_drawn_for_another_check_is_drawn_anew(admin_client: Client, snapshot: Snapshot) -> None:
    """Without scripts the fields come when the form is sent."""
    sent = form_of(snapshot, check_name="unique_key", shown_for=f"{snapshot.dataset_id}:range")
    response = admin_client.post(ADD, sent)
    assert response.status_code == 200
    text = response.content.decode()
    assert "These are the fields of the check that you chose." in text
    assert 'name="parameter-count"' in text
    assert 'value="positive quantity"' in text
    assert f'value="{snapshot.dataset_id}:unique_key"' in text
    assert not Rule.objects.exists()


@pytest.mark.parametrize(
    "given", [{"dataset": "999999"}, {"dataset": "x"}, {"dataset": "9" * 40}, {"check_name": "<b>"}]
)
def test_an_address_with_what_there_is_not_shows_the_first_questions(
    admin_client: Client, given: dict[str, str]
) -> None:
    response = admin_client.get(ADD, {"dataset": "1", "check_name": "range", **given})
    assert response.status_code == 200
    assert "parameter-" not in response.content.decode()


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"parameter_min": "a"}, "parameter-min", "“min” cannot be"),
        ({"parameter_min": "9" * 401}, "parameter-min", "“min” cannot be"),
        ({"parameter_min": "3", "parameter_max": "1"}, "parameter-min", "No number is in the range"),
        ({"parameter_min": ""}, "parameter-min", "needs “min”"),
        ({"columns": "Quantty"}, "columns", "valid choice"),
        ({"columns": ""}, "columns", "required"),
        ({"check_name": "rnge"}, "check_name", "rnge"),
        ({"threshold": "1.5"}, "threshold", "not a share"),
        ({"threshold": "nan"}, "threshold", "number"),
        ({"check_name": "pattern", "columns": "Country", "parameter_regex": "["}, "parameter-regex", "“regex”"),
        ({"check_name": "expression", "parameter_expression": "Quantity = 'a'"}, "parameter-expression", "compared"),
        ({"name": "  "}, "name", "required"),
    ],
)
def test_a_wrong_rule_is_refused_at_its_field(
    admin_client: Client, snapshot: Snapshot, changes: dict[str, object], field: str, message: str
) -> None:
    sent = form_of(snapshot, **changes)
    if changes.get("check_name") == "expression":
        del sent["columns"]
    response = admin_client.post(ADD, sent)
    assert response.status_code == 200
    errors = response.context["adminform"].form.errors
    assert list(errors) == [field]
    assert message in str(errors.as_data()[field])
    assert not Rule.objects.exists()


def test_a_name_that_is_taken_is_refused(admin_client: Client, snapshot: Snapshot) -> None:
    rule_save(dataset=snapshot.dataset, name="positive quantity", check="duplicate_rows")
    response = admin_client.post(ADD, form_of(snapshot))
    assert response.status_code == 200
    assert response.context["adminform"].form.errors
    assert Rule.objects.count() == 1


def test_administrators_see_and_change_only_rules_of_their_organisation(
    client: Client, snapshot: Snapshot, outsider: User, members: dict[str, User]
) -> None:
    rule = rule_save(dataset=snapshot.dataset, name="mine", check="duplicate_rows")
    page = f"/admin/quality/rule/{rule.pk}/change/"
    for user, seen in ((outsider, False), (members["administrator"], True)):
        client.force_login(user)
        listed = client.get("/admin/quality/rule/").content.decode()
        assert ("mine" in listed, snapshot.dataset.name in listed) == (seen, seen)
        assert client.get(page).status_code == (200 if seen else 302)
        assert (snapshot.dataset.name in client.get(ADD).content.decode()) is seen
        assert client.post(ADD, form_of(snapshot, name=f"by {user.username}")).status_code == (302 if seen else 200)
        drawn_for = f"{snapshot.dataset_id}:duplicate_rows"
        client.post(page, form_of(snapshot, name=f"changed by {user.username}", shown_for=drawn_for))
        if not seen:
            client.post(f"/admin/quality/rule/{rule.pk}/delete/", {"post": "yes"})
            action = {"action": "delete_selected", "_selected_action": [rule.pk], "post": "yes"}
            client.post("/admin/quality/rule/", action)
    assert set(Rule.objects.values_list("name", flat=True)) == {"changed by administrator", "by administrator"}


def test_the_staff_flag_and_permissions_of_django_open_nothing(
    client: Client, snapshot: Snapshot, members: dict[str, User]
) -> None:
    rule_save(dataset=snapshot.dataset, name="mine", check="duplicate_rows")
    steward = members["steward"]
    steward.is_staff = True
    steward.save()
    steward.user_permissions.set(Permission.objects.all())
    client.force_login(steward)
    for address in ("/admin/", "/admin/quality/rule/", "/admin/accounts/user/"):
        assert client.get(address, follow=True).status_code == 403
    assert client.post(ADD, form_of(snapshot, name="other"), follow=True).status_code == 403
    assert Rule.objects.count() == 1


def test_deleting_a_rule_is_recorded(admin_client: Client, snapshot: Snapshot) -> None:
    rule = rule_save(dataset=snapshot.dataset, name="mine", check="duplicate_rows")
    admin_client.post(f"/admin/quality/rule/{rule.pk}/delete/", {"post": "yes"})
    assert not Rule.objects.exists()
    assert AuditEvent.objects.filter(action="rule.delete").exists()
