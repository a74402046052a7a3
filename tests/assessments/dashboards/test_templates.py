"""What holds for every template: nothing inline that runs, no outside host, icons that are built."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

from govern_app.assets import ICONS

FOLDER = Path(settings.BASE_DIR) / "templates"
TEMPLATES = sorted(path for path in FOLDER.rglob("*.html"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_a_template_compiles_and_runs_nothing_inline(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    get_template(str(path.relative_to(FOLDER)))
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"\son[a-z]+=[\"']", text)
    assert "hx-on" not in text
    assert "javascript:" not in text
    assert not re.search(r"(?:src|href|action)=[\"']https?://", text)


def test_every_icon_that_a_template_names_is_built() -> None:
    named = {
        name for path in TEMPLATES for name in re.findall(r"{% icon \"([\w-]+)\"", path.read_text(encoding="utf-8"))
    }
    assert named
    assert named <= set(ICONS)


def test_text_between_tags_is_marked_for_translation() -> None:
    """Letters outside tags, template code and marked text would stay English in every language."""
    left = {}
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        for pattern in (r"{#.*?#}", r"{% blocktranslate.*?{% endblocktranslate %}", r"<style.*?</style>"):
            text = re.sub(pattern, " ", text, flags=re.S)
        text = re.sub(r"{%.*?%}|{{.*?}}|&\w+;", " ", text, flags=re.S)
        text = re.sub(r"<[^>]*>", " ", text, flags=re.S)
        words = set(re.findall(r"[A-Za-z]{2,}", text)) - {"SHA", "NDCG", "MiB", "Govern", "English"}
        if words:
            left[str(path.relative_to(FOLDER))] = sorted(words)
    assert left == {}
