"""The month's money for texts is one purse, however many processes spend from it."""

from notifications.memory import Memory
from storage import spending
from storage.clock import day_of
from storage.database import Database
from tests.conftest import NOW
from tests.notifications.world import usual_terms

MONTH = day_of(NOW)[:7]


async def test_what_another_process_spends_is_missing_here(db: Database) -> None:
    memory = Memory(db, usual_terms(budget_fen=100))
    await memory.refresh(NOW)
    assert memory.can_spend(100)

    await spending.count_spent(db, MONTH, 60)
    await spending.count_spent(db, MONTH, 30)
    await memory.refresh(NOW)

    assert memory.can_spend(10)
    assert not memory.can_spend(11)


async def test_what_is_under_way_here_stays_counted(db: Database) -> None:
    memory = Memory(db, usual_terms(budget_fen=100))
    await memory.refresh(NOW)
    memory.spend(95)  # no outcome of it is written yet

    await spending.count_spent(db, MONTH, 20)
    await memory.refresh(NOW)

    assert not memory.can_spend(6)
