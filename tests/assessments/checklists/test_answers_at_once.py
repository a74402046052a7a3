"""Eight tabs that save the same answer at the same moment: one wins, the others are shown both texts."""

import threading

import pytest
from django.db import connection

from assessments.accounts.models import User
from assessments.checklists.models import AnswerRevision, Item, Questionnaire
from assessments.checklists.services import AnswerConflictError, answer_save

TABS = 8


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_one_save_wins(questionnaire: Questionnaire, item: Item, assessor: User) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("writers wait for each other on PostgreSQL; the tests' SQLite database in memory has one writer")
    start = threading.Barrier(TABS)
    outcomes: list[str] = []

    def save(tab: int) -> None:
        start.wait()
        try:
            answer_save(
                questionnaire=questionnaire,
                item=item,
                assessor=assessor,
                status="level",
                level=3,
                comment=f"tab {tab}",
                revision=0,
            )
            outcomes.append(f"tab {tab}")
        except AnswerConflictError as conflict:
            outcomes.append(f"conflict of {conflict.typed.comment} with {conflict.newer.comment}")
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=(tab,)) for tab in range(TABS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    (winner,) = [outcome for outcome in outcomes if outcome.startswith("tab")]
    lost = {f"conflict of tab {tab} with {winner}" for tab in range(TABS) if f"tab {tab}" != winner}
    assert set(outcomes) - {winner} == lost
    assert AnswerRevision.objects.get().comment == winner
