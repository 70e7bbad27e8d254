"""Receipts and replies on their way to the service (sms.md 1.3, 3), on a clock of the test's."""

import asyncio
from typing import Any

import pytest
from aiohttp import web

from simulator.sms.handsets import PROFILES
from tests.simulator.conftest import PHONE, Build, World

OTHER = "16600010072"


async def receipts(world: World, profile: str) -> list[dict[str, Any]]:
    """What the service is told of one text to a handset of that profile."""
    await world.sim("person", who=PHONE, handset=profile)
    await world.text(OutId="d-1")
    await world.platforms.advance(2)
    return world.service.items("receipts")


async def test_a_receipt_has_the_gateways_fields(world: World) -> None:
    await world.text(OutId="d-1")
    assert world.service.posted == []
    await world.platforms.advance(2)

    [receipt] = world.service.items("receipts")
    biz_id = world.platforms.sms.texting.texts()[0].biz_id
    assert receipt == {
        "phone_number": PHONE,
        "send_time": "2026-09-21 22:13:20",
        "report_time": "2026-09-21 22:13:21",
        "success": True,
        "err_code": "DELIVERED",
        "err_msg": "用户接收成功",
        "sms_size": "1",
        "biz_id": biz_id,
        "out_id": "d-1",
    }


@pytest.mark.parametrize(
    "profile", [name for name in PROFILES if name not in ("off", "unreported")]
)
async def test_each_handset_reports_its_own_fate(world: World, profile: str) -> None:
    [receipt] = await receipts(world, profile)

    assert receipt["err_code"] == PROFILES[profile].code
    assert receipt["success"] is (profile == "on")
    [row] = world.platforms.counts.rows()
    assert (row["accepted"], row["shown"]) == (1, int(profile == "on"))


async def test_a_phone_that_is_off_gets_its_text_when_it_comes_on(world: World) -> None:
    before = await receipts(world, "off")
    [row] = world.platforms.counts.rows()
    shown_before = row["shown"]
    await world.platforms.advance(600)

    assert (before, shown_before) == ([], 0)
    [receipt] = world.service.items("receipts")
    assert receipt["err_code"] == "DELIVERED"
    assert receipt["report_time"] == "2026-09-21 22:23:21"
    assert world.platforms.counts.rows()[0]["shown"] == 1


async def test_some_carriers_say_nothing_at_all(world: World) -> None:
    assert await receipts(world, "unreported") == []

    assert world.platforms.counts.rows()[0]["shown"] == 1


async def test_an_unfiled_signature_is_accepted_and_blocked_by_the_carrier(world: World) -> None:
    world.platforms.sms.registry.signatures["明白账"].filed = False

    assert (await world.text())["Code"] == "OK"
    await world.platforms.advance(2)

    assert world.service.items("receipts")[0]["err_code"] == "PORT_NOT_REGISTERED"
    assert world.platforms.screens.of(PHONE) == []


async def test_receipts_of_one_moment_come_in_one_array(world: World) -> None:
    for n in range(250):
        await world.text(f"1660003{n:04d}")
    await world.platforms.advance(2)

    posts = [items for kind, items in world.service.posted if kind == "receipts"]
    assert sum(map(len, posts)) == 250
    assert len(posts) < 50
    assert max(map(len, posts)) <= 100


async def test_receipts_can_come_doubled_reversed_single_early_or_never(world: World) -> None:
    async def phones(**knobs: Any) -> list[list[str]]:
        world.service.posted.clear()
        await world.sim("faults", reset=True, **knobs)
        await world.text(f"{PHONE},{OTHER}")
        now = [items for _, items in world.service.posted]
        if not knobs.get("receipts_before_answer"):
            await world.platforms.advance(2)
            now = [items for _, items in world.service.posted]
        return [[item["phone_number"] for item in items] for items in now]

    doubled = await phones(receipts_doubled=True)
    assert sorted(phone for array in doubled for phone in array) == [PHONE, PHONE, OTHER, OTHER]
    assert sorted(map(len, await phones(receipts_single=True))) == [1, 1]
    assert sorted(await phones(receipts_before_answer=True)) == [[PHONE], [OTHER]]
    assert await phones(receipts_withheld=True) == []


async def test_receipts_can_stand_in_reverse(build: Build) -> None:
    world = await build()
    await world.sim("faults", receipts_reversed=True)
    callbacks = world.platforms.sms.callbacks
    for n in range(3):
        callbacks.receipt({"n": n}, 0.05)

    await world.platforms.advance(1)

    assert world.service.items("receipts") == [{"n": 2}, {"n": 1}, {"n": 0}]


async def test_an_array_can_break_off(world: World) -> None:
    await world.text()
    await world.sim("faults", next_callbacks_truncated=1)
    await world.platforms.advance(2)

    assert ("receipts", None) in world.service.posted


