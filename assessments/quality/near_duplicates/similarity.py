"""How alike two texts are, from 0 to 1, by rapidfuzz."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import cpdist

from assessments.quality.near_duplicates.forms import DIGITS

# words: the greater ratio of the texts as they stand and with their words in alphabetical order (a wrong first letter
# moves a word in that order). The ratio is 1 minus the share of characters to insert and delete.
SIMILARITIES = ("words", "word_set", "ratio", "jaro_winkler")
# What two texts do not share must be alike as well: "ketle" and "kettle" (0.91), "tea" and "tee" (0.67), but not
# "green" and "blue" (0.22).
SPELLING = 0.65


def alike(forms: "Forms", left: np.ndarray, right: np.ndarray, threshold: float) -> np.ndarray:
    """For each pair of positions whether its similarity is at least ``threshold`` (over 0, at most 1)."""
    one = [forms.plain[position] for position in left.tolist()]
    other = [forms.plain[position] for position in right.tolist()]
    if forms.similarity == "jaro_winkler":
        scores = cpdist(one, other, scorer=JaroWinkler.similarity, score_cutoff=threshold, dtype=np.float64)
        return np.asarray(scores > 0)
    scorer = fuzz.token_set_ratio if forms.similarity == "word_set" else fuzz.ratio
    found = np.asarray(cpdist(one, other, scorer=scorer, score_cutoff=threshold * 100, dtype=np.float64) > 0)
    if forms.similarity == "words":
        unlike = np.flatnonzero(~found)
        one = [forms.in_order[position] for position in left[unlike].tolist()]
        other = [forms.in_order[position] for position in right[unlike].tolist()]
        found[unlike] = cpdist(one, other, scorer=fuzz.ratio, score_cutoff=threshold * 100, dtype=np.float64) > 0
    return found


class Forms:
    """The different texts in plain form, and with their words in order, for one similarity."""

    def __init__(self, plain: Sequence[str], in_order: Sequence[str], similarity: str) -> None:
        if similarity not in SIMILARITIES:
            raise ValueError(f"{similarity} is none of {SIMILARITIES}")
        self.plain, self.in_order, self.similarity = plain, in_order, similarity


def misspelt(one: str, other: str, same_numbers: bool) -> bool:
    """Whether the words that only one of two plain forms has are alike themselves, and so a slip of the same words.

    With ``same_numbers`` words with digits in them are codes and have no slips: “4650dn” is not “4650n”, though
    “4 gb” is “4gb”.
    """
    here, there = Counter(one.split()), Counter(other.split())
    left, right = list((here - there).elements()), list((there - here).elements())
    if "".join(left) == "".join(right):
        return True
    if same_numbers and (any(DIGITS.search(word) for word in left) or any(DIGITS.search(word) for word in right)):
        return False
    as_they_stand = fuzz.ratio(" ".join(left), " ".join(right))
    return max(as_they_stand, fuzz.ratio(" ".join(sorted(left)), " ".join(sorted(right)))) >= SPELLING * 100
