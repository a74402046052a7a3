"""A sealed document holds; each way of changing it is found and named."""

import json
import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from trees import UNKNOWN, answers, branch, content, leaf, metric, rate

from assessments.scoring.canonical import canonical, digest, parse
from assessments.scoring.seal import document_of, sealed, verify

PREVIOUS = "a" * 64
Document = dict[str, Any]


@pytest.fixture(scope="module")
def document() -> Document:
    scale = [[1, 0], [5, 100]]
    model = content(
        [branch("p", [leaf("a", scale), leaf("b")]), branch("q", [leaf("c", [[0, 0], [1, 100]]), leaf("d")])]
    )
    model["gates"] = [{"id": "g", "name": {"en": "g"}, "indicator": "x", "at_most": 0, "cap": 2}]
    leaves = {"p.a": answers(3, 4), "p.b": metric(71.3, 2), "q.c": rate(97, 100), "q.d": UNKNOWN}
    gates = {"g": {"state": "known", "measure": {"kind": "count", "count": 0}}}
    return document_of(
        organisation={"name": "碼頭 Shop", "slug": "harbour"},
        period="2026-Q3",
        as_of="2026-09-30T00:00:00+00:00",
        model=model,
        evidence={"leaves": leaves, "gates": gates},
    )


@pytest.fixture
def export(document: Document) -> Document:
    """A sealed export as somebody else reads it."""
    return parse(canonical(sealed(deepcopy(document), PREVIOUS)))


def test_an_untouched_export_holds(export: Document) -> None:
    verdict = verify(export)
    assert (verdict.valid, verdict.code) == (True, "valid")


def test_the_same_evidence_gives_the_same_bytes(document: Document) -> None:
    assert canonical(sealed(document, PREVIOUS)) == canonical(sealed(deepcopy(document), PREVIOUS))


def test_other_spaces_and_another_order_of_keys_are_the_same_content(export: Document) -> None:
    turned = json.dumps(dict(reversed(export.items())), indent=4, ensure_ascii=True).encode()
    assert turned != canonical(export)
    assert verify(parse(turned)).valid


def test_a_draft_has_no_seal_to_hold(document: Document) -> None:
    assert verify(document).code == "no_seal"


def _digit(export: Document) -> None:
    export["result"]["score"] += 0.1


def _node(export: Document) -> None:
    export["result"]["nodes"][1]["value"] += 1e-6


def _interval(export: Document) -> None:
    export["result"]["low"] += 0.01


def _node_interval(export: Document) -> None:
    export["result"]["nodes"][2]["high"] -= 0.01


def _level(export: Document) -> None:
    export["result"]["level"] += 1


def _probability(export: Document) -> None:
    export["result"]["levels"]["share"] = [0, 0, 0, 0, 1]


def _gate(export: Document) -> None:
    export["result"]["gates"][0]["raised"] = True


def _no_gate(export: Document) -> None:
    export["result"]["gates"] = []


def _driver(export: Document) -> None:
    export["result"]["drivers"]["weights"] = 0.5


def _weight(export: Document) -> None:
    export["model"]["root"]["children"][0]["weight"] = 2


def _evidence(export: Document) -> None:
    export["evidence"]["leaves"]["q.c"]["measure"]["groups"][0]["parts"][0]["passing"] = 99


def _evidence_and_digest(export: Document) -> None:
    _evidence(export)
    export["evidence_digest"] = digest(export["evidence"])


def _evidence_and_result(export: Document) -> None:
    """Everything computed anew, the seal kept."""
    _evidence(export)
    names = ("organisation", "period", "as_of", "model", "evidence")
    export |= document_of(**{name: export[name] for name in names})


def _key(export: Document) -> None:
    export["note"] = "approved"


def _key_inside(export: Document) -> None:
    export["result"]["note"] = "approved"


def _period(export: Document) -> None:
    export["period"] = "2026-Q4"


def _link(export: Document) -> None:
    export["seal"]["previous"] = "b" * 64


def _seal(export: Document) -> None:
    export["seal"]["seal"] = "b" * 64


def _no_nodes(export: Document) -> None:
    del export["result"]["nodes"]


def _leaf_gone(export: Document) -> None:
    del export["evidence"]["leaves"]["p.a"]
    export["evidence_digest"] = digest(export["evidence"])