async def test_a_reply_has_the_gateways_fields_in_both_dialects(world: World) -> None:
    await world.sim("faults", uplink_dialect="new")
    await world.platforms.say(PHONE, "看账 1")
    await world.sim("faults", uplink_dialect="old")
    await world.platforms.say(PHONE, "看账 2")

    new, old = world.service.items("uplink")
    assert new == {
        "phone_number": PHONE,
        "content": "看账 1",
        "send_time": "2026-09-21 22:13:20",
        "dest_code": "1069010071",
        "sequence_id": new["sequence_id"],
    }
    assert isinstance(new["sequence_id"], str)
    assert isinstance(old["sequence_id"], int)
    assert old["sign_name"] == "明白账"
    assert int(new["sequence_id"]) != old["sequence_id"]


async def test_both_dialects_are_mixed_unless_told_otherwise(world: World) -> None:
    for text in ("一", "二", "三", "四"):
        await world.platforms.say(PHONE, text)

    assert {type(item["sequence_id"]) for item in world.service.items("uplink")} == {str, int}


async def test_long_replies_come_whole_and_thumbs_can_be_clumsy(world: World) -> None:
    long = "账" * 300
    await world.platforms.say(PHONE, long)
    await world.sim("faults", messy_replies=True)
    for _ in range(20):
        await world.platforms.say(PHONE, "07 1")

    first, *messy = (item["content"] for item in world.service.items("uplink"))
    assert first == long
    assert {"07 1", "０７ １"} == {content.strip() for content in messy}
    assert all(content != content.strip() for content in messy)


async def test_an_address_is_probed_before_anything_is_handed_over(world: World) -> None:
    async def wrong() -> web.Response:
        return web.Response(text="ok")

    world.service.ack = wrong
    await world.platforms.say(PHONE, "看账")
    reason = world.platforms.sms.callbacks.posts[-1].reason
    assert world.service.posted == []
    world.service.ack = None
    await world.platforms.advance(60)

    assert reason == "the address did not answer the probe"
    assert [item["content"] for item in world.service.items("uplink")] == ["看账"]


ANSWERS = {
    "zero": ('{"code":0,"msg":"ok"}', 200, True),
    "another number": ('{"code":7}', 200, True),
    "fraction": ('{"code":0.5}', 200, True),
    "text": ('{"code":"0"}', 200, False),
    "truth": ('{"code":true}', 200, False),
    "nothing": ("", 200, False),
    "array": ("[0]", 200, False),
    "status": ('{"code":0}', 503, False),
    "redirect": ('{"code":0}', 302, False),
}


@pytest.mark.parametrize("name", ANSWERS)
async def test_only_status_200_and_a_numeric_code_count(world: World, name: str) -> None:
    body, status, counts = ANSWERS[name]
    await world.platforms.sms.callbacks.probe("uplink")

    async def ack() -> web.Response:
        return web.Response(text=body, status=status)

    world.service.ack = ack
    await world.platforms.say(PHONE, "看账")

    assert world.platforms.sms.callbacks.posts[-1].accepted is counts


async def test_an_answer_after_700_ms_is_too_late(world: World) -> None:
    await world.platforms.sms.callbacks.probe("uplink")

    async def late() -> web.Response:
        await asyncio.sleep(0.3)
        return web.json_response({"code": 0})

    world.service.ack = late
    await world.platforms.say(PHONE, "看账")

    post = world.platforms.sms.callbacks.posts[-1]
    assert (post.accepted, post.reason) == (False, "no answer in 0.2 s")


async def busy() -> web.Response:
    return web.Response(status=503)


async def test_repeats_after_one_five_and_ten_minutes_then_it_is_lost(world: World) -> None:
    await world.platforms.sms.callbacks.probe("uplink")
    world.service.ack = busy
    await world.platforms.say(PHONE, "看账")

    tries = []
    for seconds in (59, 1, 299, 1, 599, 1, 86_400):
        await world.platforms.advance(seconds)
        tries.append(len(world.service.posted))

    assert tries == [1, 2, 2, 3, 3, 4, 4]
    assert world.platforms.sms.callbacks.lost == {"receipts": 0, "uplink": 1}
    assert [post.number for post in world.platforms.sms.callbacks.posts] == [1, 2, 3, 4]


async def test_the_other_pages_rules_try_ten_times(world: World) -> None:
    await world.platforms.sms.callbacks.probe("receipts")
    await world.sim("faults", long_repeats=True)
    world.service.ack = busy
    await world.text()

    for _ in range(60):
        await world.platforms.advance(600)

    assert len([1 for kind, _ in world.service.posted if kind == "receipts"]) == 10
    assert world.platforms.sms.callbacks.lost["receipts"] == 1


async def test_a_repeat_bears_the_same_ids(world: World) -> None:
    await world.platforms.sms.callbacks.probe("uplink")
    world.service.ack = busy
    await world.platforms.say(PHONE, "看账")
    world.service.ack = None
    await world.platforms.advance(60)

    first, second = world.service.items("uplink")
    assert first == second
    await world.platforms.advance(86_400)
    assert len(world.service.items("uplink")) == 2


async def test_the_secret_stands_in_the_path(world: World) -> None:
    await world.platforms.say(PHONE, "看账")
    await world.text()
    await world.platforms.advance(2)

    assert world.service.secrets == {"simulatorCallback"}
