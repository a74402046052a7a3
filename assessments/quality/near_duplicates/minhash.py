"""MinHash signatures of texts over rows of three characters, as keys of bands for locality-sensitive hashing.

Two texts whose sets of three-character rows have Jaccard similarity J share the key of one band with probability
J ** ROWS, and of at least one with 1 - (1 - J ** ROWS) ** BANDS (Broder 1997; Leskovec, Rajaraman and Ullman, Mining
of Massive Datasets, section 3.4): 0.97 at J = 0.8, 0.63 at 0.6.
"""

from collections.abc import Sequence

import numpy as np

BANDS, ROWS = 5, 3
CHUNK = 20_000
SPREAD = np.uint64(0x9E3779B97F4A7C15)  # odd, from the golden ratio: multiplying by it spreads the bits


def band_keys(texts: Sequence[str]) -> np.ndarray:
    """Keys of shape (BANDS, number of texts), 64 bits each."""
    random = np.random.default_rng(7)
    factors = random.integers(1, 2**63, size=BANDS * ROWS, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
    shifts = random.integers(0, 2**63, size=BANDS * ROWS, dtype=np.uint64)
    keys = np.empty((BANDS, len(texts)), dtype=np.uint64)
    for start in range(0, len(texts), CHUNK):
        grams, offsets = _grams(texts[start : start + CHUNK])
        for band in range(BANDS):
            key = np.full(len(offsets), np.uint64(band))
            for row in range(band * ROWS, (band + 1) * ROWS):
                hashed = _mixed(grams * factors[row] + shifts[row])
                key = _mixed(key * SPREAD + np.minimum.reduceat(hashed, offsets))
            keys[band, start : start + len(offsets)] = key
    return keys


def _grams(texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Every row of three characters of each text as a number, and where the rows of each text begin.

    A blank before and two after each text: the shortest text has a row too, and none runs over two texts.
    """
    padded = [f" {text}  " for text in texts]
    letters = np.frombuffer("".join(padded).encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    lengths = np.fromiter((len(text) for text in padded), dtype=np.int64, count=len(padded))
    offsets = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    codes = (letters[:-2] << np.uint64(42)) | (letters[1:-1] << np.uint64(21)) | letters[2:]
    keep = np.ones(len(letters), dtype=bool)
    ends = offsets + lengths
    keep[ends - 1] = keep[ends - 2] = False
    starts = np.concatenate([[0], np.cumsum(lengths - 2)[:-1]])
    return _mixed(codes[keep[:-2]] * SPREAD), starts


def _mixed(values: np.ndarray) -> np.ndarray:
    """The values with their high bits folded into the low ones."""
    folded: np.ndarray = values ^ (values >> np.uint64(31))
    return folded
