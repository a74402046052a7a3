"""Loading a framework: the same twice changes nothing, a published version never changes, mistakes are named."""

import copy
import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command
from django.utils import translation

from assessments.checklists.framework_difference import Change, framework_difference
from assessments.checklists.framework_file import framework_read
from assessments.checklists.models import Domain, Framework, Item
from assessments.checklists.selectors import framework_get
from assessments.checklists.services import SHIPPED, framework_load
from assessments.common.errors import ConflictError, GovernError

pytestmark = pytest.mark.django_db
Write = Callable[[dict[str, Any]], Path]


def line_of(path: Path, text: str, occurrence: int = 1) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [n for n, line in enumerate(lines, start=1) if text in line][occurrence - 1]


def refused(path: Path) -> GovernError:
    with pytest.raises(GovernError) as caught:
        framework_load(path)
    assert not Framework.objects.exists()
    return caught.value


def test_loading_keeps_order_and_texts(small: dict[str, Any], write: Write) -> None:
    framework = framework_load(write(small))
    assert [d.identifier for d in framework.domains.all()] == ["alpha", "beta"]
    item = framework.domains.get(identifier="beta").items.get(identifier="second")
    assert item.key == "beta.second"
    assert item.level_texts[4] == "Level number 5"
    with translation.override("zh-hans"):
        assert item.level_texts[4] == "等级 5"
        assert item.question_text == "是这样吗？"
        assert str(framework) == "小"


def test_loading_again_changes_nothing(small: dict[str, Any], write: Write) -> None:
    first = framework_load(write(small))
    rows = list(Item.objects.values())
    path = write(small)
    path.write_text("# another comment\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert framework_load(path) == first
    assert list(Item.objects.values()) == rows
    assert Domain.objects.count() == 2


def test_a_published_version_never_changes(small: dict[str, Any], write: Write) -> None:
    framework_load(write(small))
    small["domains"][0]["items"][0]["levels"][2]["en"] = "Quite another thing"
    path = write(small)
    with pytest.raises(ConflictError, match="Raise the version"):
        framework_load(path)
    assert Item.objects.filter(levels__2__en="Quite another thing").count() == 0
    small["version"] = 2
    assert framework_load(write(small)).version == 2
    assert Framework.objects.count() == 2


def test_missing_language(small: dict[str, Any], write: Write) -> None:
    del small["domains"][0]["items"][1]["levels"][3]["zh"]
    path = write(small)
    error = refused(path)
    assert error.message == "The text in this language is missing: zh."
    assert error.where == f"small.yaml:{line_of(path, 'Level number 4', 2)}"
    assert error.hint == "Look at: domains › 0 › items › 1 › levels › 3."


def test_missing_level(small: dict[str, Any], write: Write) -> None:
    del small["domains"][1]["items"][0]["levels"][1]
    path = write(small)
    error = refused(path)
    assert error.message == "An item has five level descriptors; here are 4."
    assert error.where == f"small.yaml:{line_of(path, 'Level number 1', 3)}"


@pytest.mark.parametrize(("what", "occurrence"), [("alpha", 2), ("first", 2)])
def test_duplicate_identifier(small: dict[str, Any], write: Write, what: str, occurrence: int) -> None:
    if what == "alpha":
        small["domains"][1]["id"] = "alpha"
    else:
        small["domains"][0]["items"][1]["id"] = "first"
    path = write(small)
    error = refused(path)
    assert error.message == f"The identifier “{what}” is given twice."
    assert error.where == f"small.yaml:{line_of(path, f'id: {what}', occurrence)}"


def test_descriptors_that_read_the_same(small: dict[str, Any], write: Write) -> None:
    small["domains"][0]["items"][0]["levels"][4]["en"] = "level  NUMBER 2"
    path = write(small)
    error = refused(path)
    assert error.message == "Levels 2 and 5 have the same descriptor."
    assert error.where == f"small.yaml:{line_of(path, 'level  NUMBER 2')}"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"version": "1"}, "'1' is not of type 'integer'"),
        ({"version": 0}, "less than the minimum"),
        ({"id": "DCMM 2018"}, "does not match"),
        ({"extra": 1}, "There is no such name here: extra."),
        ({"source": "long " * 100}, "This text has 500 characters; at most 300 are taken."),
        ({"attribution": {"en": "CC BY 4.0"}}, "The text in this language is missing: zh."),
        ({"domains": []}, "should be non-empty"),
        ({"name": {"en": "Only Latin", "zh": "letters"}}, "does not match"),
    ],
)
def test_schema_refusals(small: dict[str, Any], write: Write, change: dict[str, Any], reason: str) -> None:
    error = refused(write(small | change))
    assert reason in error.message
    assert error.where.startswith("small.yaml:")


