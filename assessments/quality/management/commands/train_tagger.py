"""Train the tagger that finds names, addresses and the like in texts."""

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import OutputWrapper

from assessments.common.command import GovernCommand
from assessments.quality import ml_adapter

OPTIONS = ("texts", "epochs", "seed", "threads")  # the recipe knows what they are when not given


def at_least(least: int) -> Any:
    def number(text: str) -> int:
        value = int(text)
        if value < least:
            raise ArgumentTypeError(f"must be at least {least}")
        return value

    return number


class Command(GovernCommand):
    help = (
        "Train the tagger of personal data on texts made from a seed, and keep it for the scans of this installation."
    )

    def add_options(self, parser: ArgumentParser) -> None:
        parser.add_argument("--texts", type=at_least(10), help="texts to make and learn from")
        parser.add_argument("--epochs", type=at_least(1), help="how often each text is shown")
        parser.add_argument("--seed", type=int, help="another seed makes other texts")
        parser.add_argument("--threads", type=at_least(0), help="processor cores to use, 0 for all")

    def uses_database(self, **options: Any) -> bool:
        return False

    def run(self, **options: Any) -> dict[str, Any]:
        given = {name: options[name] for name in OPTIONS if options[name] is not None}
        return ml_adapter.tagger_train(options=given, progress=self.progress)

    def show(self, document: dict[str, Any], out: OutputWrapper) -> None:
        size = document["bundle"]["bytes"] / 2**20
        out.write(f"trained in {document['seconds']:.0f} s; {size:.0f} MiB in {document['out']}")
        out.write("agreement with made texts of other templates:")
        for entity, figures in document["validation"].items():
            parts = "  ".join(f"{name} {figures[name]:.3f}" for name in ("precision", "recall", "f1"))
            out.write(f"  {'all' if entity == '*' else entity:<18} {parts}  of {figures['labelled']}")
