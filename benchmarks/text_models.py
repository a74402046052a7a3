"""What fine-tuning, 8-bit weights and pruning do to the sentence encoder: size, time and quality side by side.

    python -m benchmarks.text_models [--epochs 3] [--train-queries 60] [--pairs 4] [--only NAME]

Needs the products and judgments of Chorus (GOVERN_DATA_DIR). Quality is the NDCG@10 of the judged products of each held
out query, ranked by the likeness of query and title, gains 2^grade - 1. Fine-tuning learns pairs of query and relevant
title from other queries. The interval of a difference from the encoder as it came is that of the paired bootstrap.
"""

import argparse
import csv
import json
import os
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from ml.evaluation.uncertainty import paired_difference
from ml.text.adapting import LoraOptions, adapt
from ml.text.compression import prune_smallest, quantise, weight_bytes
from ml.text.encoder import SentenceEncoder

Judged = dict[str, list[tuple[str, int]]]  # of each query the titles and their grades
MIB = 2**20


def read(folder: Path) -> Judged:
    """Queries with at least one relevant product among those judged."""
    titles = {}
    for path in sorted(folder.glob("*.json.zip")):
        with zipfile.ZipFile(path) as archive:
            products = json.loads(archive.read(archive.namelist()[0]))
        titles |= {str(each["id"]): str(each["title"]) for each in products}
    found: Judged = {}
    with (folder / "rated.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["docid"] in titles:
                found.setdefault(row["query"], []).append((titles[row["docid"]], int(row["rating"])))
    return {query: rows for query, rows in found.items() if any(grade for _, grade in rows)}


def ndcg(grades: np.ndarray, scores: np.ndarray) -> float:
    """NDCG@10 with gains 2^grade - 1 (Burges et al., 2005)."""
    gains = 2.0**grades - 1
    discount = 1 / np.log2(np.arange(2, 12))

    def total(order: np.ndarray) -> float:
        best = gains[order][:10]
        return float(best @ discount[: len(best)])

    return total(np.argsort(-scores, kind="stable")) / total(np.argsort(-gains, kind="stable"))


def quality(encoder: SentenceEncoder, judged: Judged) -> np.ndarray:
    """[queries] NDCG@10."""
    values = []
    for query, rows in judged.items():
        vectors = encoder.encode([query, *(title for title, _ in rows)])
        values.append(ndcg(np.array([grade for _, grade in rows]), vectors[1:] @ vectors[0]))
    return np.array(values)


def relevant(rows: list[tuple[str, int]], most: int) -> list[str]:
    """The first titles of grade 2 or 3, at most so many."""
    return [title for title, grade in rows if grade >= 2][:most]


def tuned(encoder: SentenceEncoder, judged: Judged, epochs: int, pairs: int) -> None:
    """Fine-tune in place on pairs of these queries and their relevant titles; a fifth of the queries is validation."""
    queries = list(judged)
    cut = len(queries) * 4 // 5
    parts = [
        [(query, title) for query in some for title in relevant(judged[query], pairs)]
        for some in (queries[:cut], queries[cut:])
    ]
    curve = adapt(encoder, parts[0], parts[1], LoraOptions(epochs=epochs))
    figures = ", ".join(f"{each['accuracy_validation']:.3f}" for each in curve)
    print(f"fine-tuned on {len(parts[0])} pairs; validation accuracy by epoch: {figures}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--train-queries", type=int, default=60)
    parser.add_argument("--pairs", type=int, default=4, help="of each query, at most")
    parser.add_argument("--only", default="", help="rows whose name begins so, beside the encoder as it came")
    given = parser.parse_args()
    judged = read(Path(os.environ.get("GOVERN_DATA_DIR", "../shared/data")) / "chorus_electronics")
    order = np.random.default_rng(0).permutation(sorted(judged))
    train = {str(query): judged[str(query)] for query in order[: given.train_queries]}
    test = {str(query): judged[str(query)] for query in order[given.train_queries :]}
    rows = sum(map(len, test.values()))
    print(f"{len(test)} held-out queries with {rows} judged products; torch {torch.__version__}, 1 thread")
    torch.set_num_threads(1)
    base = SentenceEncoder()
    plain = quality(base, test)
    changes: dict[str, Callable[[SentenceEncoder], object]] = {
        "as it came": lambda encoder: None,
        "8 bits": lambda encoder: quantise(encoder.loaded()),
        "30 % pruned": lambda encoder: prune_smallest(encoder.loaded(), 0.3),
        "50 % pruned": lambda encoder: prune_smallest(encoder.loaded(), 0.5),
        "70 % pruned": lambda encoder: prune_smallest(encoder.loaded(), 0.7),
        "LoRA": lambda encoder: tuned(encoder, train, given.epochs, given.pairs),
        "LoRA, 8 bits": lambda encoder: quantise(encoder.loaded()),  # of the one before it
    }
    print(f"{'encoder':<14}{'MiB':>8}{'texts/s':>9}{'NDCG@10':>9}{'difference':>28}")
    encoder = base
    for name, change in changes.items():
        if not name.startswith((given.only, "as it came")):
            continue
        encoder = encoder if name == "LoRA, 8 bits" else SentenceEncoder()
        change(encoder)
        started = time.perf_counter()
        values = quality(encoder, test)
        rate = (rows + len(test)) / (time.perf_counter() - started)
        gain = paired_difference(values, plain)
        told = f"{gain.value:+.4f} [{gain.low:+.4f}, {gain.high:+.4f}]" if name != "as it came" else ""
        size = weight_bytes(encoder.loaded()) / MIB
        print(f"{name:<14}{size:>8.1f}{rate:>9.0f}{values.mean():>9.4f}{told:>28}", flush=True)


if __name__ == "__main__":
    main()
