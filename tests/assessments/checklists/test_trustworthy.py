"""The trustworthy recommender has the nineteen categories of NIST AI RMF 1.0 and names the risks of a recommender."""

import re
from typing import Any

import pytest
from django.utils import translation

from assessments.checklists.framework_file import framework_read
from assessments.checklists.models import Item
from assessments.checklists.services import SHIPPED, framework_load

PATH = next(path for path in SHIPPED if path.stem == "trustworthy-recommender")
# NIST AI 100-1, section 5: the four functions in their order, with the number of categories of each.
CATEGORIES = {"govern": 6, "map": 5, "measure": 4, "manage": 4}
RISKS = {
    "filter bubbles": "信息茧房",
    "popularity bias": "流行度偏差",
    "favoured sellers": "偏袒商家",
    "price steering": "价格引导",
    "minors": "未成年人",
    "feedback loops": "反馈循环",
    "cold-start": "冷启动",
    "fake reviews": "虚假评价",
    "embedding": "向量",
    "incidents": "事故",
    "roll-back": "回滚",
    "group gaps": "群体差距",
    "offline": "离线",
    "online": "线上",
    "appeal": "申诉",
}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return framework_read(PATH)[0]


@pytest.fixture(scope="module")
def items(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [item for domain in document["domains"] for item in domain["items"]]


def test_it_has_the_nineteen_categories_in_their_order(document: dict[str, Any]) -> None:
    found = [(d["id"], [(i["id"], i["reference"]) for i in d["items"]]) for d in document["domains"]]
    assert found == [
        (function, [(f"{function}-{n}", f"NIST AI RMF 1.0, {function.upper()} {n}") for n in range(1, count + 1)])
        for function, count in CATEGORIES.items()
    ]
    assert sum(len(in_domain) for _, in_domain in found) == 19


def test_no_text_is_there_twice(items: list[dict[str, Any]]) -> None:
    for language in ("en", "zh"):
        descriptors = [level[language] for item in items for level in item["levels"]]
        assert len(descriptors) == len(set(descriptors)) == 95
        around = (text for i in items for text in (i["name"], i["question"], i["why"], *i["evidence"]))
        texts = [*descriptors, *(text[language] for text in around)]
        assert len(set(texts)) == len(texts)


def test_a_descriptor_is_one_sentence(items: list[dict[str, Any]]) -> None:
    for level in (level for item in items for level in item["levels"]):
        assert re.fullmatch(r"[A-Z][^.?!]*\.", level["en"]), level["en"]
        assert re.fullmatch(r"[^。？！]*。", level["zh"]), level["zh"]


def test_every_item_has_a_reason_and_two_to_four_pieces_of_evidence(items: list[dict[str, Any]]) -> None:
    for item in items:
        assert 80 <= len(item["why"]["en"]) <= 600, item["id"]
        assert 30 <= len(item["why"]["zh"]) <= 400, item["id"]
        assert 2 <= len(item["evidence"]) <= 4, item["id"]
        for text in (item["why"], *item["evidence"]):
            assert text["en"][0].isupper()
            assert text["en"][-1] == "."
            assert text["zh"][-1] == "。"


@pytest.mark.parametrize("risk", RISKS)
def test_the_risks_of_a_recommender_are_named(risk: str, items: list[dict[str, Any]]) -> None:
    """An item that names a risk in English names it in Chinese too."""

    def text_of(item: dict[str, Any], language: str) -> str:
        parts = (item["question"], item["why"], *item["levels"], *item["evidence"])
        return " ".join(part[language] for part in parts).lower()

    naming = [item for item in items if risk in text_of(item, "en")]
    assert naming
    assert any(RISKS[risk] in text_of(item, "zh") for item in naming)


def test_its_source_says_whose_words_these_are(document: dict[str, Any]) -> None:
    assert "19 categories of the NIST AI Risk Management Framework 1.0" in document["source"]
    assert "a public document" in document["source"]
    assert "Govern's own words" in document["source"]


@pytest.mark.django_db
def test_it_loads_in_both_languages() -> None:
    framework = framework_load(PATH)
    assert Item.objects.filter(domain__framework=framework).count() == 19
    assert framework_load(PATH) == framework
    item = Item.objects.get(identifier="manage-4")
    assert item.key == "manage.manage-4"
    with translation.override("zh-hans"):
        assert item.question_text == "推荐或搜索造成危害时，能否及时发现、回滚、告知受影响者，并转化为改进？"
        assert item.level_texts[2].startswith("预案规定内容与公平类事故的定义、分级")
        assert str(framework) == "可信推荐（NIST AI RMF）"
        assert [str(domain) for domain in framework.domains.all()] == ["治理", "映射（情境与风险识别）", "测量", "管理"]
    with translation.override("en"):
        assert item.level_texts[1] == (
            "Outages are handled by a duty rota; biased, unsafe or manipulated results do not count as incidents."
        )
        assert str(framework) == "Trustworthy recommender (NIST AI RMF)"
        assert [str(domain) for domain in framework.domains.all()] == ["Govern", "Map", "Measure", "Manage"]