def _leaf_score_gone(export: Document) -> None:
    export["result"]["nodes"] = export["result"]["nodes"][:-1]


def _node_added(export: Document) -> None:
    export["result"]["nodes"].append(export["result"]["nodes"][0] | {"path": "z"})


@pytest.mark.parametrize(
    ("change", "code", "where"),
    [
        (_digit, "node", "result.score"),
        (_node, "node", "p.value"),
        (_interval, "interval", "result.low"),
        (_node_interval, "interval", "p.a.high"),
        (_level, "level", "result.level"),
        (_probability, "level", "result.levels.share.3"),
        (_gate, "gate", "result.gates.0.raised"),
        (_no_gate, "gate", "result.gates.0"),
        (_driver, "drivers", "result.drivers.weights"),
        (_weight, "model_digest", "model"),
        (_evidence, "evidence_digest", "evidence"),
        (_evidence_and_digest, "node", "total.value"),
        (_evidence_and_result, "content_digest", "seal.content"),
        (_key, "content_digest", "note"),
        (_key_inside, "result", "result.note"),
        (_period, "content_digest", "seal.content"),
        (_link, "chain", "seal.previous"),
        (_seal, "chain", "seal.previous"),
        (_no_nodes, "structure", ""),
        (_leaf_gone, "structure", ""),
        (_leaf_score_gone, "node", "q.d"),
        (_node_added, "node", "z"),
    ],
)
def test_a_changed_export_is_refused(
    export: Document, change: Callable[[Document], None], code: str, where: str
) -> None:
    change(export)
    verdict = verify(export)
    assert not verdict.valid
    assert verdict.reason
    assert (verdict.code, verdict.where) == (code, where)


@pytest.fixture(scope="module")
def judged() -> Document:
    """A sealed assessment whose weights come from judgements, put together by fuzzy evaluation."""
    pairs = [["a", "b", 2], ["a", "c", 6], ["b", "c", 3]]
    model = content(
        [leaf(name) for name in "abc"],
        weighting="pairwise",
        judgements=[{"by": "Ada", "pairs": pairs}, {"by": "Bo", "matrix": [[1, 1, 5], [1, 1, 4], ["1/5", "1/4", 1]]}],
        method="fuzzy",
        operator="max_min",
    )
    leaves = {"a": metric(71.3, 2), "b": answers(3, 4), "c": rate(97, 100)}
    document = document_of(
        organisation={"name": "Shop", "slug": "shop"},
        period="2026-Q3",
        as_of="2026-09-30T00:00:00+00:00",
        model=model,
        evidence={"leaves": leaves, "gates": {}},
    )
    return sealed(document, "")


def _judgement(export: Document) -> None:
    export["model"]["root"]["judgements"][0]["pairs"][1][2] = 5


def _judgement_and_digest(export: Document) -> None:
    _judgement(export)
    export["model_digest"] = digest(export["model"])


def _ratio(export: Document) -> None:
    export["result"]["nodes"][0]["comparison"]["consistency_ratio"] = 0.01


def _ratio_of_a_judge(export: Document) -> None:
    export["result"]["nodes"][0]["comparison"]["judges"][1]["consistency_ratio"] = 0.0


def _levels(export: Document) -> None:
    export["result"]["nodes"][0]["memberships"][4] += 0.01


def _operator(export: Document) -> None:
    export["model"]["root"]["operator"] = "weighted_average"
    export["model_digest"] = digest(export["model"])


def _not_reciprocal(export: Document) -> None:
    export["model"]["root"]["judgements"][1]["matrix"][0][1] = 3
    export["model_digest"] = digest(export["model"])


def test_judgements_are_verified_from_the_file_alone(judged: Document) -> None:
    assert verify(parse(canonical(judged))).valid


@pytest.mark.parametrize(
    ("change", "code", "where"),
    [
        (_judgement, "model_digest", "model"),
        (_judgement_and_digest, "node", "total.value"),
        (_ratio, "node", "total.comparison.consistency_ratio"),
        (_ratio_of_a_judge, "node", "total.comparison.judges.1.consistency_ratio"),
        (_levels, "node", "total.memberships.4"),
        (_operator, "node", "total.value"),
        (_not_reciprocal, "structure", "root: Bo, a / b"),
    ],
)
def test_a_changed_judgement_is_refused(
    judged: Document, change: Callable[[Document], None], code: str, where: str
) -> None:
    export = parse(canonical(judged))
    change(export)
    verdict = verify(export)
    assert (verdict.valid, verdict.code, verdict.where) == (False, code, where)


