"""What scripts do with the simulator (contract.md 9), and the handle's own parts."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from simulator.clock import Clock, Schedule
from simulator.faults import Faults
from simulator.keys import Keys, KeysError, keys_from_json
from simulator.screens import KEPT_EVENTS, Screens, Watcher
from tests.simulator.conftest import OPENID, PHONE, Build, Frozen, World


async def refused(world: World, path: str, body: Any) -> str:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = await world.client.post(f"/sim/{path}", data=data)
    assert answer.status == 400, await answer.text()
    return str((await answer.json())["error"])


BAD: dict[str, tuple[str, Any]] = {
    "no JSON": ("say", b"{"),
    "no object": ("say", b"[]"),
    "nobody": ("say", {"text": "看账"}),
    "nothing said": ("say", {"who": OPENID, "text": ""}),
    "channel": ("say", {"who": OPENID, "text": "看账", "channel": "pigeon"}),
    "openid by SMS": ("say", {"who": OPENID, "text": "看账", "channel": "sms"}),
    "phone on WeChat": ("say", {"who": PHONE, "text": "看账", "channel": "wechat"}),
    "scan by phone": ("scan", {"who": PHONE, "scene": "v_990101101200"}),
    "no scene": ("scan", {"who": OPENID}),
    "unknown ticket": ("scan", {"who": OPENID, "ticket": "gQ"}),
    "no key": ("press", {"who": OPENID}),
    "fields": ("push", {"who": OPENID, "fields": {}}),
    "answer": ("consent", {"who": OPENID, "id": "sub", "answer": "maybe"}),
    "handset": ("person", {"who": PHONE, "handset": "wet"}),
    "flag": ("person", {"who": OPENID, "blocks": "yes"}),
    "seconds": ("clock", {"seconds": "3600"}),
    "back": ("clock", {"seconds": -1}),
    "gateway": ("templates", {"gateway": "fax", "id": "x", "fields": {"a": "others"}}),
    "kind": ("templates", {"gateway": "wechat", "id": "x", "fields": {"poem1": ""}}),
    "no fields": ("templates", {"gateway": "wechat", "id": "x"}),
    "list": ("templates", {"gateway": "wechat", "id": "x", "fields": ["thing1"]}),
    "property": ("templates", {"gateway": "aliyun", "id": "x", "fields": {"a": "poem"}}),
    "text": ("templates", {"gateway": "aliyun", "id": "x", "text": "【签名】", "fields": {}}),
    "knob": ("faults", {"break_everything": True}),
    "value": ("faults", {"busy_rate": "often"}),
    "keys": ("keys", {"app_secret": 5}),
    "key": ("keys", {"encoding_aes_key": "short"}),
    "other key": ("keys", {"nothing": "x"}),
    "signature": ("signatures", {"name": "明白账", "filed": 1}),
    "infinite": ("faults", b'{"busy_rate": Infinity}'),
    "truth": ("faults", {"msg_id": True}),
}


@pytest.mark.parametrize("name", BAD)
async def test_what_makes_no_sense_is_refused_with_a_reason(world: World, name: str) -> None:
    path, body = BAD[name]

    assert await refused(world, path, body)


async def test_without_a_service_there_is_nothing_to_push_to(build: Build) -> None:
    world = await build(push=False)

    for who in (OPENID, PHONE):
        assert "--push" in await refused(world, "say", {"who": who, "text": "看账"})
    assert (await world.sim("phones"))["connected"] is False


async def test_silence_is_waited_for_as_long_as_patience_goes(world: World) -> None:
    began = asyncio.get_running_loop().time()

    said = await world.sim("say", channel="wechat", who=OPENID, text="看账")

    assert said == {"seen": []}
    assert asyncio.get_running_loop().time() - began >= 0.5


async def test_texts_that_follow_shortly_are_seen_together(world: World) -> None:
    async def first() -> None:
        await asyncio.sleep(0.05)
        for text in ("一", "二"):
            world.platforms.screens.show(PHONE, "service", "sms", text)

    world.platforms.schedule.start(first())

    said = await world.sim("say", who="+86" + PHONE, text="看账")

    assert said == {"seen": ["一", "二"]}


async def test_knobs_turn_and_turn_back_all_or_none(world: World) -> None:
    state = await world.sim("faults", busy_rate=1, msg_id=5)
    assert (state["busy_rate"], state["msg_id"]) == (1, 5)
    await refused(world, "faults", {"reset": True, "msg_id": 6, "nothing": 1})
    assert (await world.sim("faults"))["msg_id"] == 5

    state = await world.sim("faults", reset=True, stale_seconds=9)

    assert (state["busy_rate"], state["msg_id"], state["stale_seconds"]) == (0.0, None, 9)
    assert state == Faults(stale_seconds=9).state()


async def test_templates_and_attempts_and_texts_are_listed(world: World) -> None:
    await world.sim("templates", gateway="subscribe", id="sub", fields={"thing1": "thing"})
    await world.text()
    await world.platforms.say(OPENID, "看账")
    await world.platforms.say(PHONE, "看账")

    templates = await world.sim("templates")
    attempts = await world.sim("attempts")
    outbox = await world.client.get("/sim/outbox", params={"who": PHONE})

    assert [(row["gateway"], row["id"]) for row in templates] == [
        ("wechat", "notice"),
        ("subscribe", "sub"),
        ("aliyun", "SMS_1"),
    ]
    assert [row["outcome"] for row in attempts["wechat"]] == ["silent"]
    assert [row["kind"] for row in attempts["sms"]] == ["uplink"]
    assert [row["content"] for row in await outbox.json()] == ["【明白账】账目已公开"]
    assert len(await world.sim("outbox")) == 1


async def test_keys_can_be_changed_as_in_the_console(world: World) -> None:
    world.service.token = "another"

    changed = await world.sim("keys", token="another", mode="plain")
    await world.platforms.say(OPENID, "看账")

    assert changed == {"accepted": True}
    assert b"<Content>" in world.service.bodies[0]
    assert world.service.handshakes == 1


async def test_a_signature_can_lose_its_filing(world: World) -> None:
    state = await world.sim("signatures", name="明白账", filed=False)
    await world.text()
    await world.platforms.advance(2)

    assert state == {"name": "明白账", "approved": True, "filed": False}
    assert world.service.items("receipts")[0]["err_code"] == "PORT_NOT_REGISTERED"


async def test_counts_can_be_asked_for_one_person(world: World) -> None:
    await world.text()
    await world.text("16600010072")

    answer = await world.client.get("/sim/counts", params={"who": PHONE})

    assert await answer.json() == [
        {"who": PHONE, "channel": "sms", "key": "", "accepted": 1, "shown": 1}
    ]


async def test_the_screen_is_found_by_any_form_of_the_number(world: World) -> None:
    await world.text()

    answer = await world.client.get("/sim/screen", params={"who": "+86" + PHONE})

    [bubble] = await answer.json()
    assert bubble == {
        "from": "service",
        "kind": "sms",
        "text": "【明白账】账目已公开",
        "at": "2026-09-21T22:13:20+08:00",
    }


async def test_the_clock_moves_our_windows_and_the_demos_business_time(build: Build) -> None:
    world = await build(demo=True)

    before = (await world.sim("clock"))["now"]
    moved = await world.sim("clock", seconds=3600)
    await world.platforms.say(PHONE, "看账")

    assert before == "2026-11-24T09:30:00+08:00"
    assert moved == {"now": "2026-11-24T10:30:00+08:00"}
    assert world.service.moved == [3600]
    assert world.platforms.clock.now() - world.frozen.at == 3600
    assert world.platforms.screens.of(PHONE)[0].at == "2026-11-24T10:30:00+08:00"
    assert world.service.items("uplink")[0]["send_time"] == "2026-09-21 22:13:20"


async def test_without_a_demo_only_our_windows_move(world: World) -> None:
    moved = await world.sim("clock", seconds=3600)

    assert moved == {"now": "2026-09-21T23:13:20+08:00"}
    assert world.service.moved == []


async def test_a_clock_that_the_service_does_not_move_stays_where_it_is(build: Build) -> None:
    world = await build(demo=True)
    world.service.demo_now = "no time"
    before = world.platforms.clock.now()

    world.platforms.push_url = "http://127.0.0.1:1"
    answer = await world.client.post("/sim/clock", json={"seconds": 60})

    assert answer.status == 502
    assert "error" in json.loads(await answer.text())
    assert world.platforms.clock.now() == before


async def next_event(stream: Any) -> dict[str, Any]:
    while True:
        line = (await asyncio.wait_for(stream.content.readline(), 2)).decode()
        if line.startswith("data: "):
            event: dict[str, Any] = json.loads(line.removeprefix("data: "))
            return event


async def test_the_page_is_told_what_happens_on_its_phones_only(build: Build) -> None:
    world = await build()
    resident = world.platforms.keys.phones[0].who
    stream = await world.client.get("/sim/events")

    world.platforms.screens.show("oSomebodyElse", "service", "text", "不在桌上")
    world.platforms.schedule.start(world.platforms.say(resident, "看账"))
    events = [await next_event(stream) for _ in range(3)]
    await world.call("menu/create", button=[{"type": "click", "name": "看账", "key": "a"}])
    menu = await next_event(stream)
    await world.sim("clock", seconds=60)
    clock = await next_event(stream)
    stream.close()

    assert [(event["type"], event["who"]) for event in events] == [
        ("bubble", resident),
        ("waiting", resident),
        ("waiting", resident),
    ]
    assert [event["on"] for event in events[1:]] == [True, False]
    assert (menu["type"], clock["type"]) == ("menu", "clock")


async def test_one_more_phone_may_stand_on_the_desk(build: Build) -> None:
    world = await build()
    world.platforms.screens.show(PHONE, "service", "text", "早先的")

    async with world.client.get("/sim/phones", params={"also": PHONE}) as answer:
        *four, fifth = (await answer.json())["phones"]
    stream = await world.client.get("/sim/events")
    world.platforms.screens.show(PHONE, "service", "text", "刚到的")
    told = await next_event(stream)
    stream.close()

    assert len(four) == 4
    assert (fifth["who"], fifth["channel"]) == (PHONE, "sms")
    assert [bubble["text"] for bubble in fifth["screen"]] == ["早先的"]
    assert (told["who"], told["bubble"]["text"]) == (PHONE, "刚到的")


async def test_a_page_that_falls_behind_is_told_to_begin_anew() -> None:
    watcher = Watcher()
    for number in range(KEPT_EVENTS + 1):
        watcher.tell({"type": "bubble", "number": number})

    assert await watcher.next(1) == {"type": "reload"}
    with pytest.raises(TimeoutError):
        await watcher.next(0.01)


async def test_open_pages_are_let_go_at_the_end(build: Build) -> None:
    world = await build()
    stream = await world.client.get("/sim/events")
    await stream.content.readline()

    world.platforms.screens.close()

    assert b"data:" not in await asyncio.wait_for(stream.read(), 2)


async def test_the_page_and_its_files_are_served_from_here_alone(world: World) -> None:
    page = await world.client.get("/")
    script = await world.client.get("/static/main.js")

    assert page.content_type == "text/html"
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    assert script.content_type.endswith("/javascript")
    assert "http" not in await page.text()


def test_a_screen_keeps_what_came_last() -> None:
    screens = Screens(Clock(Frozen(0)), [])
    for number in range(1000):
        screens.show(PHONE, "service", "sms", str(number))

    kept = [bubble.text for bubble in screens.of(PHONE)]
    assert (len(kept), kept[-1]) == (300, "999")


async def test_jobs_run_when_they_fall_due_and_in_order() -> None:
    clock, ran = Clock(Frozen(1000)), []
    schedule = Schedule(clock)

    def job(name: str) -> Any:
        async def run() -> None:
            ran.append(name)

        return run

    schedule.after(20, job("b"))
    schedule.after(10, job("a"))
    schedule.after(30, job("c"))
    clock.move(20)
    await schedule.settle()

    assert ran == ["a", "b"]


async def test_on_a_running_clock_jobs_start_by_themselves() -> None:
    schedule, done = Schedule(Clock()), asyncio.Event()

    async def job() -> None:
        done.set()

    running = asyncio.create_task(schedule.run())
    await asyncio.sleep(0)
    schedule.after(0.01, job)
    await asyncio.wait_for(done.wait(), 2)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


def test_shown_time_follows_the_demo_and_real_time_does_not() -> None:
    clock = Clock(Frozen(1_790_000_000))
    clock.show(datetime(2026, 11, 24, 1, 30, tzinfo=UTC))
    clock.move(60)

    assert clock.shown().isoformat() == "2026-11-24T09:31:00+08:00"
    assert (clock.real(), clock.now()) == (1_790_000_000, 1_790_000_060)


def test_keys_are_read_with_defaults_for_what_is_missing() -> None:
    phone = {"who": PHONE, "channel": "sms", "name": "李婆婆", "tries": ["1"], "village": None}
    keys = keys_from_json(
        {"wechat": {"mode": "plain", "encoding_aes_key": ""}, "phones": [phone], "demo": True}
    )

    assert (keys.wechat.mode, keys.sms.gateway, keys.demo) == ("plain", "aliyun", True)
    assert (keys.phones[0].tries, keys.phones[0].village) == (("1",), None)
    assert keys_from_json({}) == Keys()
    assert len(Keys().phones) == 4


@pytest.mark.parametrize(
    "given",
    [
        [],
        {"wechat": []},
        {"wechat": {"mode": "loud"}},
        {"wechat": {"encoding_aes_key": "short"}},
        {"wechat": {"app_id": 5}},
        {"wechat": {"secret": "x"}},
        {"fax": {}},
        {"demo": 1},
        {"phones": {}, "demo": True, "x": 1},
        {"phones": "all"},
        {"phones": [{"who": PHONE}]},
        {"phones": [{"who": PHONE, "channel": "fax", "name": "李婆婆"}]},
    ],
)
def test_keys_that_cannot_be_used_are_refused(given: object) -> None:
    with pytest.raises(KeysError):
        keys_from_json(given)


def test_a_real_key_is_refused_without_being_repeated() -> None:
    with pytest.raises(KeysError) as refusal:
        keys_from_json({"sms": {"access_key_id": "LTAI5tRealLooking", "access_key_secret": "s"}})

    assert "RealLooking" not in str(refusal.value)
    assert "Secret" not in repr(Keys())
