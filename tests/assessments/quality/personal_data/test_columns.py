"""Columns judged whole: the published set, single judgements, protections, and what examples show."""

import sys
from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest

from assessments.common.masking import DOT
from assessments.quality.personal_data.catalogue import KINDS, entities
from assessments.quality.personal_data.judging import Judgement, judge_column, mask_example
from assessments.quality.personal_data.labels import LABELS
from assessments.quality.personal_data.protection import protection_of
from assessments.quality.personal_data.shapes import shapes
from assessments.quality.personal_data.vocabulary import about_a_thing, named

sys.path.insert(0, str(Path(__file__).parents[4]))

from benchmarks.personal_data_columns import columns, compare, govern

HASHES = [sha256(str(at).encode()).hexdigest() for at in range(60)]


@pytest.mark.parametrize("seed", [20, 4711])
def test_the_published_set(seed: int) -> None:
    made = columns(seed)
    found = compare(govern, made)
    assert (found["with"], found["without"]) >= (60, 120)
    assert found["precision"] >= 0.95, found["wrong"]
    assert found["recall"] >= 0.9, found["missed"]


def test_the_set_is_the_same_for_the_same_seed() -> None:
    assert columns(20) == columns(20)
    assert Counter(bool(column.entity) for column in columns()) == {True: 171, False: 292}


def one(name: str, values: list[str], kind: str = "text", distinct: float = 1.0, role: str = "") -> Judgement | None:
    return next(iter(judge_column(name, kind, values, distinct, role)), None)


def test_name_and_values_together() -> None:
    mails = [f"u{at}@mail.example" for at in range(60)]
    assert one("email", mails).confidence > one("c1", mails).confidence > 0.9
    assert one("email", ["see above", "none"] * 30) is None
    assert one("phone", [str(1_700_000_000 + at) for at in range(60)], "whole").entity == "phone"
    assert one("ts", [str(1_700_000_000 + at) for at in range(60)], "whole") is None


@pytest.mark.parametrize(
    ("values", "entity", "protection"),
    [
        (["e***@m***.com"] * 20, "email", "masked"),
        (HASHES[:20], "email", "hashed"),
        (["[redacted]"] * 20, "email", "emptied"),
        ([f"tok_{at:08d}x" for at in range(20)], "email", "token"),
        (["192.168.1.0", "10.2.3.0"] * 10, "ip_address", "truncated"),
        (["25-34", "65+", "under 18"] * 7, "age", "generalised"),
        (["1980s", "1990s"] * 10, "birth_date", "generalised"),
        (["51.5", "48.85"] * 10, "coordinates", "generalised"),
        (["34", "51"] * 10, "age", ""),
        (["jo@mail.example"] * 20, "email", ""),
        ([], "email", ""),
    ],
)
def test_protections(values: list[str], entity: str, protection: str) -> None:
    assert protection_of(entity, values) == protection


@pytest.mark.parametrize(
    ("name", "values", "entity", "protection"),
    [
        ("email", HASHES, "email", "hashed"),
        ("email_hash", HASHES, "email", "hashed"),
        ("customer_email", ["j***@m***.org"] * 60, "email", "masked"),
        ("c9", ["138****1234", "139****4321"] * 30, "phone", "masked"),
        ("age", ["25-34", "35-44", "65+"] * 20, "age", "generalised"),
        ("client_ip", ["203.0.113.0", "198.51.100.0"] * 30, "ip_address", "truncated"),
    ],
)
def test_protected_columns_are_hits_with_their_protection(
    name: str, values: list[str], entity: str, protection: str
) -> None:
    found = one(name, values)
    assert (found.entity, found.protection) == (entity, protection)


def test_the_key_of_a_person_is_a_pseudonym_unless_it_is_more() -> None:
    keys, mails = [str(10_000 + at) for at in range(60)], [f"u{at}@mail.example" for at in range(60)]
    found = one("buyer", keys, "whole", role="user")
    assert (found.entity, found.protection, found.confidence) == ("user_id", "pseudonym", 0.95)
    assert (one("buyer", mails, role="user").entity, one("buyer", mails, role="user").protection) == ("email", "")


