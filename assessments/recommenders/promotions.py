"""Reading which run is in use for a dataset, and what would speak against another."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from assessments.accounts.models import Organisation
from assessments.common.errors import GovernError
from assessments.datasets.models import Dataset
from assessments.recommenders.comparing import Difference, difference_of
from assessments.recommenders.models import Promotion, TrainingRun

JUDGED_BY = "ndcg@10"
BASELINE = "recent_popular"


def promotions_of(organisation: Organisation) -> QuerySet[Promotion]:
    """The organisation's promotions, newest first."""
    mine = Promotion.objects.filter(dataset__organisation=organisation)
    return mine.select_related("dataset", "run", "promoted_by")


def promotion_of(dataset: Dataset) -> Promotion | None:
    """What is in use for this dataset now."""
    return Promotion.objects.filter(dataset=dataset, ended_at=None).select_related("run", "promoted_by").first()


def beats_baseline(run: TrainingRun) -> bool | None:
    """Whether the interval of the difference to recent popularity lies above zero; None where it was not measured."""
    for row in run.comparisons:
        if row.get("baseline") == BASELINE and row.get("metric") == JUDGED_BY:
            low = row.get("low")
            return None if low is None else bool(low > 0)
    return None


def warnings_of(run: TrainingRun, before: Promotion | None) -> list[str]:
    """Codes of what speaks against putting the run in use; ``warning_words`` says them."""
    found = []
    beats = beats_baseline(run)
    if beats is not True:
        found.append("not_better_than_recent" if beats is False else "not_compared_with_recent")
    if before is None:
        return found
    if before.run.protocol_digest != run.protocol_digest:
        return [*found, "other_protocol"]
    if before.run.snapshot_id != run.snapshot_id:
        return [*found, "other_snapshot"]
    against = _difference(run, before.run)
    if against is None:
        found.append("not_compared_with_promoted")
    elif against.verdict == "worse":
        found.append("worse_than_promoted")
    return found


def _difference(run: TrainingRun, other: TrainingRun) -> Difference | None:
    try:
        return difference_of(run, other, JUDGED_BY)
    except GovernError:
        return None


def warning_words(code: str) -> str:
    words = {
        "not_better_than_recent": _("It does not surely beat the items that were popular lately."),
        "not_compared_with_recent": _("It was not compared with the items that were popular lately."),
        "other_protocol": _("It was tested in another way than the run in use, so nobody knows which is better."),
        "other_snapshot": _("It was tested on other data than the run in use, so nobody knows which is better."),
        "not_compared_with_promoted": _(
            "It cannot be compared with the run in use: a run kept no values of each user."
        ),
        "worse_than_promoted": _("It is worse than the run in use."),
    }
    return words.get(code, code)
