"""Made texts: exact spans, the same from the same seed, every entity, templates held out."""

import itertools
import random
import re
from collections import Counter

import pytest

from ml.text.personal_texts import LabelledText, make_texts
from ml.text.personal_texts.generator import templates_of
from ml.text.personal_texts.grammar import draw, parse, slots_of
from ml.text.personal_texts.slots import SLOTS
from ml.text.personal_texts.templates import GENRES, PHRASES
from ml.text.tagging.labels import ENTITIES
from ml.text.tagging.patterns import iban_remainder, luhn


@pytest.fixture(scope="module")
def made() -> list[LabelledText]:
    return make_texts(1000, seed=5)


def test_spans_are_exact_in_order_and_apart(made: list[LabelledText]) -> None:
    for each in made:
        assert all(0 <= span.start < span.end <= len(each.text) for span in each.spans)
        assert all(each.text[span.start : span.end].strip() == each.text[span.start : span.end] for span in each.spans)
        assert all(one.end <= other.start for one, other in itertools.pairwise(each.spans))
        assert not re.search(r"\{\w+\}|<\w+>", each.text)


def test_every_entity_occurs_and_some_texts_have_none(made: list[LabelledText]) -> None:
    counts = Counter(span.entity for each in made for span in each.spans)
    assert set(counts) == set(ENTITIES)
    assert min(counts.values()) >= 5
    assert 50 < sum(not each.spans for each in made) < 350
    assert any(each.text.islower() for each in made)
    assert any(each.text.isupper() for each in made)
    assert sum(any("\u4e00" <= letter <= "\u9fff" for letter in each.text) for each in made) > 10


def test_the_seed_decides_and_a_shorter_run_is_the_beginning(made: list[LabelledText]) -> None:
    assert make_texts(40, seed=5) == made[:40]
    assert make_texts(40, seed=6) != made[:40]


def test_texts_differ(made: list[LabelledText]) -> None:
    assert len({each.text for each in made}) > 0.93 * len(made)


def test_numbers_with_a_check_digit_have_a_right_one(made: list[LabelledText]) -> None:
    values = [(each.text[span.start : span.end], span.entity) for each in made for span in each.spans]
    cards = [re.sub(r"[ -]", "", value) for value, entity in values if entity == "CREDIT_CARD"]
    ibans = [value.replace(" ", "").upper() for value, entity in values if entity == "IBAN_CODE"]
    assert cards
    assert all(luhn(card) for card in cards)
    assert ibans
    assert all(iban_remainder(code) == 1 for code in ibans)


def test_templates_of_validation_are_never_trained_on(made: list[LabelledText]) -> None:
    for genre in GENRES:
        train, held = (set(templates_of(genre, part)) for part in ("train", "validation"))
        assert train
        assert held
        assert not train & held
        assert train | held == set(genre.templates)
    assert make_texts(20, seed=5, part="validation") != made[:20]
    with pytest.raises(ValueError, match="part"):
        make_texts(1, seed=0, part="test")


@pytest.mark.parametrize("genre", GENRES, ids=lambda genre: genre.name)
def test_every_template_can_be_read(genre) -> None:
    assert len(set(genre.templates)) == len(genre.templates)
    for template in genre.templates:
        assert slots_of(parse(template, PHRASES)) <= set(SLOTS), template


def test_grammar_by_hand() -> None:
    phrases = (("who", "[{a}|you]"),)
    template = parse("<who> [go|run [far|]]!", phrases)
    drawn = {
        "".join(node if isinstance(node, str) else node.name.upper() for node in draw(template, random.Random(seed)))  # noqa: S311
        for seed in range(60)
    }
    assert drawn == {"A go!", "A run far!", "A run !", "you go!", "you run far!", "you run !"}
    assert slots_of(parse("<who>", phrases)) == {"a"}
    assert parse("a | b") == ("a ", "|", " b")


@pytest.mark.parametrize("template", ["[a|b", "a]", "<nobody>", "[[a]"])
def test_a_broken_template_is_refused(template: str) -> None:
    with pytest.raises(ValueError, match=r"template|phrase"):
        parse(template)
