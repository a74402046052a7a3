"""Atomic files and files of sequences: what they give, what they guess, what they refuse."""

from pathlib import Path

import numpy as np
import pytest

from ml.data.interactions import NO_CLOCK, OWN_CLOCK, SHARED_CLOCK
from ml.data.preparation import Prepared, load_interactions
from ml.data.rules import PreparationRules
from ml.data.splits import apply_split, parse_split
from ml.errors import DataError

HEADER = "user_id:token\titem_id:token\trating:float\ttimestamp:float\n"
ROWS = "NA\t1\t4\t978300760.0\n2\tnull\t3\t978302109\n2\t1\tnan\t9.78301968e8\n"


def atomic(folder: Path, text: str, name: str = "shop.inter") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def told(prepared: Prepared) -> list[tuple[str, str]]:
    rows = prepared.interactions
    return list(zip(rows.users[rows.user_codes], rows.items[rows.item_codes], strict=True))


def test_an_atomic_file_says_its_roles_itself(tmp_path: Path) -> None:
    prepared = load_interactions(atomic(tmp_path, HEADER + ROWS))
    assert told(prepared) == [("NA", "1"), ("2", "1"), ("2", "null")]  # such words are ids here, not gaps
    assert prepared.interactions.times.tolist() == [978300760_000000, 978301968_000000, 978302109_000000]
    assert prepared.roles == {"user": "user_id", "item": "item_id", "time": "timestamp"}
    assert prepared.interactions.weights.tolist() == [1.0, 1.0, 1.0]
    assert prepared.interactions.clock == SHARED_CLOCK


def test_the_rating_of_an_atomic_file_counts_where_it_is_asked_for(tmp_path: Path) -> None:
    path = atomic(tmp_path, HEADER + ROWS)
    prepared = load_interactions(path, rules=PreparationRules(minimum_rating=4))
    assert told(prepared) == [("NA", "1")]
    assert (prepared.counts.without_rating, prepared.counts.rating_too_low) == (1, 1)
    assert "less than 4" in prepared.rules["rating"]
    assert load_interactions(path, {"rating": "rating"}).interactions.weights.tolist() == [4.0, 3.0]


def test_roles_that_are_given_go_before_those_that_are_guessed(tmp_path: Path) -> None:
    path = atomic(tmp_path, "user_id:token\titem_id:token\tseller:token\ttimestamp:float\na\tx\ts\t978300760\n")
    assert told(load_interactions(path, {"item": "seller"})) == [("a", "s")]


@pytest.mark.parametrize(
    ("text", "message", "where"),
    [
        ("user_id\titem_id\ttimestamp\na\tb\t1\n", "not typed", "row 1"),
        ("", "not typed", "row 1"),
        ("user_id:token\tuser_id:token\ttimestamp:float\na\tb\t1\n", "Two columns are named 'user_id'", "row 1"),
        ("user_id:token\titem_id:token\na\tb\n", "role 'time'", "role time"),
        (HEADER + "a\tb\t1\tsoon\n", "'soon' is not a number", "column timestamp, row 1"),
        (HEADER + "a\tb\n", "Expected 4 columns", "shop.inter"),
    ],
)
def test_what_is_wrong_with_an_atomic_file_is_told(tmp_path: Path, text: str, message: str, where: str) -> None:
    with pytest.raises(DataError, match=message) as caught:
        load_interactions(atomic(tmp_path, text))
    assert where in caught.value.where


def test_quotes_in_an_atomic_file_are_signs_like_others(tmp_path: Path) -> None:
    path = atomic(tmp_path, 'user_id:token\titem_id:token\ttimestamp:float\n"a\tx"y\t978300760\n')
    assert told(load_interactions(path)) == [('"a', 'x"y')]


def test_sequences_give_each_users_items_in_order(tmp_path: Path) -> None:
    path = atomic(tmp_path, "u1 i9 i2 i9\nu2 i2 i9\n\nu3\nu1 i5\n", "seq.txt")
    prepared = load_interactions(path, file_format="sequences")
    rows = prepared.interactions
    assert rows.clock == OWN_CLOCK
    of_first = rows.select(rows.user_codes == 0)
    assert rows.items[of_first.item_codes[np.argsort(of_first.times)]].tolist() == ["i9", "i2", "i9", "i5"]
    assert of_first.times.tolist() == [0, 1, 2, 3]
    assert rows.users.tolist() == ["u1", "u2"]
    assert prepared.counts.without_item == 1  # u3 has none
    parts = apply_split(rows, parse_split("loo"), minimum_users=1)
    assert parts.unknown_items.tolist() == [1, 0]  # i5 was never seen before
    assert parts.tied_share == 0.0


def test_a_pair_on_each_line_is_a_sequence_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ml.data.formats.LINES", 2)
    path = atomic(tmp_path, "1 5\n1 3\n2 5\n1 4\n2 3\n", "pairs.txt")
    rows = load_interactions(path, file_format="sequences").interactions
    order = np.lexsort((rows.times, rows.user_codes))
    assert rows.items[rows.item_codes[order]].tolist() == ["5", "3", "4", "5", "3"]


def test_sequences_take_no_roles_and_no_global_split(tmp_path: Path) -> None:
    path = atomic(tmp_path, "u1 a b\nu2 b a\n", "seq.txt")
    with pytest.raises(DataError, match="no column can have a role"):
        load_interactions(path, {"user": "u"}, file_format="sequences")
    rows = load_interactions(path, file_format="sequences").interactions
    with pytest.raises(DataError, match="one clock for all users"):
        apply_split(rows, parse_split("time:0.9"))
    with pytest.raises(DataError, match="no format 'sequence'"):
        load_interactions(path, file_format="sequence")
    path.write_bytes(b"u1 \xff\xfe\n")
    with pytest.raises(DataError, match=r"UTF-8|UTF8") as caught:
        load_interactions(path, file_format="sequences")
    assert str(path) in caught.value.where


def test_a_table_without_times_is_read_where_none_are_needed(tmp_path: Path) -> None:
    path = atomic(tmp_path, "who,what\n" + "".join(f"u{n % 5},i{n % 7}\n" for n in range(35)), "rows.csv")
    roles = {"user": "who", "item": "what"}
    with pytest.raises(DataError, match="role 'time'"):
        load_interactions(path, roles)
    prepared = load_interactions(path, roles, need_times=False)
    assert prepared.interactions.clock == NO_CLOCK
    assert prepared.counts.users_with_tied_last_time == 0
    assert len(apply_split(prepared.interactions, parse_split("random:0.3")).test)
    with pytest.raises(DataError, match="needs times") as caught:
        apply_split(prepared.interactions, parse_split("time:0.9"))
    assert "role time" in caught.value.hint
