"""The form of a rule in the admin panel."""

import json
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from assessments.accounts.models import AuditEvent, User
from assessments.datasets.models import Snapshot
from assessments.quality.models import Rule
from assessments.quality.services import rule_save

ADD = "/admin/quality/rule/add/"


@pytest.fixture
def snapshot(make_snapshot: Callable[..., Snapshot]) -> Snapshot:
    return make_snapshot({"Quantity": [1, 2], "Country": ["CN", "DE"]})


def form_of(snapshot: Snapshot, **changes: object) -> dict[str, object]:
    fields = {
        "dataset": snapshot.dataset_id,
        "name": "positive quantity",
        "check_name": "range",
        "columns": "Quantity",
        "parameters": json.dumps({"min": 1}),
        "dimension": "",
        "severity": "warning",
        "threshold": "1.0",
        "enabled": "on",
    }
    return fields | changes


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
    assert "Quantity" in admin_client.get(page).content.decode()
    admin_client.post(page, form_of(snapshot, parameters='{"min": 2}'))
    rule.refresh_from_db()
    assert rule.parameters == {"min": 2}
    assert list(AuditEvent.objects.order_by("pk").values_list("action", flat=True)) == ["rule.add", "rule.change"]


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"parameters": '{"mim": 1}'}, "parameters", "no parameter “mim”"),
        ({"parameters": '{"min": "a"}'}, "parameters", "“min” cannot be"),
        ({"parameters": f'{{"min": {10**400}}}'}, "parameters", "“min” cannot be"),
        ({"parameters": '{"min": 3, "max": 1}'}, "parameters", "No number is in the range"),
        ({"parameters": "{}"}, "parameters", "needs “min”"),
        ({"parameters": "[1]"}, "parameters", "JSON object"),
        ({"parameters": "{"}, "parameters", "valid JSON"),
        ({"columns": "Quantty"}, "columns", "Did you mean “Quantity”"),
        ({"columns": ""}, "columns", "0 columns"),
        ({"columns": "Quantity\nCountry"}, "columns", "exactly one column"),
        ({"check_name": "rnge"}, "check_name", "rnge"),
        ({"threshold": "1.5"}, "threshold", "not a share"),
        ({"threshold": "nan"}, "threshold", "number"),
        ({"check_name": "pattern", "columns": "Country", "parameters": '{"regex": "["}'}, "parameters", "“regex”"),
    ],
)
def test_a_wrong_rule_is_refused_at_its_field(
    admin_client: Client, snapshot: Snapshot, changes: dict[str, object], field: str, message: str
) -> None:
    response = admin_client.post(ADD, form_of(snapshot, **changes))
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
        client.post(page, form_of(snapshot, name=f"changed by {user.username}"))
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
