"""What ``ml`` says, in the reader's language: ``ml`` knows no Django and speaks English only."""

from django.utils.translation import gettext_noop as _

from assessments.common.retelling import Retelling

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
    _("It takes no options."),
    _("Did you mean %(close)s? Choose one of: %(names)s."),
    _("Choose one of: %(names)s."),
    _("Did you mean %(close)s? Its options are: %(names)s."),
    _("Its options are: %(names)s."),
)

in_words = Retelling([*PROGRESS, *FAILURES, *HINTS])
