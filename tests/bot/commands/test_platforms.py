"""`mingbai check` against the pretend platforms: what answers, what refuses us, and the remedy."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer

from bot.commands import platforms
from bot.commands.findings import Level
from bot.config import Config, load_config
from simulator import PLATFORMS, Keys, SmsKeys, WeChatKeys, create_app

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


async def test_what_answers_is_good(tmp_path: Path, pretend: TestServer) -> None:
    config = configured(tmp_path, pretend)

    found = [*await platforms.wechat(config), *await platforms.sms(config)]

    assert {finding.level for finding in found} == {Level.GOOD}
    assert "模板消息" in found[0].what


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
