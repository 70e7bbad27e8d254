"""Policy as a table: class of the notice x state of the person x hour, through the real fan-out.

What is expected is when it goes out and over which channel, or why not; and, through the worker,
which ways it takes at an hour, whether it waits for another, and after which it is worth nothing.
How several disclosures become one message stands in test_digest.py.
"""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from notifications.campaigns import Order, create_duty
from notifications.channels.rate import Lane
from notifications.settings import ScheduleSettings
from notifications.templates import bind
from storage import refusals
from storage.moments import to_ms
from storage.outbox import EXPIRED
from tests.notifications.world import County, World, open_world, openid, phone, usual_terms

TERMS = usual_terms(schedule=ScheduleSettings())
PARAMS = {
    "notice": {"title": "开会", "text": "明天九点"},
    "integrity_reminder": {"text": "节日里不收礼"},
    "disclosure_due": {"village": "听竹村", "period": "2026年10月", "due": "11月8日"},
    "matter_done": {"item": "低保申请", "number": "12345678", "result": "已批准"},
}
NEWS, REMINDER, DUTY, LEGAL = PARAMS


def beijing(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}+08:00").astimezone(UTC)


async def prepare(county: County, state: str) -> None:
    """One cadre in that state; both channels open."""
    for code, params in PARAMS.items():
        fields = {f"thing{n}": name for n, name in enumerate(params, 1)}
        await bind(
            county.db,
            code,
            gateway="wechat",
            external_id="t",
            fields=fields,
            now=beijing("01T09:00"),
        )
        await bind(
            county.db, code, gateway="aliyun", external_id="s", fields={}, now=beijing("01T09:00")
        )
    number = phone(1) if state != "wechat only" else ""
    person = await county.person(
        openid="" if state in ("phone only", "nothing") else openid(1),
        phone="" if state == "nothing" else number,
        role="干部",
    )
    if state == "refused":
        for notice_class in ("news", "reminder", "legal", "duty"):
            await refusals.refuse(county.db, person, [notice_class], "", beijing("01T09:00"))
    elif state == "unfollowed":
        await county.db.run("UPDATE addresses SET state = 'unfollowed' WHERE channel = 'wechat'")
    elif state == "told five times":
        for minute in range(5):
            await push(county, NEWS, beijing(f"24T09:0{minute}"))
    elif state == "reminded":
        await push(county, REMINDER, beijing("24T09:00"))
    elif state == "reminded twice":
        await push(county, REMINDER, beijing("24T09:00"))
        await push(county, REMINDER, beijing("24T09:01"))


async def push(county: County, template: str, at: datetime, lane: Lane | None = None) -> str:
    order = Order(template=template, audience="role=干部", params=PARAMS[template], lane=lane)
    return await create_duty(county.db, TERMS, order, now=at, actor="system")


