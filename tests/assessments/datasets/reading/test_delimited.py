"""Delimited text: what is read exactly, and what is refused with the place and the way to mend it."""

import csv
import gzip
import io
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from assessments.common.errors import GovernError
from assessments.common.progress import silent
from assessments.datasets.reading import Limits, open_table, quotes, streams
from assessments.datasets.reading.quotes import survey
from tests.assessments.datasets.conftest import LIMITS, read, rows_of

Write = Callable[..., Path]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_is_found(write: Write, delimiter: str) -> None:
    path = write("a.txt", f"a{delimiter}b\n1{delimiter}x y\n2{delimiter}z\n")
    assert rows_of(read(path)) == [{"a": 1, "b": "x y"}, {"a": 2, "b": "z"}]


def test_any_delimiter_can_be_named(write: Write) -> None:
    assert rows_of(read(write("a.csv", "a^b\n1^2\n"), delimiter="^")) == [{"a": 1, "b": 2}]


def test_wrong_delimiter_names_the_right_one(write: Write) -> None:
    with pytest.raises(GovernError, match="one column") as failure:
        read(write("a.csv", "a;b;c\n1;2;3\n"), delimiter=",")
    assert "“;”" in failure.value.hint


def test_latin_1_is_read_and_told(write: Write) -> None:
    table = read(write("a.csv", "name,n\nplain,1\nCafé,2\n".encode("latin-1")))
    assert rows_of(table)[1]["name"] == "Café"
    assert "Line 3" in table.notes[0]
    assert "latin-1" in table.notes[0]


def test_latin_1_in_the_header(write: Write) -> None:
    assert read(write("a.csv", "größe,n\n1,1\n".encode("latin-1"))).schema.names == ["größe", "n"]


def test_windows_1252(write: Write) -> None:
    assert rows_of(read(write("a.csv", "name,n\n“5 €”,1\n".encode("cp1252"))))[0]["name"] == "“5 €”"


def test_gb18030_when_named(write: Write) -> None:
    path = write("a.csv", "客户编号,城市\nu1,上海\n".encode("gb18030"))
    assert rows_of(read(path, encoding="gb18030")) == [{"客户编号": "u1", "城市": "上海"}]


def test_a_named_encoding_that_is_wrong_is_refused(write: Write) -> None:
    with pytest.raises(GovernError, match="encoding utf-8") as failure:
        read(write("a.csv", "a,b\n1,Café\n".encode("latin-1")), encoding="utf-8")
    assert failure.value.where == "line 2"
    for name in ("klingon", "zlib_codec", "idna", "punycode", "unicode_escape", "UTF7"):
        with pytest.raises(GovernError, match="no encoding named"):
            read(write("a.csv", "a,b\n1,2\n"), encoding=name)
    for name in ("utf-16", "utf-32"):
        with pytest.raises(GovernError, match="not written in the encoding"):
            read(write("a.csv", "a,b\n1,2\n"), encoding=name)


def test_empty_values_are_missing_also_in_quotes(write: Write) -> None:
    assert rows_of(read(write("a.csv", 'a,b\n1,\n,""\n'))) == [{"a": 1, "b": None}, {"a": None, "b": None}]


def test_texts_for_missing_values_can_be_named(write: Write) -> None:
    assert rows_of(read(write("a.csv", "a,b\n1,x\nNA,y\n"), null_values=["NA"]))[1] == {"a": None, "b": "y"}


def test_line_ends_inside_quotes(write: Write) -> None:
    assert rows_of(read(write("a.csv", 'a,b\n1,"two\nlines"\n2,x\n')))[0]["b"] == "two\nlines"


def test_a_header_with_a_line_end(write: Write) -> None:
    assert rows_of(read(write("a.csv", '"a\nb",c\n1,2\n'))) == [{"a\nb": 1, "c": 2}]


def test_a_quotation_mark_inside_a_plain_value_is_kept(write: Write) -> None:
    assert rows_of(read(write("a.csv", 'a,b\n1,5" nail\n')))[0]["b"] == '5" nail'


@pytest.mark.parametrize("content", ["", "\n\n", " \n"])
def test_empty_file(write: Write, content: str) -> None:
    with pytest.raises(GovernError, match="is empty"):
        read(write("a.csv", content))


def test_header_only(write: Write) -> None:
    with pytest.raises(GovernError, match="no rows"):
        read(write("a.csv", "a,b,c\n"))


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ('a,b\n1,x\n2,"open\n3,y\n', "row 2, line 3"),
        ('a,b\n1,x\n"open,2\n3,y\n"z,4\n', "row 2, line 3"),
        ('a,b\n1,"x"y\n', "row 1, line 2"),
    ],
)
def test_broken_quotes(write: Write, content: str, where: str) -> None:
    with pytest.raises(GovernError, match="quotation mark") as failure:
        read(write("a.csv", content))
    assert failure.value.where == where


def test_broken_quote_far_into_a_file(write: Write) -> None:
    rows = "".join(f"{number},name {number}\n" for number in range(1, 60_001))
    content = "a,b\n" + rows.replace("50000,name 50000", '50000,"name 50000')
    with pytest.raises(GovernError) as failure:
        read(write("a.csv", content))
    assert failure.value.where == "row 50,000, line 50,001"


