"""The types of personal data: what each is called, which articles speak of it, how grave it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import get_language

from assessments.quality.personal_data.labels import LABELS

FILE = Path(__file__).parent / "catalogue.yaml"
KINDS = ("direct", "quasi", "sensitive", "helper")


@dataclass(frozen=True)
class Article:
    """One article; ``words`` say in a sentence what it asks, by language."""

    key: str
    law: str
    article: str
    words: Mapping[str, str]

    @property
    def text(self) -> str:
        """The sentence in the reader's language."""
        return self.words["zh" if (get_language() or "").startswith("zh") else "en"]

    @property
    def name(self) -> str:
        return f"{self.law} {self.article}"


@dataclass(frozen=True)
class Entity:
    """A type of personal data. ``kind`` is one of KINDS; a helper is not personal by itself."""

    name: str
    kind: str
    sensitive: bool
    articles: tuple[Article, ...]

    @property
    def label(self) -> str:
        return str(LABELS[self.name])

    @property
    def personal(self) -> bool:
        return self.kind != "helper"

    @property
    def severity(self) -> str:
        """How grave it is when it lies unprotected, in the words of rules."""
        if self.sensitive:
            return "critical"
        return "error" if self.kind == "direct" else "warning"


@cache
def entities() -> Mapping[str, Entity]:
    """Every type by its stable name."""
    content: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    articles = {key: Article(key, one["law"], one["article"], one["words"]) for key, one in content["articles"].items()}
    groups = {name: tuple(articles[key] for key in keys) for name, keys in content["groups"].items()}
    return {
        name: Entity(name, one["kind"], bool(one.get("sensitive")), groups[one["group"]])
        for name, one in content["entities"].items()
    }


def entity(name: str) -> Entity:
    """The type of this name; a name that a later version has dropped is a helper without articles."""
    return entities().get(name) or Entity(name, "helper", False, ())
