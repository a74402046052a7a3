import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from assessments.datasets.models import Dataset
from assessments.jobs.models import Job
from assessments.recommenders.models import TrainingRun


def train(*arguments: str) -> tuple[int, dict[str, Any]]:
    out = StringIO()
    try:
        call_command("train_recommender", *arguments, "--json", stdout=out, stderr=StringIO())
    except SystemExit as end:
        return int(end.code or 0), json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


@pytest.mark.django_db(transaction=True)
def test_it_prints_metrics_baselines_and_comparisons(dataset: Dataset) -> None:
    code, document = train("orders", "--model", "ease", "--split", "time:0.8", "--option", "l2=100", "--seed", "3")
    assert code == 0
    assert document["model"] == "ease"
    assert document["options"]["l2"] == 100.0
    assert len(document["protocol"]["digest"]) == 64
    ndcg = document["metrics"]["ndcg@10"]
    assert ndcg["low"] <= ndcg["value"] <= ndcg["high"]
    assert set(document["baselines"]) == {"popular", "recent_popular"}
    assert document["comparisons"]
    assert document["seconds"] > 0
    run = TrainingRun.objects.get(pk=document["run"])
    assert run.job == Job.objects.get()
    assert run.job is not None
    assert (run.job.state, run.job.kind) == ("succeeded", "recommenders.train")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("arguments", "where"),
    [
        (["--model", "ease", "--split", "time:0.8", "--option", "l3=1"], "option l3"),
        (["--model", "oracle", "--split", "time:0.8"], "model"),
        (["--model", "ease", "--split", "yesterday"], "split"),
        (["--model", "ease", "--split", "time:2050-01-01"], "split"),
    ],
)
def test_a_failure_that_it_explains_ends_with_1(dataset: Dataset, arguments: list[str], where: str) -> None:
    code, document = train("orders", *arguments)
    assert code == 1
    assert document["error"]
    assert where in document["where"]


@pytest.mark.django_db
def test_an_unknown_dataset_and_wrong_usage(dataset: Dataset) -> None:
    code, document = train("nothing", "--model", "ease", "--split", "time:0.8")
    assert code == 1
    assert "orders" in document["hint"]
    with pytest.raises(CommandError, match="NAME=VALUE"):
        train("orders", "--model", "ease", "--split", "time:0.8", "--option", "l2")
