"""What a child tells, passed on: progress and log to the job, epochs and notes to the run."""

from collections.abc import Callable
from time import monotonic
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from assessments.common.errors import GovernError
from assessments.common.progress import Fence, Progress
from assessments.common.templatetags.govern import duration
from assessments.recommenders.ml_words import in_words
from assessments.recommenders.models import TrainingRun

Log = Callable[[str], None]


class Listener:
    """Listens to one attempt. Raises GovernError when it takes longer than it may."""

    def __init__(self, progress: Progress, log: Log | None) -> None:
        self.progress = progress
        self.log = log or (lambda message: None)
        self.until = monotonic() + settings.TRAINING_TIMEOUT_SECONDS
        self.last: tuple[float, str] = (0.0, "")

    def event(self, event: dict[str, Any]) -> None:
        if event["event"] == "progress":
            self.last = (float(event.get("fraction", 0.0)), in_words(str(event.get("message", ""))))
            self.tick()
        elif event["event"] == "log":
            self.log(in_words(str(event.get("message", ""))))

    def tick(self) -> None:
        """Called about once a second: renews the progress, which notices a cancelled job, and looks at the clock."""
        if monotonic() > self.until:
            raise GovernError(
                _("The training took longer than %(limit)s, which is the most that a training may take.")
                % {"limit": duration(settings.TRAINING_TIMEOUT_SECONDS)},
                where="GOVERN_TRAINING_TIMEOUT_SECONDS",
                hint=_("Choose fewer epochs or a smaller model, or ask an administrator to allow more time."),
            )
        self.progress(*self.last)


class TrainingListener(Listener):
    """Keeps the run's learning curve and notes as well."""

    def __init__(self, run: TrainingRun, progress: Progress, log: Log | None, fence: Fence) -> None:
        super().__init__(progress, log)
        self.run, self.fence = run, fence
        self.first_epoch = True

    def event(self, event: dict[str, Any]) -> None:
        told = {name: value for name, value in event.items() if name != "event"}
        if event["event"] == "epoch":
            self._epoch(told)
        elif event["event"] == "note":
            self._note(told)
        else:
            super().event(event)

    def _epoch(self, epoch: dict[str, Any]) -> None:
        """Later epochs of an attempt that was cut off are done again, and stand in place of what it told."""
        number = int(epoch["epoch"])
        if self.first_epoch and number > 1:
            self._note({"kind": "resumed", "epoch": number})
            self.log(_("The training goes on with epoch %(number)s, after its checkpoint.") % {"number": number})
        self.first_epoch = False
        self.run.epochs = [one for one in self.run.epochs if int(one["epoch"]) < number] + [epoch]
        with self.fence():
            self.run.save(update_fields=["epochs"])

    def _note(self, note: dict[str, Any]) -> None:
        if note.get("kind") == "batch_halved":
            self.run.epochs, self.first_epoch = [], True  # it begins anew
        self.run.notes = [*self.run.notes, note]
        with self.fence():
            self.run.save(update_fields=["notes", "epochs"])