TABLE = [
    # template, lane, the person, made at; goes out at, over
    (NEWS, None, "both", "24T09:30", "24T09:30", "wechat"),
    (NEWS, None, "both", "24T12:30", "24T14:00", "wechat"),
    (NEWS, None, "both", "24T22:00", "25T08:00", "wechat"),
    (NEWS, None, "phone only", "24T22:00", "25T08:00", "sms"),
    (NEWS, None, "unfollowed", "24T09:30", "24T09:30", "sms"),
    (NEWS, None, "refused", "24T09:30", None, None),
    (NEWS, None, "nothing", "24T09:30", None, None),
    (NEWS, None, "told five times", "24T10:00", "25T08:00", "wechat"),
    (NEWS, Lane.URGENT, "told five times", "24T10:00", "24T10:00", "wechat"),
    (NEWS, Lane.URGENT, "both", "24T22:00", "24T22:00", "wechat"),
    (NEWS, Lane.URGENT, "refused", "24T22:00", None, None),
    (DUTY, None, "both", "24T12:30", "24T12:30", "wechat"),
    (DUTY, None, "both", "24T22:00", "25T08:00", "wechat"),
    (DUTY, None, "refused", "24T09:30", "24T09:30", "wechat"),
    (DUTY, None, "wechat only", "24T09:30", "24T09:30", "wechat"),
    (DUTY, None, "reminded twice", "24T10:00", "24T10:00", "wechat"),
    (LEGAL, None, "both", "24T09:30", "24T09:30", "wechat"),
    (LEGAL, None, "both", "24T12:30", "24T14:00", "wechat"),
    (LEGAL, None, "both", "24T22:00", "25T08:00", "wechat"),
    (LEGAL, None, "phone only", "24T12:30", "24T14:00", "sms"),
    (LEGAL, None, "unfollowed", "24T09:30", "24T09:30", "sms"),
    (LEGAL, None, "refused", "24T09:30", "24T09:30", "wechat"),
    (LEGAL, None, "told five times", "24T10:00", "24T10:00", "wechat"),
    (LEGAL, None, "nothing", "24T09:30", None, None),
    (LEGAL, Lane.URGENT, "both", "24T12:30", "24T12:30", "wechat"),
    (REMINDER, None, "both", "24T10:00", "24T10:00", "wechat"),
    (REMINDER, None, "both", "24T12:30", "24T14:00", "wechat"),
    (REMINDER, None, "refused", "24T10:00", None, None),
    (REMINDER, None, "reminded", "24T10:00", "25T08:00", "wechat"),
    (REMINDER, None, "reminded twice", "24T10:00", "26T08:00", "wechat"),
    (REMINDER, Lane.URGENT, "reminded", "24T23:00", "24T23:00", "wechat"),
    (NEWS, None, "reminded", "24T10:00", "24T10:00", "wechat"),
]


@pytest.mark.parametrize(("template", "lane", "state", "at", "goes", "over"), TABLE)
async def test_when_and_how_a_notice_goes_out(
    county: County,
    template: str,
    lane: Lane | None,
    state: str,
    at: str,
    goes: str | None,
    over: str | None,
) -> None:
    await prepare(county, state)

    campaign = await push(county, template, beijing(at), lane)

    found = [
        (datetime.fromtimestamp(row["not_before"] / 1000, UTC), row["channel"])
        for row in await county.deliveries(campaign)
    ]
    assert found == ([] if goes is None else [(beijing(goes), over)])


async def test_reminders_of_the_same_second_are_one_a_day(county: County) -> None:
    await prepare(county, "both")

    await asyncio.gather(*(push(county, REMINDER, beijing("24T10:00")) for _ in range(3)))

    due = sorted(row["not_before"] for row in await county.deliveries())
    expected = [beijing("24T10:00"), beijing("25T08:00"), beijing("26T08:00")]
    assert due == [int(moment.timestamp() * 1000) for moment in expected]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}+08:00").astimezone(UTC)


async def stand(world: World, state: str) -> None:
    """One cadre in that state, also as the platform sees it; both channels open."""
    await world.bind(*PARAMS)
    only_wechat = state.endswith("wechat only")
    await world.county.person(
        openid="" if state == "phone only" else openid(1),
        phone="" if only_wechat else phone(1),
        role="干部",
    )
    if state.startswith("wants no template"):
        await world.sim("person", who=openid(1), refuses=[f"wx-{code}" for code in PARAMS])
    if state.endswith("has just written"):
        await world.sim("person", who=openid(1), wrote=True)
        await world.db.run(
            "UPDATE addresses SET window_until = ?, window_left = 5 WHERE channel = 'wechat'",
            to_ms(world.real() + timedelta(hours=48)),
        )