def test_a_role_of_something_else_leaves_what_the_name_says() -> None:
    days = [f"19{50 + at % 50}-05-06" for at in range(60)]
    assert one("date_of_birth", days, "time", role="time").entity == "birth_date"
    assert one("x", [f"u{at}@mail.example" for at in range(60)], role="item") is None


def test_values_that_are_all_the_same_belong_to_a_setting() -> None:
    assert one("x", ["203.0.113.77"] * 100, distinct=0.01) is None
    assert one("x", [f"203.0.113.{at}" for at in range(100, 200)]).entity == "ip_address"


@pytest.mark.parametrize("value", ["jo@mail.example", "34", "M", "上海", "4111 1111 1111 1111"])
def test_examples_show_a_first_sign_at_most(value: str) -> None:
    shown = mask_example(value)
    assert len(shown) == len(value)
    assert shown.lstrip(value[0] if len(value) > 3 else "").strip(DOT) == ""


def test_names_of_columns_are_read_as_words() -> None:
    assert named("customerEmail")["email"] == named("E-Mail")["email"] == named("联系邮箱")["email"] == 1.0
    assert "age" not in named("page")
    assert "age" not in named("product_age")
    assert about_a_thing("ACADEMIC_YEAR_CODE")
    assert not about_a_thing("cust_phone")


def test_the_catalogue_is_whole() -> None:
    found = entities()
    assert set(found) == set(LABELS)
    assert set(shapes()) <= set(found)
    for entity in found.values():
        assert entity.kind in KINDS
        assert bool(entity.articles) == entity.personal
        assert {article.law for article in entity.articles} >= ({"GDPR", "PIPL"} if entity.personal else set())
        for article in entity.articles:
            assert set(article.words) == {"en", "zh"}


FIRSTS = ["Eilidh", "Kwame", "Anouk", "Rurik", "Aino", "Bojan", "Emma", "John", "Mary", "Lucas"]
LASTS = ["Okafor", "Lindqvist", "Byrne", "Haddad", "Szabo", "Vandermeer", "Smith", "Brown", "Garcia", "Taylor"]
PEOPLE = [f"{first} {last}" for first in FIRSTS for last in LASTS]


@pytest.mark.parametrize(
    ("values", "entity"),
    [
        (PEOPLE, "person_name"),
        ([f"{last}, {first}" for first, last in map(str.split, PEOPLE)], "person_name"),
        ([f"Mrs. {name.split()[1]}" for name in PEOPLE], "person_name"),
        (["王女士", "李先生", "赵小姐"] * 30, "person_name"),
        ([f"{first} {thing}" for first in FIRSTS for thing in ("Sofa", "Lamp", "Dress", "Boots")], ""),
        ([f"Dr Pepper {at} ml" for at in range(100)], ""),
        ([f"{at} Hill St" for at in range(1, 100)], "postal_address"),
        ([f"{101 + at}-{10 + at % 90}-{1000 + at}" for at in range(300)], "us_ssn"),
    ],
)
def test_by_values_alone(values: list[str], entity: str) -> None:
    found = one("c1", values)
    assert (found.entity if found else "") == entity


def test_a_handful_of_names_is_believed_under_a_name_that_says_so() -> None:
    couriers = ["Emma Smith", "John Brown", "Mary Garcia"] * 40
    assert one("contact_person", couriers).entity == "person_name"
    assert one("c1", couriers).entity == "person_name"
    assert one("range_name", couriers) is None


def test_codes_in_the_form_of_a_social_security_number() -> None:
    codes = [f"{100 + 3 * at}-{10 + at % 90}-{1000 + at}" for at in range(300)]  # some begin with 9, none in use does
    assert one("c1", codes).entity != "us_ssn"
