"""Campaigns over HTTP: behind a token, each change in the audit, errors in plain words."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.campaign_api import CampaignApi
from storage import audit, tallies
from storage.clock import HeldClock
from storage.database import Database
from storage.sealing import Sealer
from tests.conftest import NOW
from tests.notifications.world import VILLAGE, County, usual_terms

Client = TestClient[web.Request, web.Application]
BEARER = {"Authorization": "Bearer canary"}
ORDER: dict[str, Any] = {
    "template": "notice",
    "audience": "role=居民",
    "params": {"title": "通知", "text": "开会"},
}


async def served(db: Database, sealer: Sealer, token: str) -> Client:
    terms = usual_terms(wechat=False, sms_gateway="http")
    app = web.Application()
    CampaignApi(db, sealer, HeldClock(NOW), terms, token).add_to(app)
    client: Client = TestClient(TestServer(app))
    await client.start_server()
    return client


@pytest.fixture
async def client(db: Database, sealer: Sealer) -> AsyncIterator[Client]:
    county = County(db, sealer, HeldClock(NOW))
    await county.build()
    for n in range(3):
        await county.person(phone=f"1380000000{n}", village=VILLAGE)
    client = await served(db, sealer, "canary")
    yield client
    await client.close()


async def post(client: Client, path: str, body: object = None) -> tuple[int, Any]:
    async with client.post(f"/api/campaigns{path}", json=body, headers=BEARER) as answer:
        return answer.status, await answer.json()


async def test_without_a_token_in_the_config_there_is_no_api(db: Database, sealer: Sealer) -> None:
    client = await served(db, sealer, "")
    async with client.get("/api/campaigns", headers={"Authorization": "Bearer "}) as answer:
        assert (answer.status, list(await answer.json())) == (404, ["error"])
    await client.close()


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer other", "Basic canary", "canary"])
async def test_whoever_has_no_token_changes_nothing(client: Client, given: str) -> None:
    header = {"Authorization": given}
    async with client.post("/api/campaigns", json=ORDER, headers=header) as answer:
        assert (answer.status, list(await answer.json())) == (401, ["error"])
    async with client.get("/api/campaigns", headers=BEARER) as answer:
        assert await answer.json() == []


async def test_the_life_of_a_campaign(client: Client, db: Database) -> None:
    status, forecast = await post(client, "", ORDER | {"dry_run": True})
    assert (status, forecast["people"]) == (200, 3)
    status, made = await post(client, "", ORDER | {"key": "k"})
    assert status == 201
    assert (await post(client, "", ORDER | {"key": "k"}))[1] == made
    one = f"/{made['id']}"

    assert (await post(client, f"{one}/pause"))[1]["by_state"] == {"held": 3}
    assert (await post(client, f"{one}/resume"))[1]["by_state"] == {"new": 3}
    assert (await post(client, f"{one}/cancel"))[1]["state"] == "cancelled"
    assert (await post(client, f"{one}/resend"))[0] == 409

    async with client.get(f"/api/campaigns{one}/report.csv", headers=BEARER) as answer:
        assert "听竹村,短信,取消了,3" in (await answer.read()).decode("utf-8-sig")
    async with client.get("/api/campaigns", headers=BEARER) as answer:
        assert [c["id"] for c in await answer.json()] == [made["id"]]
    acts = [(act.actor, act.action) for act in await audit.about(db, made["id"])]
    assert ("api", "created") in acts
    assert [action for _, action in acts][-3:] == ["paused", "resumed", "cancelled"]


async def test_sending_again_tells_what_it_comes_to(client: Client, db: Database) -> None:
    _, made = await post(client, "", ORDER)
    await db.run("UPDATE deliveries SET state = 'refused'")
    await tallies.recount(db)

    status, told = await post(client, f"/{made['id']}/resend")

    assert (status, told["revision"], told["by_channel"]) == (200, 2, {"sms": 3})
    assert told["price_fen"] == 15
    assert (await post(client, f"/{made['id']}/resend"))[0] == 409


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"template": 5}, 400),
        ({"params": {"title": 1}}, 400),
        ({"at": "morgen"}, 400),
        ({"lane": "interactive"}, 400),
        ({"colour": "red"}, 400),
        ({"template": "nothing"}, 409),
        ({"audience": "role=皇帝"}, 409),
        ({"params": {"title": "通知"}}, 409),
    ],
)
async def test_what_cannot_be_is_named(client: Client, change: dict[str, Any], status: int) -> None:
    found, told = await post(client, "", ORDER | change)

    assert found == status
    assert told["error"]


async def test_an_unknown_id_is_404(client: Client) -> None:
    assert (await post(client, "/nobody/pause"))[0] == 404
    async with client.get("/api/campaigns/nobody", headers=BEARER) as answer:
        assert answer.status == 404
