"""Leave-one-out, random, held-out users, k-fold: who and what stands on which side, and what each needs."""

import hashlib
from collections import Counter

import numpy as np
import pytest

from ml.data.interactions import DAY, NO_CLOCK, OWN_CLOCK, Interactions
from ml.data.splits import FoldSplit, Parts, apply_split, folds_of, parse_split, validation_tail
from ml.errors import DataError


def told(rows: Interactions) -> list[tuple[str, str]]:
    return sorted((rows.users[u], rows.items[i]) for u, i in zip(rows.user_codes, rows.item_codes, strict=True))


def split(rows: Interactions, text: str) -> Parts:
    return apply_split(rows, parse_split(text))


def test_leave_one_out_tests_the_last_item_of_each_user(rows_of) -> None:
    rows = rows_of([("a", "x", 0), ("a", "y", 1), ("b", "y", 0), ("b", "x", 3), ("c", "x", 9), ("b", "z", 2)])
    parts = split(rows, "loo")
    assert told(parts.test) == [("a", "y"), ("b", "x")]
    assert told(parts.train) == [("a", "x"), ("b", "y"), ("b", "z"), ("c", "x")]  # c has nothing before
    assert parts.tied_share == 0
    assert (parts.at, parts.history) == (None, None)


def test_a_last_item_that_train_does_not_know_still_counts_against_every_model(rows_of) -> None:
    parts = split(rows_of([("a", "x", 0), ("a", "y", 1), ("b", "y", 0), ("b", "new", 3)]), "loo")
    assert told(parts.test) == [("a", "y")]
    assert parts.unknown_items.tolist() == [0, 1]


def test_ties_at_the_last_time_are_broken_by_the_stated_rule_and_counted(rows_of) -> None:
    events = [("a", "old", 0), *(("a", name, 5) for name in "pqrs"), ("b", "old", 0), ("b", "p", 1)]
    parts = split(rows_of(events), "loo")
    chosen = min("pqrs", key=lambda item: hashlib.sha256(f"a\t{item}".encode()).digest())
    assert [item for user, item in told(parts.train) if user == "a"] == sorted({"old", *"pqrs"} - {chosen})
    assert parts.tied_share == 0.5
    assert parts.counts["users_with_tied_last_time"] == 1
    assert "SHA-256" in parts.ties
    again = split(rows_of(events[::-1]), "loo")
    assert (told(again.train), told(again.test)) == (told(parts.train), told(parts.test))


def test_a_user_whose_rows_are_all_of_one_item_and_time_is_not_tested(rows_of) -> None:
    rows = rows_of([("a", "x", 1), ("a", "x", 1), ("b", "x", 0), ("b", "y", 2), ("c", "y", 0)])
    assert told(split(rows, "loo").test) == [("b", "y")]


def test_a_random_split_takes_the_share_of_each_users_items(many: Interactions) -> None:
    parts = split(many, "random:0.25")
    items = Counter(user for user, _ in told(many))
    tested = Counter(user for user, _ in told(parts.test))
    strange = dict(zip(parts.train.users, parts.unknown_items, strict=True))
    for user, count in items.items():
        assert tested[user] + strange[user] == min(int(np.floor(0.25 * count + 0.5)), count - 1)
    assert not set(told(parts.train)) & set(told(parts.test))
    assert told(parts.test) == told(split(many, "random:0.25,seed=0").test)
    assert told(parts.test) != told(split(many, "random:0.25,seed=1").test)


def test_a_random_split_keeps_a_pairs_rows_together(rows_of) -> None:
    rows = rows_of([(user, item, day) for user in "abcdef" for item in "xyz" for day in (1, 2, 3)])
    parts = split(rows, "random:0.4")
    assert set(told(parts.train)).isdisjoint(told(parts.test))
    assert set(Counter(told(parts.test)).values()) == {3}
    assert Counter(user for user, _ in told(parts.test)) == dict.fromkeys("abcdef", 3)


