"""What is suggested of tables with planted errors, and what is not of tables without."""

import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assessments.quality.checks import verify
from assessments.quality.repairs import steps_read
from assessments.quality.suggest import Suggested, identity, suggestions_for
from assessments.quality.suggest.suggested import per_cent

NOW = datetime(2026, 6, 1, tzinfo=UTC)
ROWS = 400
ABOVE = {"min": 0.0, "min_exclusive": True}


@pytest.fixture
def suggest(tmp_path: Path) -> Any:
    """``suggest(columns)`` are the suggestions of a table; each is a rule and a repair that can be carried out."""

    def made(columns: Mapping[str, Any], **options: Any) -> list[Suggested]:
        pq.write_table(pa.table(dict(columns)), tmp_path / "t.parquet")
        found = suggestions_for(tmp_path / "t.parquet", as_of=NOW, **options)
        for one in found:
            verify(one.spec)
            if one.repair:
                steps_read([one.repair])
        assert len({one.spec.name for one in found}) == len(found)
        return found

    return made


def of(found: list[Suggested], check: str, *columns: str) -> Suggested:
    """The one suggestion of this check, on these columns if any are named."""
    (one,) = [s for s in found if s.spec.check == check and (not columns or s.spec.columns == columns)]
    return one


def checks(found: list[Suggested]) -> set[str]:
    return {one.spec.check for one in found}


def cycle(*values: Any, rows: int = ROWS) -> list[Any]:
    return [values[number % len(values)] for number in range(rows)]


def test_a_clean_table_is_only_watched(suggest: Any) -> None:
    found = suggest({"sku": [f"A{n:04d}" for n in range(ROWS)], "kind": cycle("hat", "shoe", "bag")})
    assert {one.failing for one in found} == {0}
    assert checks(found) == {"unique_key", "allowed_values", "pattern", "completeness"}
    assert of(found, "unique_key").spec.columns == ("sku",)
    assert sorted(of(found, "allowed_values").spec.parameters["values"]) == ["bag", "hat", "shoe"]


def test_typing_errors_in_a_closed_set(suggest: Any) -> None:
    towns = ["Birmxngham", "Sheffielx", *cycle("Birmingham", "Sheffield", "Liverpool", rows=ROWS)]
    one = of(suggest({"town": towns}), "allowed_values")
    assert (one.failing, one.checked, one.blames) == (2, ROWS + 2, ("town",))
    assert sorted(one.spec.parameters["values"]) == ["Birmingham", "Liverpool", "Sheffield"]
    assert one.repair["repair"] == "correct_typos"
    assert "Birmxngham → Birmingham" in one.reason


def test_a_column_that_decides_another(suggest: Any) -> None:
    shops = [f"shop {n % 40}" for n in range(ROWS)]
    towns = [f"town {n % 40 // 2}" for n in range(ROWS)]
    towns[3], towns[50], towns[111] = "town x", "town y", None
    found = suggest({"shop": shops, "town": towns})
    one = of(found, "functional_dependency")
    assert (one.spec.columns, one.spec.parameters["dependent"], one.failing) == (("shop",), "town", 2)
    assert one.blames == ("town",)
    assert one.repair == {
        "repair": "correct_by_dependency",
        "columns": ["shop", "town"],
        "parameters": {"fill": True},
    }


def test_columns_that_have_nothing_to_do_with_each_other_decide_nothing(suggest: Any) -> None:
    dice = random.Random(4)  # noqa: S311  no secret is made of it
    found = suggest(
        {
            name: [f"{name}{dice.randrange(size)}" for _ in range(ROWS)]
            for name, size in (("a", 150), ("b", 2), ("c", 30), ("d", 60))
        }
    )
    assert "functional_dependency" not in checks(found)
    # Nine tenths of one value are not a dependency on whatever stands beside it.
    mostly = ["x" if dice.random() < 0.97 else "y" for _ in range(ROWS)]
    found = suggest({"a": [f"a{dice.randrange(130)}" for _ in range(ROWS)], "b": mostly})
    assert "functional_dependency" not in checks(found)


def test_codes_with_two_names_of_one_thing_are_not_blamed(suggest: Any) -> None:
    """Two breweries may have one name: the number decides the name without exception, not the name the number."""
    numbers = [n % 100 for n in range(ROWS)]
    names = ["Anchor" if number in {5, 6} else f"Brewery {number}" for number in numbers]
    assert "functional_dependency" not in checks(suggest({"brewery": numbers, "title": names}))


