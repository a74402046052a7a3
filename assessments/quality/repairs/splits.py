"""Two values written into one cell."""

import ibis
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.quality.repairs.base import Change, Repair, Scope, Step, own, text_column
from assessments.quality.repairs.groups import replaced
from assessments.quality.repairs.registry import register

LAST_WORD = r"^(.*\S)[\s,;/|]+(\S+)$"


@register
class MoveLastWord(Repair):
    """Where the second column is empty and the first ends in one of its values, that value is moved over."""

    name = "move_last_word"
    label = gettext_lazy("Move the last word to its column")
    help = gettext_lazy(
        "“Portland OR” with an empty state becomes “Portland” and “OR”: first the text, then the column."
    )
    least_columns = most_columns = 2
    column_labels = (gettext_lazy("Text"), gettext_lazy("Column that its last word belongs to"))

    def meaning(self, step: Step) -> str:
        return _(
            "Where “%(to)s” is empty and the last word of “%(text)s” is a value that “%(to)s” has in at least two "
            "other rows, the word is moved there. Other rows stay."
        ) % {"text": step.columns[0], "to": step.columns[1]}

    def apply(self, scope: Scope, step: Step) -> Change:
        text, to = (text_column(scope, name) for name in step.columns)
        values = scope.table.select(known=to).filter(to.notnull() & (to != ""))
        counted = values.group_by("known").aggregate(n=values.count())
        known = counted.filter(counted.n >= 2).select(**{own("known"): counted.known}).view()
        table = scope.table.mutate(
            **{own("word"): text.re_extract(LAST_WORD, 2), own("start"): text.re_extract(LAST_WORD, 1)}
        )
        joined = table.left_join(known, table[own("word")] == known[own("known")])
        empty = joined[step.columns[1]].isnull() | (joined[step.columns[1]] == "")
        moves = empty & joined[own("known")].notnull()
        columns = {
            step.columns[0]: ibis.ifelse(moves, joined[own("start")], joined[step.columns[0]]),
            step.columns[1]: ibis.ifelse(moves, joined[own("known")], joined[step.columns[1]]),
        }
        return Change(replaced(scope, joined, columns))
