"""Administrators hear of what is wrong: once, over a channel that works, and of its end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from notifications.alarms import conditions, texts
from notifications.alarms.conditions import Now
from notifications.channels import texts as gateway_texts
from notifications.channels.outcome import Outcome, Verdict
from notifications.housekeeping import QUIET, UNHEARD, Housekeeping
from notifications.terms import Terms
from storage import alarms, audit, halts, holidays, installation
from storage.alarms import Condition
from storage.database import Database
from storage.halts import Halt
from storage.holidays import Holiday
from storage.ids import new_id
from storage.moments import to_ms
from storage.settings import RetentionSettings
from tests.conftest import NOW
from tests.notifications.world import COUNTY, TOWN, VILLAGE, World, usual_terms

ADMIN_OPENID, ADMIN_PHONE = "oAdministrator0000000000001", "16610009999"
MONEY = "isv.AMOUNT_NOT_ENOUGH"
WRONG = Condition(key="test", kind="halted", channel="sms", detail="短信停发了:欠费")


def keeping(world: World, *, terms: Terms | None = None) -> Housekeeping:
    return Housekeeping(
        world.db,
        world.county.clock,
        terms or world.terms,
        RetentionSettings(),
        real=world.real,
    )


async def administrator(
    world: World, *, openid: str = ADMIN_OPENID, phone: str = ADMIN_PHONE, region: str = COUNTY
) -> str:
    return await world.county.person(openid=openid, phone=phone, role="管理", region=region)


async def halt(
    world: World, channel: str, code: str = MONEY, *, detail: str = "", minutes: int = 5
) -> None:
    now = world.real()
    until = now + timedelta(minutes=minutes)
    await halts.note(world.db, Halt(channel, "", code, detail, now, until))


async def told(world: World) -> list[tuple[str, str]]:
    """The channel and state of every delivery, oldest campaign first."""
    rows = await world.db.rows(
        "SELECT d.channel, d.state FROM deliveries d JOIN campaigns c ON c.id = d.campaign_id"
        " ORDER BY c.created_at, c.id"
    )
    return [(row["channel"], row["state"]) for row in rows]


async def campaign_texts(world: World) -> list[str]:
    rows = await world.db.rows("SELECT params FROM campaigns ORDER BY created_at, id")
    return [row["params"] for row in rows]


async def has_everything(world: World) -> None:
    """A backup and holiday tables, so that only what a test does is wrong."""
    await installation.mark_backed_up(world.db, world.real())
    year = world.county.clock.now().year
    await holidays.save(world.db, [Holiday(NOW.date().replace(year=year), "off")])


@pytest.mark.parametrize(("broken", "other"), [("sms", "wechat"), ("wechat", "sms")])
async def test_a_halted_channel_is_told_over_the_other_once(
    world: World, broken: str, other: str
) -> None:
    await has_everything(world)
    await world.bind("alarm", "notice")
    await administrator(world)
    await halt(world, broken, detail=gateway_texts.ALIYUN_MONEY)

    first, second = keeping(world), keeping(world)
    assert await first.look() == 1
    assert await second.look() == 0
    assert await first.look() == 0
    assert await told(world) == [(other, "new")]


async def test_the_phone_shows_what_to_do(world: World) -> None:
    await has_everything(world)
    await world.bind("alarm", "notice")
    await administrator(world)
    await halt(world, "sms", detail=gateway_texts.ALIYUN_MONEY)
    await keeping(world).look()

    async with world.working():
        await world.until_states(sent=1)
    (text,) = await world.screen(ADMIN_OPENID)
    assert "短信停发了" in text
    assert await world.counts("sms") == {}


async def test_both_halted_waits_for_whichever_comes_back(world: World) -> None:
    await has_everything(world)
    await world.bind("alarm", "notice")
    await administrator(world)
    await halt(world, "sms")
    await halt(world, "wechat", "40164", detail=gateway_texts.WECHAT_ADDRESS_IS.format(address="1"))
    house = keeping(world)
    assert await house.look() == 0
    await halts.lift(world.db, "wechat")
    assert await house.look() == 1  # of SMS; that of WeChat waits for SMS
    assert await told(world) == [("wechat", "new")]


async def test_no_text_is_ever_sent_about_texts(world: World) -> None:
    await has_everything(world)
    await world.bind("alarm", "notice")
    await administrator(world, openid="")  # WeChat does not reach them
    await alarms.note(world.db, [WRONG], world.real())
    await keeping(world).look()
    assert await told(world) == []

    await administrator(world, openid="oLeft0000000000000000000001", phone="16610008888")
    await world.sim("faults", api_errors={"message/template/send": 43004})
    again = Condition(key="other", kind="balance", channel="sms", detail="短信余额不多了")
    await alarms.note(world.db, [again], world.real())
    await keeping(world).look()
    async with world.working():
        await world.until_states(new=0, sending=0)
    assert await world.counts("sms") == {}


async def test_an_alarm_goes_as_a_notice_where_its_own_template_is_not_bound(world: World) -> None:
    await has_everything(world)
    await world.bind("notice")
    await administrator(world)
    await halt(world, "sms")
    assert await keeping(world).look() == 1
    (row,) = await world.db.rows("SELECT template, lane FROM campaigns")
    assert (row["template"], row["lane"]) == ("notice", 1)


async def test_nobody_to_tell_keeps_it_for_the_first_administrator(world: World) -> None:
    await has_everything(world)
    await world.bind("alarm")
    await halt(world, "sms")
    assert await keeping(world).look() == 0
    await administrator(world)
    assert await keeping(world).look() == 1


async def test_flapping_is_told_once_and_so_is_the_end(world: World) -> None:
    await has_everything(world)
    await world.bind("alarm")
    await administrator(world)
    house = keeping(world)
    await halt(world, "sms", detail="欠费")
    assert await house.look() == 1
    for _ in range(3):  # comes and goes
        await halts.lift(world.db, "sms")
        world.real.ahead += QUIET / 2
        assert await house.look() == 0
        await halt(world, "sms", detail="欠费")
        assert await house.look() == 0
    await halts.lift(world.db, "sms")
    world.real.ahead += QUIET + timedelta(minutes=1)
    await installation.mark_backed_up(world.db, world.real())
    await house.look()
    await house.look()
    assert await alarms.open_alarms(world.db) == []
    said = await campaign_texts(world)
    assert len(said) == 2
    assert sum("已恢复" in one for one in said) == 1
    await halt(world, "sms", detail="欠费")
    assert await house.look() == 1  # a new one


async def test_what_a_provider_said_once_is_not_taken_for_mended(world: World) -> None:
    await has_everything(world)
    await world.bind("alarm")
    await administrator(world)
    outcome = Outcome(verdict=Verdict.HALT, code="PORT_NOT_REGISTERED")
    await alarms.note(world.db, [conditions.of_report("sms", outcome)], world.real())
    house = keeping(world)
    assert await house.look() == 1
    world.real.ahead += QUIET * 2
    await house.look()
    assert len(await alarms.open_alarms(world.db)) == 1
    world.real.ahead += UNHEARD
    await installation.mark_backed_up(world.db, world.real())
    await house.look()
    assert await alarms.open_alarms(world.db) == []
    assert len(await campaign_texts(world)) == 1


async def test_many_at_once_are_one_message(world: World) -> None:
    await has_everything(world)
    await world.bind("alarm")
    await administrator(world)
    many = [Condition(key=f"k{n}", kind="standing", detail=f"第{n}处") for n in range(5)]
    await alarms.note(world.db, many, world.real())
    assert await keeping(world).look() == 5
    (said,) = await campaign_texts(world)
    assert "5处" in said


async def test_a_region_concerned_is_told_beside_the_county(world: World) -> None:
    await has_everything(world)
    await world.bind("alarm")
    await administrator(world)
    await administrator(
        world, openid="oTownAdministrator000000001", phone="16610007777", region=TOWN
    )
    one = Condition(key="standing:x", kind="standing", detail="通知没有进展", region=VILLAGE)
    await alarms.note(world.db, [one], world.real())
    await keeping(world).look()
    assert len(await told(world)) == 2


# --- the questions, one by one --------------------------------------------------------------------


async def ask(db: Database, watch: conditions.Watch, terms: Terms | None = None) -> list[str]:
    found = await watch(db, terms or usual_terms(), Now(NOW, NOW))
    return [one.detail for one in found]


@pytest.mark.parametrize(
    ("scope", "code", "kind"),
    [
        ("wechat", "40164", "address"),
        ("wechat", "45009", "quota"),
        ("sms", "isv.AMOUNT_NOT_ENOUGH", "balance"),
        ("sms", "isv.DENY_IP_RANGE", "address"),
        ("sms", "SignatureDoesNotMatch", "halted"),
        ("budget", "budget", "budget"),
    ],
)
async def test_a_halt_is_told_by_what_it_is(db: Database, scope: str, code: str, kind: str) -> None:
    await halts.note(db, Halt(scope, "", code, "说明", NOW, NOW + timedelta(minutes=5)))
    (found,) = await conditions.halted(db, usual_terms(), Now(NOW, NOW))
    assert found.kind == kind
    later = Now(NOW, NOW + timedelta(minutes=6))
    assert await conditions.halted(db, usual_terms(), later) == []


async def test_the_address_that_is_not_on_the_list_is_named(db: Database) -> None:
    detail = gateway_texts.WECHAT_ADDRESS_IS.format(address="203.0.113.7")
    await halts.note(db, Halt("wechat", "", "40164", detail, NOW, NOW + timedelta(minutes=5)))
    (said,) = await ask(db, conditions.halted)
    assert "203.0.113.7" in said


async def test_a_backup_is_missed_after_two_days_on_a_live_installation_only(
    db: Database,
) -> None:
    await installation.create(db, installation.Purpose.LIVE, "1111-2222-3333-4444")
    assert await ask(db, conditions.backup) == []  # nothing was ever done here
    await audit.record(db, "operator", "imported", now=NOW - timedelta(days=3))
    assert await ask(db, conditions.backup) == [texts.BACKUP_NEVER]
    await installation.mark_backed_up(db, NOW - timedelta(days=2, minutes=1))
    assert await ask(db, conditions.backup) == [texts.BACKUP_OLD.format(days=2)]
    await installation.mark_backed_up(db, NOW - timedelta(days=1))
    assert await ask(db, conditions.backup) == []
    await db.run("UPDATE installation SET purpose = 'demo', backed_up_at = 5")
    assert await ask(db, conditions.backup) == []


async def test_next_years_days_off_are_missed_from_december(db: Database) -> None:
    await holidays.save(db, [Holiday(NOW.date(), "off")])
    assert await ask(db, conditions.holiday_tables) == []
    december = NOW + timedelta(days=7)
    found = await conditions.holiday_tables(db, usual_terms(), Now(december, NOW))
    assert [one.key for one in found] == ["holidays:2027"]


async def attempt(
    db: Database, *, cost_fen: int = 0, hours: float = 4, state: str = "taken"
) -> None:
    await db.run(
        "INSERT INTO attempts (id, delivery_id, channel, gateway, state, code, reference,"
        " looked_up, cost_fen, started_at) VALUES (?, ?, 'sms', 'aliyun', ?, '', '', 0, ?, ?)",
        new_id(), new_id(), state, cost_fen, to_ms(NOW - timedelta(hours=hours)),
    )  # fmt: skip


async def test_the_budget_is_told_at_four_fifths_and_when_it_is_spent(db: Database) -> None:
    terms = usual_terms(budget_fen=1000)
    await attempt(db, cost_fen=799)
    assert await ask(db, conditions.budget, terms) == []
    await attempt(db, cost_fen=1)
    assert await ask(db, conditions.budget, terms) == [texts.BUDGET_LOW.format(percent=80)]
    await attempt(db, cost_fen=200)
    assert await ask(db, conditions.budget, terms) == [texts.BUDGET_SPENT]


async def test_texts_without_any_receipt_are_told_and_one_receipt_ends_it(db: Database) -> None:
    for _ in range(conditions.MANY):
        await attempt(db)
    assert await ask(db, conditions.without_receipts) == [
        texts.NO_RECEIPTS.format(count=conditions.MANY)
    ]
    await db.run(
        "INSERT INTO receipts (id, key, gateway, reference, attempt_id, lookup, delivered, code,"
        " at, folded) VALUES (?, ?, 'aliyun', '', '', '', ?, '', ?, ?)",
        new_id(), new_id(), True, to_ms(NOW - timedelta(hours=3)), True,
    )  # fmt: skip
    assert await ask(db, conditions.without_receipts) == []


async def test_a_campaign_that_stands_still_is_told_and_one_that_moves_is_not(
    world: World,
) -> None:
    await world.bind("notice")
    await world.county.cadres(wechat=1)
    identity = await world.notice()
    clock, ahead = world.county.clock, timedelta(hours=1)
    later = Now(clock.now() + ahead, world.real() + ahead)
    (found,) = await conditions.standing_campaigns(world.db, world.terms, later)
    assert found.key == f"standing:{identity}"
    await world.db.run("UPDATE tallies SET moved_at = ?", to_ms(later.real))
    assert await conditions.standing_campaigns(world.db, world.terms, later) == []


async def test_what_the_platform_says_of_the_account_is_never_told_by_it() -> None:
    for event in conditions.ACCOUNT_EVENTS:
        found = conditions.of_account(event)
        assert event in found.detail
        assert found.channel == "wechat"


async def test_a_code_that_no_table_knows_is_told(db: Database) -> None:
    strange = Outcome(
        verdict=Verdict.FALL_BACK, code="isv.NEVER_SEEN", detail=gateway_texts.ALIYUN_UNKNOWN
    )
    found = conditions.of_outcome("sms", strange)
    assert found is not None
    assert "isv.NEVER_SEEN" in found.detail
    assert conditions.of_outcome("sms", Outcome(verdict=Verdict.TAKEN, code="OK")) is None
