"""A first look at delimited text: encoding, NUL bytes and quotes, before anything is believed.

Parsers accept an unclosed quote in silence and swallow the rows after it, so quotes are checked here, at the speed of
counting them; only a file with something odd is read again by the slow, strict reader that can name the row.
"""

import codecs
import csv
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from django.utils.translation import gettext as _

from assessments.common.errors import GovernError
from assessments.common.progress import Progress
from assessments.datasets.reading.streams import BLOCK, CountedStream, TranscodedStream, explained, text_stream
from assessments.datasets.reading.table import Limits

QUOTE = 34
CONTROLS = bytes(range(0x80, 0xA0))
LONGEST_FIELD = 16 * 2**20


@dataclass
class Survey:
    """``odd_quotes`` asks for the strict reader; ``not_utf8_line`` is the first line that is not UTF-8."""

    encoding: str = "utf-8"
    quotes: bool = False
    odd_quotes: bool = False
    not_utf8_line: int = 0


def survey(path: Path, limits: Limits, *, delimiter: str, encoding: str, progress: Progress) -> Survey:
    """Read the whole file once; ``encoding`` may be empty: UTF-8 is then taken if every byte fits, else Latin-1."""
    result = Survey(encoding or "utf-8")
    stream: CountedStream | TranscodedStream = (
        text_stream(path, limits, encoding) if encoding else CountedStream(path, limits)
    )
    decoder, check, lines, high = codecs.getincrementaldecoder("utf-8")(), QuoteCheck(delimiter), 1, False
    with explained(path), stream:
        while block := stream.read(BLOCK):
            refuse_nul(block, lines)
            check.feed(block)
            if not result.not_utf8_line and (not block.isascii() or decoder.getstate()[0]):
                result.not_utf8_line = _utf8_failure(decoder, block, lines)
            if result.not_utf8_line and not high:
                # Latin-1 has control characters there, Windows-1252 dashes, quotes and the euro sign.
                high = len(block.translate(None, CONTROLS)) < len(block)
            lines += block.count(b"\n")
            progress(stream.fraction)
    if not result.not_utf8_line and decoder.getstate()[0]:
        result.not_utf8_line = lines
    if result.not_utf8_line and encoding:
        raise GovernError(
            _("The file is not written in the encoding %(encoding)s.") % {"encoding": encoding},
            where=_("line %(line)s") % {"line": f"{result.not_utf8_line:,}"},
            hint=_("Leave the encoding out to have it found, or name the right one."),
        )
    if result.not_utf8_line:
        result.encoding = "cp1252" if high and _decodes(path, limits, "cp1252") else "latin-1"
    result.quotes, result.odd_quotes = check.seen, check.odd or check.inside
    return result


def refuse_nul(block: bytes, lines: int) -> None:
    """Raise GovernError when the block, which begins in line ``lines``, holds a NUL byte."""
    at = block.find(b"\0")
    if at >= 0:
        line = lines + block.count(b"\n", 0, at)
        raise GovernError(
            _("The file holds a NUL byte, which text never does."),
            where=_("line %(line)s") % {"line": f"{line:,}"},
            hint=_("It may be damaged, written in UTF-16, or no text at all: save it as UTF-8 text or as Parquet."),
        )


def _utf8_failure(decoder: codecs.IncrementalDecoder, block: bytes, lines: int) -> int:
    """The line of the first byte that is not UTF-8, or 0."""
    try:
        decoder.decode(block)
    except UnicodeDecodeError as error:
        return lines + error.object.count(b"\n", 0, error.start)
    return 0


def _decodes(path: Path, limits: Limits, encoding: str) -> bool:
    try:
        with text_stream(path, limits, encoding) as stream:
            while stream.read(BLOCK):
                pass
    except UnicodeDecodeError:
        return False
    return True


class QuoteCheck:
    """Follows the quotes of delimited text block by block.

    In text quoted by the rules each quote toggles between outside and inside: one that opens stands after a delimiter,
    a line end or the quote that it doubles, and one that closes stands before one of them. ``odd`` is set when a quote
    breaks this, which may be harmless (5" nail) or not.
    """

    def __init__(self, delimiter: str) -> None:
        self.inside = self.odd = self.seen = False
        self._borders = np.zeros(256, dtype=bool)
        self._borders[[10, 13, QUOTE, ord(delimiter[:1]) % 256]] = True
        self._previous = 10
        self._closing_pending = False

    def feed(self, block: bytes) -> None:
        if self.odd:
            return
        data = np.frombuffer(block, dtype=np.uint8)
        if self._closing_pending and not self._borders[data[0]]:
            self.odd = True
        self._closing_pending = False
        if b'"' in block:
            self._check(data, np.flatnonzero(data == QUOTE))
        self._previous = int(data[-1])

    def _check(self, data: np.ndarray, quotes: np.ndarray) -> None:
        self.seen = True
        opening, closing = quotes[int(self.inside) :: 2], quotes[int(not self.inside) :: 2]
        before = np.where(opening > 0, data[opening - 1], self._previous)
        after = closing[closing + 1 < len(data)] + 1
        if not self._borders[before].all() or not self._borders[data[after]].all():
            self.odd = True
        self.inside ^= bool(len(quotes) % 2)
        self._closing_pending = len(after) < len(closing)


def strict_check(path: Path, limits: Limits, *, delimiter: str, encoding: str, columns: int) -> None:
    """Read every row strictly; raise GovernError naming the first row with a broken quote or another cell count."""
    csv.field_size_limit(LONGEST_FIELD)
    with explained(path), text_stream(path, limits, encoding) as stream:
        lines = io.TextIOWrapper(io.BufferedReader(stream, BLOCK), encoding="utf-8", newline="")
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        row, line = -1, 1
        while True:
            try:
                cells = next(reader, None)
            except csv.Error as error:
                raise _broken_quote(row + 1, line) from error
            if cells is None:
                return
            if cells:
                row += 1
                if len(cells) != columns:
                    raise ragged(row, line, len(cells), columns)
            line = reader.line_num + 1


def _broken_quote(row: int, line: int) -> GovernError:
    return GovernError(
        _('A quotation mark (") is opened and not closed as it should be.'),
        where=_("row %(row)s, line %(line)s") % {"row": f"{row:,}", "line": f"{line:,}"},
        hint=_(
            'Close it before the next delimiter, or write a quotation mark inside a quoted value twice (""). '
            "Exporting with a proper CSV writer does this."
        ),
    )


def ragged(row: int, line: int, cells: int, columns: int) -> GovernError:
    return GovernError(
        _("A row has %(cells)s values where the header has %(columns)s columns.")
        % {"cells": cells, "columns": columns},
        where=_("row %(row)s, line %(line)s") % {"row": f"{row:,}", "line": f"{line:,}"},
        hint=_("Put quotation marks around values that hold the delimiter or a line end, or mend the row."),
    )
