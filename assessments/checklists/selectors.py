"""Reading frameworks, questionnaires, answers and what backs them; everything is scoped by organisation."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.files.base import File
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from assessments.accounts.models import Organisation, User
from assessments.checklists.evidence_types import content_type_of, extension_of
from assessments.checklists.models import (
    Answer,
    AnswerRevision,
    Domain,
    Evidence,
    Framework,
    Item,
    Questionnaire,
    WaitingAnswer,
)
from assessments.common.errors import NotFoundError


def frameworks() -> QuerySet[Framework]:
    """All loaded framework versions, the newest version of each first."""
    return Framework.objects.order_by("identifier", "-version")


def framework_get(*, identifier: str, version: int | None = None) -> Framework:
    """The framework of this identifier and version, the newest version when none is named."""
    found = frameworks().filter(identifier=identifier, **({} if version is None else {"version": version})).first()
    if found is None:
        raise NotFoundError(
            _("There is no checklist framework “%(identifier)s”.") % {"identifier": identifier},
            hint=_("Load it with: python manage.py load_frameworks"),
        )
    return found


def newest_version_above(framework: Framework) -> Framework | None:
    """The newest loaded version of this framework, or None when this one is it."""
    return frameworks().filter(identifier=framework.identifier, version__gt=framework.version).first()


def framework_document(framework: Framework) -> dict[str, Any]:
    """What a version asks, in the form of its file: domains with their items, in order."""
    domains = Domain.objects.filter(framework=framework).order_by("position").prefetch_related("items")
    return {
        "id": framework.identifier,
        "version": framework.version,
        "name": framework.name,
        "domains": [
            {
                "id": domain.identifier,
                "name": domain.name,
                "items": [item_document(item) for item in domain.items.all()],
            }
            for domain in domains
        ],
    }


def item_document(item: Item) -> dict[str, Any]:
    """What an item asks, in the form of its file."""
    return {"id": item.identifier, "name": item.name, "question": item.question, "levels": item.levels}


def questionnaires_of(organisation: Organisation) -> QuerySet[Questionnaire]:
    """The organisation's questionnaires, the newest period first."""
    return Questionnaire.objects.filter(organisation=organisation).select_related("framework", "organisation")


def questionnaire_get(*, organisation: Organisation, pk: int) -> Questionnaire:
    found = questionnaires_of(organisation).filter(pk=pk).first()
    if found is None:
        raise NotFoundError(_("There is no such questionnaire."))
    return found


def items_of(questionnaire: Questionnaire) -> QuerySet[Item]:
    """The items of the questionnaire's framework with their domains, in the order in which they are asked."""
    return (
        Item.objects.filter(domain__framework=questionnaire.framework_id)
        .select_related("domain")
        .order_by("domain__position", "position")
    )


def item_get(*, questionnaire: Questionnaire, key: str) -> Item:
    """The item with this key (``domain.item``, for example ``strategy.planning``)."""
    domain, _dot, identifier = key.partition(".")
    found = items_of(questionnaire).filter(domain__identifier=domain, identifier=identifier).first()
    if found is None:
        raise NotFoundError(_("This questionnaire has no item “%(key)s”.") % {"key": key})
    return found


def next_item(*, questionnaire: Questionnaire, item: Item) -> Item | None:
    """The item asked after this one, or None after the last."""
    after = Q(domain__position=item.domain.position, position__gt=item.position)
    return items_of(questionnaire).filter(after | Q(domain__position__gt=item.domain.position)).first()


def previous_item(*, questionnaire: Questionnaire, item: Item) -> Item | None:
    """The item asked before this one, or None before the first."""
    before = Q(domain__position=item.domain.position, position__lt=item.position)
    return items_of(questionnaire).filter(before | Q(domain__position__lt=item.domain.position)).last()


def answers_of(questionnaire: Questionnaire, *, assessor: User | None = None) -> QuerySet[Answer]:
    """The answers with item, assessor and evidence at hand, in the order of the items."""
    answers = (
        Answer.objects.filter(questionnaire=questionnaire)
        .select_related("item__domain", "assessor")
        .prefetch_related(Prefetch("evidence", queryset=Evidence.objects.select_related("created_by")))
        .order_by("item__domain__position", "item__position", "pk")
    )
    return answers if assessor is None else answers.filter(assessor=assessor)


def answer_get(*, organisation: Organisation, pk: int) -> Answer:
    found = (
        Answer.objects.filter(pk=pk, questionnaire__organisation=organisation)
        .select_related("questionnaire__organisation", "item__domain", "assessor")
        .first()
    )
    if found is None:
        raise NotFoundError(_("There is no such answer."))
    return found


def answer_of(*, questionnaire: Questionnaire, item: Item, assessor: User) -> Answer | None:
    """This assessor's answer to the item, or None when there is none yet (its revision is then 0)."""
    mine = answers_of(questionnaire, assessor=assessor).filter(item=item)
    return mine.select_related("carried_from__questionnaire__framework").first()