def test_held_out_users_are_unknown_to_train_and_fold_in_their_first_rows(many: Interactions) -> None:
    parts = split(many, "users:0.2,history=0.5")
    history = parts.history
    assert history is not None
    assert history.n_users == 12
    assert history.users is parts.test.users
    assert history.items is parts.test.items is parts.train.items
    assert set(history.users).isdisjoint(parts.train.users)
    assert parts.train.n_users == 48
    sizes = Counter(user for user, _ in told(many))
    for code, user in enumerate(history.users):
        before, after = (part.times[part.user_codes == code] for part in (history, parts.test))
        if len(before) and len(after):
            assert before.max() < after.min()
        unseen = parts.unknown_items[code]
        assert len(after) + unseen == sizes[user] - max(1, sizes[user] // 2)
    assert split(many, "users:0.2,history=0.5").test.users.tolist() == parts.test.users.tolist()
    assert split(many, "users:0.2,seed=1").test.users.tolist() != parts.test.users.tolist()


def test_users_with_a_single_row_are_never_held_out(rows_of) -> None:
    rows = rows_of(
        [*((f"once{n}", "x", n) for n in range(8)), ("a", "x", 1), ("a", "x", 2), ("b", "x", 1), ("b", "x", 3)]
    )
    assert set(split(rows, "users:0.2").test.users) == {"a", "b"}
    with pytest.raises(DataError, match="5 users are to be held out, and 2 have") as caught:
        split(rows, "users:0.5")
    assert caught.value.hint


def test_without_times_a_held_out_history_is_drawn(rows_of) -> None:
    rows = rows_of([(f"u{u}", f"i{(u + n) % 12:02}", 0) for u in range(30) for n in range(10)], clock=NO_CLOCK)
    parts = split(rows, "users:0.3")
    assert parts.ties == ""
    assert np.bincount(parts.test.user_codes).tolist() == [2] * 9
    of_user = {user: sorted(item for who, item in told(rows) if who == user) for user in parts.test.users}
    truth = {user: [item for who, item in told(parts.test) if who == user] for user in parts.test.users}
    assert all(set(truth[user]) < set(items) for user, items in of_user.items())
    assert any(truth[user] != items[-2:] for user, items in of_user.items())  # not simply the greatest ids


def test_folds_test_every_block_but_the_first_once(rows_of) -> None:
    rows = rows_of([(f"u{n % 3}", f"i{n % 4}", n) for n in range(60)])
    folds = [apply_split(rows, each) for each in folds_of(parse_split("folds:5"))]
    assert [len(parts.train) for parts in folds] == [10, 20, 30, 40, 50]
    assert [len(parts.test) for parts in folds] == [10] * 5
    assert all(parts.train.times.max() < parts.at <= parts.test.times.min() for parts in folds)
    (one,) = folds_of(parse_split("folds:5,fold=2"))
    assert one == FoldSplit(5, 2)
    with pytest.raises(DataError, match="5 pairs of train and test"):
        split(rows, "folds:5")


def test_folds_that_ties_leave_empty_are_refused(rows_of) -> None:
    rows = rows_of(
        [("a", "x", 0), ("b", "x", 0), *((user, "x", 1) for user in "abab" * 10), ("a", "x", 2), ("b", "x", 3)]
    )
    with pytest.raises(DataError, match=r"Fold 1 of 4 is empty|nothing can be"):
        split(rows, "folds:4,fold=1")


@pytest.mark.parametrize(
    ("clock", "text", "message"),
    [
        (NO_CLOCK, "time:0.9", "needs times"),
        (NO_CLOCK, "folds:3,fold=1", "needs times"),
        (NO_CLOCK, "loo", "needs an order in time"),
        (OWN_CLOCK, "time:0.9", "one clock for all users"),
        (OWN_CLOCK, "folds:3,fold=1", "one clock for all users"),
    ],
)
def test_a_split_that_needs_more_than_the_times_can_say_is_refused(
    rows_of, clock: str, text: str, message: str
) -> None:
    rows = rows_of([(user, item, day) for user in "abc" for day, item in enumerate("xyz")], clock=clock)
    with pytest.raises(DataError, match=message) as caught:
        split(rows, text)
    assert "random:0.25" in caught.value.hint


@pytest.mark.parametrize(("clock", "text"), [(OWN_CLOCK, "loo"), (NO_CLOCK, "random:0.3"), (NO_CLOCK, "users:0.5")])
def test_parts_keep_the_clock(rows_of, clock: str, text: str) -> None:
    rows = rows_of([(user, item, day) for user in "abcd" for day, item in enumerate("xyz")] + [("a", "x", 4)], clock)
    parts = split(rows, text)
    assert parts.train.clock == parts.test.clock == clock


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        ("time:1970-02-01,5d", "time:1970-01-27T00:00:00Z,5d"),
        ("time:1970-02-01", "time:0.9"),
        ("time:0.8", "time:0.8"),
        ("loo", "loo"),
        ("random:0.25,seed=4", "random:0.25,seed=5"),
        ("users:0.2,history=0.5", "users:0.2,seed=1,history=0.5"),
        ("folds:4,fold=3", "time:0.666667"),
    ],
)
def test_validation_is_cut_from_train_by_the_same_kind_of_split(rows_of, text: str, inner: str) -> None:
    rows = rows_of([(f"u{n % 7}", f"i{n % 6}", n) for n in range(60)])
    outer = parse_split(text)
    parts = apply_split(rows, outer)
    assert outer.inner(parts.train).text == inner
    again = apply_split(parts.train, outer.inner(parts.train))
    known = set(zip(told(parts.train), [0] * len(parts.train), strict=True))
    assert set(zip(told(again.test), [0] * len(again.test), strict=True)) <= known


