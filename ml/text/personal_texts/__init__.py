"""Texts with personal data that nobody has: made from a seed, with every span labelled.

    texts = make_texts(1000, seed=0)
    texts[0].text, texts[0].spans

Templates and combinators are this project's own; names, streets and the like come from Faker's word lists.
"""

from ml.text.personal_texts.generator import PARTS, VERSION, LabelledText, make_texts

__all__ = ["PARTS", "VERSION", "LabelledText", "make_texts"]