def explained(small: dict[str, Any]) -> dict[str, Any]:
    """The first item of the small framework, with the parts that a framework may leave out."""
    item: dict[str, Any] = small["domains"][0]["items"][0]
    item |= {
        "reference": "Act art. 7",
        "why": {"en": "Ranking needs it.", "zh": "排序需要它。"},
        "evidence": [{"en": "The minutes", "zh": "会议纪要"}, {"en": "The register", "zh": "登记表"}],
    }
    return item


def test_reason_typical_evidence_and_reference_are_kept(small: dict[str, Any], write: Write) -> None:
    explained(small)
    small["attribution"] = {"en": "After work of others, CC BY 4.0.", "zh": "依据他人成果，CC BY 4.0。"}
    framework = framework_load(write(small))
    first, second = framework.domains.get(identifier="alpha").items.all()
    assert (first.reference, first.why_text) == ("Act art. 7", "Ranking needs it.")
    assert first.evidence_texts == ["The minutes", "The register"]
    assert framework.attribution_text == "After work of others, CC BY 4.0."
    with translation.override("zh-hans"):
        assert (first.why_text, first.evidence_texts) == ("排序需要它。", ["会议纪要", "登记表"])
        assert framework.attribution_text == "依据他人成果，CC BY 4.0。"
    assert (second.reference, second.why_text, second.evidence_texts) == ("", "", [])


@pytest.mark.parametrize(
    ("change", "reason", "at"),
    [
        ({"why": {"en": "Only English."}}, "The text in this language is missing: zh.", "Only English"),
        (
            {"why": {"en": "x" * 601, "zh": "长"}},
            "This text has 601 characters; at most 600 are taken.",
            "x" * 601,
        ),
        ({"evidence": []}, "Typical evidence is one to six texts; here are 0.", "evidence: []"),
        (
            {"evidence": [{"en": f"Paper {n}", "zh": f"文件 {n}"} for n in range(7)]},
            "Typical evidence is one to six texts; here are 7.",
            "Paper 0",
        ),
        ({"evidence": [{"en": "Minutes"}]}, "The text in this language is missing: zh.", "Minutes"),
        ({"reference": "y" * 121}, "This text has 121 characters; at most 120 are taken.", "y" * 121),
        ({"reference": " "}, "does not match", "reference: ' '"),
        ({"reasons": "typo"}, "There is no such name here: reasons.", "reasons: typo"),
    ],
)
def test_mistakes_in_what_explains_an_item(
    small: dict[str, Any], write: Write, change: dict[str, Any], reason: str, at: str
) -> None:
    explained(small).update(change)
    path = write(small)
    error = refused(path)
    assert reason in error.message
    assert error.where == f"small.yaml:{line_of(path, at)}"


def test_a_wrong_name_is_pointed_at_in_its_own_line_before_the_right_one_is_missed(
    small: dict[str, Any], write: Write
) -> None:
    item = small["domains"][1]["items"][1]
    item["level"] = item.pop("levels")
    path = write(small)
    error = refused(path)
    assert error.message == "There is no such name here: level."
    assert error.where == f"small.yaml:{line_of(path, 'level:')}"
    assert error.hint == (
        "Look at: domains › 1 › items › 1. Known are: id, name, question, reference, why, evidence, levels."
    )


