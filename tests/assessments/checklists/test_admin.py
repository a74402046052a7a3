"""The admin panel shows checklists and changes nothing of them."""

import pytest
from django.test import Client
from django.urls import reverse

from assessments.accounts.models import User
from assessments.checklists.models import Item, Questionnaire
from assessments.checklists.services import answer_save


@pytest.fixture
def panel(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root", "root@example.org", "correct horse battery"))
    return client


def test_pages_show_and_refuse_changes(panel: Client, questionnaire: Questionnaire, item: Item, assessor: User) -> None:
    answer = answer_save(
        questionnaire=questionnaire,
        item=item,
        assessor=assessor,
        status="level",
        level=3,
        comment="<script>alert(1)</script>",
        revision=0,
    )
    for row in (questionnaire.framework, item, questionnaire, answer):
        kind = row._meta.model_name
        assert panel.get(reverse(f"admin:checklists_{kind}_changelist")).status_code == 200
        assert panel.get(reverse(f"admin:checklists_{kind}_add")).status_code == 403
        page = reverse(f"admin:checklists_{kind}_change", args=[row.pk])
        shown = panel.get(page)
        assert shown.status_code == 200
        assert "<script>alert(1)" not in shown.content.decode()
        assert panel.post(page, {}).status_code == 403
        assert panel.post(reverse(f"admin:checklists_{kind}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
        row.refresh_from_db()
