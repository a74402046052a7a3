"""How well personal data is found in texts whose spans are labelled."""

import gzip
import json
from argparse import ArgumentParser
from pathlib import Path
from time import perf_counter
from typing import Any

from assessments.common.command import GovernCommand
from assessments.common.errors import GovernError
from assessments.quality.personal_data.evaluation import FINDERS, STRUCTURED, evaluate, texts_of

FORMAT = "A JSON list of {full_text, spans: [{entity_type, start_position, end_position}]}."


class Command(GovernCommand):
    help = "Report precision, recall and F1 per type of personal data on a file of labelled texts (JSON, also .gz)."

    def add_options(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help=FORMAT)
        parser.add_argument(
            "--finder",
            choices=[*FINDERS],
            default="govern",
            help="govern: patterns and the trained tagger; patterns: without it; tagger: alone; presidio: the extra",
        )
        parser.add_argument("--out", metavar="OUT", type=Path, help="also write the JSON document to this file")

    def uses_database(self, **options: Any) -> bool:
        return False

    def run(self, **options: Any) -> dict[str, Any]:
        texts, truth = texts_of(read(options["file"]), where=str(options["file"]))
        find = FINDERS[options["finder"]]()
        started = perf_counter()
        found = find(texts)
        seconds = perf_counter() - started
        document = {
            "file": options["file"].name,
            "finder": options["finder"],
            "texts": len(texts),
            "seconds": seconds,
            **evaluate(truth, found),
        }
        if options["out"]:
            options["out"].write_text(json.dumps(document, indent=2), encoding="utf-8")
        return document

    def show(self, document: dict[str, Any], out: Any) -> None:
        out.write(f"{'type':20} {'precision':>9} {'recall':>9} {'F1':>9} {'hits':>6} {'found':>6} {'labelled':>8}")
        six = f"{len(STRUCTURED)} structured types"
        rows = {**document["types"], six: document["structured"], "all types": document["all"]}
        for name, one in rows.items():
            counts = f"{one['hits']:6} {one['found']:6} {one['labelled']:8}"
            out.write(f"{name:20} {one['precision']:9.3f} {one['recall']:9.3f} {one['f1']:9.3f} {counts}")
        out.write(f"{document['texts']} texts in {document['seconds']:.2f} s by {document['finder']}")


def read(file: Path) -> Any:
    """The parsed file; GovernError when it is not there or no JSON."""
    try:
        raw = file.read_bytes()
        return json.loads(gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw)
    except OSError as error:
        raise GovernError("The file cannot be read.", where=str(file), hint=FORMAT) from error
    except (ValueError, EOFError) as error:
        raise GovernError("The file is no JSON.", where=str(file), hint=FORMAT) from error
