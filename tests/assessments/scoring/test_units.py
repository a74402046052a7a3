"""Which published documents count as units for weights by entropy, and that they are sealed with the assessment."""

from typing import Any

import pytest
from trees import UNKNOWN, branch, content, leaf, metric

from assessments.scoring.canonical import canonical, digest, parse
from assessments.scoring.seal import document_of, sealed, verify
from assessments.scoring.tree import model_of
from assessments.scoring.units import units_of, weighed_paths

SCORES = [(60, 20, 50), (60, 45, 80), (75, 90, 70)]


def tree(weighting: str = "equal", /, **changes: Any) -> Any:
    left = {"method": "arithmetic", **changes}
    return content([branch("p", [leaf("a"), leaf("b")], **left), leaf("q")], weighting=weighting)


def published(model: Any, scores: Any, period: str = "2026-Q3") -> dict[str, Any]:
    leaves = {path: metric(score) for path, score in zip(("p.a", "p.b", "q"), scores, strict=True)}
    return sealed(document(model, leaves, period=period), "")


def document(model: Any, leaves: Any, period: str = "2026-Q4", **evidence: Any) -> dict[str, Any]:
    return document_of(
        organisation={"name": "Shop", "slug": "shop"},
        period=period,
        as_of="2026-12-31T00:00:00+00:00",
        model=model,
        evidence={"leaves": leaves, "gates": {}, **evidence},
    )


def test_the_parts_of_the_nodes_weighed_by_units_are_asked_for() -> None:
    assert weighed_paths(model_of(tree())) == []
    assert weighed_paths(model_of(tree("entropy"))) == ["p", "q"]
    assert weighed_paths(model_of(tree("combined", weighting="entropy"))) == ["p", "q", "p.a", "p.b"]


def test_units_are_kept_by_seal_without_their_names() -> None:
    documents = [published(tree(), scores) for scores in SCORES]
    found = units_of(model_of(tree("entropy")), documents)
    assert found == sorted(
        (
            {"seal": one["seal"]["seal"], "period": "2026-Q3", "scores": {"p": (a + b) / 2, "q": float(q)}}
            for one, (a, b, q) in zip(documents, SCORES, strict=True)
        ),
        key=lambda unit: str(unit["seal"]),
    )


def test_only_what_means_the_same_is_compared() -> None:
    model = model_of(tree("entropy"))
    other_weights, other_names = tree("given"), tree()
    other_weights["root"]["children"][1]["weight"] = 5
    other_names["root"]["children"][0]["name"] = {"en": "renamed"}
    assert len(units_of(model, [published(one, SCORES[0]) for one in (other_weights, other_names)])) == 2
    other_scale = tree()
    other_scale["root"]["children"][1]["scale"] = [[0, 0], [200, 100]]
    different = [tree(method="minimum"), tree(weighting="given", id="other"), other_scale]
    unknown = sealed(document(tree(), {"p.a": UNKNOWN, "p.b": UNKNOWN, "q": metric(50)}), "")
    assert units_of(model, [*(_published(one) for one in different), unknown]) == []


def _published(model: Any) -> dict[str, Any]:
    paths = [node.path for node in model_of(model).root.leaves()]
    return sealed(document(model, {path: metric(50) for path in paths}), "")


@pytest.fixture
def export() -> dict[str, Any]:
    """A sealed document whose weights come from three units, as somebody else reads it."""
    units = units_of(model_of(tree("entropy")), [published(tree(), scores) for scores in SCORES])
    leaves = {"p.a": metric(50, 2), "p.b": metric(60, 2), "q": metric(80, 2)}
    exported: dict[str, Any] = parse(canonical(sealed(document(tree("entropy"), leaves, units=units), "")))
    return exported


def test_the_frozen_scores_give_the_weights_and_verify_alone(export: dict[str, Any]) -> None:
    assert verify(export).valid
    rows = {row["path"]: row for row in export["result"]["nodes"]}
    assert rows[""]["units"] == 3
    assert export["result"]["score"] == pytest.approx(rows["p"]["weight"] * 55 + rows["q"]["weight"] * 80)
    assert rows["p"]["weight"] > rows["q"]["weight"]  # 40, 52.5, 82.5 differ more than 50, 80, 70


def test_a_changed_score_of_a_unit_is_found(export: dict[str, Any]) -> None:
    export["evidence"]["units"][0]["scores"]["q"] += 1
    assert verify(export).code == "evidence_digest"
    export["evidence_digest"] = digest(export["evidence"])
    assert (verify(export).code, verify(export).where) == ("node", "total.value")


def test_a_unit_taken_away_is_found(export: dict[str, Any]) -> None:
    del export["evidence"]["units"][0]
    export["evidence_digest"] = digest(export["evidence"])
    assert (verify(export).code, verify(export).where) == ("structure", "root: units")