def test_every_single_value_of_a_judged_result_is_recomputed(judged: Document) -> None:
    _every_value_is_recomputed(parse(canonical(judged)))


def test_what_was_sealed_earlier_still_holds() -> None:
    """Written before there were judgements and fuzzy evaluation: the three means, equal and given weights."""
    assert verify(parse((Path(__file__).parent / "sealed_earlier.json").read_bytes())).valid


def test_a_difference_below_the_tolerance_is_no_difference_to_the_result(export: Document) -> None:
    """Another processor's last bits recompute to the same; only the seal tells that the bytes were touched."""
    export["result"]["score"] += 1e-12
    assert verify(export).code == "content_digest"


@pytest.mark.parametrize("junk", [None, [], 1, "x", {}, {"format": "govern-assessment/1"}, {"format": "x", "seal": {}}])
def test_what_is_no_assessment_is_refused_without_a_crash(junk: Any) -> None:
    assert not verify(junk).valid


def test_a_document_that_asks_for_too_much_is_refused(export: Document) -> None:
    export["model"]["interval"]["draws"] = 10**12
    export["model_digest"] = digest(export["model"])
    assert verify(export).code == "structure"


def test_a_document_with_endless_parts_is_refused_before_it_is_computed(export: Document) -> None:
    part = {"passing": 1, "checked": 2}
    export["evidence"]["leaves"]["q.c"]["measure"]["groups"] = [{"parts": [part] * 100_000}]
    export["evidence_digest"] = digest(export["evidence"])
    assert "random numbers" in verify(export).reason


def test_a_document_nested_too_deeply_is_refused(export: Document) -> None:
    node: Document = {"id": "x", "name": {}, "children": [leaf("y")]}
    for _ in range(300):
        node = {"id": "x", "name": {}, "children": [node]}
    export["model"]["root"] = node
    export["model_digest"] = digest(export["model"])
    assert verify(export).code == "structure"


def _wide_scale(model: Document) -> None:
    model["root"]["children"][1]["children"][0]["scale"] = [[place, place / 1000] for place in range(51)]


def _many_gates(model: Document) -> None:
    model["gates"] = [model["gates"][0] | {"id": f"g{number}"} for number in range(51)]


@pytest.mark.parametrize(("change", "where"), [(_wide_scale, "q.c"), (_many_gates, "gates")])
def test_a_model_beyond_the_limits_of_its_schema_is_refused(
    export: Document, change: Callable[[Document], None], where: str
) -> None:
    change(export["model"])
    export["model_digest"] = digest(export["model"])
    verdict = verify(export)
    assert (verdict.code, verdict.where) == ("structure", where)


def test_a_node_with_very_many_children_takes_time_in_proportion(export: Document) -> None:
    """Twenty thousand unknown leaves: seconds, where comparing each with each would take minutes."""
    names = [f"l{number}" for number in range(20_000)]
    export["model"]["root"]["children"] = [leaf(name) for name in names]
    export["model"]["interval"]["draws"] = 100
    export["evidence"]["leaves"] = dict.fromkeys(names, UNKNOWN)
    export |= {f"{name}_digest": digest(export[name]) for name in ("model", "evidence")}
    started = time.monotonic()
    assert verify(export).code == "node"
    assert time.monotonic() - started < 20


def _places(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in items:
        yield from _places(below, (*place, key))
    if not isinstance(value, dict | list):
        yield place


def _altered(value: Any) -> Any:
    return (
        not value
        if isinstance(value, bool)
        else 0.5
        if value is None
        else value + ("x" if isinstance(value, str) else 1)
    )


def test_every_single_value_of_the_result_is_recomputed_whatever_the_seal_says(export: Document) -> None:
    _every_value_is_recomputed(export)


def _every_value_is_recomputed(export: Document) -> None:
    places = list(_places(export["result"]))
    assert len(places) > 100
    for place in places:
        changed = deepcopy(export)
        holder = changed["result"]
        for key in place[:-1]:
            holder = holder[key]
        holder[place[-1]] = _altered(holder[place[-1]])
        verdict = verify(sealed(changed, PREVIOUS))
        assert not verdict.valid, place
        assert verdict.code not in {"content_digest", "chain"}, place
