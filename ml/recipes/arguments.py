"""What the recipes for the command line share: a file, its roles and filters, a split, models and their options."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ml.data.decay import decayed
from ml.data.formats import FORMATS
from ml.data.preparation import Prepared, load_interactions
from ml.data.rules import PreparationRules
from ml.data.splits import Parts, Split, apply_split
from ml.data.splits.base import TIMELESS_HINT
from ml.errors import DataError
from ml.models.options import check_options, model_names

Options = dict[str, dict[str, str]]


def data_parser(program: str, description: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"python -m ml.recipes.{program}", description=description)
    add = parser.add_argument
    add("file", type=Path, help="Parquet, CSV or RecBole's .inter, also gzipped; or sequences")
    add("--role", action="append", default=[], metavar="ROLE=COLUMN", help="user, item, time, event, rating, …")
    add("--format", choices=FORMATS, default="auto", help="sequences: a user and his items in order on each line")
    add("--split", required=True, help="time:2011-10-10,28d, time:0.9, loo, random:0.25, users:0.1 or folds:5")
    add("--repeats", choices=("allowed", "masked"), default="allowed")
    add("--exclude-items", default="auto", metavar="REGEX", help="ids that are no products")
    add("--minimum-rating", type=float, metavar="R", help="leave out ratings below this")
    add("--core", type=count, default=0, metavar="N", help="users with N items, items with N users, until all have")
    add("--user-core", type=count, metavar="N", help="the core of users alone")
    add("--item-core", type=count, metavar="N", help="the core of items alone")
    add("--net-returns", action="store_true", help="take returns and cancellations off the purchases before them")
    add("--half-life", type=float, metavar="DAYS", help="the weight of an event halves with every so many days")
    add("--option", action="append", default=[], metavar="NAME=VALUE", help="of the model, or MODEL.NAME=VALUE")
    add("--device", default="auto", help="for models that use one: auto, cpu or cuda")
    add("--json", metavar="OUT", help="write the result here; - or nothing is standard output")
    return parser


def count(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not 1 or more")
    return number


def counts(text: str) -> list[int]:
    return [count(each.strip()) for each in text.split(",")]


def run_recipe_from_shell(given: argparse.Namespace, run: Callable[[argparse.Namespace], dict[str, Any]]) -> int:
    """Exit code 0, or 1 for a failure that it explains. JSON goes to standard output or to a file."""
    try:
        document = run(given)
    except DataError as error:
        where = f" ({error.where})" if error.where else ""
        sys.stderr.write(f"{error.message}{where} {error.hint}".rstrip() + "\n")
        return 1
    text = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    if given.json and given.json != "-":
        Path(given.json).write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    return 0


def read_file(given: argparse.Namespace, split: Split) -> Prepared:
    """The interactions of the file by the rules that were given."""
    rules = PreparationRules(
        exclude_items=given.exclude_items,
        minimum_rating=given.minimum_rating,
        user_core=given.user_core or given.core,
        item_core=given.item_core or given.core,
        net_returns=given.net_returns,
    )
    say("reading")
    prepared = load_interactions(
        given.file, pairs(given.role, "role"), rules, file_format=given.format, need_times=False
    )
    try:
        split.check_clock(prepared.interactions.clock)
    except DataError as error:
        if error.hint != TIMELESS_HINT:
            raise
        raise DataError(error.message, where="role time", hint=error.hint) from error
    if given.half_life is not None:
        prepared.rules["half_life_days"] = given.half_life
    say(f"{prepared.counts.kept} of {prepared.counts.rows} rows are interactions")
    return prepared


def part_rows(given: argparse.Namespace, prepared: Prepared, split: Split) -> Parts:
    """The parts, with the weights of what models learn from faded where that was asked for."""
    parts = apply_split(prepared.interactions, split)
    if given.half_life is None:
        return parts
    end = parts.train.end
    history = decayed(parts.history, given.half_life, end=end) if parts.history is not None else None
    return replace(parts, train=decayed(parts.train, given.half_life, end=end), history=history)


def models_of(texts: Sequence[str]) -> list[str]:
    """The models named by arguments such as "ease,ials"; each once. Raises DataError for an unknown one."""
    names = [name.strip() for text in texts for name in text.split(",") if name.strip()]
    for name in names:
        check_options(name, {})
    if not names:
        raise DataError("No model is named.", where="model", hint=f"Choose one of: {', '.join(model_names())}.")
    return list(dict.fromkeys(names))


def options_of(texts: Sequence[str], models: Sequence[str]) -> Options:
    """{model: {option: value}}; with several models an option names its own, as in ease.l2=100.

    Raises DataError for an option that belongs to no model named, or that its model does not have.
    """
    found: Options = {model: {} for model in models}
    for name, value in pairs(texts, "option").items():
        model, dot, option = name.partition(".")
        if not dot:
            if len(models) > 1:
                raise DataError(
                    f"It is not told which model the option '{name}' is for.",
                    where="--option",
                    hint=f"Write {models[0]}.{name}={value}.",
                )
            model, option = models[0], name
        if model not in found:
            raise DataError(
                f"The option '{name}' is for a model that does not run.",
                where="--option",
                hint=f"Models: {', '.join(models)}.",
            )
        if option in found[model]:
            raise DataError(f"The option '{option}' of {model} is given twice.", where="--option")
        found[model][option] = value
    for model, options in found.items():
        check_options(model, options)
    return found


def pairs(texts: Sequence[str], what: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name or not value or name in found:
            problem = "is given twice" if name in found else "is not NAME=VALUE"
            raise DataError(f"The {what} '{text}' {problem}.", where=f"--{what}")
        found[name] = value
    return found


def progress(fraction: float, message: str = "") -> None:
    say(f"{fraction:4.0%} {message}")


def say(message: str) -> None:
    sys.stderr.write(message + "\n")
    sys.stderr.flush()
