"""The rest of the account's API: menu, QR codes, people, media, quotas, and calls that go wrong."""

import asyncio
import time
from typing import Any

import pytest
from aiohttp import ClientError, ClientTimeout, FormData

from tests.simulator.conftest import OPENID, World

KEY = {"type": "click", "name": "看账", "key": "accounts"}


async def get(world: World, path: str, **query: str) -> dict[str, Any]:
    await world.call("get_api_domain_ip")
    answer = await world.client.get(
        f"/cgi-bin/{path}", params={"access_token": world.token} | query
    )
    result: dict[str, Any] = await answer.json(content_type="text/plain")
    return result


async def test_answers_call_themselves_plain_text_and_refusals_bear_a_rid(world: World) -> None:
    answer = await world.client.get("/cgi-bin/user/info")

    assert answer.status == 200
    assert answer.content_type == "text/plain"
    assert (await answer.json(content_type="text/plain"))["errmsg"].startswith(
        "access_token missing rid: "
    )


async def test_unknown_paths_methods_and_bodies_have_their_codes(world: World) -> None:
    assert (await world.call("nothing/here"))["errcode"] == 40066
    assert (await get(world, "message/template/send"))["errcode"] == 43002
    url = f"/cgi-bin/message/template/send?access_token={world.token}"
    for body, code in ((b"", 44002), (b"{", 47001), (b"[]", 47001), (b"\xff", 47001)):
        answer = await world.client.post(url, data=body)
        assert (await answer.json(content_type="text/plain"))["errcode"] == code


async def test_a_menu_is_kept_told_to_the_phones_and_deleted(world: World) -> None:
    assert (await get(world, "menu/get"))["errcode"] == 46003
    assert (await get(world, "get_current_selfmenu_info"))["is_menu_open"] == 0

    created = await world.call("menu/create", button=[KEY])

    assert created["errcode"] == 0
    assert (await get(world, "menu/get"))["menu"]["button"] == [KEY]
    assert (await get(world, "get_current_selfmenu_info"))["is_menu_open"] == 1
    assert (await world.sim("phones"))["menu"] == [KEY]
    assert (await get(world, "menu/delete"))["errcode"] == 0
    assert len((await world.sim("phones"))["menu"]) == 3


MENUS: dict[str, tuple[Any, int]] = {
    "none": ([], 40016),
    "four": ([KEY] * 4, 40016),
    "six below": ([{"name": "查询", "sub_button": [KEY] * 6}], 40023),
    "name": ([KEY | {"name": "看账看账看账"}], 40018),
    "name below": ([{"name": "查询", "sub_button": [KEY | {"name": "账" * 21}]}], 40018),
    "no name": ([{"type": "click", "key": "a"}], 40018),
    "key": ([KEY | {"key": "k" * 129}], 40019),
    "no key": ([{"type": "click", "name": "看账"}], 40019),
    "url": ([{"type": "view", "name": "看账", "url": "u" * 1025}], 40020),
    "kind": ([KEY | {"type": "shout"}], 40017),
    "no object": (["看账"], 40017),
    "full": ([{"name": "查询", "sub_button": [KEY] * 5}] * 3, 0),
}


@pytest.mark.parametrize("name", MENUS)
async def test_a_menu_is_held_to_its_limits(world: World, name: str) -> None:
    buttons, code = MENUS[name]

    assert (await world.call("menu/create", button=buttons))["errcode"] == code


async def test_a_qr_code_leads_to_its_scene(world: World) -> None:
    scene = {"action_info": {"scene": {"scene_str": "v_990101101200"}}}
    made = await world.call("qrcode/create", action_name="QR_LIMIT_STR_SCENE", **scene)
    short = await world.call("qrcode/create", action_name="QR_STR_SCENE", **scene)

    picture = await world.client.get("/cgi-bin/showqrcode", params={"ticket": made["ticket"]})
    await world.sim("scan", who=OPENID, ticket=made["url"], wait=False)
    await world.platforms.advance(60)
    late = await world.client.post("/sim/scan", json={"who": OPENID, "ticket": short["ticket"]})

    assert made["url"].startswith("http://weixin.qq.com/q/")
    assert picture.content_type == "image/png"
    assert (await picture.read()).startswith(b"\x89PNG")
    assert short["expire_seconds"] == 60
    assert world.platforms.wechat.followers.of(OPENID).scene == "v_990101101200"
    assert late.status == 400
    assert (await world.client.get("/cgi-bin/showqrcode?ticket=x")).status == 404


QR: dict[str, dict[str, Any]] = {
    "action": {"action_name": "QR", "action_info": {"scene": {"scene_id": 1}}},
    "no scene": {"action_name": "QR_SCENE", "action_info": {}},
    "zero": {"action_name": "QR_SCENE", "action_info": {"scene": {"scene_id": 0}}},
    "big": {"action_name": "QR_LIMIT_SCENE", "action_info": {"scene": {"scene_id": 100_001}}},
    "long": {"action_name": "QR_STR_SCENE", "action_info": {"scene": {"scene_str": "x" * 65}}},
    "seconds": {
        "action_name": "QR_SCENE",
        "action_info": {"scene": {"scene_id": 1}},
        "expire_seconds": 2_592_001,
    },
}


