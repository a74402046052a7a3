"""Every framework file that comes with Govern is complete in both languages; DCMM has the standard's names."""

import re
from typing import Any

import pytest
import yaml

from assessments.checklists.framework_file import framework_read
from assessments.checklists.services import SHIPPED
from assessments.checklists.services.samples import SAMPLE_PROFILES, WORDS

DCMM = {
    "数据战略": ["数据战略规划", "数据战略实施", "数据战略评估"],
    "数据治理": ["数据治理组织", "数据制度建设", "数据治理沟通"],
    "数据架构": ["数据模型", "数据分布", "数据集成与共享", "元数据管理"],
    "数据应用": ["数据分析", "数据开放共享", "数据服务"],
    "数据安全": ["数据安全策略", "数据安全管理", "数据安全审计"],
    "数据质量": ["数据质量需求", "数据质量检查", "数据质量分析", "数据质量提升"],
    "数据标准": ["业务术语", "参考数据和主数据", "数据元", "指标数据"],
    "数据生存周期": ["数据需求", "数据设计和开发", "数据运维", "数据退役"],
}
ENGLISH = {
    "data strategy": ["planning", "implementation", "assessment"],
    "data governance": ["organisation", "policies", "communication"],
    "data architecture": ["model", "distribution", "integration and sharing", "metadata management"],
    "data application": ["analysis", "opening and sharing", "service"],
    "data security": ["strategy", "management", "audit"],
    "data quality": ["requirements", "checks", "analysis", "improvement"],
    "data standards": ["business terms", "reference and master data", "data elements", "indicator data"],
    "data life cycle": ["requirements", "design and development", "operation and maintenance", "retirement"],
}


@pytest.fixture(params=SHIPPED, ids=lambda path: path.stem)
def shipped(request: pytest.FixtureRequest) -> dict[str, Any]:
    return framework_read(request.param)[0]


@pytest.fixture
def dcmm() -> dict[str, Any]:
    return framework_read(next(path for path in SHIPPED if path.stem == "dcmm-2018"))[0]


def texts(document: dict[str, Any]) -> list[dict[str, str]]:
    """All questions and descriptors."""
    items = [item for domain in document["domains"] for item in domain["items"]]
    return [text for item in items for text in (item["question"], *item["levels"])]


def explanations(document: dict[str, Any]) -> list[dict[str, str]]:
    """All reasons and pieces of typical evidence."""
    items = [item for domain in document["domains"] for item in domain["items"]]
    return [text for item in items for text in (item["why"], *item["evidence"])]


def test_every_item_says_why_it_matters_and_what_proves_it(shipped: dict[str, Any]) -> None:
    for domain in shipped["domains"]:
        for item in domain["items"]:
            assert {"why", "evidence"} <= set(item), f"{domain['id']}.{item['id']}"
            assert item["why"]["en"][-1] in ".?"
            assert item["why"]["zh"][-1] in "。？"
            for language in ("en", "zh"):
                assert len({text[language] for text in item["evidence"]}) == len(item["evidence"])
    reasons = [item["why"]["en"] for domain in shipped["domains"] for item in domain["items"]]
    assert len(set(reasons)) == len(reasons)


def test_chinese_is_set_as_chinese(shipped: dict[str, Any]) -> None:
    """Full-width marks beside Chinese characters, and a space between these and Latin letters."""
    names = [part["name"] for domain in shipped["domains"] for part in (domain, *domain["items"])]
    for text in names + texts(shipped) + explanations(shipped):
        assert not re.search(r"[,;:?!()](?=[一-鿿])|(?<=[一-鿿])[,;:?!.()]", text["zh"]), text["zh"]
        assert not re.search(r"[一-鿿][A-Za-z]|[A-Za-z][一-鿿]", text["zh"]), text["zh"]


def test_every_text_is_there_once_in_each_language(shipped: dict[str, Any]) -> None:
    for language, shortest in (("en", 30), ("zh", 10)):
        found = [text[language] for text in texts(shipped)]
        assert len(set(found)) == len(found)
        assert min(map(len, found)) >= shortest


def test_descriptors_are_one_or_two_sentences(shipped: dict[str, Any]) -> None:
    for text in texts(shipped):
        assert text["en"][0].isupper()
        assert text["en"][-1] in ".?"
        assert text["zh"][-1] in "。？"
        assert 1 <= len(re.findall(r"[.?](?: |$)", text["en"])) <= 2


def test_dcmm_has_its_names_in_their_order(dcmm: dict[str, Any]) -> None:
    assert {d["name"]["zh"]: [i["name"]["zh"] for i in d["items"]] for d in dcmm["domains"]} == DCMM
    assert sum(len(domain["items"]) for domain in dcmm["domains"]) == 28
    assert [domain["name"]["en"].lower() for domain in dcmm["domains"]] == list(ENGLISH)
    for domain in dcmm["domains"]:
        for item, words in zip(domain["items"], ENGLISH[domain["name"]["en"].lower()], strict=True):
            assert item["name"]["en"].lower().endswith(words)


def test_samples_speak_of_every_item(dcmm: dict[str, Any]) -> None:
    words = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    assert set(words["seen"]) == {f"{d['id']}.{i['id']}" for d in dcmm["domains"] for i in d["items"]}
    assert set(words["said"]) == {1, 2, 3, 4, 5}
    for profile in SAMPLE_PROFILES.values():
        assert set(profile) == {domain["id"] for domain in dcmm["domains"]}
