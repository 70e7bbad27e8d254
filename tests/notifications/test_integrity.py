"""Integrity reminders: to officers before festivals, one a day, never the same twice in a row."""

import itertools
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from notifications import texts
from notifications.festivals import events, plan
from notifications.integrity import ShippedLibrary, integrity_reminders, remind
from notifications.schedules import Occasion, Scheduler
from storage import campaigns
from storage.campaigns import Campaign
from tests.notifications.world import (
    OTHER_VILLAGE,
    VILLAGE,
    County,
    openid,
    phone,
    usual_terms,
)

TERMS = usual_terms()


class Texts:
    """A library that holds these of every tag."""

    def __init__(self, *texts: str) -> None:
        self.held = texts

    async def texts(self, tag: str) -> Sequence[str]:
        return [f"{tag}{text}" for text in self.held]


def at(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, 30, tzinfo=UTC) - timedelta(hours=8)


async def on(
    county: County, day: date, *, since: date | None = None, library: Texts | None = None
) -> int:
    now = at(day)
    occasion = Occasion(now, at(since) if since else now, now)
    return await remind(county.db, TERMS, library or ShippedLibrary(), occasion)


async def made(county: County) -> list[Campaign]:
    rows = await county.db.rows("SELECT id FROM campaigns ORDER BY created_at")
    found = await campaigns.load_many(county.db, [row["id"] for row in rows])
    return [found[row["id"]] for row in rows]


async def test_officers_are_reminded_and_no_resident_is(county: County) -> None:
    officers = {
        await county.person(openid=openid(1), role="干部"),
        await county.person(phone=phone(2), role="审核", region=OTHER_VILLAGE),
        await county.person(phone=phone(3), role="监委会"),
    }
    await county.person(openid=openid(4), role="居民")
    await county.person(openid=openid(5), village=VILLAGE)
    await county.person(openid=openid(6), village=VILLAGE, follows=("*", "FIN"))
    await county.person(phone=phone(7), role="干部", ends_on="2026-12-01")

    assert await on(county, date(2026, 12, 31)) == 1

    assert {row["person_id"] for row in await county.deliveries()} == officers
    (campaign,) = await made(county)
    assert campaign.template == "integrity_reminder"
    assert campaign.params["text"] in texts.INTEGRITY_TEXTS["元旦"]


async def test_a_day_without_a_festival_before_it_is_silent(county: County) -> None:
    await county.person(openid=openid(1), role="干部")

    assert [await on(county, date(2026, 11, n)) for n in range(20, 30)] == [0] * 10


async def test_no_text_is_said_twice_in_a_row(county: County) -> None:
    await county.person(openid=openid(1), role="干部")
    library = Texts("甲", "乙", "丙")
    for planned in plan(date(2027, 1, 1), {}):
        if date(2026, 12, 1) <= planned.on < date(2028, 1, 2):
            await on(county, planned.on, library=library)
    said = [campaign.params["text"] for campaign in await made(county)]

    assert len(said) > 20
    assert all(one != other for one, other in itertools.pairwise(said))
    of_new_year = [text for text in said if text.startswith("元旦")]
    assert len(set(of_new_year[:3])) == 3


async def test_a_library_with_one_text_is_helped_out_by_the_shipped_ones(county: County) -> None:
    await county.person(openid=openid(1), role="干部")

    await on(county, date(2026, 12, 25), library=Texts("只有这一句"))
    await on(county, date(2026, 12, 31), library=Texts("只有这一句"))

    first, second = [campaign.params["text"] for campaign in await made(county)]
    assert first == "元旦只有这一句"
    assert second in texts.INTEGRITY_TEXTS["元旦"]


async def test_what_was_missed_is_made_up_once_while_the_festival_is_to_come(
    county: County,
) -> None:
    await county.person(openid=openid(1), role="干部")

    late = await on(county, date(2026, 12, 28), since=date(2026, 12, 10))
    again = await on(county, date(2026, 12, 28), since=date(2026, 12, 10))
    too_late = await on(county, date(2027, 1, 4), since=date(2026, 12, 31))

    assert (late, again, too_late) == (1, 1, 0)
    assert [campaign.key for campaign in await made(county)] == ["integrity:元旦:2027-01-01:1"]


async def test_nobody_is_woken_by_one_that_was_caught_up_at_night(county: County) -> None:
    await county.person(openid=openid(1), role="干部")
    night = at(date(2026, 12, 25), 22)
    resting = usual_terms(schedule=type(TERMS.schedule)())

    await remind(county.db, resting, ShippedLibrary(), Occasion(night, night, night))

    (row,) = await county.deliveries()
    assert row["not_before"] == int(at(date(2026, 12, 26), 8).timestamp() * 1000) - 30 * 60_000


async def test_a_village_whose_heads_term_ends_is_reminded_alone(county: County) -> None:
    head = await county.person(
        openid=openid(1), role="干部", title="村委会主任", ends_on="2026-11-30"
    )
    await county.person(openid=openid(2), role="干部", region=OTHER_VILLAGE)

    made_on = [await on(county, date(2026, 11, n)) for n in range(20, 31)]

    assert made_on.count(1) == 1
    assert [row["person_id"] for row in await county.deliveries()] == [head]
    (campaign,) = await made(county)
    assert campaign.params["text"] in texts.INTEGRITY_TEXTS["换届"]


async def test_a_year_of_mornings_gives_nobody_two_a_day(county: County) -> None:
    await county.person(openid=openid(1), role="干部")
    scheduler = Scheduler(county.db, [integrity_reminders(county.db, TERMS)])
    await scheduler.prepare(at(date(2026, 12, 1), 8))

    for number in range(365):
        await scheduler.tick(at(date(2026, 12, 1) + timedelta(days=number)))

    days = [campaign.created_at.date() for campaign in await made(county)]
    assert len(days) == len(set(days))
    festivals = sum(event.is_festival for event in events(2027))
    assert len(days) >= 2 * festivals


@pytest.mark.parametrize(("tag", "said"), texts.INTEGRITY_TEXTS.items())
def test_shipped_texts_fit_a_variable_and_there_is_a_choice(
    tag: str, said: tuple[str, ...]
) -> None:
    assert len(set(said)) >= 2
    assert all(1 <= len(text) <= 33 and not text.endswith("。") for text in said)


def test_every_event_has_a_text() -> None:
    assert {event.tag for event in events(2027)} | {"换届"} == set(texts.INTEGRITY_TEXTS)
