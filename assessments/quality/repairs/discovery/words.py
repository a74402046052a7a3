"""Texts of a small vocabulary in which words are misspelt. Pure."""

from collections import Counter
from collections.abc import Mapping

from assessments.quality.repairs.spelling import WORD, word_corrections

# The most different words for each word of the column; titles of products have too many.
FEW_WORDS, MOST_WORDS = 0.05, 1_000


def misspelt_words(counts: Mapping[str, int]) -> dict[str, str]:
    """{text: the text with its rare words corrected} for a column of texts from a small vocabulary."""
    words: Counter[str] = Counter()
    for value, n in counts.items():
        for word in WORD.findall(value):
            words[word] += n
    if not words or len(words) > min(MOST_WORDS, FEW_WORDS * sum(words.values())):
        return {}
    return word_corrections(counts)