def test_disguised_missing_values_of_texts_numbers_and_times(suggest: Any) -> None:
    times = [datetime(2026, 1, 1 + n % 28) for n in range(ROWS)]  # noqa: DTZ001
    times[:3] = [datetime(1900, 1, 1)] * 3  # noqa: DTZ001
    found = suggest(
        {
            "origin": ["N/A"] * 5 + ["empty"] * 2 + cycle(*(f"town {n}" for n in range(90)), rows=ROWS - 7),
            "score": [-1] * 10 + [n % 50 for n in range(ROWS - 10)],
            "year": [9999] * 10 + [1990 + n % 30 for n in range(ROWS - 10)],
            "at": times,
            "balance": [n % 90 - 45 for n in range(ROWS)],
        }
    )
    told = {
        one.spec.columns[0]: (one.spec.parameters["values"], one.failing)
        for one in found
        if one.spec.check == "disguised_missing"
    }
    assert told == {
        "origin": (["N/A", "empty"], 7),
        "score": ([-1], 10),
        "year": ([9999], 10),
        "at": (["1900-01-01"], 3),
    }


def test_one_unit_written_in_several_ways_is_a_number(suggest: Any) -> None:
    one = of(suggest({"volume": cycle("12.0 oz", "12.0 oz.", "16 ounce", "12.0 OZ")}), "format")
    assert (one.spec.parameters, one.failing) == ({"format": "number"}, ROWS)
    assert one.repair["parameters"] == {"write": "number", "rest": "drop"}
    mixed = of(suggest({"volume": cycle("12 oz", "12 oz", "12 oz", "300 ml")}), "pattern")
    assert (mixed.failing, mixed.repair["repair"]) == (ROWS // 4, "normalise_units")
    assert "normalise_units" not in str(suggest({"share": cycle("12%", "99%", "5%", "31%")}))


def test_a_number_among_words_is_no_measure(suggest: Any) -> None:
    """What follows the unit says what is measured: taking it away would lose it."""
    drives = cycle("160 GB 7200 rpm SATA", "160 GB", "80 gb 5400 rpm", "250 GB SATA")
    modules = cycle("512M X 64", "512M x 64", "128M X 72")
    kinds = cycle("12 oz. can", "12 oz can", "16 oz bottle", "16 oz")
    for values in (drives, modules, kinds):
        assert "normalise_units" not in str(suggest({"of": values}))
    few = cycle("12 oz.", "12 oz", "16 oz", "16 oz.", "12 oz. limited edition")
    assert "normalise_units" in str(suggest({"of": few}))


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0, "0"),
        (1, "100"),
        (0.25, "25"),
        (0.9981, "99.81"),
        (0.99999, "99.999"),
        (0.00082, "0.082"),
        (1e-8, "0.000001"),
    ],
)
def test_a_share_is_never_rounded_to_all(share: float, said: str) -> None:
    assert per_cent(share) == said


def test_dates_written_in_several_ways(suggest: Any) -> None:
    one = of(suggest({"day": cycle("2026-01-02", "2026-02-03", "03/04/2026", "5.6.2026")}), "format")
    assert (one.spec.parameters, one.failing, one.repair["repair"]) == (
        {"format": "date"},
        ROWS // 2,
        "normalise_dates",
    )


