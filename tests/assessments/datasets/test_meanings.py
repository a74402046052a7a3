"""Column names in two languages against their roles: a wrong role is worse than none."""

from pathlib import Path

import pyarrow as pa
import pytest

from assessments.datasets import meanings
from assessments.datasets.meanings import Nearest, OpenColumn, decide, is_open, nearest, suggest_by_likeness
from assessments.datasets.naming import read_name, spelled_out
from assessments.datasets.role_descriptions import NAMES
from assessments.datasets.roles import ColumnRole
from assessments.datasets.suggestion import by_name, possible

HERE = Path(__file__).parent
TYPES = {
    "integer": pa.int64(),
    "text": pa.string(),
    "timestamp": pa.timestamp("us"),
    "date": pa.date32(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
}


def labelled(file: str) -> list[tuple[str, pa.DataType, str]]:
    lines = (HERE / file).read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return [(name, TYPES[kind], "" if role == "-" else role) for name, kind, role in rows]


def by_words(name: str, kind: pa.DataType) -> str:
    found = by_name(name, kind, kind="")
    return str(found.role) if found else ""


def by_words_and_likeness(rows: list[tuple[str, pa.DataType, str]]) -> list[str]:
    """Each name as if it stood alone in its table."""
    told = [by_words(name, kind) for name, kind, _role in rows]
    left = [place for place, (name, _kind, _role) in enumerate(rows) if not told[place] and is_open(name)]
    left = [place for place in left if rows[place][0].isascii()]
    found = nearest([spelled_out(rows[place][0]) for place in left], NAMES)
    for place, one in zip(left, found, strict=True):
        suggestion = decide(one, None)
        if suggestion and possible(ColumnRole(suggestion.role), rows[place][1], False):
            told[place] = str(suggestion.role)
    return told


def precision_and_coverage(told: list[str], rows: list[tuple[str, pa.DataType, str]]) -> tuple[float, float]:
    right = sum(bool(one) and one == role for one, (_name, _kind, role) in zip(told, rows, strict=True))
    return right / sum(map(bool, told)), right / sum(bool(role) for _name, _kind, role in rows)


def test_words_are_right_about_names_of_both_languages() -> None:
    rows = labelled("column_names.tsv")
    assert len(rows) >= 300
    precision, coverage = precision_and_coverage([by_words(name, kind) for name, kind, _role in rows], rows)
    assert (precision, coverage >= 0.93) == (1.0, True)


def test_words_on_published_names() -> None:
    rows = labelled("column_names_public.tsv")
    precision, coverage = precision_and_coverage([by_words(name, kind) for name, kind, _role in rows], rows)
    assert precision >= 0.95
    assert coverage >= 0.65


def test_words_and_encoder_together_cover_more() -> None:
    own, published = labelled("column_names.tsv"), labelled("column_names_public.tsv")
    precision, coverage = precision_and_coverage(by_words_and_likeness(own), own)
    assert precision >= 0.99
    assert coverage >= 0.95
    precision, coverage = precision_and_coverage(by_words_and_likeness(published), published)
    assert precision >= 0.94
    assert coverage >= 0.75


@pytest.mark.parametrize(
    ("name", "words"), [("inv_dt", "invoice date"), ("cust_no", "customer id"), ("prodCd", "product id")]
)
def test_short_forms_are_spelled_out(name: str, words: str) -> None:
    assert spelled_out(name) == words


@pytest.mark.parametrize(
    "name", ["days_since_prior_order", "order_hour_of_day", "customer_name", "客户等级", "user_agent"]
)
def test_names_that_mean_something_else_are_not_left_open(name: str) -> None:
    found = read_name(name)
    assert found is not None
    assert found.role is None


def test_a_role_needs_a_clear_name_or_a_name_and_values_that_agree() -> None:
    clear = Nearest(ColumnRole.CATEGORY, "genre", 0.7, 0.2)
    vague = Nearest(ColumnRole.CATEGORY, "genre", 0.5, 0.1)
    close = Nearest(ColumnRole.CATEGORY, "genre", 0.9, 0.01)
    other = Nearest(ColumnRole.TITLE, "item name", 0.9, 0.3)
    assert decide(clear, None) is not None
    assert decide(vague, None) is None
    assert decide(vague, vague) is not None
    assert decide(vague, other) is None
    assert decide(close, None) is None
    assert decide(Nearest(None, "colour", 0.9, 0.5), None) is None


def test_an_encoder_without_chinese_is_not_asked_about_chinese_names(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def blind(texts: list[str], anchors: list[str]) -> list[list[float]]:
        asked.extend(texts)
        return [[1.0] + [0.0] * (len(anchors) - 1) for _text in texts]

    monkeypatch.setattr(meanings, "likenesses", blind)
    assert suggest_by_likeness([OpenColumn("积分余额", pa.float64())]) == {}
    assert "积分余额" not in asked


def test_roles_that_are_taken_and_types_that_cannot_be_are_not_suggested(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        meanings, "nearest", lambda texts, _given: [Nearest(ColumnRole.TITLE, "item name", 0.9, 0.5) for _ in texts]
    )
    column = OpenColumn("wording", pa.string())
    assert suggest_by_likeness([column])["wording"].role == "title"
    assert suggest_by_likeness([column], taken=["title"]) == {}
    assert suggest_by_likeness([OpenColumn("wording", pa.int64())]) == {}
