"""Collect the texts that people read into ``locale/``: ``python -m govern_app.translations``.

Babel reads the Python files; templates are first turned into Python by Django's own ``templatize``, as its
``makemessages`` does, so that no tool outside Python is needed. What was translated stays; what is new is left empty.
"""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
CHINESE = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
STILL = datetime(2026, 1, 1, tzinfo=UTC)  # a date of today would change the file with every run
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def messages() -> Iterator[tuple[str, int, Any, str | None]]:
    """Every text: (file, line, text or (singular, plural), context)."""
    for path in source_files():
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".html":
            text = templatize(text, origin=str(path))
        for line, message, _comments, context in extract("python", BytesIO(text.encode()), keywords=KEYWORDS):
            yield str(path.relative_to(ROOT)), line, message, context


def source_files() -> list[Path]:
    python = [path for room in ("assessments", "govern_app") for path in (ROOT / room).rglob("*.py")]
    pages = list((ROOT / "templates").rglob("*.html"))
    return sorted(path for path in python + pages if "migrations" not in path.parts)


def template_catalog() -> Catalog:
    catalog = Catalog(project="Govern")
    for file, _line, message, context in messages():
        # Line numbers are left out: they would change with every edit.
        catalog.add(message, None, [(file, 0)], context=context)
    return catalog


def load(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def incomplete(catalog: Catalog) -> list[Any]:
    """Texts of the code that the catalog does not translate."""
    missing = []
    for message in template_catalog():
        found = catalog.get(message.id, message.context)
        string = found.string if found is not None and not found.fuzzy else ""
        if message.id and not (all(string) if isinstance(string, tuple) else string):
            missing.append(message.id)
    return missing


def main() -> None:
    catalog = load(CHINESE) if CHINESE.exists() else Catalog(locale="zh_Hans", project="Govern")
    catalog.update(template_catalog(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.fuzzy = False
    catalog.header_comment = "# Govern in simplified Chinese"
    catalog.last_translator = catalog.language_team = catalog.msgid_bugs_address = "Govern"
    catalog.creation_date = catalog.revision_date = STILL
    CHINESE.parent.mkdir(parents=True, exist_ok=True)
    with CHINESE.open("wb") as file:
        write_po(file, catalog, width=120, sort_by_file=True, include_lineno=False, omit_header=False)
    sys.stderr.write(f"{len(catalog)} texts, {len(incomplete(catalog))} without a translation\n")


if __name__ == "__main__":
    main()
