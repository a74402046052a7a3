"""What a reading noted, in the language of whoever looks: notes are stored as they were said to who registered."""

from django.utils.translation import gettext_noop as _

from assessments.common.retelling import Retelling

NOTES = (
    _(
        "Column “%(column)s” is read as text: its values are of type %(type)s up to row %(before)s, but row "
        "%(row)s holds “%(value)s”, and %(count)s of %(present)s values do not fit. If those values are wrong, "
        "correct them at the source, or name the texts that mean a missing value, and register again."
    ),
    _("Column “%(column)s” is read as a time written %(format)s."),
    _(
        "Column “%(column)s” is read as text: its dates could be written %(formats)s. Say which with the reading "
        "option date_format and register again."
    ),
    _(
        "Column “%(column)s” is read as text: it begins with values of type %(first)s, and row %(row)s holds "
        "one of type %(second)s. Correct those values at the source and register again."
    ),
    _(
        "Line %(line)s is not UTF-8, so the file is read as %(encoding)s. If letters look wrong, name the "
        "encoding (for Chinese often gb18030) and register again."
    ),
    _("The sheet “%(sheet)s” is read; the workbook also has: %(others)s. Name another with the option “sheet”."),
    _("Column “%(column)s” holds lists or objects; they are kept as JSON text."),
    _("Numbers of column “%(column)s” may have more than 38 digits; they are kept as text."),
    _("Times of column “%(column)s” are kept to the microsecond."),
    _("Column %(position)s has no name; it is called “%(name)s”."),
    _("The column “%(column)s”, which had the role “%(role)s”, is gone."),
    _(
        "The table %(table)s stays in its database; this is a look at it, and its rows are not kept. The digest is of "
        "the columns' names and types and of the number of rows, not of the cells. Rules are measured where the table "
        "is, on its rows of that moment."
    ),
)

notes_in_words = Retelling(NOTES)
