"""The templates, by genre. Every text of them was written for this project."""

from ml.text.personal_texts.templates.english_chat import CHAT
from ml.text.personal_texts.templates.english_forms import BLOCKS, FORMS
from ml.text.personal_texts.templates.english_news import NEWS
from ml.text.personal_texts.templates.english_people import PEOPLE
from ml.text.personal_texts.templates.english_places import PLACES
from ml.text.personal_texts.templates.english_shop import SHOP
from ml.text.personal_texts.templates.genre import Genre
from ml.text.personal_texts.templates.harmless import HARMLESS
from ml.text.personal_texts.templates.identifiers import IDENTIFIERS
from ml.text.personal_texts.templates.other_languages import (
    CHINESE,
    FRENCH,
    GERMAN,
    ITALIAN,
    JAPANESE,
    PORTUGUESE,
    SPANISH,
)
from ml.text.personal_texts.templates.phrases import PHRASES
from ml.text.personal_texts.templates.scrambled import SCRAMBLED

__all__ = ["GENRES", "HARMLESS_GENRE", "PHRASES", "Genre"]

SENTENCES = (68, 20, 9, 3)  # how often a text has 0, 1, 2, 3 sentences more
ALONE = (96, 4, 0, 0)
LINES = ("\n", "\n", "\n\n", " ")
SPACES = (" ", " ", " ", "\n", "  ")

HARMLESS_GENRE = Genre("harmless", HARMLESS, 10, SENTENCES, SPACES)
GENRES: tuple[Genre, ...] = (
    Genre("shop", SHOP, 13, SENTENCES, SPACES, asides=True),
    Genre("people", PEOPLE, 16, SENTENCES, SPACES, asides=True),
    Genre("places", PLACES, 11, SENTENCES, SPACES, asides=True),
    Genre("chat", CHAT, 10, SENTENCES, (" ", "\n"), asides=True),
    Genre("news", NEWS, 12, SENTENCES, SPACES, asides=True),
    Genre("forms", FORMS, 8, (30, 30, 25, 15), LINES),
    Genre("blocks", BLOCKS, 9, ALONE, LINES),
    Genre("identifiers", IDENTIFIERS, 10, SENTENCES, SPACES, asides=True),
    HARMLESS_GENRE,
    Genre("scrambled", SCRAMBLED, 9, SENTENCES, SPACES),
    Genre("german", GERMAN, 1.0, SENTENCES, SPACES, home="de_DE"),
    Genre("french", FRENCH, 0.8, SENTENCES, SPACES, home="fr_FR"),
    Genre("spanish", SPANISH, 0.8, SENTENCES, SPACES, home="es_ES"),
    Genre("italian", ITALIAN, 0.6, SENTENCES, SPACES, home="it_IT"),
    Genre("portuguese", PORTUGUESE, 0.5, SENTENCES, SPACES, home="pt_BR"),
    Genre("chinese", CHINESE, 3.0, SENTENCES, ("", "", "\n", " "), home="zh_CN", own_script=True),
    Genre("japanese", JAPANESE, 0.5, SENTENCES, ("", "\n"), home="ja_JP", own_script=True),
)
