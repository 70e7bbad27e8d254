"""How messages reach the service: modes, handshake, repeats, and what may be wrong with them."""

import asyncio
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from wechatpy import parse_message
from wechatpy.utils import check_signature

from simulator import texts
from simulator.wechat.inner import to_xml
from tests.simulator.conftest import OPENID, Build, World

OTHER = "oTestResident000000000000002"


def parsed(xml: str | bytes) -> ET.Element:
    return ET.fromstring(xml)  # noqa: S314 - the simulator's own


def inner(world: World, number: int = -1) -> ET.Element:
    """The message of a push in safe mode."""
    query = world.service.wechat[number].query
    plain = world.crypto().decrypt_message(
        world.service.bodies[number], query["msg_signature"], query["timestamp"], query["nonce"]
    )
    return parsed(plain)


async def say(world: World, text: str = "看账", who: str = OPENID) -> None:
    await world.platforms.say(who, text)


def outcomes(world: World) -> list[str]:
    return [attempt.outcome for attempt in world.platforms.wechat.pushes.attempts]


def shown(world: World, who: str = OPENID) -> list[str]:
    return [b.text for b in world.platforms.screens.of(who) if b.source != "person"]


@given(st.text())
def test_whatever_a_person_writes_the_xml_holds_it(text: str) -> None:
    content = parsed(to_xml({"Content": text})).findtext("Content")

    unix = text.replace("\r\n", "\n").replace("\r", "\n")  # as every XML parser reads them
    assert content == "".join(
        c for c in unix if c in "\t\n" or (c >= " " and c not in "\ufffe\uffff")
    )


async def test_plain_mode_signs_and_sends_the_fields_as_they_are(build: Build) -> None:
    world = await build("plain")

    await say(world, "看账 ]]> <b>")

    query = world.service.wechat[0].query
    check_signature("simulator", query["signature"], query["timestamp"], query["nonce"])
    assert query["openid"] == OPENID
    assert "encrypt_type" not in query
    message = parse_message(world.service.bodies[0])
    assert (message.content, message.source, message.target) == (
        "看账 ]]> <b>",
        OPENID,
        "gh_51e0f00dcafe",
    )


async def test_safe_mode_shows_nothing_outside_the_envelope(world: World) -> None:
    await say(world)

    outer = parsed(world.service.bodies[0])
    assert [child.tag for child in outer] == ["ToUserName", "Encrypt"]
    assert world.service.wechat[0].query["encrypt_type"] == "aes"
    message = inner(world)
    assert [child.tag for child in message] == [
        "ToUserName",
        "FromUserName",
        "CreateTime",
        "MsgType",
        "Content",
        "MsgId",
    ]
    assert message.findtext("CreateTime") == "1790000000"


async def test_compatible_mode_sends_both(build: Build) -> None:
    world = await build("compatible")

    await say(world, "看账")

    outer = parsed(world.service.bodies[0])
    assert outer.findtext("Content") == "看账"
    assert inner(world).findtext("Content") == "看账"


async def test_mode_off_pushes_nothing(build: Build) -> None:
    world = await build("off")

    await say(world)

    assert world.service.handshakes == 0
    assert world.service.wechat == []


@pytest.mark.parametrize(
    "echo", [lambda text: text + "\n", lambda text: f'"{text}"', lambda _: "ok"]
)
async def test_nothing_is_pushed_before_the_echo_comes_back_verbatim(
    world: World, echo: Callable[[str], str]
) -> None:
    world.service.echo = echo

    await say(world)
    world.service.echo = str
    await say(world)

    assert outcomes(world) == ["refused"] * 4 + ["silent"]
    assert shown(world) == [texts.SERVICE_FAILED]
    assert len(world.service.wechat) == 1


async def test_the_handshake_is_signed_and_plain_even_in_safe_mode(world: World) -> None:
    echoes: list[str] = []

    def note(echo: str) -> str:
        echoes.append(echo)
        return echo

    world.service.echo = note

    await say(world)
    await say(world)

    assert world.service.handshakes == 1
    assert re.fullmatch(r"\d{19}", echoes[0])


