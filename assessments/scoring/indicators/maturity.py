"""Maturity: the levels that assessors gave to an item of a questionnaire."""

from assessments.checklists.models import Answer, Questionnaire
from assessments.checklists.selectors import ItemLevels, item_levels, questionnaires_of
from assessments.scoring.canonical import digest
from assessments.scoring.indicators.registry import (
    KNOWN,
    NOT_APPLICABLE,
    UNKNOWN,
    Ask,
    Context,
    Found,
    indicator,
    instant,
    oldest,
)

UNIT = "level"
ONE_RATER_SPREAD = 0.5  # levels: what one more assessor is taken to differ by, where the parameters name nothing else


@indicator("answer_level")
def answer_level(ask: Ask) -> Found:
    """The mean level of one item. Parameters: ``framework``, ``item`` (domain.item), ``spread`` in levels."""
    framework = ask.parameters["framework"]
    questionnaire, items = ask.context.once(f"answers {framework}", lambda: _answers(ask.context, framework))
    if questionnaire is None:
        return Found(UNKNOWN, UNIT, reason="no_questionnaire")
    summary = items.get(ask.parameters["item"])
    if summary is None:
        return Found(UNKNOWN, UNIT, reason="no_such_item")
    fresh = [answer for answer in summary.answers if ask.fresh(answer.changed_at)]
    given = [answer for answer in fresh if answer.status == Answer.Status.LEVEL and answer.level is not None]
    sources = [_source(questionnaire, summary, answer) for answer in fresh]
    if given:
        part = {"levels": [answer.level for answer in given], "spread": ask.parameters.get("spread", ONE_RATER_SPREAD)}
        return Found(
            KNOWN,
            UNIT,
            measure={"kind": "answers", "groups": [{"label": summary.key, "parts": [part]}]},
            date=oldest([answer.changed_at for answer in given]),
            sources=sources,
        )
    if any(answer.status == Answer.Status.NOT_APPLICABLE for answer in fresh):
        return Found(NOT_APPLICABLE, UNIT, date=oldest([a.changed_at for a in fresh]), sources=sources)
    reason = "not_known" if fresh else "expired" if summary.answers else "not_answered"
    return Found(UNKNOWN, UNIT, sources=sources, reason=reason)


def _answers(context: Context, framework: str) -> tuple[Questionnaire | None, dict[str, ItemLevels]]:
    """The questionnaire of the period, else of the last period before it, with what was answered."""
    questionnaire = (
        questionnaires_of(context.organisation)
        .filter(framework__identifier=framework, period__lte=context.period)
        .order_by("-period", "-framework__version", "-pk")
        .first()
    )
    if questionnaire is None:
        return None, {}
    return questionnaire, {summary.key: summary for summary in item_levels(questionnaire)}


def _source(questionnaire: Questionnaire, summary: ItemLevels, answer: Answer) -> dict[str, object]:
    """One answer. Who gave it and what they wrote stay in the database: the digest tells whether they changed."""
    said = {"status": answer.status, "level": answer.level, "revision": answer.revision, "sample": answer.sample}
    return {
        "type": "answer",
        "id": answer.pk,
        "label": summary.item.name["en"],
        "date": instant(answer.changed_at),
        "digest": digest({**said, "comment": answer.comment, "assessor": answer.assessor_id}),
        "questionnaire": questionnaire.pk,
        "period": questionnaire.period,
        "framework_digest": questionnaire.framework.digest,
        "item": summary.key,
        **said,
        "attachments": [
            {"type": "evidence", "id": evidence.pk, "kind": evidence.kind, "digest": evidence.digest}
            for evidence in answer.evidence.all()
        ],
    }
