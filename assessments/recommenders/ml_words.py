"""What ``ml`` says, in the reader's language: ``ml`` knows no Django and speaks English only."""

import re

from django.utils.translation import get_language
from django.utils.translation import gettext_noop as _

from assessments.common.retelling import Retelling
from assessments.recommenders import ml_data_words as data
from assessments.recommenders import ml_model_words as models

PROGRESS = (
    _("Reading the interactions"),
    _("Reading the history, period %(number)s of %(count)s"),
    _("Encoding the titles of %(count)s items"),
    _("counting items met together"),
    _("solving"),
    _("solved"),
    _("counted"),
    _("Epoch %(number)s: validation AUC %(auc)s"),
    _("ranking"),
    _("Evaluating the baseline %(name)s"),
    _("Saving the model"),
    _("%(kept)s of %(rows)s rows are interactions."),
    _("Train: %(events)s events of %(users)s users and %(items)s items."),
    _("Test: %(events)s events that train can speak to."),
    _("Training on %(device)s."),
    _("Learning all of the training part for %(count)s epochs."),
    _("Epoch %(number)s: validation %(metric)s %(value)s"),
    _("Epoch %(number)s: loss %(value)s"),
    _("Epoch %(number)s"),
    _("measuring the lists"),
    _("measured"),
    _("Waiting for a GPU that no other training uses"),
    _("The memory of the device did not suffice: the batch is halved from %(before)s to %(after)s."),
    _("The checkpoint cannot be gone on from, so the training begins anew."),
    _("%(model)s, trial %(number)s: %(metric)s %(value)s, best %(best)s, %(seconds)s s"),
    _("%(model)s, trial %(number)s: %(state)s, %(seconds)s s %(message)s"),
    _("%(model)s, trial %(number)s: %(metric)s %(value)s, best %(best)s, %(seconds)s s %(message)s"),
    _("%(model)s, trial %(number)s: %(state)s, %(seconds)s s"),
    _("the time was enough for %(count)s epochs"),
    _("cut off by the time budget"),
    _("worse than most on a quarter of the users"),
    _("its learning curve is below most"),
    _("not enough memory"),
)
FAILURES = (
    _("“%(value)s” is not a possible value of %(option)s."),
    _("%(option)s must be a whole number."),
    _("“%(value)s” is neither yes nor no."),
    _("There is no model called “%(name)s”."),
    _("The model %(model)s has no option “%(option)s”."),
    _("The split '%(split)s' is not understood."),
    _("Only %(count)s user has interactions before %(time)s."),
    _("No user after the split meets an item that was known before it."),
    _("All rows have the same time, so nothing can come before or after."),
    _("Nothing happened before %(time)s, so nothing can be learned."),
    _("Nothing happened from %(time)s on and before %(until)s, so nothing can be tested."),
    _("Nothing happened from %(time)s on, so nothing can be tested."),
    _("The table has no rows."),
    _("No row counts as an interaction: %(reasons)s."),
    _("EASE was allowed %(limit)s items; train has %(count)s."),
    _("EASE needs about %(needed)s MiB for %(count)s items; %(free)s MiB can be used."),
    _("EASE could not be solved: the penalty is too small."),
    _("There are too few events to train on."),
    _("The training diverged: its loss is not a finite number."),
    _("The training part spans %(span)s days, too few for three periods of %(days)s days."),
    _("The items have no titles to encode."),
    _("There is no sentence encoder."),
    _("The sentence encoder cannot be loaded."),
    _("The memory of the device does not suffice for this model."),
    _("The memory of the device does not suffice, even for batches of %(size)s."),
    _("The items have neither titles nor ids to learn from."),
    _("The values of each user cannot be read."),
    _("The two were measured differently, so they cannot be compared."),
    _("'%(metric)s' has no value for each user."),
    _("There is nobody to test: no user has both a history and an item to find."),
    _("The model %(model)s cannot recommend to users whom it was not trained on."),
    _("The split %(split)s makes %(count)s pairs of train and test, and one was asked for."),
    _("Fold %(fold)s of %(count)s is empty: too many rows share one time."),
    _("%(wanted)s users are to be held out, and %(usable)s have two interactions or more."),
    _("No user is left to test who meets an item that train knows."),
    _("Only %(count)s user has interactions %(when)s."),
    _("No user has enough interactions to learn an order from."),
    _("No user has enough interactions to validate with."),
    _("The training diverged: its loss rose from %(first)s to %(last)s."),
    _("The width %(width)s is not a multiple of %(heads)s heads."),
    _("The checkpoint is damaged."),
    _("The model bundle is damaged."),
    _("The model bundle cannot be read."),
    _("No configuration could be measured. %(reasons)s"),
    _("No configuration could be measured."),
    _("No user is left to validate on."),
    _("The study cannot be opened: %(reason)s."),
    _("This machine has no CUDA device."),
)
HINTS = (
    _("Give a number from %(low)s to %(high)s."),
    _("Give yes or no."),
    _("Write %(first)s, %(second)s or %(third)s."),
    _("Training needs %(count)s users or more: choose a later instant or another dataset."),
    _("Choose another instant or a longer window."),
    _("Check that the column with the role time is the right one."),
    _("The interactions reach from %(first)s to %(last)s."),
    _("Register a file with data."),
    _("Check the roles."),
    _("Move the split to a later date, or use a dataset with more history."),
    _("Choose a smaller learning rate, and look for extreme values in the prices."),
    _("Choose a shorter period or a later split."),
    _("Give a table of items with a column of the role title, or leave the option out."),
    _("Give items with titles, or let the model learn the ids."),
    _("It takes no options."),
    _("Did you mean %(close)s? Choose one of: %(names)s."),
    _("Choose one of: %(names)s."),
    _("Did you mean %(close)s? Its options are: %(names)s."),
    _("Its options are: %(names)s."),
    _("Write time:2011-10-10,28d, time:0.9, loo, random:0.25, users:0.1 or folds:5."),
    _("Choose one or more of: %(names)s."),
    _("Choose another model, or train on fewer items or events."),
    _("Choose a smaller batch or a smaller network."),
    _("Choose another split or a dataset with more interactions of each user."),
    _("Choose a split that tests users of train, or another model."),
    _("Name one, such as %(example)s."),
    _("Choose fewer folds."),
    _("Change the share, or choose a dataset with more interactions of each user."),
    _("Give more minutes, or choose other models."),
    _("Choose another split."),
    _("Known: %(names)s."),
)

# The first template that fits is taken, so those that fit nearly everything ("'x' is not a y") come last.
in_words = Retelling(
    [
        *PROGRESS,
        *FAILURES,
        *HINTS,
        *data.FAILURES,
        *data.HINTS,
        *models.PROGRESS,
        *models.FAILURES,
        *models.HINTS,
        _("'%(value)s' is not a %(kind)s."),
    ]
)


def told(text: str) -> str:
    """A text in words, also where a failure and its hint stand behind each other, as in what a trial says."""
    for place in (at.end() for at in re.finditer(r"[.:] ", text)):
        message, hint = text[:place].strip(), text[place:]
        if in_words.knows(message) and in_words.knows(hint):
            between = "" if get_language() == "zh-hans" else " "
            return f"{in_words(message)}{between}{in_words(hint)}"
    return in_words(text)