async def test_silence_for_five_seconds_is_asked_again_three_times(world: World) -> None:
    async def never(_body: bytes) -> web.Response:
        await asyncio.sleep(5)
        return web.Response(text="success")

    world.service.answer = never

    await say(world)

    assert outcomes(world) == ["timeout"] * 4
    assert shown(world) == [texts.SERVICE_FAILED]
    ids = {
        (inner(world, n).findtext("MsgId"), inner(world, n).findtext("CreateTime"))
        for n in range(4)
    }
    assert len(ids) == 1
    assert len({request.query["nonce"] for request in world.service.wechat}) == 4


async def test_a_late_answer_to_a_repeat_still_counts(world: World) -> None:
    async def second_time(_body: bytes) -> web.Response:
        if len(world.service.bodies) == 1:
            await asyncio.sleep(5)
        return web.Response(text="success")

    world.service.answer = second_time

    await say(world)

    assert outcomes(world) == ["timeout", "silent"]
    assert shown(world) == []


async def test_a_service_that_is_not_there_is_tried_four_times(build: Build) -> None:
    world = await build()
    await world.platforms.wechat.pushes.handshake()
    world.platforms.wechat.pushes._url = "http://127.0.0.1:1"

    await say(world)

    assert outcomes(world) == ["unreachable"] * 4
    assert shown(world) == [texts.SERVICE_FAILED]


ABNORMAL = {
    "an error page": web.Response(status=500, text="success"),
    "a page": web.Response(text="<html><body>hi</body></html>"),
    "JSON": web.json_response({"ok": True}),
    "broken XML": web.Response(text="<xml><a>"),
    "a redirect": web.Response(status=301, headers={"Location": "/wechat/"}),
}


@pytest.mark.parametrize("name", ABNORMAL)
async def test_an_abnormal_answer_shows_the_fault_and_is_not_asked_again(
    world: World, name: str
) -> None:
    async def odd(_body: bytes) -> web.Response:
        answer = ABNORMAL[name]
        return web.Response(status=answer.status, body=answer.body, headers=answer.headers)

    world.service.answer = odd

    await say(world)

    assert outcomes(world) == ["faulty"]
    assert shown(world) == [texts.SERVICE_FAILED]


async def test_every_push_has_an_id_of_its_own(world: World) -> None:
    await say(world, "一")
    await say(world, "二")
    await say(world, "三", OTHER)

    assert len({inner(world, n).findtext("MsgId") for n in range(3)}) == 3


async def test_keys_can_be_changed_and_need_a_new_handshake(world: World) -> None:
    await say(world)
    pushes = world.platforms.wechat.pushes

    world.service.token = "another"
    pushes.rotate(replace(pushes.keys, token="another", encoding_aes_key="a" * 42 + "A"))
    await say(world)

    assert world.service.handshakes == 2
    query = world.service.wechat[-1].query
    check_signature("another", query["signature"], query["timestamp"], query["nonce"])
    assert inner(world).findtext("Content") == "看账"


async def test_a_copy_goes_out_while_the_first_is_running(world: World) -> None:
    running = 0
    most = 0

    async def slow(_body: bytes) -> web.Response:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.05)
        running -= 1
        return web.Response(text="success")

    world.service.answer = slow
    await world.sim("faults", next_pushes_doubled=1)

    await say(world)

    assert most == 2
    assert inner(world, 0).findtext("MsgId") == inner(world, 1).findtext("MsgId")
    assert world.platforms.faults.next_pushes_doubled == 0


async def test_pushes_can_go_out_last_first(world: World) -> None:
    await world.platforms.wechat.pushes.handshake()
    await world.sim("faults", next_pushes_reversed=3)

    await asyncio.gather(*(say(world, text) for text in ("一", "二", "三")))

    assert inner(world, 0).findtext("Content") == "三"


async def test_ids_and_seconds_can_collide_or_be_missing(world: World) -> None:
    await world.sim("faults", msg_id=42, create_time=1789999999)
    await say(world)
    await say(world, who=OTHER)
    await world.sim("faults", reset=True, no_msg_id=True)
    await say(world)

    assert [inner(world, n).findtext("MsgId") for n in range(3)] == ["42", "42", None]
    assert [inner(world, n).findtext("CreateTime") for n in range(3)] == [
        "1789999999",
        "1789999999",
        "1790000000",
    ]


