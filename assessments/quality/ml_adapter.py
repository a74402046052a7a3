"""The only way from this app to ``ml``: the tagger of personal data, trained in a child process, read where it is used.

Reading it loads torch: that happens in a worker or a command, never in a process that serves pages.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from assessments.common import child_process
from assessments.common.child_process import OnCancel
from assessments.common.errors import GovernError
from assessments.common.progress import Progress, silent
from assessments.quality.tagger_words import in_words

TRAIN_MODULE = "ml.recipes.train_tagger"
# (start, end, entity, score) of each text; the entities are those of ml.text.tagging.labels.
FindSpans = Callable[[Sequence[str]], list[list[tuple[int, int, str, float]]]]


def tagger_folder() -> Path:
    """Where the tagger of this installation lies."""
    return Path(settings.HOME) / "models" / "tagger"


def tagger_exists() -> bool:
    """Whether a tagger was trained; looks at no weights."""
    return (tagger_folder() / "manifest.json").is_file()


def tagger_load() -> FindSpans | None:
    """A function that finds the spans of texts; None before a tagger was trained. GovernError for a damaged one."""
    if not tagger_exists():
        return None
    from ml.errors import DataError
    from ml.text.tagger import Tagger

    try:
        tagger = Tagger.load(tagger_folder())
    except DataError as error:
        raise GovernError(
            in_words(error.message), where=error.where, hint=_("Train the tagger again: manage.py train_tagger")
        ) from error
    return lambda texts: [
        [(span.start, span.end, span.entity, span.score) for span in spans] for spans in tagger.spans(texts)
    ]


def spans_score(
    truth: Sequence[Sequence[tuple[int, int, str, float]]],
    found: Sequence[Sequence[tuple[int, int, str, float]]],
    *,
    groups: Mapping[str, Sequence[str]],
) -> dict[str, Any]:
    """Agreement of found spans with labelled ones: ``types`` by type, and each group of types together."""
    from ml.evaluation.spans import Span, score_spans

    scores = score_spans(
        [[Span(*span) for span in spans] for spans in truth], [[Span(*span) for span in spans] for spans in found]
    )
    return {"types": scores.document(), **{name: scores.micro(types).document() for name, types in groups.items()}}


def tagger_train(
    *,
    options: dict[str, Any],
    folder: Path | None = None,
    progress: Progress = silent,
    on_epoch: Callable[[dict[str, Any]], None] = lambda epoch: None,
    on_cancel: OnCancel | None = None,
) -> dict[str, Any]:
    """Train a tagger into its folder, in place of the one before, and return the recipe's result.

    ``options`` are those of the recipe: texts, epochs, seed, threads. The folder changes in one step at the end. An
    exception of ``progress`` ends the child and goes on.
    """
    import ml

    last: tuple[float, str] = (0.0, "")

    def on_event(event: dict[str, Any]) -> None:
        nonlocal last
        if event["event"] == "progress":
            last = (float(event.get("fraction", 0.0)), in_words(str(event.get("message", ""))))
            progress(*last)
        elif event["event"] == "epoch":
            on_epoch(event)

    root = Path(str(ml.__file__)).resolve().parent.parent
    recipe = child_process.Recipe(module=TRAIN_MODULE, root=root, in_words=in_words, killed=_killed)
    return child_process.run_child(
        recipe=recipe,
        spec={"encoder": settings.ENCODER_MODEL, **options, "out": str(folder or tagger_folder())},
        on_event=on_event,
        tick=lambda: progress(*last),
        on_cancel=on_cancel,
    )


def _killed() -> GovernError:
    return GovernError(
        _("The training process was ended by the system, most likely for want of memory."),
        where="memory",
        hint=_("Train on fewer texts, or on a machine with more memory."),
    )
