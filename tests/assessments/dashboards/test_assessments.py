"""Assessments and the overview: every number leads to its evidence; publish, export, verify."""

import json
from collections.abc import Callable
from copy import deepcopy
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from assessments.accounts.models import Organisation, User
from assessments.dashboards.periods import quarter_of
from assessments.dashboards.score_figures import by_path, changes_of
from assessments.jobs.models import Job
from assessments.scoring.models import Assessment
from assessments.scoring.seal import Verdict, verify
from assessments.scoring.selectors import scores_of
from assessments.scoring.services import (
    assessment_compute,
    assessment_publish,
    scoring_model_save,
    scoring_models_load,
)

OnCommit = Callable[..., Any]


def page(client: Client, shop: SimpleNamespace, node: str = "") -> str:
    response = client.get(f"/assessments/{shop.assessment.pk}/" + (f"?node={node}" if node else ""))
    assert response.status_code == 200
    return response.content.decode()


def test_every_node_of_the_tree_has_a_page(shop: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    client = client_as("viewer")
    for score in scores_of(shop.assessment):
        text = page(client, shop, score.path)
        assert (f"{score.value:.1f}" if score.value is not None else "not known") in text


def test_every_node_says_its_method(shop: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    client = client_as("viewer")
    root, pillar = page(client, shop), page(client, shop, "maturity")
    assert '<dd class="col-6">weighted geometric mean</dd>' in root
    assert "<td>weighted geometric mean</td>" in root  # of the table below the tree, which has every node
    assert "<td>measured</td>" in root
    assert '<dd class="col-6">weighted mean</dd>' in pillar
    assert '<dd class="col-6">all parts alike</dd>' in pillar
    assert "Consistency ratio" not in root + pillar
    assert "Put together by</dt>" not in page(client, shop, "data.validity")


def judged_draft(organisation: Organisation, *values: Any) -> Assessment:
    """A draft by the default model with the pillars compared in pairs and put together by fuzzy evaluation."""
    content = deepcopy(scoring_models_load()[0].content) | {"version": 2}
    pairs = zip(("maturity", "maturity", "data"), ("data", "recommender", "recommender"), values, strict=True)
    judgements = [{"by": "Head <of> data", "pairs": [list(pair) for pair in pairs]}]
    content["root"] |= {"weighting": "pairwise", "judgements": judgements, "method": "fuzzy", "operator": "max_min"}
    return assessment_compute(
        organisation=organisation, period="2026-Q3", scoring_model=scoring_model_save(content=content)
    )


def test_judgements_show_their_consistency(
    shop: SimpleNamespace, organisation: Organisation, client_as: Callable[[str], Client]
) -> None:
    draft = judged_draft(organisation, 2, 6, 3)
    text = client_as("viewer").get(f"/assessments/{draft.pk}/").content.decode()
    assert "compared in pairs (AHP)" in text
    assert "fuzzy evaluation, max–min" in text
    assert "at most 0.10" in text
    assert "Head &lt;of&gt; data: 0.000" in text
    assert "Judgement furthest off" not in text
    assert "How far on each level" in text


def test_judgements_that_contradict_each_other_are_pointed_at_and_not_published(
    shop: SimpleNamespace, organisation: Organisation, client_as: Callable[[str], Client]
) -> None:
    draft, client = judged_draft(organisation, 3, "1/2", 3), client_as("administrator")
    text = client.get(f"/assessments/{draft.pk}/").content.decode()
    assert "above 0.10: cannot be published" in text
    assert "“Governance maturity” against “Data and privacy”: judged 3.00, the others imply 0.17" in text
    refused = client.post(f"/assessments/{draft.pk}/publish/")
    assert refused.status_code == 400
    assert "contradict each other" in refused.content.decode()
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_a_leaf_leads_to_the_answer_behind_it(shop: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    text = page(client_as("viewer"), shop, "maturity.strategy.planning")
    assert f'href="/checklists/{shop.questionnaire.pk}/?item=strategy.planning"' in text
    assert "level 3" in text


def test_a_leaf_leads_to_the_rule_result_behind_it(shop: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    text = page(client_as("viewer"), shop, "data.validity")
    assert f'href="/checks/{shop.run.pk}/#rule-{shop.result.pk}"' in text
    assert "1 of 4 rows fail (25.0 %)" in text


def test_a_leaf_leads_to_the_training_run_behind_it(shop: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    text = page(client_as("viewer"), shop, "recommender.skill")
    assert f'href="/recommenders/{shop.training_run.pk}/"' in text
    assert "+31.0 % over what it is compared with" in text  # 0.05 / 0.1613


def test_evidence_that_is_gone_is_named_without_a_link(
    shop: SimpleNamespace, client_as: Callable[[str], Client]
) -> None:
    shop.result.delete()
    text = page(client_as("viewer"), shop, "data.validity")
    assert "price is positive" in text
    assert f'href="/checks/{shop.run.pk}/#rule-' not in text


def test_a_leaf_without_evidence_says_what_is_missing(
    shop: SimpleNamespace, client_as: Callable[[str], Client]
) -> None:
    text = page(client_as("viewer"), shop, "maturity.strategy.implementation")
    assert "Nobody has answered this item." in text
    assert "not known" in text
    assert 'href="/checklists/"' in text


@pytest.mark.parametrize("node", ["nothing", "<script>", "data."])
def test_a_part_that_there_is_not(node: str, shop: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    response = client_as("viewer").get(f"/assessments/{shop.assessment.pk}/", {"node": node})
    assert response.status_code == 404
    assert "<script>" not in response.content.decode()


def test_the_raised_condition_is_said_in_red_with_what_the_score_alone_would_give(
    shop: SimpleNamespace, client_as: Callable[[str], Client]
) -> None:
    text = client_as("viewer").get("/").content.decode()
    assert "text-danger" in text
    assert "The level is held at 3 at most: Critical findings left open." in text


def test_assessing_starts_a_job(
    shop: SimpleNamespace,
    client_as: Callable[[str], Client],
    sent: list[Any],
    django_capture_on_commit_callbacks: OnCommit,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        client_as("assessor").post("/assessments/new/", {"period": "2026-Q4"})
    job = Job.objects.get(kind="scoring.assess")
    assert job.parameters == {"period": "2026-Q4"}
    assert sent == [job.pk]


@pytest.mark.parametrize("period", ["", "2026", "2026-Q5", "1999-Q1", "2026-Q1\n", "<b>"])
def test_a_wrong_period_starts_nothing(period: str, client_as: Callable[[str], Client]) -> None:
    response = client_as("assessor").post("/assessments/new/", {"period": period})
    assert response.status_code == (302 if period == "2026-Q1\n" else 400)  # blanks around it are taken off
    assert "<b>" not in response.content.decode()


def test_a_draft_is_published_and_sealed(
    shop: SimpleNamespace, organisation: Organisation, client_as: Callable[[str], Client]
) -> None:
    draft = assessment_compute(organisation=organisation, period="2026-Q4")
    client = client_as("administrator")
    client.post(f"/assessments/{draft.pk}/publish/")
    draft.refresh_from_db()
    assert draft.state == "published"
    assert draft.previous_seal == shop.assessment.seal
    assert client.post(f"/assessments/{draft.pk}/publish/").status_code == 409
    assert f"/assessments/{draft.pk}/publish/" not in client.get(f"/assessments/{draft.pk}/").content.decode()


def test_the_exported_file_verifies_by_itself(shop: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    response = client_as("auditor").get(f"/assessments/{shop.assessment.pk}/export/")
    assert response["Content-Disposition"] == (
        f'attachment; filename="assessment-harbour-2026-Q3-{shop.assessment.pk}.json"'
    )
    assert verify(json.loads(response.content)).valid


def test_verifying_says_whether_the_seal_holds(
    shop: SimpleNamespace, client_as: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, address = client_as("auditor"), f"/assessments/{shop.assessment.pk}/verify/"
    assert "the seal holds" in client.post(address, follow=True).content.decode()
    monkeypatch.setattr(
        "assessments.scoring.selectors.verify", lambda document: Verdict(False, "node", "It differs.", "x")
    )
    # The database lets nobody change a published assessment, so the finding itself is put in its place.
    assert "The seal does not hold" in client.post(address, follow=True).content.decode()


def test_a_draft_has_no_seal_to_verify(
    shop: SimpleNamespace, organisation: Organisation, client_as: Callable[[str], Client]
) -> None:
    draft = assessment_compute(organisation=organisation, period="2026-Q4")
    response = client_as("auditor").post(f"/assessments/{draft.pk}/verify/")
    assert response.status_code == 400


def test_the_overview_shows_the_stored_numbers_of_the_period_in_the_address(
    shop: SimpleNamespace, organisation: Organisation, members: dict[str, User], client_as: Callable[[str], Client]
) -> None:
    later = assessment_compute(organisation=organisation, period="2026-Q4")
    assessment_publish(assessment=later, user=members["administrator"])
    Assessment.objects.create(
        organisation=organisation,
        scoring_model=shop.assessment.scoring_model,
        period="2026-Q2",
        as_of=shop.assessment.as_of,
        score=12.34,
        level=1,
    )
    client = client_as("viewer")
    newest = client.get("/")
    assert newest.context["assessment"].pk == later.pk
    assert newest.context["change"] == pytest.approx(later.score - shop.assessment.score)
    old = client.get("/?period=2026-Q3")
    assert old.context["assessment"].pk == shop.assessment.pk
    assert ">12.3</a>" in client.get("/?period=2026-Q2").content.decode()
    assert client.get("/?period=nonsense").context["assessment"].pk == later.pk


def test_the_changes_add_up_to_the_difference_of_the_scores(
    shop: SimpleNamespace, organisation: Organisation, members: dict[str, User], client_as: Callable[[str], Client]
) -> None:
    shop.answer.level = 5
    shop.answer.save()
    later = assessment_compute(organisation=organisation, period="2026-Q4")
    before, now = by_path(scores_of(shop.assessment)), by_path(scores_of(later))
    chart = changes_of(later, now, shop.assessment, before)
    assert chart is not None
    values = list(chart.figure.data[0].y)
    assert sum(values[:-1]) == pytest.approx(values[-1], abs=0.05)
    assert values[0] == shop.assessment.score
    assert values[1] > 0


def test_samples_are_said_to_be_samples(shop: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    client = client_as("viewer")
    assert "are samples" not in client.get("/").content.decode()
    shop.answer.sample = True
    shop.answer.save()
    assert "are samples" in client.get("/").content.decode()


def test_an_empty_overview_leads_through_three_steps(
    organisation: Organisation, client_as: Callable[[str], Client]
) -> None:
    text = client_as("administrator").get("/").content.decode()
    assert [text.index(f'href="{address}"') > 0 for address in ("/datasets/new/", "/checklists/", "/assessments/")]
    viewer = client_as("viewer").get("/").content.decode()
    assert 'href="/datasets/new/"' not in viewer


def test_a_draft_is_said_to_be_a_draft(organisation: Organisation, client_as: Callable[[str], Client]) -> None:
    assessment_compute(organisation=organisation, period="2026-Q3")
    text = client_as("viewer").get("/").content.decode()
    assert "Draft" in text
    assert "not known" in text


def test_the_quarter_of_a_day() -> None:
    day = timezone.datetime(2026, 1, 1).date
    assert quarter_of(day()) == "2026-Q1"
    assert [quarter_of(day().replace(month=month)) for month in (3, 4, 6, 7, 12)] == [
        "2026-Q1",
        "2026-Q2",
        "2026-Q2",
        "2026-Q3",
        "2026-Q4",
    ]


def test_names_follow_the_language(shop: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    client = client_as("viewer")
    client.post("/language/", {"language": "zh-hans"})
    assert "治理成熟度" in client.get("/").content.decode()
    translation.activate("en")