def test_ragged_row(write: Write) -> None:
    with pytest.raises(GovernError, match="3 values where the header has 2") as failure:
        read(write("a.csv", "a,b\n1,2\n1,2,3\n"))
    assert failure.value.where == "row 2, line 3"
    with pytest.raises(GovernError, match="1 values"):
        read(write("a.csv", "a,b\n1,2\n1\n"))


def test_nul_bytes(write: Write) -> None:
    with pytest.raises(GovernError, match="NUL byte") as failure:
        read(write("a.csv", "a,b\n1,2\n1,\0\n"))
    assert failure.value.where == "line 3"


def test_utf_16_is_explained(write: Write) -> None:
    with pytest.raises(GovernError) as failure:
        read(write("a.csv", "a,b\n1,2\n".encode("utf-16")))
    assert "UTF-16" in failure.value.hint


def test_too_many_columns(write: Write) -> None:
    header = ",".join(f"c{number}" for number in range(5000))
    with pytest.raises(GovernError, match="5,000 columns; at most 1,000"):
        read(write("a.csv", header + "\n" + ",".join(["1"] * 5000) + "\n"))


@pytest.mark.parametrize("header", ["a,b,a", "id,ID,x"])
def test_repeated_names(write: Write, header: str) -> None:
    with pytest.raises(GovernError, match="Two columns are named") as failure:
        read(write("a.csv", header + "\n1,2,3\n"))
    assert "header, columns" in failure.value.where


def test_a_column_without_a_name_gets_one(write: Write) -> None:
    table = read(write("a.csv", ",b\n1,2\n"))
    assert table.schema.names == ["column_1", "b"]
    assert "no name" in table.notes[0]


def test_hostile_names_are_only_names(write: Write) -> None:
    names = ["<script>alert(1)</script>", "=cmd()", '"; drop table datasets; --', "../../etc/passwd"]
    out = io.StringIO()
    csv.writer(out).writerows([names, [1, 2, 3, 4]])
    assert rows_of(read(write("a.csv", out.getvalue()))) == [dict(zip(names, [1, 2, 3, 4], strict=True))]


def test_a_column_that_changes_type_at_row_500_000(write: Write) -> None:
    rows = "".join(f"{number},7\n" for number in range(1, 500_000)) + "x500000,7\n" + "500001,7\n" * 10
    table = read(write("a.csv", "a,b\n" + rows))
    assert table.schema.types == [pa.string(), pa.int64()]
    (note,) = table.notes
    assert "row 500,000 holds “x500000”" in note
    assert "1 of 500,010 values" in note
    last = list(table.batches(silent))[-1]
    assert last.column(0)[-11].as_py() == "x500000", "no value is lost or changed"


def test_the_row_limit(write: Write) -> None:
    path = write("a.csv", "a,b\n" + "1,2\n" * 6)
    with pytest.raises(GovernError, match="more than 5 rows"):
        open_table(path, name="a.csv", options={}, limits=Limits(10**6, 5, 10), progress=silent)


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(rows=st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=8), block=st.integers(1, 40))
def test_what_a_proper_writer_wrote_comes_back(tmp_path: Path, rows: list[tuple[str, str]], block: int) -> None:
    """Whatever the texts hold and wherever blocks are cut, no proper file is refused and no value changes."""
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, quoting=csv.QUOTE_ALL).writerows([("first", "second"), *(("x" + a, "x" + b) for a, b in rows)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quotes, "BLOCK", block)
        found = survey(path, LIMITS, delimiter=",", encoding="", progress=silent)
    assert not found.odd_quotes
    assert found.encoding == "utf-8"
    assert [tuple(row.values()) for row in rows_of(read(path))] == [("x" + a, "x" + b) for a, b in rows]


def test_zip_and_other_archives_are_refused(write: Write) -> None:
    with pytest.raises(GovernError, match="packed as zip") as failure:
        read(write("a.csv", b"PK\x03\x04" + b"x" * 100))
    assert "Unpack it first" in failure.value.hint
    with pytest.raises(GovernError, match="gzip twice"):
        read(write("a.csv.gz", gzip.compress(b"a,b\n1,2\n")))


def test_a_gzip_bomb(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "RATIO_FROM", 2**20)
    with pytest.raises(GovernError, match="unpacks to more than 250 times"):
        read(write("a.csv.gz", b"a,b\n" + b"1,2\n" * 2**21))


def test_the_limit_counts_unpacked_bytes(write: Write) -> None:
    path = write("a.csv.gz", "a,b\n" + "1,2\n" * 50_000)
    assert path.stat().st_size < 2000
    with pytest.raises(GovernError, match="more than 100000 bytes once unpacked"):
        open_table(path, name="a.csv.gz", options={}, limits=Limits(100_000, 10**6, 10), progress=silent)


def test_a_gzip_that_is_cut_off(write: Write) -> None:
    packed = gzip.compress(b"a,b\n" + b"".join(f"{n},{n * n}\n".encode() for n in range(50_000)))
    path = write("a.csv", packed[: len(packed) // 2])
    with pytest.raises(GovernError, match="damaged or cut off"):
        read(path)