def test_the_tail_of_own_sequences_is_each_users_last_rows(rows_of) -> None:
    rows = rows_of([(user, f"i{n}", n) for user in "ab" for n in range(10)] + [("c", "i1", 0)], clock=OWN_CLOCK)
    fit, tail = validation_tail(rows, 0.2)
    assert told(tail) == [(user, item) for user in "ab" for item in ("i8", "i9")]
    assert len(fit) + len(tail) == len(rows)
    clocked = rows_of([(user, f"i{n}", 100 * place + n) for place, user in enumerate("ab") for n in range(10)])
    assert set(validation_tail(clocked, 0.2)[1].user_codes) == {1}  # the end of all rows is one user's alone
    assert told(validation_tail(clocked, 0.2, of_each=True)[1]) == told(tail)
    timeless = rows_of([(user, f"i{n}", 0) for user in "ab" for n in range(10)], clock=NO_CLOCK)
    fit, tail = validation_tail(timeless, 0.2)
    assert np.bincount(tail.user_codes).tolist() == [2, 2]


def test_one_user_with_a_million_rows_is_split_in_time(rows_of) -> None:
    count = 1_000_000
    rng = np.random.default_rng(0)
    users = np.concatenate([np.zeros(count, np.int32), [1, 1, 1]]).astype(np.int32)
    items = np.concatenate([rng.integers(0, 5000, count), [1, 2, 3]]).astype(np.int32)
    times = np.concatenate([np.arange(count), [1, 2, 3]]).astype(np.int64) * DAY // 100
    ids = np.array([f"{n:05}" for n in range(5000)], object)
    rows = Interactions(users, items, times, np.ones(len(users), np.float32), np.array(["a", "b"], object), ids)
    assert len(split(rows, "loo").test) == 2
    assert split(rows, "random:0.25").test.n_users == 2
    held = split_users(rows)
    assert held.counts["history_rows"] + held.counts["test_rows"] in (3, count)


def split_users(rows: Interactions) -> Parts:
    return apply_split(rows, parse_split("users:0.5"), minimum_users=1)
