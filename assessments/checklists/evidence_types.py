"""Which kinds of file may back an answer, and how a file is recognised as what its name says."""

import zipfile
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import IO

MAX_BYTES = 20 * 2**20
OFFICE = "application/vnd.openxmlformats-officedocument."


def _begins(*signatures: bytes) -> Callable[[IO[bytes]], bool]:
    return lambda file: file.read(16).startswith(signatures)


def _is_webp(file: IO[bytes]) -> bool:
    head = file.read(12)
    return head[:4] == b"RIFF" and head[8:12] == b"WEBP"


def _is_text(file: IO[bytes]) -> bool:
    """UTF-8 without NUL; the file is at most ``MAX_BYTES`` long, so it is decoded as a whole."""
    content = file.read()
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\0" not in content


def _is_office(file: IO[bytes]) -> bool:
    """A zip of OOXML parts without macros; nothing is unpacked."""
    try:
        names = zipfile.ZipFile(file).namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return False
    return "[Content_Types].xml" in names and not any(name.endswith("vbaProject.bin") for name in names)


# Nothing that a browser would run: no HTML, no SVG.
TYPES: dict[str, tuple[str, Callable[[IO[bytes]], bool]]] = {
    ".pdf": ("application/pdf", _begins(b"%PDF-")),
    ".png": ("image/png", _begins(b"\x89PNG\r\n\x1a\n")),
    ".jpg": ("image/jpeg", _begins(b"\xff\xd8\xff")),
    ".jpeg": ("image/jpeg", _begins(b"\xff\xd8\xff")),
    ".webp": ("image/webp", _is_webp),
    ".csv": ("text/csv", _is_text),
    ".txt": ("text/plain", _is_text),
    ".md": ("text/markdown", _is_text),
    ".json": ("application/json", _is_text),
    ".docx": (f"{OFFICE}wordprocessingml.document", _is_office),
    ".xlsx": (f"{OFFICE}spreadsheetml.sheet", _is_office),
    ".pptx": (f"{OFFICE}presentationml.presentation", _is_office),
}


def extension_of(name: str | None) -> str:
    return PurePosixPath((name or "").replace("\\", "/")).suffix.lower()


def content_type_of(name: str | None) -> str:
    return TYPES.get(extension_of(name), ("application/octet-stream", _is_text))[0]
