"""What administrators lay down for a rhythm holds from then on, for what is not due yet."""

from __future__ import annotations

from datetime import date
from typing import Any

from notifications.rhythms import keep
from notifications.rhythms.rules import USUAL, Rhythm, in_force
from notifications.schedules import Occasion
from notifications.triggers import remind
from storage.rhythm_rules import RhythmRule, lay_down
from tests.notifications.rhythms.test_keeping import MONDAY, TERMS, at, bring, of, road, village
from tests.notifications.world import County, phone
from workbooks.records.kinds import SUBSIDIES

__all__ = ["village"]


async def lay(county: County, rhythm: Rhythm, number: int, *stages: int) -> None:
    await lay_down(county.db, rhythm, RhythmRule(number, stages), "operator", at(MONDAY))


async def test_usual_rules_hold_until_one_is_laid_down(village: County) -> None:
    before = await in_force(village.db)
    await lay(village, Rhythm.AD_HOC, 4, 0, 2)
    after = await in_force(village.db)

    assert before == USUAL
    assert after == {**USUAL, Rhythm.AD_HOC: RhythmRule(4, (0, 2))}


async def test_a_stage_has_as_many_working_days_as_were_laid_down(village: County) -> None:
    await lay(village, Rhythm.PHASED, 5, 0)
    await road(village, "在建", date(2026, 12, 3), at(date(2026, 12, 4)))

    await keep(village.db, at(date(2026, 12, 4), 10))

    (due,) = await of(village, "projects")
    assert due.due_on == date(2026, 12, 10)  # Thursday, a week on


async def test_lists_that_wait_are_planned_anew_by_another_day(village: County) -> None:
    row: dict[str, Any] = {"item": "低保", "period": "2026-09", "name": "李*英", "amount": 84_000}
    await bring(village, SUBSIDIES, ("低保", "2026-09"), at(date(2026, 12, 1)), publish=True, **row)
    await keep(village.db, at(date(2026, 12, 20)))
    (before,) = await of(village, "subsidies")

    await lay(village, Rhythm.REGULAR, 12, 0)
    await keep(village.db, at(date(2026, 12, 21)))

    (after,) = await of(village, "subsidies")
    assert (before.due_on, after.due_on) == (date(2027, 1, 20), date(2027, 1, 12))
    assert before.source == after.source


async def test_reminders_go_out_on_the_days_that_were_laid_down_and_to_the_town_after_the_last(
    village: County,
) -> None:
    await village.person(phone=phone(1), role="录入")
    await lay(village, Rhythm.PHASED, 3, 0, 2)
    await road(village, "在建", date(2026, 12, 3), at(date(2026, 12, 4)))

    for day in range(5, 15):
        now = at(date(2026, 12, day))
        await remind(village.db, TERMS, Occasion(now, now, now))

    (due,) = await of(village, "projects")
    rows = await village.db.rows(
        "SELECT key, audience FROM campaigns WHERE key LIKE ? ORDER BY created_at",
        f"due:{due.id}:%",
    )
    assert [row["key"].rpartition(":")[2] for row in rows] == ["0", "2", "3"]
    assert [row["audience"].startswith("role=管理") for row in rows] == [False, False, True]