THROUGH_THE_WORKER = [
    # template, lane, the person, made at, looked at; what becomes of it, by which ways
    (NEWS, None, "both", "11-24T09:30", "11-24T09:30", "sent", ["wechat"]),
    (NEWS, None, "phone only", "11-24T09:30", "11-24T09:30", "sent", ["aliyun"]),
    (NEWS, None, "wants no template", "11-24T09:30", "11-24T09:30", "sent", ["wechat", "aliyun"]),
    (
        NEWS, None, "wants no template, has just written", "11-24T09:30", "11-24T09:30", "sent",
        ["wechat", "custom"],
    ),
    (NEWS, None, "wants no template, wechat only", "11-24T09:30", "11-24T09:30", "refused",
     ["wechat"]),
    (DUTY, None, "wants no template", "11-24T12:30", "11-24T12:30", "sent", ["wechat", "aliyun"]),
    (LEGAL, None, "wants no template", "11-24T09:30", "11-24T09:30", "sent", ["wechat", "aliyun"]),
    (REMINDER, None, "wants no template", "11-24T09:30", "11-24T09:30", "sent",
     ["wechat", "aliyun"]),
    # It became due before the rest, and is looked at within it.
    (NEWS, None, "both", "11-24T19:59", "11-24T20:00", "new", []),
    (NEWS, None, "both", "11-24T11:59", "11-24T12:30", "new", []),
    (NEWS, None, "both", "11-24T19:59", "11-25T08:00", "sent", ["wechat"]),
    (DUTY, None, "both", "11-24T11:59", "11-24T12:30", "sent", ["wechat"]),
    (DUTY, None, "both", "11-24T19:59", "11-24T20:00", "new", []),
    (LEGAL, None, "both", "11-24T11:59", "11-24T12:30", "new", []),
    (LEGAL, None, "both", "11-24T19:59", "11-24T20:00", "new", []),
    (LEGAL, Lane.URGENT, "both", "11-24T19:59", "11-24T20:00", "sent", ["wechat"]),
    (REMINDER, None, "both", "11-24T19:59", "11-24T20:00", "new", []),
    (NEWS, Lane.URGENT, "both", "11-24T19:59", "11-24T20:00", "sent", ["wechat"]),
    # The last minute in which it is worth something, and the first in which it is not.
    (NEWS, None, "both", "11-24T09:30", "11-27T09:29", "sent", ["wechat"]),
    (NEWS, None, "both", "11-24T09:30", "11-27T09:30", "dead", []),
    (DUTY, None, "both", "11-24T09:30", "11-27T09:29", "sent", ["wechat"]),
    (DUTY, None, "both", "11-24T09:30", "11-27T09:30", "dead", []),
    (LEGAL, None, "both", "11-24T09:30", "12-09T09:29", "sent", ["wechat"]),
    (LEGAL, None, "both", "11-24T09:30", "12-09T09:30", "dead", []),
    (LEGAL, Lane.URGENT, "both", "11-24T09:30", "12-09T09:30", "dead", []),
    (REMINDER, None, "both", "11-24T09:30", "11-26T09:29", "sent", ["wechat"]),
    (REMINDER, None, "both", "11-24T09:30", "11-26T09:30", "dead", []),
    (REMINDER, None, "phone only", "11-24T19:00", "11-27T08:00", "dead", []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("template", "lane", "state", "at", "looked", "becomes", "ways"), THROUGH_THE_WORKER
)
async def test_what_becomes_of_a_notice(
    county: County,
    template: str,
    lane: Lane | None,
    state: str,
    at: str,
    looked: str,
    becomes: str,
    ways: list[str],
) -> None:
    async with open_world(county, TERMS) as world:
        await stand(world, state)
        await push(county, template, moment(at), lane)
        county.clock.move(moment(looked) - county.clock.now())

        async with world.working():
            if becomes == "new":
                await asyncio.sleep(0.3)
            await world.until_states(**{becomes: 1})

    assert [attempt["gateway"] for attempt in await county.attempts()] == ways
    (delivery,) = await county.deliveries()
    assert (delivery["reason"] == EXPIRED) == (becomes == "dead")
