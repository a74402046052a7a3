"""What an organisation's answers to other frameworks propose for an item, with who answered and when."""

from collections import defaultdict
from dataclasses import dataclass
from functools import reduce
from operator import or_
from statistics import median_low

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments.checklists.mapped_levels import MappedLevel, MappedPath, items_within_reach, mapped_level
from assessments.checklists.mapping_file import ItemMapping, ItemName, Mappings, shipped_mappings
from assessments.checklists.models import Answer, Item, Questionnaire, localised
from assessments.checklists.selectors import questionnaires_of

RELATIONS: dict[str, str | Promise] = {
    "equal": _("asks the same as"),
    "part_of": _("is part of"),
    "contains": _("contains"),
    "overlaps": _("overlaps with"),
}


@dataclass(frozen=True)
class MappedStep:
    """One mapping of a path and the item that it leads to.

    ``item`` is None when its framework is not loaded, ``questionnaire`` when it is not asked in this period.
    """

    mapping: ItemMapping
    item: Item | None
    questionnaire: Questionnaire | None

    @property
    def words(self) -> str | Promise:
        return RELATIONS[self.mapping.relation]

    @property
    def name(self) -> str:
        return str(self.item or self.mapping.other)

    @property
    def because(self) -> str:
        return localised(self.mapping.because)


@dataclass(frozen=True)
class MappedAnswer:
    """A path with what it leads to: the answers that gave a level; ``path.level`` is their lower median."""

    path: MappedPath
    steps: list[MappedStep]
    answers: list[Answer]

    @property
    def sample(self) -> bool:
        return any(answer.sample for answer in self.answers)


@dataclass(frozen=True)
class MappedProposal:
    """The level, 1 to 5, that mapped answers propose, and how; nobody has given it yet."""

    proposed: MappedLevel
    paths: list[MappedAnswer]

    @property
    def level(self) -> int:
        return self.proposed.level

    @property
    def at_most(self) -> bool:
        return self.proposed.at_most


def mapped_proposal(
    *, questionnaire: Questionnaire, item: Item, mappings: Mappings | None = None
) -> MappedProposal | None:
    """What the organisation's answers to other frameworks in the same period propose, or None; at most three queries.

    Of several assessors the lower median of their levels counts, which is a level that somebody gave; of several
    versions of a framework the newest one in which a level was given for the item.
    """
    mappings = shipped_mappings() if mappings is None else mappings
    name = ItemName(questionnaire.framework.identifier, item.key)
    reach = items_within_reach(name, mappings)
    others = _others(questionnaire) if reach else []
    answers = _answers(others, reach) if others else {}
    levels = {
        each: median_low(answer.level for answer in given if answer.level is not None)
        for each, given in answers.items()
    }
    proposed = mapped_level(name, mappings=mappings, levels=levels)
    if proposed is None:
        return None
    shown = _shown(proposed, answers, others)
    return MappedProposal(proposed, [_with_answers(path, shown, answers) for path in proposed.paths])


def _others(questionnaire: Questionnaire) -> list[Questionnaire]:
    """The organisation's questionnaires of other frameworks in the same period, the newest version first."""
    return list(
        questionnaires_of(questionnaire.organisation)
        .filter(period=questionnaire.period)
        .exclude(framework__identifier=questionnaire.framework.identifier)
        .order_by("framework__identifier", "-framework__version")
    )


def _named(names: set[ItemName], prefix: str = "") -> Q:
    """A condition on items, or on what ``prefix`` leads from to them."""
    keys: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name in names:
        domain, _dot, identifier = name.key.partition(".")
        keys[name.framework, domain].append(identifier)
    return reduce(
        or_,
        (
            Q(
                **{
                    f"{prefix}domain__framework__identifier": framework,
                    f"{prefix}domain__identifier": domain,
                    f"{prefix}identifier__in": sorted(identifiers),
                }
            )
            for (framework, domain), identifiers in sorted(keys.items())
        ),
    )


def _answers(others: list[Questionnaire], reach: set[ItemName]) -> dict[ItemName, list[Answer]]:
    found = (
        Answer.objects.filter(_named(reach, "item__"), questionnaire__in=others, status=Answer.Status.LEVEL)
        .select_related("item__domain__framework", "assessor", "questionnaire__framework")
        .order_by("-questionnaire__framework__version", "pk")
    )
    answers: dict[ItemName, list[Answer]] = defaultdict(list)
    for answer in found:
        given = answers[ItemName(answer.questionnaire.framework.identifier, answer.item.key)]
        if not given or given[0].questionnaire_id == answer.questionnaire_id:
            given.append(answer)
    return dict(answers)


def _shown(
    proposed: MappedLevel, answers: dict[ItemName, list[Answer]], others: list[Questionnaire]
) -> dict[ItemName, tuple[Item, Questionnaire | None]]:
    """The items on the paths; one between two mappings in the version that is asked in this period, else the newest."""
    shown: dict[ItemName, tuple[Item, Questionnaire | None]] = {
        name: (given[0].item, given[0].questionnaire) for name, given in answers.items()
    }
    between = {name for path in proposed.paths for name in _names(path)} - set(shown)
    if not between:
        return shown
    asked = {each.framework_id: each for each in others}
    items = (
        Item.objects.filter(_named(between)).select_related("domain__framework").order_by("domain__framework__version")
    )
    for item in sorted(items, key=lambda each: each.domain.framework_id in asked):
        name = ItemName(item.domain.framework.identifier, item.key)
        shown[name] = (item, asked.get(item.domain.framework_id))
    return shown


def _names(path: MappedPath) -> set[ItemName]:
    return {step.other for step in path.steps}


def _with_answers(
    path: MappedPath,
    shown: dict[ItemName, tuple[Item, Questionnaire | None]],
    answers: dict[ItemName, list[Answer]],
) -> MappedAnswer:
    steps = [MappedStep(step, *shown.get(step.other, (None, None))) for step in path.steps]
    return MappedAnswer(path, steps, answers[path.answered])
