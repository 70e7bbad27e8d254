"""A reminder that nobody confirms is repeated, sent by SMS, and told to the superior, each once."""

from datetime import datetime, timedelta

import pytest

from notifications import confirming
from notifications.campaigns import Order, create_duty
from notifications.catalogue import CATALOGUE
from notifications.confirming import follow_up, follow_ups, open_for
from notifications.settings import ScheduleSettings
from notifications.templates import bind
from notifications.terms import Terms
from storage import confirmations
from storage.audience import Audience, Group
from storage.clock import BEIJING
from storage.confirmations import Rule
from storage.database import Row
from storage.ids import new_id
from storage.moments import to_ms
from tests.conftest import NOW
from tests.notifications.world import TOWN, VILLAGE, County, openid, phone, usual_terms

TERMS = usual_terms()
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def remind(county: County, *, key: str = "", template: str = "disclosure_due") -> str:
    """The village's accountants are reminded, and the message reaches them."""
    order = Order(
        template=template,
        audience=f"post=会计,region={VILLAGE}",
        whom=Audience(
            groups=(Group(titles=("会计",), regions=(VILLAGE,)),), on=NOW.astimezone(BEIJING).date()
        ),
        params={"village": "听竹村", "period": "2026年10月账目", "due": "11月9日"},
        key=key or f"due:{new_id()}:0",
    )
    made = await create_duty(county.db, TERMS, order, now=NOW, actor="system")
    await arrive(county)
    return made


async def arrive(county: County) -> None:
    await county.db.run("UPDATE deliveries SET state = 'delivered' WHERE state = 'new'")


async def look(county: County, at: datetime, terms: Terms = TERMS) -> None:
    async with county.db.transaction():
        await follow_up(county.db, terms, at)
    await arrive(county)


async def sent(county: County) -> list[tuple[str, str]]:
    """Template and channel of what went out, in order."""
    rows = await county.db.rows(
        "SELECT c.template, d.channel FROM deliveries d JOIN campaigns c ON c.id = d.campaign_id"
        " ORDER BY c.created_at, d.id"
    )
    return [(row["template"], row["channel"]) for row in rows]


async def the_one(county: County) -> Row:
    rows = await county.db.rows("SELECT * FROM confirmations")
    assert len(rows) == 1
    return rows[0]


@pytest.fixture
async def accountant(county: County) -> str:
    for code in ("disclosure_due", "disclosure_overdue", "reminder_unconfirmed"):
        await bind(county.db, code, gateway="aliyun", external_id=f"SMS_{code}", fields={}, now=NOW)
        names = [parameter.name for parameter in CATALOGUE[code].parameters]
        things = {f"thing{n}": name for n, name in enumerate(names, 1)}
        await bind(
            county.db, code, gateway="wechat", external_id=f"wx-{code}", fields=things, now=NOW
        )
    await county.person(phone=phone(90), role="管理", region=TOWN, title="主任")
    return await county.person(
        openid=openid(1), phone=phone(1), role="干部", title="村务专干、会计"
    )


async def test_nobody_answers(county: County, accountant: str) -> None:
    await remind(county)
    for hours in (0, 1, 25, 26, 50, 51, 99, 100, 200):
        await look(county, NOW + hours * HOUR)
        await look(county, NOW + hours * HOUR)  # another replica

    assert await sent(county) == [
        ("disclosure_due", "wechat"),
        ("disclosure_due", "wechat"),
        ("disclosure_due", "sms"),
        ("reminder_unconfirmed", "sms"),
    ]
    rows = await county.db.rows(
        "SELECT params FROM campaigns WHERE template = 'reminder_unconfirmed'"
    )
    assert all(word in rows[0]["params"] for word in ("听竹村", "会计", "2026年10月账目"))
    assert (await the_one(county))["state"] == "escalated"


