"""Policy as a table: class of the notice x state of the person x hour, through the real fan-out.

What is expected is when it goes out and over which channel, or why not.
"""

import asyncio
from datetime import UTC, datetime

import pytest

from notifications.campaigns import Order, create_duty
from notifications.channels.rate import Lane
from notifications.settings import ScheduleSettings
from notifications.templates import bind
from storage import refusals
from tests.notifications.world import County, openid, phone, usual_terms

TERMS = usual_terms(schedule=ScheduleSettings())
PARAMS = {
    "notice": {"title": "开会", "text": "明天九点"},
    "integrity_reminder": {"text": "节日里不收礼"},
    "disclosure_due": {"village": "听竹村", "period": "2026年10月", "due": "11月8日"},
}
NEWS, REMINDER, DUTY = PARAMS


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
        for notice_class in ("news", "reminder"):
            await refusals.refuse(county.db, person, [notice_class], "", beijing("01T09:00"))
    elif state == "unfollowed":
        await county.db.run("UPDATE addresses SET state = 'unfollowed' WHERE channel = 'wechat'")
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
    (NEWS, Lane.URGENT, "both", "24T22:00", "24T22:00", "wechat"),
    (DUTY, None, "both", "24T12:30", "24T12:30", "wechat"),
    (DUTY, None, "both", "24T22:00", "25T08:00", "wechat"),
    (DUTY, None, "refused", "24T09:30", "24T09:30", "wechat"),
    (DUTY, None, "wechat only", "24T09:30", "24T09:30", "wechat"),
    (REMINDER, None, "both", "24T10:00", "24T10:00", "wechat"),
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
