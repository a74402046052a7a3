"""Bytes of a file, unpacked and counted while they pass."""

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from assessments.common.errors import GovernError
from assessments.datasets.reading.table import Limits

BLOCK = 4 * 2**20
GZIP = b"\x1f\x8b"
BOM = codecs.BOM_UTF8
# Real tables pack to a hundredth at most; deflate itself can reach 1 : 1032, which only repeated bytes do.
MOST_RATIO, RATIO_FROM = 250, 64 * 2**20
PACKED = {
    b"PK\x03\x04": "zip",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"7z\xbc\xaf": "7z",
    b"Rar!": "rar",
}


class CountedStream(io.RawIOBase):
    """Reads a file, unpacked if it is gzip, and refuses to go past the limits.

    ``fraction`` is the share of the file on disk that has been read.
    """

    def __init__(self, path: Path, limits: Limits) -> None:
        self._raw = path.open("rb")
        self._size = max(path.stat().st_size, 1)
        self._limits = limits
        self._total = 0
        self._packed = self._raw.read(2) == GZIP
        self._raw.seek(0)
        self._inner: Any = gzip.GzipFile(fileobj=self._raw) if self._packed else self._raw
        self.fraction = 0.0

    def readable(self) -> bool:
        return True

    def readinto(self, target: Any) -> int:
        try:
            count = int(self._inner.readinto(target))
        except (OSError, EOFError, zlib.error) as error:
            raise GovernError(
                _("The gzip file is damaged or cut off."),
                where=_("after %(count)s unpacked bytes") % {"count": f"{self._total:,}"},
                hint=_("Pack or download it again."),
            ) from error
        self._total += count
        self._limits.check_bytes(self._total)
        position = self._raw.tell()
        self.fraction = position / self._size
        if self._packed and self._total > RATIO_FROM and self._total > MOST_RATIO * position:
            raise GovernError(
                _("The gzip file unpacks to more than %(ratio)s times its size, as only a trap does.")
                % {"ratio": MOST_RATIO},
                hint=_("Unpack it yourself and register the unpacked file if it is what you expect."),
            )
        return count

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
            self._raw.close()
        super().close()


class TranscodedStream(io.RawIOBase):
    """The same text in UTF-8 and without a byte order mark."""

    def __init__(self, inner: io.RawIOBase, encoding: str) -> None:
        self._inner = inner
        self._utf8 = encoding == "utf-8"
        self._decoder = None if self._utf8 else codecs.getincrementaldecoder(encoding)()
        self._rest = b""
        self._begun = False

    def readable(self) -> bool:
        return True

    def readinto(self, target: Any) -> int:
        while not self._rest:
            block = self._inner.read(max(len(target), 65536)) or b""
            if not self._begun:
                block = self._head(block)
            self._rest = block if self._decoder is None else self._decoder.decode(block, final=not block).encode()
            if not block:
                break
        count = min(len(target), len(self._rest))
        target[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

    def _head(self, block: bytes) -> bytes:
        while block and len(block) < len(BOM) and (more := self._inner.read(len(BOM))):
            block += more
        self._begun = True
        return block.removeprefix(BOM) if self._utf8 else block

    @property
    def fraction(self) -> float:
        return float(getattr(self._inner, "fraction", 0.0))

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
        super().close()


def text_stream(path: Path, limits: Limits, encoding: str = "utf-8") -> TranscodedStream:
    return TranscodedStream(CountedStream(path, limits), encoding)


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn a decoding failure into a failure that can be mended."""
    try:
        yield
    except UnicodeDecodeError as error:
        raise GovernError(
            _("The file is not written in the encoding %(encoding)s.") % {"encoding": error.encoding},
            where=_("byte %(byte)s") % {"byte": hex(error.object[error.start])},
            hint=_("Leave the encoding out to have it found, or name the right one."),
        ) from error
    except UnicodeError as error:  # UTF-16 without its mark, say: raised without saying where
        raise GovernError(
            _("The file is not written in the encoding that was named."),
            hint=_("Leave the encoding out to have it found, or name the right one."),
        ) from error


def refuse_packed(head: bytes) -> None:
    """Raise GovernError for archives and for compressions other than gzip."""
    for magic, name in PACKED.items():
        if head.startswith(magic):
            raise GovernError(
                _("The file is packed as %(format)s.") % {"format": name},
                hint=_("Unpack it first and register the file inside. Only gzip and .xlsx are read as they are."),
            )


def head_of(path: Path, limits: Limits, count: int) -> bytes:
    """The first unpacked bytes."""
    with CountedStream(path, limits) as stream:
        parts, left = [], count
        while left > 0 and (part := stream.read(min(left, 65536))):
            parts.append(part)
            left -= len(part)
        return b"".join(parts)
