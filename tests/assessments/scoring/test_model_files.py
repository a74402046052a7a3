"""Scoring models as files: the shipped ones hold, a wrong one is refused with its place."""

from pathlib import Path

import pytest
import yaml

from assessments.common.errors import GovernError
from assessments.scoring.formulas import scale_apply
from assessments.scoring.model_files import DEFAULT_FILE, FOLDER, scoring_model_read
from assessments.scoring.services import scoring_model_load
from assessments.scoring.tree import model_of

TEXT = DEFAULT_FILE.read_text("utf-8")
JUDGED = "weighting: pairwise\n  judgements:\n  - by: Head of data\n    pairs:"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_shipped_models_are_whole(path: Path) -> None:
    content = scoring_model_read(path.read_bytes(), path.name)
    assert path.stem == f"{content['id']}-{content['version']}"
    root = model_of(content).root
    assert [child.path for child in root.children] == ["maturity", "data", "recommender"]
    assert [len(list(child.leaves())) for child in root.children] == [28, 8, 3]
    assert [child.weight for child in root.children] == pytest.approx([1 / 3] * 3)


@pytest.mark.parametrize(
    ("measured", "score"),
    [(0.1085, 0.0), (0.2311, 70.1), (0.3133, 85.2)],
    ids=["popular lately", "EASE", "perceptron"],
)
def test_the_scale_of_the_gain_tells_the_models_measured_on_online_retail_apart(measured: float, score: float) -> None:
    """NDCG@10 of docs/scoring.md; a scale that ends below them would give all of them 100."""
    points = yaml.safe_load(TEXT)["scales"]["relative_gain"]
    assert scale_apply(points, measured / 0.1085 - 1) == pytest.approx(score, abs=0.05)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("version: 1", "version: one", "schema"),
        ("version: 1", "version: 1\nnote: x", "note"),
        ("indicator: datasets_checked", "indicator: wishes", "wishes"),
        ("scale: share_checked", "scale: guess", "guess"),
        ("level_cuts: [20, 40, 60, 80]", "level_cuts: [20, 60, 40, 80]", "ascend"),
        ("draws: 10000", "draws: 1000000000", "schema"),
        ("id: critical_findings", "id: unprotected_personal_data", "same identifier"),
        ("- id: uniqueness", "- id: completeness", "different identifiers"),
        ("floor: 5", "floor: 0", "schema"),
        ("method: geometric", "method: fuzzy", "needs one of: max_min"),
        ("method: geometric", "method: fuzzy\n  operator: mean", "schema"),
        ("weighting: equal", "weighting: pairwise", "0 people"),
        ("weighting: equal", "weighting: pairwise\n  judgements: []", "schema"),
        ("weighting: equal", f"{JUDGED}\n      - [maturity, data, 2]", "not compared"),
        ("weighting: equal", f"{JUDGED}\n      - [maturity, data, two]", "schema"),
        ("weighting: equal", f"{JUDGED}\n      - [maturity, data, .nan]", "Head of data, maturity / data"),
        ("id: governance", "id: [", "YAML"),
        ("id: governance", "id: governance\nid: governance", "twice"),
        ("level_cuts: [20, 40, 60, 80]", "level_cuts: &a [20, 40, 60, 80]\nscales: *a", "aliases"),
        (TEXT, "? [a, b]\n: c\n", "YAML"),
        (TEXT, "? {a: b}\n: c\n", "YAML"),
        (TEXT, "[" * 5000, "YAML"),
        (TEXT, "a: !!python/object/apply:os.system [id]", "YAML"),
        (TEXT, "", "schema"),
        (TEXT, "- 1", "schema"),
    ],
)
def test_a_wrong_model_is_refused_with_its_reason(old: str, new: str, words: str) -> None:
    assert old in TEXT
    with pytest.raises(GovernError) as refused:
        scoring_model_read(TEXT.replace(old, new, 1), "mine.yaml")
    assert words in f"{refused.value} {refused.value.where}"


def test_judgements_are_read_from_yaml() -> None:
    pairs = "".join(
        f"\n      - [{pair}]" for pair in ("maturity, data, 2", "recommender, maturity, 1/6", "data, recommender, 3")
    )
    content = scoring_model_read(TEXT.replace("weighting: equal", JUDGED + pairs, 1))
    root = model_of(content).root
    assert [child.weight for child in root.children] == pytest.approx([0.6, 0.3, 0.1])


def test_a_file_that_is_not_there_is_explained(tmp_path: Path) -> None:
    with pytest.raises(GovernError, match="cannot be read"):
        scoring_model_load(tmp_path / "none.yaml")


def test_a_huge_file_is_refused() -> None:
    with pytest.raises(GovernError, match="2 MiB"):
        scoring_model_read("#" * (3 * 2**20))


def test_every_name_stands_in_both_languages() -> None:
    root = model_of(yaml.safe_load(TEXT)).root
    for node in root.walk():
        assert set(node.name) == {"en", "zh"}
