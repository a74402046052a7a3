"""Which reader a file needs, told from its content first and from its name second."""

from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

from django.utils.translation import gettext as _

from assessments.common.errors import GovernError
from assessments.common.progress import Progress
from assessments.datasets.reading.delimited import open_delimited
from assessments.datasets.reading.excel import open_excel
from assessments.datasets.reading.json_lines import open_json_lines
from assessments.datasets.reading.parquet import open_parquet
from assessments.datasets.reading.streams import GZIP, head_of, refuse_packed
from assessments.datasets.reading.table import Limits, Table, empty_file
from assessments.datasets.reading.workbook import ZIP, is_workbook, refuse_old_workbook

Reader = Callable[[Path, dict[str, Any], Limits, Progress], Table]
READERS: dict[str, Reader] = {
    "csv": open_delimited,
    "jsonl": open_json_lines,
    "parquet": open_parquet,
    "xlsx": open_excel,
}
ENDINGS = {
    **{"parquet": "parquet", "pq": "parquet", "jsonl": "jsonl", "ndjson": "jsonl", "json": "jsonl"},
    **{"xlsx": "xlsx", "xlsm": "xlsx"},
}
PARQUET = b"PAR1"


def open_table(path: Path, *, name: str, options: dict[str, Any], limits: Limits, progress: Progress) -> Table:
    """The table in this file; ``name`` is the name that its sender knows it by."""
    return READERS[format_of(path, name=name, asked=str(options.get("format") or ""), limits=limits)](
        path, options, limits, progress
    )


def format_of(path: Path, *, name: str, asked: str, limits: Limits) -> str:
    if asked and asked not in READERS:
        raise GovernError(
            _("There is no file format named “%(name)s”.") % {"name": asked},
            hint=_("Use one of: %(formats)s.") % {"formats": ", ".join(READERS)},
        )
    if path.stat().st_size == 0:
        raise empty_file()
    with path.open("rb") as file:
        magic = file.read(8)
    refuse_old_workbook(magic)
    if magic.startswith(ZIP) and is_workbook(path):
        return _workbook(name, asked)
    refuse_packed(magic)
    head = head_of(path, limits, 4096)
    if not head:
        raise empty_file()
    refuse_packed(head)
    _refuse_twice_packed(path, head)
    ending = ENDINGS.get(PurePosixPath(name.lower().removesuffix(".gz")).suffix.lstrip("."), "")
    is_parquet = head.startswith(PARQUET)
    if (asked or ending) == "parquet" and not is_parquet:
        raise GovernError(
            _("The file is named or declared as Parquet but does not begin as a Parquet file."),
            where=name,
            hint=_("Rename it after what it holds, for example to .csv, or write it again as Parquet."),
        )
    if (asked or ending) == "xlsx":
        raise GovernError(
            _("The file is named or declared as an Excel workbook but does not hold one."),
            where=name,
            hint=_("Rename it after what it holds, for example to .csv, or save it again as .xlsx."),
        )
    if asked or is_parquet:
        return asked or "parquet"
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if ending == "jsonl" and text.startswith(b"["):
        raise GovernError(
            _("The file holds one JSON list, not one object per line."),
            where=_("line 1"),
            hint=_("Write one object per line, for example with: jq -c '.[]' list.json > lines.jsonl"),
        )
    return "jsonl" if ending == "jsonl" or text.startswith(b"{") else "csv"


def _workbook(name: str, asked: str) -> str:
    if asked not in {"", "xlsx"}:
        raise GovernError(
            _("The file is declared as %(format)s, but it is an Excel workbook.") % {"format": asked},
            where=name,
            hint=_("Leave the format out to have it found."),
        )
    return "xlsx"


def _refuse_twice_packed(path: Path, head: bytes) -> None:
    if head.startswith(GZIP):
        raise GovernError(_("The file is packed with gzip twice."), hint=_("Unpack it once and register the result."))