async def test_whoever_confirms_is_left_in_peace(county: County, accountant: str) -> None:
    await remind(county)
    await open_for(county.db, NOW)

    (confirmed,) = await confirmations.confirm(county.db, [accountant], "reply", NOW)
    await look(county, NOW + 10 * DAY)

    assert confirmed.params["village"] == "听竹村"
    assert await confirmations.confirm(county.db, [accountant], "reply", NOW) == []
    assert await sent(county) == [("disclosure_due", "wechat")]


async def test_a_later_stage_of_the_same_thing_asks_for_nothing_new(
    county: County, accountant: str
) -> None:
    due = new_id()
    await remind(county, key=f"due:{due}:0")
    await open_for(county.db, NOW)
    await remind(county, key=f"due:{due}:1", template="disclosure_overdue")
    await open_for(county.db, NOW + DAY)

    rows = await county.db.rows("SELECT state, how FROM confirmations ORDER BY asked_at")
    assert [(row["state"], row["how"]) for row in rows] == [("open", ""), ("expired", "same")]
    assert len(await confirmations.confirm(county.db, [accountant], "reply", NOW)) == 1
    await open_for(county.db, NOW + DAY)
    assert await confirmations.confirm(county.db, [accountant], "reply", NOW) == []


async def test_what_is_done_meanwhile_closes_by_itself(county: County, accountant: str) -> None:
    due = new_id()
    await county.db.run(
        "INSERT INTO dues (id, source, village, rhythm, kind, book, title, stage, from_period,"
        " to_period, version, since, counted_from, working_days, due_on, provisional, state,"
        " made_at) VALUES (?, 's', ?, '定期', 'accounts', '', '账目', '', '2026-10', '2026-10', 0,"
        " 0, '2026-11-01', 0, '2026-11-09', ?, 'late_published', ?)",
        due, VILLAGE, False, to_ms(NOW),
    )  # fmt: skip
    await remind(county, key=f"due:{due}:0")

    await look(county, NOW + HOUR)
    await look(county, NOW + 10 * DAY)

    assert await sent(county) == [("disclosure_due", "wechat")]
    assert (await the_one(county))["how"] == "done"
    assert len(await confirmations.answer_late(county.db, [accountant], NOW + HOUR)) == 1
    assert await confirmations.answer_late(county.db, [accountant], NOW + HOUR) == []


async def test_whose_term_has_ended_is_not_chased(county: County) -> None:
    await county.person(openid=openid(1), role="干部", title="会计", ends_on="2026-11-24")
    await remind(county)
    await look(county, NOW)
    await look(county, NOW + 2 * DAY)

    assert await sent(county) == [("disclosure_due", "wechat")]
    assert (await the_one(county))["how"] == "left"


async def test_nobody_is_chased_at_night(county: County, accountant: str) -> None:
    terms = usual_terms(schedule=ScheduleSettings())  # quiet from 20:00 to 08:00
    await remind(county)
    evening = NOW + timedelta(hours=12)  # 21:30

    await look(county, evening, terms)

    next_step = (await the_one(county))["next_step_at"]
    assert next_step == to_ms(datetime(2026, 11, 26, 8, 0, tzinfo=BEIJING))


async def test_an_admin_switches_a_rule_off(county: County, accountant: str) -> None:
    rule = confirming.DEFAULT_RULES["disclosure_due"]
    off = Rule(DAY, 1, rule.sms_after, rule.superior_after, is_on=False)
    await remind(county)
    await look(county, NOW)
    await confirmations.set_rule(county.db, "disclosure_due", off, "operator", NOW)
    await look(county, NOW + 2 * DAY)

    assert await confirmations.rules(county.db) == {"disclosure_due": off}
    assert await sent(county) == [("disclosure_due", "wechat")]
    assert (await the_one(county))["how"] == "off"


def test_who_is_on_one_channel_alone_is_not_reminded_twice_over_it() -> None:
    rule = Rule(DAY, 1, DAY, 2 * DAY)

    def steps(*channels: str) -> list[str]:
        return [one.step.value for one in follow_ups(rule, frozenset(channels))]

    assert steps("wechat", "sms") == ["repeat", "sms", "superior"]
    assert steps("wechat") == steps("sms") == ["repeat", "superior"]
