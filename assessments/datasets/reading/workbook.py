"""What is in an .xlsx file, asked before anything large is unpacked: a zip of XML can be a trap in many ways."""

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from assessments.common.errors import GovernError
from assessments.datasets.reading.streams import MOST_RATIO, RATIO_FROM
from assessments.datasets.reading.table import Limits

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
MOST_PARTS = 10_000
# Texts that cells share are held in memory, and so are styles and the list of sheets.
SHARED_BYTES, PART_BYTES = 256 * 2**20, 64 * 2**20
HEAD, BLOCK = 64 * 2**10, 2**20
PROLOGUE = re.compile(rb"<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)", re.DOTALL)
NO_RESULT = re.compile(rb"(?:</f>|<f[^<>]*/>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>")


def is_workbook(path: Path) -> bool:
    """Whether the file is a zip that holds a workbook of the .xlsx kind."""
    try:
        with zipfile.ZipFile(path) as parts:
            return "xl/workbook.xml" in parts.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return False


def refuse_old_workbook(head: bytes) -> None:
    if head.startswith(OLE):
        raise GovernError(
            _("The file is a workbook of the old .xls kind, or one protected by a password."),
            hint=_("Save it as .xlsx without a password, or as CSV."),
        )


@contextmanager
def workbook(path: Path, limits: Limits) -> Iterator[Any]:
    """The workbook by openpyxl, read only: stored results instead of formulas, and no links to other files."""
    import openpyxl

    _refuse_traps(path, limits)
    try:
        _refuse_large_texts(path)
        book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False, rich_text=False)
    except GovernError:
        raise
    except Exception as error:
        # The library raises whatever its XML happens to break: KeyError, ValueError, ParseError and more.
        raise damaged() from error
    try:
        yield book
    finally:
        book.close()


def damaged() -> GovernError:
    return GovernError(
        _("The workbook is damaged or not written as Excel writes it."),
        hint=_("Open it in a spreadsheet program, save it again as .xlsx, and register that."),
    )


def sheet_of(book: Any, asked: str) -> tuple[Any, list[str]]:
    """The sheet of this name, else the first that is not hidden, and what to tell of the others."""
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    if asked:
        if asked not in sheets:
            raise GovernError(
                _("The workbook has no sheet “%(sheet)s”.") % {"sheet": asked[:60]},
                where=_("sheet"),
                hint=_("Its sheets: %(sheets)s.") % {"sheets": ", ".join(list(sheets)[:20])},
            )
        return sheets[asked], []
    shown = [sheet for sheet in sheets.values() if sheet.sheet_state == "visible"] or list(sheets.values())
    if not shown:
        raise GovernError(_("The workbook has no sheet of cells."), hint=_("Save the table as a sheet of its own."))
    others = [name for name in sheets if name != shown[0].title]
    if not others:
        return shown[0], []
    return shown[0], [
        _("The sheet “%(sheet)s” is read; the workbook also has: %(others)s. Name another with the option “sheet”.")
        % {"sheet": shown[0].title, "others": ", ".join(others[:20])}
    ]


def formulas_without_result(path: Path, part: str) -> int:
    """How many cells of the sheet hold a formula and no stored result, so that they read as empty."""
    found, rest = 0, b""
    with zipfile.ZipFile(path) as parts, parts.open(part) as stream:
        while block := stream.read(BLOCK):
            text = rest + block
            cut = text.rfind(b"</c>") + len(b"</c>")
            found += len(NO_RESULT.findall(text[:cut]))
            rest = text[cut:][-BLOCK:]
    return found


def _refuse_traps(path: Path, limits: Limits) -> None:
    try:
        with zipfile.ZipFile(path) as parts:
            entries = parts.infolist()
            total = sum(entry.file_size for entry in entries)
            limits.check_bytes(total)
            packed = max(path.stat().st_size, 1)
            if len(entries) > MOST_PARTS or (total > RATIO_FROM and total > MOST_RATIO * packed):
                raise GovernError(
                    _("The workbook unpacks to more than %(ratio)s times its size, as only a trap does.")
                    % {"ratio": MOST_RATIO},
                    hint=_("Save the sheet as CSV if it is what you expect."),
                )
            for entry in entries:
                _refuse_part(parts, entry)
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError) as error:
        raise damaged() from error


def _refuse_part(parts: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    if not entry.filename.endswith((".xml", ".rels")):
        return
    if not entry.filename.startswith("xl/worksheets/"):
        limit = SHARED_BYTES if entry.filename == "xl/sharedStrings.xml" else PART_BYTES
        Limits(limit, 0, 0).check_bytes(entry.file_size)
    with parts.open(entry) as stream:
        head = stream.read(HEAD).replace(b"\0", b"")
    # A comment before the first element can push a declaration out of what was looked at.
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head or not re.search(rb"<[A-Za-z_]", PROLOGUE.sub(b"", head)):
        raise GovernError(
            _("A part of the workbook declares entities, which no workbook needs, or begins with no element."),
            where=entry.filename[:100],
            hint=_("Open it in a spreadsheet program and save it again as .xlsx."),
        )


def _refuse_large_texts(path: Path) -> None:
    """Refuse more shared texts than memory should hold, whatever name the workbook gives to their part."""
    from openpyxl.reader.excel import SHARED_STRINGS, ExcelReader

    reader = ExcelReader(path, read_only=True, keep_links=False)
    try:
        reader.read_manifest()
        part = reader.package.find(SHARED_STRINGS)
        if part is not None:
            Limits(SHARED_BYTES, 0, 0).check_bytes(reader.archive.getinfo(part.PartName[1:]).file_size)
    finally:
        reader.archive.close()
