"""Suggestions in the reader's language: they are stored in English, whoever's work they came from."""

import re

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from assessments.common.retelling import Retelling

NAMES = (
    _("One “%(by)s”, one “%(column)s”"),
    _("“%(column)s” is filled"),
    _("“%(column)s” has no value that stands for a missing one"),
    _("Columns without empty cells stay so"),
    _("“%(column)s” is unique"),
    _("No row is repeated"),
    _("No two items have nearly the same “%(column)s”"),
    _("“%(first)s” and “%(second)s” together are unique"),
    _("“%(column)s” is in its usual range"),
    _("“%(column)s” is above 0"),
    _("“%(column)s” is found in “%(dataset)s”"),
    _("“%(column)s” is one of the known values"),
    _("“%(column)s” has the usual shape"),
    _("“%(column)s” is a proper %(format)s"),
    _("No user's last events share a time"),
    _("“%(column)s” is not in the future"),
    _("“%(column)s” is recent"),
    _("“%(first)s” is not after “%(second)s”"),
    _("“%(column)s” writes its unit in one way"),
    _("“%(column)s” is cleanly written"),
    _("“%(column)s” writes each code in one way"),
    _("“%(column)s” is a number"),
    _("“%(column)s” is a date, written in one way"),
    _("“%(first)s” holds no value of “%(second)s”"),
    _("“%(column)s” has its usual words"),
    _("“%(column)s” is written in one way"),
    _("All of “%(source)s” say the same “%(column)s” of one “%(thing)s”"),
)
REASONS = (
    _("Rows with the same “%(by)s” nearly always have the same “%(column)s”: all but %(share)s %% of those seen."),
    _("Rows with the same “%(by)s” always have the same “%(column)s”."),
    _("The repair also asks what decides it beside: %(others)s."),
    _("The column is the %(role)s, which every row needs; %(share)s %% of the cells are empty."),
    _("Only %(share)s %% of the cells are empty: probably slips."),
    _("%(share)s %% of the cells are empty; the rule keeps it from growing by half."),
    _("%(values)s probably says that the value is missing, in %(share)s %% of the filled cells."),
    _("All %(rows)s rows have a value in this column."),
    _("All %(rows)s rows have a value in these %(count)s columns."),
    _("No value occurs twice in %(rows)s rows."),
    _("Nearly every row has a value of its own: %(distinct)s of %(rows)s."),
    _("Some rows are equal to another one in every column."),
    _("Some titles are alike but for a few letters, or equal."),
    _("No two rows have both in common."),
    _("The values are hardly ever negative."),
    _("The values are hardly ever 0 or less."),
    _("98 %% of the values lie from %(low)s to %(high)s; others are more than %(far)s times that width away."),
    _("All values lie from %(low)s to %(high)s."),
    _("Nearly all of its values are values of “%(column)s” there."),
    _("%(rows)s rows have only one value."),
    _("%(rows)s rows have only %(count)s different values."),
    _("One rare value is probably a typing error: %(pairs)s."),
    _("%(count)s rare values are probably typing errors, such as %(pairs)s."),
    _("%(share)s %% of the values have the shape %(shapes)s, where 9 is any digit and A any letter."),
    _("%(share)s %% of the values look like one."),
    _("The last events of some users have the same time: which one is last is chance, and so are test figures."),
    _("The times run from %(first)s to %(last)s."),
    _("The newest row is less than two days old; twice that would be late."),
    _("The newest row is %(days)s days old; twice that would be late."),
    _("In %(share)s %% of the rows it is not."),
    _("Dates are written in %(count)s ways: %(ways)s."),
    _("The texts are dates, written as %(ways)s."),
    _("Some values have spaces at their ends, or several in a row."),
    _("Some values hold invisible or broken characters."),
    _("Nearly all values are written in %(case)s."),
    _("Values are measures in several units or writings: %(ways)s."),
    _("All values are numbers in %(unit)s, whose unit is written in %(count)s ways: %(ways)s."),
    _("One code is written in several ways: %(values)s."),
    _("%(count)s codes are written in several ways, such as %(values)s."),
    _("Some values have spaces at their ends."),
    _("In one row the two stand in each other's place: %(values)s belongs to “%(second)s”."),
    _("In %(rows)s rows the two stand in each other's place: %(values)s belong to “%(second)s”."),
    _("A few words are in nearly all values; others are probably typing errors, such as %(pairs)s."),
    _("Most values are written like %(example)s; %(share)s %% are not, such as %(others)s."),
    _("%(share)s %% of the values are written in another way than most."),
    _(
        "Each “%(source)s” tells once of each “%(thing)s”, and %(share)s %% of the rows do not say the "
        "“%(column)s” that most of them say."
    ),
)
STOPS = re.compile(r"…[.。]")  # a list that goes on needs no full stop
SENTENCES = re.compile(r"(?<=[.]) (?=[A-Z0-9])")
_in_words = Retelling([*NAMES, *REASONS], told_parts=("format", "case"))


def in_words(text: str) -> str:
    """A name or a reason in the reader's language; as it is stored when it is nobody's template."""
    pieces = SENTENCES.split(text)
    if len(pieces) > 1 and all(_in_words.knows(piece) for piece in pieces):
        told = " ".join(map(_in_words, pieces))
    else:
        told = _in_words(text)
    told = told.replace("“no unit”", "“" + gettext("no unit") + "”")
    return STOPS.sub("…", told)