@pytest.mark.parametrize("name", QR)
async def test_a_qr_code_is_held_to_its_limits(world: World, name: str) -> None:
    assert (await world.call("qrcode/create", **QR[name]))["errcode"] == 40053


async def test_user_info_has_no_name_and_tells_who_has_left(world: World) -> None:
    await world.platforms.wechat.scan(OPENID, "v_990101101200")
    assert (await world.call("user/info/updateremark", openid=OPENID, remark="听竹"))[
        "errcode"
    ] == 0

    user = await get(world, "user/info", openid=OPENID)
    await world.platforms.wechat.unfollow(OPENID)
    left = await get(world, "user/info", openid=OPENID)
    both = await world.call(
        "user/info/batchget", user_list=[{"openid": OPENID}, {"openid": "oAnother"}]
    )

    assert (user["subscribe"], user["nickname"], user["remark"]) == (1, "", "听竹")
    assert (user["subscribe_scene"], user["qr_scene_str"]) == (
        "ADD_SCENE_QR_CODE",
        "v_990101101200",
    )
    assert left == {"subscribe": 0, "openid": OPENID}
    assert [one["subscribe"] for one in both["user_info_list"]] == [0, 1]
    assert (await get(world, "user/info", openid="村民"))["errcode"] == 40003
    long = await world.call("user/info/updateremark", openid=OPENID, remark="r" * 30)
    none = await world.call("user/info/batchget", user_list=[])
    assert [long["errcode"], none["errcode"]] == [40035, 40032]


async def test_followers_are_listed_by_pages(world: World) -> None:
    followers = world.platforms.wechat.followers
    openids = [f"oListed{n:05d}" for n in range(10_002)]
    for openid in openids:
        followers.of(openid)

    first = await get(world, "user/get")
    second = await get(world, "user/get", next_openid=first["next_openid"])
    end = await get(world, "user/get", next_openid=second["next_openid"])

    assert (first["total"], first["count"], second["count"]) == (10_002, 10_000, 2)
    assert second["data"]["openid"] == openids[-2:]
    assert (end["count"], end["next_openid"]) == (0, "")


async def upload(world: World, kind: str, name: str, content: bytes) -> dict[str, Any]:
    await world.call("get_api_domain_ip")
    form = FormData()
    form.add_field("media", content, filename=name, content_type="image/png")
    answer = await world.client.post(
        f"/cgi-bin/media/upload?access_token={world.token}&type={kind}", data=form
    )
    result: dict[str, Any] = await answer.json(content_type="text/plain")
    return result


async def test_media_are_kept_for_three_days(world: World) -> None:
    made = await upload(world, "image", "flow.png", b"picture")
    url = f"/cgi-bin/media/get?access_token={world.token}&media_id={made['media_id']}"

    kept = await world.client.get(url)
    await world.platforms.advance(3 * 86_400)
    gone = await world.client.get(url)

    assert (kept.content_type, await kept.read()) == ("image/png", b"picture")
    assert (await gone.json(content_type="text/plain"))["errcode"] == 40007


async def test_media_are_held_to_kind_and_size(world: World) -> None:
    assert (await upload(world, "poem", "a.png", b"x"))["errcode"] == 40004
    assert (await upload(world, "image", "a.exe", b"x"))["errcode"] == 40004
    assert (await upload(world, "thumb", "a.jpg", b"x" * 65_537))["errcode"] == 40006
    assert (await upload(world, "image", "a.png", b""))["errcode"] == 44001
    assert "thumb_media_id" in await upload(world, "thumb", "a.jpg", b"x")
    assert (await world.call("media/upload"))["errcode"] == 41005
    video = await upload(world, "video", "a.mp4", b"x")
    assert "video_url" in await get(world, "media/get", media_id=video["media_id"])


async def test_an_uploaded_picture_can_be_sent(world: World) -> None:
    made = await upload(world, "image", "flow.png", b"picture")
    await world.platforms.say(OPENID, "看流程")

    answer = await world.call(
        "message/custom/send",
        touser=OPENID,
        msgtype="image",
        image={"media_id": made["media_id"]},
    )

    assert answer["errcode"] == 0
    assert world.platforms.screens.of(OPENID)[-1].detail == {"media_id": made["media_id"]}
    shown = await world.client.get(f"/sim/media?id={made['media_id']}")
    assert await shown.read() == b"picture"


async def test_addresses_self_test_and_ticket_answer(world: World) -> None:
    assert (await get(world, "get_api_domain_ip"))["ip_list"] == ["127.0.0.1"]
    assert (await get(world, "getcallbackip"))["ip_list"] == ["127.0.0.1"]
    assert (await world.call("callback/check", action="all"))["ping"][0]["package_loss"] == "0%"
    ticket = await get(world, "ticket/getticket", type="jsapi")
    assert ticket["ticket"] == (await get(world, "ticket/getticket", type="jsapi"))["ticket"]
    assert (await get(world, "ticket/getticket", type="x"))["errcode"] == 40097


