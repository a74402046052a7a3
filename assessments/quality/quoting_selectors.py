"""Which rules quote values about people."""

from collections.abc import Collection, Iterable

from assessments.datasets.models import Dataset
from assessments.datasets.selectors import snapshot_latest
from assessments.quality.models import Rule
from assessments.quality.personal_data.quoting import may_quote, quoted_values
from assessments.quality.personal_data.selectors import columns_about_people


def about_people_now(dataset: Dataset) -> frozenset[str]:
    """The columns of the dataset's newest snapshot that are about people, as far as it is known."""
    snapshot = snapshot_latest(dataset)
    return columns_about_people(snapshot) if snapshot is not None else frozenset()


def quoted_by(rule: Rule, about_people: Collection[str]) -> tuple[str, ...]:
    """The values about people that the rule quotes."""
    return quoted_values(rule.check_name, rule.columns, rule.parameters, about_people)


def rules_quoting(dataset: Dataset, rules: Iterable[Rule]) -> dict[int, tuple[str, ...]]:
    """{rule: what it quotes} of those of the dataset's rules that quote values about people."""
    asked = [rule for rule in rules if may_quote(rule.check_name, rule.parameters)]
    about_people = about_people_now(dataset) if asked else frozenset()
    found = {rule.pk: quoted_by(rule, about_people) for rule in asked}
    return {pk: quoted for pk, quoted in found.items() if quoted}