def waiting_of(questionnaire: Questionnaire) -> QuerySet[WaitingAnswer]:
    """Answers to older versions of changed items whose assessors have not answered the newer item yet."""
    own = Answer.objects.filter(
        questionnaire=questionnaire, item=OuterRef("item"), assessor=OuterRef("previous__assessor")
    )
    return (
        WaitingAnswer.objects.filter(~Exists(own), questionnaire=questionnaire)
        .select_related("item__domain", "previous__item", "previous__assessor", "previous__questionnaire__framework")
        .prefetch_related(Prefetch("previous__evidence", queryset=Evidence.objects.select_related("created_by")))
        .order_by("pk")
    )


def revisions_of(answer: Answer) -> QuerySet[AnswerRevision]:
    """The answer as it was saved each time, the newest first."""
    return AnswerRevision.objects.filter(answer=answer).select_related("author").order_by("-revision")


@dataclass(frozen=True)
class DomainProgress:
    """How many of a domain's items are answered: ``known`` leaves out those that everybody answered “don't know”."""

    domain: Domain
    total: int
    answered: int
    known: int

    @property
    def complete(self) -> bool:
        return self.answered == self.total


def progress_of(questionnaire: Questionnaire, *, assessor: User | None = None) -> list[DomainProgress]:
    """Progress by domain, of one assessor or of all together, in one query."""
    mine = Q(items__answers__questionnaire=questionnaire)
    if assessor is not None:
        mine &= Q(items__answers__assessor=assessor)
    decided = mine & ~Q(items__answers__status=Answer.Status.UNKNOWN)
    domains = Domain.objects.filter(framework=questionnaire.framework_id).annotate(
        total_items=Count("items", distinct=True),
        answered_items=Count("items", filter=mine, distinct=True),
        known_items=Count("items", filter=decided, distinct=True),
    )
    return [
        DomainProgress(domain, domain.total_items, domain.answered_items, domain.known_items)
        for domain in domains.order_by("position")
    ]


@dataclass(frozen=True)
class ItemLevels:
    """What all assessors said about one item, as the score needs it.

    ``levels`` holds one level for each assessor who gave one. ``status`` is ``level`` when somebody gave one, else
    ``not_applicable`` when somebody said so, else ``unknown``, and ``unanswered`` when nobody answered.
    ``sample`` is true when any of the answers is a sample.
    """

    item: Item
    status: str = "unanswered"
    levels: list[int] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    changed_at: datetime | None = None
    sample: bool = False
    evidence: int = 0

    @property
    def key(self) -> str:
        return self.item.key


def item_levels(questionnaire: Questionnaire) -> list[ItemLevels]:
    """One row for every item of the framework, answered or not, in three queries."""
    answered: dict[int, list[Answer]] = defaultdict(list)
    for answer in answers_of(questionnaire):
        answered[answer.item_id].append(answer)
    return [_summarise(item, answered.get(item.pk, [])) for item in items_of(questionnaire)]


def _summarise(item: Item, answers: list[Answer]) -> ItemLevels:
    if not answers:
        return ItemLevels(item)
    said = {answer.status for answer in answers}
    ranked = (Answer.Status.LEVEL, Answer.Status.NOT_APPLICABLE, Answer.Status.UNKNOWN)
    return ItemLevels(
        item,
        status=next(status.value for status in ranked if status in said),
        levels=[answer.level for answer in answers if answer.level is not None],
        answers=answers,
        changed_at=max(answer.changed_at for answer in answers),
        sample=any(answer.sample for answer in answers),
        evidence=sum(len(answer.evidence.all()) for answer in answers),
    )


def evidence_get(*, organisation: Organisation, pk: int) -> Evidence:
    found = (
        Evidence.objects.filter(pk=pk, answer__questionnaire__organisation=organisation)
        .select_related("answer__questionnaire", "answer__item__domain", "created_by")
        .first()
    )
    if found is None:
        raise NotFoundError(_("There is no such evidence."))
    return found


@dataclass(frozen=True)
class EvidenceFile:
    """An opened file of evidence; serve it as an attachment, never inline, and close it."""

    evidence: Evidence
    file: "File[bytes]"
    name: str
    content_type: str


def evidence_file_open(*, organisation: Organisation, pk: int) -> EvidenceFile:
    """Open a file that backs an answer of this organisation."""
    evidence = evidence_get(organisation=organisation, pk=pk)
    if evidence.kind != Evidence.Kind.FILE:
        raise NotFoundError(_("This evidence is not a file; there is no file to open."))
    try:
        opened = evidence.file.open("rb")
    except FileNotFoundError as error:
        raise NotFoundError(
            _("The file of this evidence is gone from the storage."),
            where=evidence.title,
            hint=_("Restore it from a backup; its SHA-256 is %(digest)s.") % {"digest": evidence.digest},
        ) from error
    extension = extension_of(evidence.file.name)
    name = evidence.title if extension_of(evidence.title) == extension else f"{evidence.title}{extension}"
    return EvidenceFile(evidence, opened, name, content_type_of(evidence.file.name))