async def test_signatures_and_stamps_can_be_wrong(world: World) -> None:
    await world.platforms.wechat.pushes.handshake()
    await world.sim("faults", wrong_signature=True, wrong_msg_signature=True, stale_seconds=400)

    await say(world)

    query = world.service.wechat[0].query
    assert query["timestamp"] == "1789999600"
    with pytest.raises(Exception, match="signature"):
        check_signature("simulator", query["signature"], query["timestamp"], query["nonce"])
    with pytest.raises(Exception, match="signature"):
        inner(world)


async def test_another_appid_can_be_inside(world: World) -> None:
    await world.sim("faults", other_app_id=True)

    await say(world)

    with pytest.raises(Exception, match="AppId"):
        inner(world)


async def test_bodies_can_be_big_deep_typed_or_slow(build: Build) -> None:
    world = await build("plain")
    await world.sim("faults", padding_bytes=70_000, nested_levels=500)
    await say(world)
    await world.sim("faults", reset=True, doctype=True, slow_body_seconds=0.05)
    await say(world)

    big, typed = world.service.bodies
    assert len(big) > 70_000
    assert b"<d>" * 500 in big
    parsed(big)
    assert typed.startswith(b"<!DOCTYPE xml")


async def test_any_message_or_event_can_be_pushed(world: World) -> None:
    await world.sim("faults", empty_recognition=True)
    voice = {"MsgType": "voice", "MediaId": "m", "Format": "amr"}
    await world.sim("push", who=OPENID, fields=voice, wait=False)
    await world.platforms.settle()
    popup = {"List": [{"TemplateId": "a"}, {"TemplateId": "b"}]}
    event = {"Event": "subscribe_msg_popup_event", "SubscribeMsgPopupEvent": popup}
    await world.sim("push", who=OPENID, fields=event, wait=False)
    await world.platforms.settle()
    await world.sim("push", who=OPENID, fields={"Event": "never_heard_of"}, wait=False)
    await world.platforms.settle()

    first, second, third = (inner(world, n) for n in range(3))
    assert first.findtext("Recognition") == ""
    assert [e.text for e in second.iter("TemplateId")] == ["a", "b"]
    assert second.find("MsgId") is None
    assert third.findtext("Event") == "never_heard_of"


async def test_menu_keys_and_links_push_click_and_view(world: World) -> None:
    link = {"type": "view", "name": "公开栏", "url": "http://127.0.0.1/v/"}
    key = {"type": "click", "name": "看账", "key": "accounts"}
    await world.call("menu/create", button=[key, link])

    for pressed in ("accounts", "http://127.0.0.1/v/"):
        await world.sim("press", who=OPENID, key=pressed, wait=False)
        await world.platforms.settle()

    events = [
        (inner(world, n).findtext("Event"), inner(world, n).findtext("EventKey")) for n in (0, 1)
    ]
    assert events == [("CLICK", "accounts"), ("VIEW", "http://127.0.0.1/v/")]
    assert [b.text for b in world.platforms.screens.of(OPENID)] == ["点了“看账”", "点了“公开栏”"]


async def test_leaving_and_coming_back_push_their_events(world: World) -> None:
    await world.sim("unfollow", who=OPENID)
    await world.platforms.settle()
    await world.sim("follow", who=OPENID, wait=False)
    await world.platforms.settle()

    assert [inner(world, n).findtext("Event") for n in (0, 1)] == ["unsubscribe", "subscribe"]


async def test_who_has_left_sees_no_reply(build: Build) -> None:
    world = await build("plain")

    async def reply(_body: bytes) -> web.Response:
        return web.Response(
            text=f"<xml><ToUserName>{OPENID}</ToUserName><FromUserName>gh_51e0f00dcafe</FromUserName>"
            "<CreateTime>1</CreateTime><MsgType>text</MsgType><Content>再见</Content></xml>"
        )

    world.service.answer = reply

    await world.platforms.wechat.unfollow(OPENID)

    assert outcomes(world) == ["reply"]
    assert shown(world) == []
