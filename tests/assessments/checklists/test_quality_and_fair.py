"""Data quality has ISO/IEC 25012's fifteen characteristics; FAIR data has RDA's 41 indicators with their priorities."""

from collections import Counter
from typing import Any

import pytest
from django.utils import translation

from assessments.checklists.framework_file import framework_read
from assessments.checklists.models import Item
from assessments.checklists.services import SHIPPED, framework_load
from assessments.quality.checks.registry import CHARACTERISTICS

PATHS = {path.stem: path for path in SHIPPED}
CHARACTERISTICS_BY_GROUP = {
    "inherent": ["accuracy", "completeness", "consistency", "credibility", "currentness"],
    "inherent-and-system": [
        "accessibility",
        "compliance",
        "confidentiality",
        "efficiency",
        "precision",
        "traceability",
        "understandability",
    ],
    "system-dependent": ["availability", "portability", "recoverability"],
}
GROUP_IN_REFERENCE = {
    "inherent": "inherent",
    "inherent-and-system": "inherent and system-dependent",
    "system-dependent": "system-dependent",
}
# doi.org/10.15497/rda00050, in the order of the principles.
INDICATORS = {
    "findable": {
        "F1-01M": "essential",
        "F1-01D": "essential",
        "F1-02M": "essential",
        "F1-02D": "essential",
        "F2-01M": "essential",
        "F3-01M": "essential",
        "F4-01M": "essential",
    },
    "accessible": {
        "A1-01M": "important",
        "A1-02M": "essential",
        "A1-02D": "essential",
        "A1-03M": "essential",
        "A1-03D": "essential",
        "A1-04M": "essential",
        "A1-04D": "essential",
        "A1-05D": "important",
        "A1.1-01M": "essential",
        "A1.1-01D": "important",
        "A1.2-01D": "useful",
        "A2-01M": "essential",
    },
    "interoperable": {
        "I1-01M": "important",
        "I1-01D": "important",
        "I1-02M": "important",
        "I1-02D": "important",
        "I2-01M": "important",
        "I2-01D": "useful",
        "I3-01M": "important",
        "I3-01D": "useful",
        "I3-02M": "useful",
        "I3-02D": "useful",
        "I3-03M": "important",
        "I3-04M": "useful",
    },
    "reusable": {
        "R1-01M": "essential",
        "R1.1-01M": "essential",
        "R1.1-02M": "important",
        "R1.1-03M": "important",
        "R1.2-01M": "important",
        "R1.2-02M": "useful",
        "R1.3-01M": "essential",
        "R1.3-01D": "essential",
        "R1.3-02M": "essential",
        "R1.3-02D": "important",
    },
}


@pytest.fixture(params=["data-quality-25012", "fair-data"])
def document(request: pytest.FixtureRequest) -> dict[str, Any]:
    return read(request.param)


def read(name: str) -> dict[str, Any]:
    return framework_read(PATHS[name])[0]


def items_of(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [item for domain in document["domains"] for item in domain["items"]]


def test_data_quality_has_the_fifteen_characteristics_in_their_groups() -> None:
    document = read("data-quality-25012")
    assert {d["id"]: [item["id"] for item in d["items"]] for d in document["domains"]} == CHARACTERISTICS_BY_GROUP
    assert len(items_of(document)) == 15
    for domain in document["domains"]:
        for item in domain["items"]:
            assert item["reference"] == f"ISO/IEC 25012:2008, {GROUP_IN_REFERENCE[domain['id']]}, {item['id']}"


def test_characteristics_are_named_as_the_checks_name_them() -> None:
    items = items_of(read("data-quality-25012"))
    assert {item["id"] for item in items} == set(CHARACTERISTICS)
    for code, language in (("en", "en"), ("zh-hans", "zh")):
        with translation.override(code):
            named = {name: str(label) for name, label in CHARACTERISTICS.items()}
        assert {item["id"]: item["name"][language].lower() for item in items} == named


def test_fair_data_has_the_41_indicators_with_their_priorities() -> None:
    document = read("fair-data")
    found = {d["id"]: {item["id"]: item["reference"] for item in d["items"]} for d in document["domains"]}
    assert found == {
        principle: {
            f"rda-{indicator.lower().replace('.', '-')}": f"RDA-{indicator}, {priority}"
            for indicator, priority in indicators.items()
        }
        for principle, indicators in INDICATORS.items()
    }
    assert [list(items) for items in found.values()] == [
        [f"rda-{indicator.lower().replace('.', '-')}" for indicator in indicators] for indicators in INDICATORS.values()
    ]
    priorities = Counter(item["reference"].rsplit(", ", 1)[1] for item in items_of(document))
    assert priorities == {"essential": 20, "important": 14, "useful": 7}


def test_names_tell_data_from_metadata() -> None:
    """An indicator of the same principle may exist for both; the last letter of its identifier says which is meant."""
    items = items_of(read("fair-data"))
    for language in ("en", "zh"):
        assert len({item["name"][language] for item in items}) == 41
    for item in items:
        if item["id"].endswith("d"):
            assert "metadata" not in item["name"]["en"].lower(), item["id"]
            assert "元数据" not in item["name"]["zh"], item["id"]


def test_fair_data_is_attributed_and_says_whose_finding_is_meant() -> None:
    document = read("fair-data")
    for language, changed, own in (
        ("en", "Changed:", "the shop's own people and systems"),
        ("zh", "改动之处", "企业自己的人员和系统"),
    ):
        text = document["attribution"][language]
        assert "RDA FAIR Data Maturity Model Working Group" in text
        assert "2020" in text
        assert "https://doi.org/10.15497/rda00050" in text
        assert "CC BY 4.0" in text
        assert "https://creativecommons.org/licenses/by/4.0/" in text
        assert changed in text
        assert own in text
    assert "internal data" in document["source"]


def test_sources_say_whose_words_these_are(document: dict[str, Any]) -> None:
    assert "Govern's own words" in document["source"]


def test_every_item_has_a_reason_and_evidence(document: dict[str, Any]) -> None:
    texts = []
    for item in items_of(document):
        assert 80 <= len(item["why"]["en"]) <= 600, item["id"]
        assert 30 <= len(item["why"]["zh"]) <= 400, item["id"]
        assert 1 <= len(item["evidence"]) <= 4, item["id"]
        texts += [item["why"], *item["evidence"]]
    for language in ("en", "zh"):
        assert len({text[language] for text in texts}) == len(texts)
    for text in texts:
        assert text["en"][0].isupper()
        assert text["en"][-1] == "."
        assert text["zh"][-1] == "。"


@pytest.mark.django_db
def test_both_load_and_read_in_both_languages() -> None:
    for name, count in (("data-quality-25012", 15), ("fair-data", 41)):
        framework = framework_load(PATHS[name])
        assert Item.objects.filter(domain__framework=framework).count() == count
        assert framework_load(PATHS[name]) == framework
    item = Item.objects.get(identifier="rda-a1-2-01d")
    assert item.key == "accessible.rda-a1-2-01d"
    with translation.override("zh-hans"):
        assert item.question_text == "读取数据的协议本身能否确认请求者身份及其可见范围？"
        assert str(item.domain.framework) == "FAIR 数据（RDA 成熟度指标）"
    with translation.override("en"):
        assert item.level_texts[0] == "Whoever knows the address or the shared password reads everything."
        assert str(item.domain.framework) == "FAIR data (RDA maturity indicators)"