async def test_notices_are_listed(world: World) -> None:
    await world.sim("templates", gateway="subscribe", id="sub", fields={"thing1": ""})
    await world.call("get_api_domain_ip")

    answer = await world.client.get(f"/wxaapi/newtmpl/gettemplate?access_token={world.token}")

    assert [row["priTmplId"] for row in (await answer.json(content_type="text/plain"))["data"]] == [
        "sub"
    ]


async def test_a_days_quota_ends_at_midnight_in_beijing(world: World) -> None:
    await world.sim("faults", daily_limits={"qrcode/create": 1})
    call = {"action_name": "QR_SCENE", "action_info": {"scene": {"scene_id": 1}}}

    codes = [(await world.call("qrcode/create", **call)).get("errcode", 0) for _ in range(2)]
    quota = await world.call("openapi/quota/get", cgi_path="/cgi-bin/qrcode/create")
    midnight = 86_400 - (world.frozen.at + 8 * 3600) % 86_400
    await world.platforms.advance(midnight - 1)
    before = (await world.call("qrcode/create", **call)).get("errcode", 0)
    await world.platforms.advance(1)
    after = (await world.call("qrcode/create", **call)).get("errcode", 0)

    assert codes == [0, 45009]
    assert quota["quota"] == {"daily_limit": 1, "used": 1, "remain": 0}
    assert (before, after) == (45009, 0)
    assert (await world.call("openapi/quota/get", cgi_path="/cgi-bin/x"))["errcode"] == 76021


async def test_a_minutes_quota_ends_with_the_minute(world: World) -> None:
    await world.sim("faults", wechat_per_minute=2)

    codes = [(await get(world, "getcallbackip")).get("errcode", 0) for _ in range(3)]
    await world.platforms.advance(60)

    assert codes == [0, 0, 45011]
    assert "ip_list" in await get(world, "getcallbackip")


async def test_quotas_can_be_cleared_ten_times_a_month(world: World) -> None:
    await world.sim("faults", daily_limits={"getcallbackip": 1})
    await get(world, "getcallbackip")
    appid = world.platforms.keys.wechat.app_id

    first = await world.call("clear_quota", appid=appid)
    cleared = await get(world, "getcallbackip")
    secret = {"appid": appid, "appsecret": world.platforms.keys.wechat.app_secret}
    codes = [
        (
            await (await world.client.post("/cgi-bin/clear_quota/v2", json=secret)).json(
                content_type="text/plain"
            )
        )["errcode"]
        for _ in range(9)
    ]
    over = await world.call("clear_quota", appid=appid)

    assert first["errcode"] == 0
    assert "ip_list" in cleared
    assert codes == [0] * 9
    assert over["errcode"] == 48006
    assert (await world.call("clear_quota", appid="wx"))["errcode"] == 40013
    await world.platforms.advance(31 * 86_400)
    assert (await world.call("clear_quota", appid=appid))["errcode"] == 0


async def test_an_api_can_be_denied_busy_or_answer_any_code(world: World) -> None:
    await world.sim(
        "faults", denied_apis=["menu/get"], api_errors={"user/get": 50002, "user/info": 12345}
    )

    assert (await get(world, "menu/get"))["errcode"] == 48001
    assert (await get(world, "user/get"))["errcode"] == 50002
    assert (await get(world, "user/info"))["errcode"] == 12345
    await world.sim("faults", reset=True, busy_rate=1.0)
    assert (await get(world, "menu/get"))["errcode"] == -1
    await world.sim("faults", reset=True, busy_rate=0.5)
    codes = {(await get(world, "getcallbackip")).get("errcode", 0) for _ in range(30)}
    assert codes == {0, -1}


async def test_an_answer_can_be_lost_after_acceptance_and_a_repeat_is_not_shown_again(
    world: World,
) -> None:
    message = {
        "touser": OPENID,
        "template_id": "notice",
        "data": {"thing1": {"value": "账目已公开"}},
        "client_msg_id": "a",
    }
    await world.call("get_api_domain_ip")
    url = f"/cgi-bin/message/template/send?access_token={world.token}"
    await world.sim("faults", next_wechat_lost_502=1)
    bad_gateway = await world.client.post(url, json=message)
    await world.sim("faults", next_wechat_html=1)
    page = await world.client.post(url, json=message)
    await world.sim("faults", next_wechat_lost_hanging=1)
    with pytest.raises((asyncio.TimeoutError, ClientError)):
        await world.client.post(url, json=message, timeout=ClientTimeout(total=0.05))

    again = await world.call("message/template/send", **message)

    assert (bad_gateway.status, page.content_type) == (502, "text/html")
    assert again["errcode"] == 0
    [row] = world.platforms.counts.rows()
    assert (row["accepted"], row["shown"]) == (4, 1)


async def test_calls_can_be_slow(world: World) -> None:
    await world.sim("faults", wechat_delay_seconds=0.05)

    began = time.perf_counter()
    await world.call("get_api_domain_ip")

    assert time.perf_counter() - began >= 0.05
