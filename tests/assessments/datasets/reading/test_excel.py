"""Excel workbooks: typed as CSV is, bounded whatever the file claims, and formulas read as their results."""

import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pytest

from assessments.common.errors import GovernError
from assessments.datasets.reading import Limits, excel, open_table, workbook
from tests.assessments.datasets.conftest import LIMITS, Registers, orders_table, read, rows_of

Makes = Callable[..., Path]
SHEET = "xl/worksheets/sheet1.xml"
at = datetime.fromisoformat
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


@pytest.fixture
def make(tmp_path: Path) -> Makes:
    """``make([[header], [row], …], other=[…])`` saves a workbook, each keyword one more sheet."""

    def saved(rows: list[list[Any]], **others: list[list[Any]]) -> Path:
        book = openpyxl.Workbook()
        for title, content in {"orders": rows, **others}.items():
            sheet = book.create_sheet(title)
            for row in content:
                sheet.append(row)
        del book["Sheet"]
        path = tmp_path / "book.xlsx"
        book.save(path)
        return path

    return saved


def with_part(path: Path, name: str, content: bytes) -> Path:
    """The workbook with one part replaced."""
    target = path.with_name("changed.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            new.writestr(entry, content if entry == name else old.read(entry))
    return target


def sheet_of_rows(rows: str) -> bytes:
    return f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>".encode()


def test_a_sheet_gives_the_same_content_as_the_csv(
    make: Makes, register: Registers, same_orders: dict[str, Path]
) -> None:
    table = orders_table()
    path = make([table.schema.names, *[list(row.values()) for row in table.to_pylist()]])
    snapshot = register(path, name="sheet")
    assert snapshot.digest == register(same_orders["csv"], name="csv").digest
    assert (snapshot.rows, snapshot.notes) == (3, [])


def test_cells_keep_what_they_say(make: Makes) -> None:
    rows = [
        ["code", "day", "at", "number", "mixed", "all empty"],
        ["007", date(2024, 2, 29), at("2024-01-01 12:30"), 1, 5, None],
        [None, None, None, None, None, None],
        ["008", date(1900, 3, 1), at("2024-01-02"), 2.5, "N/A", None],
    ]
    table = read(make(rows))
    assert [str(field.type) for field in table.schema] == [
        *("string", "date32[day]", "timestamp[us]", "double", "string", "string")
    ]
    assert rows_of(table) == [
        {
            **{"code": "007", "day": date(2024, 2, 29), "at": at("2024-01-01 12:30"), "number": 1.0},
            **{"mixed": "5", "all empty": None},
        },
        {
            **{"code": "008", "day": date(1900, 3, 1), "at": at("2024-01-02"), "number": 2.5},
            **{"mixed": "N/A", "all empty": None},
        },
    ]
    assert rows_of(table) == rows_of(table), "a table may be read more than once"


def test_a_sheet_is_chosen_by_name_and_the_others_are_told_of(make: Makes) -> None:
    path = make([["a"], [1]], prices=[["b"], [2.5], [3]])
    first = read(path)
    assert (first.schema.names, first.notes) == (
        ["a"],
        ["The sheet “orders” is read; the workbook also has: prices. Name another with the option “sheet”."],
    )
    assert rows_of(read(path, sheet="prices")) == [{"b": 2.5}, {"b": 3.0}]
    with pytest.raises(GovernError, match="no sheet “price”") as raised:
        read(path, sheet="price")
    assert raised.value.hint == "Its sheets: orders, prices."


def test_formulas_are_read_as_their_results_and_counted_without_one(make: Makes) -> None:
    path = make([["a", "b"], [1, 2]])
    cell = '<c r="{}"><f>A1</f>{}</c>'
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="B1" t="inlineStr"><is><t>b</t></is></c></row>'
        f'<row r="2">{cell.format("A2", "<v>7</v>")}{cell.format("B2", "")}</row>'
        f'<row r="3"><c r="A3"><v>8</v></c>{cell.format("B3", "<v></v>")}</row>'
    )
    table = read(with_part(path, SHEET, sheet_of_rows(rows)))
    assert rows_of(table) == [{"a": 7, "b": None}, {"a": 8, "b": None}]
    assert table.notes[0].startswith("2 formulas have no stored result")


