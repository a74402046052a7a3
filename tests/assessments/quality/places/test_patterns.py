"""Regular expressions for PostgreSQL: what means the same is written anew, what does not is refused."""

import os

import duckdb
import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.quality.places.patterns import EDGE, PatternRefusedError, is_one_class, written
from assessments.quality.places.spark import named_groups
from tests.assessments.quality.places.conftest import DATABASE


@pytest.mark.parametrize(
    ("regex", "expected"),
    [
        ("^a.c$", "^a.c$"),
        (r"\d+\.\w", r"(?:[0-9]){1,}\.[0-9A-Za-z_]"),
        ("(?i)ak", "[aA][kK\u212a]"),
        ("[^a-c-]x?", r"[^a-c\-](?:x){0,1}"),
        ("客|b{2,3}?", "(?:客|(?:b){2,3})"),
        (r"[\x00-\x1f]", "[\\u0001-\\u001f]"),
        (r"\D", "[^0-9]"),
        (r"(?i)\w", "[0-9A-Za-z_\u212a\u017f]"),
        (r"(?i:\W)\W", "(?:[^0-9A-Za-z_\u212a\u017f])[^0-9A-Za-z_]"),
        (r"(?i)\b\d", rf"{EDGE}[0-9]"),
    ],
)
def test_expressions_are_written_anew(regex: str, expected: str) -> None:
    assert written(regex) == expected


@pytest.mark.parametrize(
    "regex",
    [
        *("[[:alpha:]]", "a{,3}", r"\pL", "(?m)^a", "(?i)ä", "[a\\D]", "a{300}", "(?=a)", r"(a)\1", "(?i)[a-ÿ]"),
        *("a++", "(?x)a b", "[a&&b]", "(", "(?U)a"),
    ],
)
def test_what_means_something_else_is_refused(regex: str) -> None:
    with pytest.raises(PatternRefusedError):
        written(regex)


@pytest.mark.parametrize("regex", ["^(a|ab)(c|bcd)$", "^(a+?)b$", "(a)", "^(?:(a)|bc)*$", "^(?:a|bc)(d*)$"])
def test_parts_are_taken_only_where_they_are_certain(regex: str) -> None:
    with pytest.raises(PatternRefusedError):
        written(regex, groups=True)


def test_one_class_of_characters_is_told_apart() -> None:
    assert [is_one_class(regex) for regex in (r"\s+", "[^0-9]", ".", "a*", "ab", "(a)")] == [True] * 3 + [False] * 3


def test_groups_are_named_by_their_number() -> None:
    assert named_groups(r"(a)(?:b)[(](?P<x>c)\((?i)") == r"(?P<g1>a)(?:b)[(](?P<g2>c)\((?i)"


ATOMS = st.sampled_from(
    [
        "a",
        "b",
        "B",
        "k",
        "客",
        "\\.",
        ".",
        "[ab]",
        "[^a]",
        "[^k]",
        "[r-t]",
        "[\\w-]",
        "[^\\W]",
        "\\d",
        "\\s",
        "\\w",
        "\\W",
        "\\b",
        "x",
        "-",
    ]
)
REGEXES = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map("(?:{0[0]}|{0[1]})".format),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{1,2}", "*?"])).map("(?:{0[0]}){0[1]}".format),
        inner.map("(?i:{})".format),
        inner.map("^{}$".format),
    ),
    max_leaves=6,
)


@pytest.mark.services
@settings(max_examples=200)
@given(regex=REGEXES, texts=st.lists(st.text("aAbBxksSK客. -\n\t1_\u017fé\u212a", max_size=6), min_size=1, max_size=4))
def test_postgresql_finds_what_re2_finds(regex: str, texts: list[str]) -> None:
    if not os.environ.get("GOVERN_DATABASE_URL", "").startswith("postgres"):
        pytest.skip("needs PostgreSQL: make test-services")
    try:
        anew = {whole: written(regex, whole=whole) for whole in (False, True)}
    except PatternRefusedError:
        return
    with psycopg.connect(DATABASE) as connection:
        for text in texts:
            for whole, function in ((False, "regexp_matches"), (True, "regexp_full_match")):
                ((by_re2,),) = duckdb.execute(f"SELECT {function}(?, ?, 's')", [text, regex]).fetchall()
                (found,) = connection.execute("SELECT textregexeq(%s, %s)", [text, anew[whole]]).fetchone() or (None,)
                assert found == by_re2, (regex, anew[whole], text)
