"""Train the tagger of personal data on texts that are made here: options or a spec in, JSON lines out."""

import os
import sys
import time
from argparse import ArgumentParser
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ml.errors import DataError
from ml.memory import peak_mib
from ml.recipes.common import Events, run_recipe

DEFAULTS: dict[str, Any] = {
    "texts": 60_000,
    "epochs": 1,
    "seed": 0,
    "threads": 0,  # 0: as many as torch chooses
    "validation_texts": 0,  # 0: a tenth of the texts, at most 1500
    "encoder": "",
    "batch_size": 32,
    "encoder_rate": 2e-4,
    "head_rate": 2e-3,
    "frozen_layers": 0,
    "window": 160,
}
LEAST = 10  # texts


def work(spec: dict[str, Any], events: Events) -> dict[str, Any]:
    """Make texts, fine-tune, calibrate, save; the result event."""
    started = time.perf_counter()
    spec = check_spec(spec)
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # threads that wait by spinning are slow where cores are shared
    import torch

    if spec["threads"]:
        torch.set_num_threads(int(spec["threads"]))
    train_texts, validation_texts = make_parts(spec, events)
    made = time.perf_counter() - started
    tagger, curve = train(spec, train_texts, validation_texts, events)
    events.progress(0.95, "Choosing thresholds")
    figures = finish(tagger, validation_texts)
    tagger.training |= {"epochs": curve, "validation": figures, "seconds": round(time.perf_counter() - started, 1)}
    manifest = tagger.save(Path(spec["out"]))
    from ml.models.bundle import bundle_bytes

    return {
        "out": str(spec["out"]),
        "epochs": curve,
        "validation": figures,
        "thresholds": tagger.thresholds,
        "threads": torch.get_num_threads(),
        "seconds_of_texts": round(made, 1),
        "seconds": round(time.perf_counter() - started, 1),
        "peak_mib": round(peak_mib(), 1),
        "bundle": {"digest": manifest["digest"], "bytes": bundle_bytes(manifest)},
    }


def check_spec(spec: dict[str, Any]) -> dict[str, Any]:
    """The spec with its defaults. Raises DataError for an unknown option or a number out of range."""
    unknown = sorted(set(spec) - set(DEFAULTS) - {"out"})
    if unknown or not spec.get("out"):
        raise DataError("The specification is not right.", where=", ".join(unknown) or "out")
    spec = DEFAULTS | spec
    spec["validation_texts"] = spec["validation_texts"] or min(1500, max(LEAST, int(spec["texts"]) // 10))
    for name, least in (
        ("texts", LEAST),
        ("epochs", 1),
        ("validation_texts", LEAST),
        ("batch_size", 1),
        ("threads", 0),
    ):
        if int(spec[name]) < least:
            raise DataError(f"The option must be at least {least}.", where=name)
    return spec


def make_parts(spec: dict[str, Any], events: Events) -> tuple[Any, Any]:
    """Texts to train on, and texts of other templates to judge by."""
    from ml.text.personal_texts import make_texts

    events.progress(0.0, f"Making {spec['texts']} texts")
    progress = events.part(0.0, 0.05)
    train_texts = make_texts(spec["texts"], seed=spec["seed"], progress=lambda done: progress(done, "Making texts"))
    return train_texts, make_texts(spec["validation_texts"], seed=spec["seed"], part="validation")


def train(spec: dict[str, Any], train_texts: Any, validation_texts: Any, events: Events) -> tuple[Any, list[Any]]:
    """The fine-tuned tagger and its learning curve."""
    import torch

    from ml.evaluation.spans import score_spans
    from ml.text import personal_texts
    from ml.text.tagger import Tagger
    from ml.text.tagging.encoders import encoder_digest, encoder_folder, read_encoder
    from ml.text.tagging.examples import Examples
    from ml.text.tagging.labels import ENTITIES, count_labels
    from ml.text.tagging.network import TaggerNetwork
    from ml.text.tagging.training import TaggerOptions, fine_tune, has_fast_half
    from ml.text.tagging.words import WordReader

    folder = encoder_folder(spec["encoder"])
    torch.manual_seed(spec["seed"])  # the first weights of the head
    encoder, document = read_encoder(folder)
    reader = WordReader(document)
    network = TaggerNetwork(encoder, count_labels(ENTITIES))
    origin = {
        "seed": spec["seed"],
        "texts": spec["texts"],
        "texts_version": personal_texts.VERSION,
        "faker": version("faker"),
        "encoder_digest": encoder_digest(folder),
    }
    tagger = Tagger(network, reader, entities=ENTITIES, window=spec["window"], training=origin)
    examples = Examples(train_texts, reader, ENTITIES, window=spec["window"])
    plain = [each.text for each in validation_texts]

    def evaluate() -> dict[str, float]:
        scores = score_spans([each.spans for each in validation_texts], tagger.spans(plain)).micro()
        return {"f1": scores.f1, "precision": scores.precision, "recall": scores.recall}

    options = TaggerOptions(
        epochs=spec["epochs"],
        batch_size=spec["batch_size"],
        encoder_rate=spec["encoder_rate"],
        head_rate=spec["head_rate"],
        frozen_layers=spec["frozen_layers"],
        half=has_fast_half(),
        seed=spec["seed"],
    )
    progress = events.part(0.05, 0.95)
    curve = fine_tune(
        network, examples, evaluate, options, on_epoch=lambda each: events.send("epoch", **each), progress=progress
    )
    return tagger, curve


def finish(tagger: Any, validation_texts: Any) -> dict[str, Any]:
    """Set the tagger's thresholds; its agreement with the made texts per entity, and over all as ``*``."""
    from ml.evaluation.spans import score_spans
    from ml.text.tagging.calibration import calibrate

    truth = [each.spans for each in validation_texts]
    plain = [each.text for each in validation_texts]
    tagger.thresholds = calibrate(truth, tagger.spans(plain), tagger.entities)
    scores = score_spans(truth, tagger.spans(plain))
    return {**scores.document(), "*": scores.micro().document()}


def read_arguments(arguments: list[str]) -> dict[str, Any]:
    parser = ArgumentParser(description="Train the tagger of personal data on made texts; prints JSON lines.")
    parser.add_argument("--out", required=True, help="folder of the bundle")
    for name in ("texts", "epochs", "seed", "threads", "validation-texts"):
        parser.add_argument(f"--{name}", type=int, default=DEFAULTS[name.replace("-", "_")])
    parser.add_argument("--encoder", default="", help="folder of another sentence encoder")
    return vars(parser.parse_args(arguments))


def main(arguments: list[str]) -> int:
    """By hand with options, or as a child process with ``--spec FILE``."""
    if "--spec" in arguments:
        return run_recipe(work, arguments)
    events = Events(sys.stdout)
    try:
        events.send("result", **work(read_arguments(arguments), events))
    except DataError as error:
        events.send("error", message=error.message, where=error.where, hint=error.hint)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
