"""`mingbai check` against the pretend platforms: what answers, what refuses us, and the remedy."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer

from bot.commands import platforms
from bot.commands.findings import Level
from bot.config import Config, load_config
from simulator import PLATFORMS, Keys, SmsKeys, WeChatKeys, create_app
from tests.bot.home import Home, Said

APP_ID, SECRET = "wx0123456789abcdef", "0123456789abcdef0123456789abcdef"
AES_KEY = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ"


@pytest.fixture
async def pretend() -> AsyncIterator[TestServer]:
    keys = Keys(
        wechat=WeChatKeys(app_id=APP_ID, app_secret=SECRET, token="token123"),
        sms=SmsKeys(access_key_id="testKey", access_key_secret="testSecret"),
    )
    server = TestServer(create_app(keys))
    await server.start_server()
    yield server
    await server.close()


def configured(folder: Path, server: TestServer, **changes: str) -> Config:
    url = f"http://127.0.0.1:{server.port}"
    given = {"app_secret": SECRET, "access_key_secret": "testSecret"} | changes
    file = folder / "config.toml"
    file.write_text(
        f'[wechat]\napp_id = "{APP_ID}"\napp_secret = "{given["app_secret"]}"\n'
        f'token = "token123"\nencoding_aes_key = "{AES_KEY}"\napi_base = "{url}"\n'
        f'[sms]\naccess_key_id = "testKey"\naccess_key_secret = "{given["access_key_secret"]}"\n'
        f'endpoint = "{url}"\nsign_name = "明禾公开"\ncallback_secret = "0123456789abcdef01"\n',
        "utf-8",
    )
    file.chmod(0o600)
    return load_config(file, {})


async def cli(words: str | Sequence[str], config: Config) -> Said:
    """A command over that config, beside the loop that the platforms live in."""
    asked = words.split() if isinstance(words, str) else words
    return await asyncio.to_thread(Home(config.file.parent).run, *asked)


async def test_what_answers_is_good(tmp_path: Path, pretend: TestServer) -> None:
    config = configured(tmp_path, pretend)

    found = [*await platforms.wechat(config), *await platforms.sms(config)]

    assert {finding.level for finding in found} == {Level.GOOD}
    assert "模板消息" in found[0].what


WECHAT = {"thing1": "title", "thing2": "text"}
LISTED = {"wechat": ("approved", ""), "subscribe": ("approved", "")}
SMS = {"title": "others", "text": "others"}


async def bound(config: Config, server: TestServer, **sms: str) -> None:
    """`notice` is bound at both platforms; SMS_1 is in the state that is given, if it is."""
    base = f"http://127.0.0.1:{server.port}/sim/templates"
    assert (await cli("migrate", config)).status == 0
    for gateway, identity, fields in (
        ("wechat", "w1", WECHAT),
        ("subscribe", "s1", WECHAT),
        ("aliyun", "SMS_1", {}),
    ):
        named = [word for f, name in fields.items() for word in ("--field", f"{f}={name}")]
        words = ("template", "bind", "notice", "--gateway", gateway, "--id", identity, *named)
        assert (await cli(words, config)).status == 0
    async with ClientSession() as http:
        for gateway, identity in (("wechat", "w1"), ("subscribe", "s1")):
            fields = dict.fromkeys(WECHAT, "thing")
            given = {"gateway": gateway, "id": identity, "fields": fields}
            assert (await http.post(base, json=given)).status == 200
        if sms:
            given = {"gateway": "aliyun", "id": "SMS_1", "fields": SMS} | sms
            assert (await http.post(base, json=given)).status == 200


def noted(config: Config) -> dict[str, tuple[str, str]]:
    with sqlite3.connect(config.file.parent / "data/mingbai.sqlite3") as db:
        rows = db.execute("SELECT gateway, approval, reason FROM template_bindings").fetchall()
    return {gateway: (approval, reason) for gateway, approval, reason in rows}


@pytest.mark.parametrize(
    ("sms", "expected"),
    [
        ({"state": "approved"}, ("approved", "")),
        ({"state": "pending"}, ("pending", "")),
        ({"state": "refused", "reason": "党政内容"}, ("refused", "党政内容")),
        ({}, ("unknown", "平台的模板列表里没有它")),
    ],
)
async def test_what_the_platforms_say_of_a_template_is_noted(
    tmp_path: Path, pretend: TestServer, sms: dict[str, str], expected: tuple[str, str]
) -> None:
    config = configured(tmp_path, pretend)
    await bound(config, pretend, **sms)

    said = await cli("template check", config)
    again = await cli("template check", config)

    assert said.status == 0, said.err
    assert said.out == again.out
    assert "notice 在微信模板消息已通过审核\n" in said.out
    assert expected[1] in said.out
    assert noted(config) == {**LISTED, "aliyun": expected}
    with sqlite3.connect(config.file.parent / "data/mingbai.sqlite3") as db:
        (acts,) = db.execute("SELECT COUNT(*) FROM audit WHERE action = 'approval'").fetchone()
    assert acts == 3  # what is no news is not written down again


async def test_check_tells_of_templates_too(tmp_path: Path, pretend: TestServer) -> None:
    config = configured(tmp_path, pretend)
    await bound(config, pretend, state="refused", reason="党政内容")

    good, refused = await platforms.bound_templates(config)

    assert (good.level, good.what) == (Level.GOOD, "2 个模板在平台通过了审核")
    assert (refused.level, "没有通过审核:党政内容" in refused.what) == (Level.NOTE, True)


async def test_a_platform_that_does_not_tell_changes_nothing(
    tmp_path: Path, pretend: TestServer
) -> None:
    config = configured(tmp_path, pretend)
    await bound(config, pretend, state="refused", reason="党政内容")
    await cli("template check", config)
    faults = pretend.app[PLATFORMS].faults
    faults.denied_apis = ["template/get_all_private_template", "wxaapi/newtmpl/gettemplate"]
    faults.next_sms_not_json = 1

    said = await cli("template check", config)

    assert said.status == 1
    assert said.out == ""
    assert "48001" in said.err
    assert len(said.err.splitlines()) == 2
    assert noted(config) == {**LISTED, "aliyun": ("refused", "党政内容")}


async def test_an_api_that_the_account_lacks_is_named(tmp_path: Path, pretend: TestServer) -> None:
    pretend.app[PLATFORMS].faults.denied_apis = ["message/custom/send"]

    found = await platforms.wechat(configured(tmp_path, pretend))

    (noted,) = [finding for finding in found if finding.level is Level.NOTE]
    assert "客服消息" in noted.what
    assert "48001" in noted.what


async def test_the_address_to_be_listed_is_named(tmp_path: Path, pretend: TestServer) -> None:
    pretend.app[PLATFORMS].faults.unlisted_address = True

    (found,) = await platforms.wechat(configured(tmp_path, pretend))

    assert found.level is Level.CHANGE
    assert "127.0.0.1" in found.remedy


async def test_wrong_keys_have_to_be_changed(tmp_path: Path, pretend: TestServer) -> None:
    config = configured(tmp_path, pretend, app_secret="f" * 32, access_key_secret="other")

    found = [*await platforms.wechat(config), *await platforms.sms(config)]

    assert [finding.level for finding in found] == [Level.CHANGE, Level.CHANGE]
    assert not any("f" * 32 in finding.what + finding.remedy for finding in found)


async def test_a_platform_that_is_not_there_is_only_noted(
    tmp_path: Path, pretend: TestServer
) -> None:
    config = configured(tmp_path, pretend)
    await pretend.close()

    found = [*await platforms.wechat(config), *await platforms.sms(config)]

    assert [finding.level for finding in found] == [Level.NOTE, Level.NOTE]
