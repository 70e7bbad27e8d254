"""The whole way once: a message and its reply, a template, a text, and what was counted."""

from aiohttp import web
from wechatpy import parse_message
from wechatpy.replies import TextReply

from tests.simulator.conftest import OPENID, PHONE, World


def replying(world: World, words: str) -> None:
    """Let the service answer as a wechatpy service does."""

    async def answer(body: bytes) -> web.Response:
        query = world.service.wechat[-1].query
        crypto = world.crypto()
        plain = crypto.decrypt_message(
            body, query["msg_signature"], query["timestamp"], query["nonce"]
        )
        message = parse_message(plain)
        xml = TextReply(content=f"{words}{message.content}", message=message).render()
        return web.Response(text=crypto.encrypt_message(xml, "12345678", "1790000000"))

    world.service.answer = answer


async def test_what_a_resident_says_comes_back_answered(world: World) -> None:
    replying(world, "收到：")

    said = await world.sim("say", channel="wechat", who=OPENID, text="上个月花了多少钱")

    assert said == {"seen": ["收到：上个月花了多少钱"]}
    screen = await world.client.get("/sim/screen", params={"who": OPENID})
    bubbles = await screen.json()
    assert [(b["from"], b["kind"], b["text"]) for b in bubbles] == [
        ("person", "text", "上个月花了多少钱"),
        ("service", "text", "收到：上个月花了多少钱"),
    ]
    assert world.service.handshakes == 1


async def test_an_elder_writes_by_sms_and_the_service_texts_back(world: World) -> None:
    async def ack() -> web.Response:
        await world.text()
        return web.json_response({"code": 0, "msg": "ok"})

    await world.platforms.sms.callbacks.probe("uplink")
    world.service.ack = ack

    said = await world.sim("say", channel="sms", who=PHONE, text="10月份花了好多钱")

    assert said == {"seen": ["【明白账】账目已公开"]}
    assert [item["content"] for item in world.service.items("uplink")] == ["10月份花了好多钱"]


async def test_one_client_msg_id_twice_is_accepted_twice_and_shown_once(world: World) -> None:
    message = {
        "touser": OPENID,
        "template_id": "notice",
        "data": {"thing1": {"value": "账目已公开"}},
        "client_msg_id": "check-1",
    }

    answers = [await world.call("message/template/send", **message) for _ in range(2)]

    assert [answer["errcode"] for answer in answers] == [0, 0]
    assert answers[0]["msgid"] == answers[1]["msgid"]
    assert await world.sim("counts") == [
        {"who": OPENID, "channel": "wechat", "key": "check-1", "accepted": 2, "shown": 1}
    ]


async def test_one_out_id_twice_is_two_texts(world: World) -> None:
    for _ in range(2):
        assert (await world.text(OutId="d-1"))["Code"] == "OK"

    assert await world.sim("counts") == [
        {"who": PHONE, "channel": "sms", "key": "d-1", "accepted": 2, "shown": 2}
    ]


async def test_scanning_follows_first_and_only_scans_afterwards(world: World) -> None:
    async def plain() -> bytes:
        query = world.service.wechat[-1].query
        decrypted: bytes = world.crypto().decrypt_message(
            world.service.bodies[-1], query["msg_signature"], query["timestamp"], query["nonce"]
        )
        return decrypted

    await world.sim("scan", who=OPENID, scene="v_990101101200", wait=False)
    await world.platforms.settle()
    first = parse_message(await plain())
    await world.sim("scan", who=OPENID, scene="v_990101101200", wait=False)
    await world.platforms.settle()
    second = parse_message(await plain())

    assert (first.event, first.scene_id) == ("subscribe_scan", "v_990101101200")
    assert (second.event, second.scene_id) == ("scan", "v_990101101200")