def test_a_row_number_of_a_million_costs_nothing(make: Makes) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>2</v></c></row>'
    table = read(with_part(make([["a"], [1]]), SHEET, sheet_of_rows(rows + "<row/>" * 50_000)))
    assert rows_of(table) == [{"1": 2}]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ('<row r="1"><c r="A1"><v>1</v></c></row>' + "<row/>" * 10_000, "more than 10,000 rows"),
        ('<row r="1"><c r="AMK1"><v>1</v></c></row>', "at most 1,000 columns"),
        ('<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="C2"><v>1</v></c></row>', "beside the 1 columns"),
        ('<row r="1"><c r="A1"><v>1</v></c></row>', "has a header but no rows"),
        ("", "The file is empty"),
        ('<row r="1"><c r="A1" t="s"><v>99</v></c></row>', "damaged"),
        ('<row r="1"><c r="A1"><v>1', "damaged"),
    ],
)
def test_sheets_that_no_program_writes_are_refused(
    make: Makes, rows: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(excel, "MOST_ROWS", 10_000)
    with pytest.raises(GovernError, match=reason):
        read(with_part(make([["a"], [1]]), SHEET, sheet_of_rows(rows)))


def test_a_workbook_that_unpacks_to_gigabytes_is_refused_unread(make: Makes) -> None:
    bomb = with_part(make([["a"], [1]]), SHEET, sheet_of_rows(" " * 100 * 2**20))
    with pytest.raises(GovernError, match="250 times its size"):
        read(bomb)
    with pytest.raises(GovernError, match="bytes once unpacked"):
        open_table(
            make([["a"], [1]]), name="a.xlsx", options={}, limits=Limits(100, 10, 10), progress=lambda *_args: None
        )


def test_entities_are_refused(make: Makes) -> None:
    text = f'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet {MAIN}><sheetData/></worksheet>'
    with pytest.raises(GovernError, match="declares entities"):
        read(with_part(make([["a"], [1]]), SHEET, text.encode()))


def test_entities_behind_a_long_comment_are_refused(make: Makes) -> None:
    text = f'<?xml version="1.0"?><!--{"<a" * 40_000}--><!DOCTYPE x [<!ENTITY a "b">]><worksheet {MAIN}/>'
    with pytest.raises(GovernError, match="begins with no element"):
        read(with_part(make([["a"], [1]]), SHEET, text.encode()))


def test_shared_texts_under_another_name_are_bounded_too(make: Makes, monkeypatch: pytest.MonkeyPatch) -> None:
    cell = '<row r="{0}"><c r="A{0}" t="s"><v>{1}</v></c></row>'
    path = with_part(make([["a"], [1]]), SHEET, sheet_of_rows(cell.format(1, 0) + cell.format(2, 1)))
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    with zipfile.ZipFile(path) as parts:
        manifest = parts.read("[Content_Types].xml").decode()
    named = f'<Override PartName="/xl/worksheets/texts.bin" ContentType="{kind}"/></Types>'
    path = path.rename(path.with_name("first.xlsx"))
    path = with_part(path, "[Content_Types].xml", manifest.replace("</Types>", named).encode())
    with zipfile.ZipFile(path, "a") as parts:
        parts.writestr("xl/worksheets/texts.bin", f"<sst {MAIN}><si><t>a</t></si><si><t>text</t></si></sst>")
    assert rows_of(read(path)) == [{"a": "text"}]
    monkeypatch.setattr(workbook, "SHARED_BYTES", 10)
    with pytest.raises(GovernError, match="bytes once unpacked"):
        read(path)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("orders.xlsx", b"a,b\n1,2\n", "does not hold one"),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old .xls kind"),
        ("cut.xlsx", b"PK\x03\x04" + b"\0" * 100, "packed as zip"),
    ],
)
def test_what_is_no_workbook_is_told_apart(write: Callable[..., Path], name: str, content: bytes, reason: str) -> None:
    with pytest.raises(GovernError, match=reason):
        read(write(name, content))


def test_limits_on_rows_hold(make: Makes) -> None:
    with pytest.raises(GovernError, match="more than 2 rows"):
        open_table(
            make([["a"], [1], [2], [3]]),
            name="a.xlsx",
            options={},
            limits=Limits(LIMITS.bytes, 2, 10),
            progress=lambda *_args: None,
        )


def test_what_means_missing_and_how_dates_are_written_hold_for_sheets_too(make: Makes) -> None:
    table = read(make([["n", "d"], [1, "31/12/2024"], ["?", "01/02/2024"]]), null_values=["?"], date_format="%d/%m/%Y")
    assert rows_of(table) == [{"n": 1, "d": at("2024-12-31")}, {"n": None, "d": at("2024-02-01")}]
    assert table.schema.field("n").type == pa.int64()
