"""Which rules quote values about people."""

from collections.abc import Collection, Iterable, Sequence

from assessments.common.masking import personal_columns
from assessments.datasets.models import Dataset
from assessments.datasets.selectors import roles_of, snapshot_latest
from assessments.quality.models import Rule
from assessments.quality.personal_data.looked import columns_known
from assessments.quality.personal_data.quoting import columns_named, may_quote, quoted_values, unquoted
from assessments.quality.personal_data.selectors import columns_found


class Hidden:
    """Of which columns of a dataset a rule may not quote values before everybody.

    Those about people, in whichever snapshot they were, and all that nobody has searched yet: what may be about people
    is hidden until a search says that it is not. Reads the database once, when it is made.
    """

    def __init__(self, dataset: Dataset) -> None:
        newest = snapshot_latest(dataset)
        self._roles = roles_of(newest) if newest is not None else {}
        self._found, self._known = columns_found(dataset.pk), columns_known(dataset)

    def among(self, columns: Collection[str]) -> frozenset[str]:
        """Those of the columns that are hidden."""
        about = personal_columns(list(columns), self._roles) | self._found
        return frozenset(name for name in columns if name in about or name not in self._known)

    def quoted_by(self, rule: Rule) -> tuple[str, ...]:
        """The values of hidden columns that the rule quotes."""
        named = columns_named(rule.check_name, rule.columns, rule.parameters)
        return quoted_by(rule, self.among(named))


def quoted_by(rule: Rule, about_people: Collection[str]) -> tuple[str, ...]:
    """The values of the columns ``about_people`` that the rule quotes."""
    return quoted_values(rule.check_name, rule.columns, rule.parameters, about_people)


def rules_quoting(dataset: Dataset, rules: Iterable[Rule]) -> dict[int, tuple[str, ...]]:
    """{rule: what it quotes} of those of the dataset's rules that quote values which are hidden from who may not
    change them."""
    asked = [rule for rule in rules if may_quote(rule.check_name, rule.parameters)]
    hidden = Hidden(dataset) if asked else None
    found = {rule.pk: hidden.quoted_by(rule) for rule in asked} if hidden else {}
    return {pk: quoted for pk, quoted in found.items() if quoted}


def names_to_log(dataset: Dataset, rules: Sequence[Rule]) -> list[str]:
    """The rules' names for the audit log, which is kept for good: without values that may be about people."""
    quoting = rules_quoting(dataset, rules)
    return [unquoted(rule.name, quoting.get(rule.pk, ())) for rule in rules]