def test_months_cut_short_but_for_one(suggest: Any) -> None:
    short = cycle("Feb", "Mar", "May", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "June")
    days = cycle("MONDAY", "TUESDAY", "WED", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
    found = suggest({"month": short, "day": days, "right": cycle("Feb", "Mar", "May", "Jun")})
    months = of(found, "pattern", "month")
    assert months.spec.parameters["regex"] == "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
    assert (months.failing, months.checked) == (short.count("June"), len(short))
    assert months.reason == "Most values are written like “Aug”; 10 % are not, such as “June”."
    assert of(found, "pattern", "day").failing == days.count("WED")
    assert not [one for one in found if one.spec.check == "pattern" and one.spec.columns == ("right",)]


def test_spaces_case_and_codes_written_twice(suggest: Any) -> None:
    names = cycle(*(f"LAMP {n}" for n in range(100)))
    names[:4] = [" LAMP 0", "LAMP  1", "LAMP 2 ", "LAMP 3"]
    form = of(suggest({"name": names}), "text_form")
    assert (form.failing, form.repair["repair"]) == (3, "normalise_spaces")
    codes = cycle(*(f"A{n}" for n in range(50)))
    codes[7] = "a7"
    collision = of(suggest({"code": codes}), "code_collision")
    assert (collision.failing, collision.repair["repair"]) == (1, "normalise_codes")


def test_shapes_of_codes(suggest: Any) -> None:
    codes = [f"{n % 90:05d}" for n in range(ROWS)]
    codes[3], codes[60] = "12x45", "1234"
    one = of(suggest({"zip": codes}), "pattern")
    assert (one.spec.parameters["regex"], one.failing) == (r"\d{5}", 2)


def test_words_and_closed_sets_have_no_shape(suggest: Any) -> None:
    words = [f"{'red' if n % 3 else 'blue'} {'x' * (n % 7 + 1)}" for n in range(ROWS - 5)] + ["item 7"] * 5
    bands = cycle("15-24K", "25-34K", "Under 15K", "250K+")
    assert "pattern" not in checks(suggest({"query": words, "income": bands}))


def test_ranges_from_quantiles(suggest: Any) -> None:
    found = suggest(
        {
            "price": [-2.0, 9e6] + [1 + n % 90 for n in range(ROWS - 2)],
            "change": [float(n % 61 - 30) for n in range(ROWS)],
            "user_id": [10**9, *range(ROWS - 1)],
        },
        roles={"price": "price"},
    )
    above, usual = [one for one in found if one.spec.check == "range"]
    assert (above.spec.columns, above.spec.parameters, above.failing) == (("price",), ABOVE, 1)
    assert above.repair == {"repair": "empty_out_of_range", "columns": ["price"], "parameters": ABOVE}
    assert (usual.spec.columns, list(usual.spec.parameters), usual.failing) == (("price",), ["max"], 1)
    assert 90 < usual.spec.parameters["max"] < 9e6


def test_quantities_of_nothing_and_of_fuel(suggest: Any) -> None:
    """Six rows in a thousand are of another kind and stay; a cancellation is netted, an order of nothing is emptied."""
    bought = [0, -1, *[20_000 + n for n in range(12)], *[1 + n % 9 for n in range(1_986)]]
    times = [datetime(2026, 5, 1) + timedelta(hours=n) for n in range(2_000)]  # noqa: DTZ001
    table = {"n": bought, "who": [n % 50 for n in range(2_000)], "what": [n % 70 for n in range(2_000)], "at": times}
    one = of(suggest(table, roles={"quantity": "n"}), "range")
    assert (one.spec.parameters, one.failing, one.repair["repair"]) == (ABOVE, 2, "empty_out_of_range")
    shop = {"quantity": "n", "user": "who", "item": "what", "time": "at"}
    assert of(suggest(table, roles=shop), "range").repair["repair"] == "net_cancellations"


def test_one_item_has_one_description_even_where_several_are_frequent(suggest: Any) -> None:
    codes = [f"c{n % 40}" for n in range(800)]
    names = [f"thing {n % 40}" + (" (boxed)" if n % 40 < 8 and n // 40 % 5 == 0 else "") for n in range(800)]
    one = of(suggest({"code": codes, "name": names}, roles={"item": "code", "title": "name"}), "functional_dependency")
    assert (one.spec.columns, one.spec.parameters, one.failing) == (("code",), {"dependent": "name"}, 32)
    assert one.repair == {"repair": "collapse_descriptions", "columns": ["code", "name"], "parameters": {}}
    assert "functional_dependency" not in checks(suggest({"code": codes, "name": names}))


def test_codes_that_are_read_as_numbers(suggest: Any, tmp_path: Path) -> None:
    codes = [float(n) for n in range(ROWS)]
    found = suggest({"code": codes, "c": cycle("a", "b")}, roles={"item": "code"})
    assert (of(found, "unique_key").spec.columns, of(found, "unique_key").failing) == (("code",), 0)
    other = tmp_path / "items.parquet"
    pq.write_table(pa.table({"sku": [float(n) for n in range(ROWS - 3)]}), other)
    described = {"items": {"sku": ("item", "number"), "": ("items", "")}}
    found = suggest(
        {"code": list(range(ROWS)), "c": cycle("a", "b")},
        roles={"item": "code"},
        others={"items": other},
        described=described,
    )
    one = of(found, "reference")
    assert (one.spec.parameters, one.failing) == ({"dataset": "items", "columns": ["sku"]}, 3)


def test_of_columns_that_decide_the_same_one_rule_is_enough(suggest: Any) -> None:
    codes = [f"c{n % 40}" for n in range(800)]
    table = {name: [code.replace("c", word) for code in codes] for name, word in (("shop", "s"), ("phone", "0"))}
    table["town"] = [f"town {n % 20}" for n in range(800)]
    table["town"][5] = table["town"][77] = "elsewhere"
    found = [one for one in suggest(table) if one.spec.check == "functional_dependency"]
    assert [(one.spec.columns, one.blames, one.failing) for one in found] == [(("phone",), ("town",), 2)]
    assert found[0].repair["columns"] == ["phone", "shop", "town"]
    assert found[0].reason.endswith(" The repair also asks what decides it beside: “shop”.")


def test_times_ties_and_order(suggest: Any) -> None:
    start = datetime(2026, 5, 1)  # noqa: DTZ001
    users = [f"u{n % 20}" for n in range(ROWS)]
    times = [start + timedelta(hours=n) for n in range(ROWS)]
    times[ROWS - 20] = times[ROWS - 40]
    times[ROWS - 20 + 1] = times[ROWS - 40 + 1]
    sent = [moment + timedelta(days=1) for moment in times]
    sent[5] = start - timedelta(days=9)
    found = suggest(
        {"user": users, "time": times, "sent": sent},
        kind="interactions",
        roles={"user": "user", "time": "time"},
    )
    assert of(found, "not_in_future", "time").failing == 0
    assert of(found, "freshness").spec.parameters == {"max_age": "29d"}
    assert of(found, "compare_columns").spec.columns == ("time", "sent")
    assert of(found, "compare_columns").failing == 1
    ties = of(found, "time_ties")
    assert (ties.failing, ties.checked) == (2, 20)
    assert ties.repair["parameters"] == {"of": ["user"]}


def test_keys_of_one_and_of_two_columns_and_repeated_rows(suggest: Any) -> None:
    order = [f"o{n // 4}" for n in range(ROWS)]
    line = [n % 4 for n in range(ROWS)]
    assert of(suggest({"order_id": order, "line_no": line}), "unique_key").spec.columns == ("order_id", "line_no")
    twice = of(suggest({"order_id": [*order, "o1"], "line_no": [*line, 1]}), "duplicate_rows")
    assert (twice.failing, twice.repair["repair"]) == (1, "drop_duplicates")
    nearly = [f"k{n}" for n in range(ROWS)]
    nearly[7] = nearly[8]
    key = of(suggest({"item_code": nearly}), "unique_key")
    assert (key.failing, key.spec.severity) == (1, "error")


def test_empty_cells(suggest: Any) -> None:
    found = suggest(
        {
            "who": [None] * 100 + ["a"] * 300,
            "slip": [None] + [f"{n}x{n}" for n in range(ROWS - 1)],
            "some": [None] * 20 + ["c"] * 380,
            "rare": [None] * 300 + ["d"] * 100,
        },
        roles={"user": "who"},
    )
    told = {one.spec.columns[0]: (one.failing, one.spec.threshold) for one in found if one.spec.check == "completeness"}
    assert told == {"who": (100, 1.0), "slip": (1, 1.0), "some": (20, 0.93)}


def test_the_state_that_stands_at_the_end_of_the_city(suggest: Any) -> None:
    towns, states = cycle("Portland", "Bend", "Salem", "Boise"), cycle("OR", "OR", "OR", "ID")
    for place in range(0, 40, 4):
        towns[place], states[place] = "Portland OR", None
    one = of(suggest({"city": towns, "state": states}), "completeness", "state")
    assert one.repair == {"repair": "move_last_word", "columns": ["city", "state"], "parameters": {}}


def test_values_about_persons_stand_in_no_rule(suggest: Any) -> None:
    mails = cycle("anna@example.org", "bo@example.org", "cy@example.org")
    found = suggest(
        {"name": cycle("Anna Berg", "Bo Ek", "Cy Lund"), "mail": mails, "age": [n % 60 + 20 for n in range(ROWS)]},
        masked=["name", "mail", "age"],
    )
    told = str([(one.spec, one.reason) for one in found])
    assert not any(value in told for value in ("Anna", "anna@", "79"))


def test_what_is_known_is_not_suggested(suggest: Any) -> None:
    columns = {"town": ["Birmxngham", *cycle("Birmingham", "Sheffield")]}
    one = of(suggest(columns), "allowed_values")
    told = identity(one.spec.check, one.spec.columns, {"values": ["anything else"]})
    assert "allowed_values" not in checks(suggest(columns, known={told}))


@pytest.mark.parametrize("rows", [0, 1, 19])
def test_tables_too_short_to_say_anything(suggest: Any, rows: int) -> None:
    schema = {"a": pa.array(["x"] * rows, pa.string()), "b": pa.array([None] * rows, pa.float64())}
    assert [one for one in suggest(schema) if one.failing] == []