@pytest.mark.parametrize(
    ("text", "reason", "where"),
    [
        ("", "The file is empty.", "x.yaml"),
        ("id: [unclosed\nversion: 1", "not valid YAML", "x.yaml:2"),
        ("id: a\nid: b", "The name “id” is given twice.", "x.yaml:2"),
        ("id: &a [1]\nversion: *a", "Anchors and aliases are not allowed.", "x.yaml:1"),
        ("id: !!python/object/apply:os.system ['true']", "Tags such as", "x.yaml:1"),
        ("id: !!python/name:os.system ''", "not valid YAML", "x.yaml:1"),
        ("a: 1\nb: 2024-99-99", "not valid YAML", "x.yaml"),
        ("just text", "is not of type 'object'", "x.yaml:1"),
        ("1: a", "A name must be plain text.", "x.yaml:1"),
        ("domains:\n  - ../../../etc/passwd", "There is no file", "x.yaml:2"),
        ("domains:\n  - /etc/passwd", "There is no file", "x.yaml:2"),
        ("[" * 5000, "nested too deeply", "x.yaml"),
    ],
)
def test_broken_files(tmp_path: Path, text: str, reason: str, where: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(text, encoding="utf-8")
    error = refused(path)
    assert reason in error.message
    assert error.where == where


def test_unreadable_files(tmp_path: Path) -> None:
    assert "No such file" in refused(tmp_path / "nothing.yaml").message
    path = tmp_path / "latin.yaml"
    path.write_bytes("name: café".encode("latin-1"))
    assert refused(path).hint == "Save it as UTF-8."
    path.write_bytes(b"#" * (2 * 2**20 + 1))
    assert "larger" in refused(path).message


def test_a_mistake_in_an_included_file_names_that_file(small: dict[str, Any], write: Write, tmp_path: Path) -> None:
    del small["domains"][1]["items"][0]["question"]["en"]
    part = tmp_path / "part.yaml"
    part.write_text(yaml.safe_dump(small["domains"][1], allow_unicode=True, sort_keys=False), encoding="utf-8")
    error = refused(write(small | {"domains": [small["domains"][0], "part.yaml"]}))
    assert error.where == f"part.yaml:{line_of(part, '是这样吗')}"


def test_a_version_without_explanations_stays_as_it_is_when_the_shipped_one_comes(
    small: dict[str, Any], write: Write
) -> None:
    shipped, _digest = framework_read(next(path for path in SHIPPED if path.stem == "dcmm-2018"))
    older = copy.deepcopy(shipped) | {"version": 1}
    for domain in older["domains"]:
        for item in domain["items"]:
            del item["why"], item["evidence"]
    first = framework_load(write(older))
    rows = list(Item.objects.values())
    assert {(row["reference"], len(row["why"]), len(row["typical_evidence"])) for row in rows} == {("", 0, 0)}
    call_command("load_frameworks", stdout=StringIO(), stderr=StringIO())
    assert list(Item.objects.filter(domain__framework=first).values()) == rows
    assert framework_get(identifier="dcmm-2018").version == 2
    assert framework_get(identifier="dcmm-2018", version=1) == first
    assert {d.change for d in framework_difference(older, shipped)} == {Change.UNCHANGED}


def test_the_example_of_the_guide_is_a_framework(tmp_path: Path) -> None:
    guide = (Path(settings.BASE_DIR) / "docs" / "checklists.md").read_text(encoding="utf-8")
    example = tmp_path / "our-rules.yaml"
    example.write_text(guide.partition("```yaml\n")[2].partition("```")[0], encoding="utf-8")
    framework = framework_load(example)
    item = Item.objects.get(domain__framework=framework)
    assert (item.key, item.reference, len(item.evidence_texts)) == ("logs.impressions", "House rule 7", 1)


def test_command_loads_what_is_shipped_and_explains_refusals(tmp_path: Path) -> None:
    for _attempt in range(2):
        out = StringIO()
        call_command("load_frameworks", "--json", stdout=out, stderr=StringIO())
        said = json.loads(out.getvalue())
        loaded = {row["framework"]: row for row in said["frameworks"]}
        assert (len(loaded), said["mappings"]) == (len(SHIPPED), 62)
        assert (loaded["dcmm-2018"]["version"], loaded["dcmm-2018"]["items"]) == (2, 28)
    assert Item.objects.count() == sum(row["items"] for row in loaded.values())
    out = StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("load_frameworks", str(tmp_path / "nothing.yaml"), "--json", stdout=out, stderr=StringIO())
    assert left.value.code == 1
    assert "No such file" in json.loads(out.getvalue())["error"]
