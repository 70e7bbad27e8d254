"""A reminder is confirmed by pressing, never by opening; nobody can guess where."""

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from console.confirm_page import ConfirmPage
from console.site import Site
from notifications.confirm_links import token_of, with_link
from notifications.messages import Message
from storage.clock import HeldClock
from storage.database import Database
from storage.ids import new_id
from storage.moments import to_ms
from storage.sealing import Sealer
from tests.conftest import NOW


async def reminded(db: Database) -> str:
    """A delivery that was sent."""
    await db.run(
        "INSERT INTO campaigns (id, key, template, notice_class, lane, audience, params, texts,"
        " link, state, revision, planned_for, expires_at, created_by, created_at)"
        " VALUES ('c1', 'due:x:0',"
        " 'disclosure_due', 'duty', 2, '', '{}', '{\"wechat\": \"账目要公开\"}', '/v/990101102200',"
        " 'running', 1, ?, ?, 'system', ?)",
        to_ms(NOW), to_ms(NOW), to_ms(NOW),
    )  # fmt: skip
    delivery = new_id()
    await db.run(
        "INSERT INTO deliveries (id, campaign_id, person_id, revision, lane, state, channel,"
        " attempt_id, tries, not_before, owner, reason, updated_at)"
        " VALUES (?, 'c1', 'p1', 1, 2, 'sent', 'wechat', '', 1, 0, '', '', 0)",
        delivery,
    )
    return delivery


async def test_pressing_confirms_and_opening_does_not(db: Database, sealer: Sealer) -> None:
    site, delivery = Site(db), await reminded(db)
    app = web.Application(middlewares=[site.politely])
    ConfirmPage(site, db, sealer, HeldClock(NOW)).add_to(app)
    path = f"/v/confirm/{delivery}/{token_of(sealer, delivery)}"

    async with TestClient(TestServer(app)) as client:
        shown = await (await client.get(path)).text()
        before = await db.rows("SELECT state FROM confirmations")
        pressed = await (await client.post(path)).text()
        guessed = await client.post(f"/v/confirm/{delivery}/{'0' * 24}")

    assert "账目要公开" in shown
    assert "收到了</button>" in shown
    assert before == []
    assert "记下了,谢谢" in pressed
    assert "</button>" not in pressed
    assert guessed.status == 404
    rows = await db.rows("SELECT state, how FROM confirmations")
    assert [(row["state"], row["how"]) for row in rows] == [("confirmed", "link")]


def test_only_reminders_lead_to_a_page_of_their_own(sealer: Sealer) -> None:
    made = Message(gateway="custom", external_id="", text="x\nhttp://h/v/1", url="http://h/v/1")

    other = with_link(made, "notice", "d1", sealer, "http://h")
    own = with_link(made, "disclosure_due", "d1", sealer, "http://h")

    assert other == made
    assert own.url == f"http://h/v/confirm/d1/{token_of(sealer, 'd1')}"
    assert own.text == f"x\n{own.url}"
