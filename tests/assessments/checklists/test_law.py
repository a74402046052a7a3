"""Recommender law covers the articles that touch recommendation and search, these and no others."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation

from assessments.checklists.framework_file import framework_read
from assessments.checklists.models import Item
from assessments.checklists.services import SHIPPED, framework_load

PATH = next(path for path in SHIPPED if path.stem == "recommender-law")
ITEMS = {
    "transparency": ["ranking-parameters", "algorithm-notice", "profiling-notice", "decision-explanation"],
    "choice": ["personalisation-switch", "search-option", "interest-tags", "opt-out-signals"],
    "fairness": ["price-and-terms", "fair-results", "significant-decisions"],
    "lawfulness": ["lawful-basis", "purpose-and-retention", "sensitive-inferences"],
    "rights": ["access", "erasure", "objection"],
    "accountability": [
        "protection-by-design",
        "processing-records",
        "security",
        "impact-assessment",
        "algorithm-filing",
    ],
}
ARTICLES = {
    "PIPL": {"24"},
    "E-commerce Law": {"18"},
    "Algorithmic Recommendation Provisions": {"16", "17", "21", "filing"},
    "DSA": {"27", "38"},
    "GDPR": {"5", "6", "9", "13", "14", "15", "17", "21", "22", "25", "30", "32", "35"},
    "CCPA": {"opt-out signals", "rules on automated decisions"},
}


@pytest.fixture
def document() -> dict[str, Any]:
    return framework_read(PATH)[0]


def items_of(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [item for domain in document["domains"] for item in domain["items"]]


def places(reference: str) -> Iterator[tuple[str, str]]:
    """Each article of a reference, or the duty it names without one, with its law."""
    for part in reference.split("; "):
        law = next(law for law in ARTICLES if part.startswith(law))
        rest = part.removeprefix(law).lstrip(", ")
        if found := re.fullmatch(r"(art\. \d+|arts\. \d+(?:, \d+)+)", rest):
            yield from ((law, number) for number in re.findall(r"\d+", found[0]))
        else:
            assert not re.search(r"\d", rest), reference
            yield law, rest


def test_references_name_every_article_and_no_other(document: dict[str, Any]) -> None:
    found = {place for item in items_of(document) for place in places(item["reference"])}
    assert found == {(law, place) for law, within in ARTICLES.items() for place in within}


@pytest.mark.parametrize(
    ("key", "reference"),
    [
        ("ranking-parameters", "DSA art. 27"),
        ("algorithm-notice", "Algorithmic Recommendation Provisions art. 16"),
        ("personalisation-switch", "PIPL art. 24; Algorithmic Recommendation Provisions art. 17; DSA art. 38"),
        ("search-option", "E-commerce Law art. 18"),
        ("opt-out-signals", "CCPA opt-out signals"),
        ("price-and-terms", "PIPL art. 24; Algorithmic Recommendation Provisions art. 21"),
        ("sensitive-inferences", "GDPR art. 9"),
        ("objection", "PIPL art. 24; GDPR art. 21"),
        ("impact-assessment", "GDPR art. 35"),
        ("algorithm-filing", "Algorithmic Recommendation Provisions, filing"),
    ],
)
def test_each_article_stands_at_its_question(document: dict[str, Any], key: str, reference: str) -> None:
    assert {item["id"]: item["reference"] for item in items_of(document)}[key] == reference


def test_items_are_grouped_by_theme(document: dict[str, Any]) -> None:
    assert {domain["id"]: [item["id"] for item in domain["items"]] for domain in document["domains"]} == ITEMS
    assert len(items_of(document)) == 22


def test_source_says_whose_words_these_are_and_that_they_are_no_advice(document: dict[str, Any]) -> None:
    assert "Govern's own words" in document["source"]
    assert "No legal advice" in document["source"]
    for law in ARTICLES:
        assert law in document["source"]


def test_every_item_has_a_reason_and_evidence(document: dict[str, Any]) -> None:
    texts = []
    for item in items_of(document):
        assert 80 <= len(item["why"]["en"]) <= 600, item["id"]
        assert 30 <= len(item["why"]["zh"]) <= 400, item["id"]
        assert 2 <= len(item["evidence"]) <= 4, item["id"]
        texts += [item["why"], *item["evidence"]]
    for language, stop in (("en", "."), ("zh", "。")):
        assert len({text[language] for text in texts}) == len(texts)
        assert {text[language][-1] for text in texts} == {stop}


@pytest.mark.django_db
def test_it_loads_and_reads_in_both_languages() -> None:
    framework = framework_load(PATH)
    assert Item.objects.filter(domain__framework=framework).count() == 22
    assert framework_load(PATH) == framework
    item = Item.objects.get(domain__framework=framework, identifier="search-option")
    assert item.key == "choice.search-option"
    with translation.override("zh-hans"):
        assert item.question_text == "搜索结果结合用户兴趣和消费习惯排序时，是否同时提供不含个人特征的结果？"
        assert str(item.domain.framework) == "推荐与搜索合规"
    with translation.override("en"):
        assert item.level_texts[0] == "Search is ranked by purchase history, and no customer can see it otherwise."
        assert str(item.domain.framework) == "Recommender law"
