"""`mingbai menu push` and `mingbai qrcode`, against the pretend platform."""

import asyncio
import struct
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer

from bot.commands.qrcode import drawn
from simulator import PLATFORMS, Keys, WeChatKeys, create_app
from simulator.platforms import Platforms
from tests.bot.commands.test_campaign import CONFIG
from tests.bot.home import SAMPLE, Home, Said

APP_ID, SECRET = "wx5a1c0e7f9b3d2468", "00112233445566778899aabbccddeeff"
SCENE = "v_990101101200"  # 听竹村
MENU = """\
菜单换好了:
  看账
  办事流程
  更多(点开:订阅、监督举报、帮助、找人工、收到提醒)
"""


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home.make(tmp_path_factory.mktemp("account") / "home")
    assert home.run("migrate").status == 0
    assert home.run("import", "villages", SAMPLE).status == 0
    return home


class Account:
    """An installation, and the platform with its service account."""

    def __init__(self, home: Home, server: TestServer) -> None:
        self.home, self.platform = home, server.app[PLATFORMS]
        base = f'\napi_base = "http://127.0.0.1:{server.port}"\n[sms]'
        home.config.write_text(CONFIG.replace("\n[sms]", base), "utf-8")

    async def run(self, *words: str | Path) -> Said:
        """A command, beside the loop that the platform lives in."""
        return await asyncio.to_thread(self.home.run, *words)


@pytest.fixture
async def account(ready: Home, tmp_path: Path) -> AsyncIterator[Account]:
    keys = Keys(wechat=WeChatKeys(app_id=APP_ID, app_secret=SECRET, token="contractcheck"))
    server = TestServer(create_app(keys))
    await server.start_server()
    yield Account(ready.copy(tmp_path / "home"), server)
    await server.close()


def keys_of(platform: Platforms) -> list[str]:
    buttons = platform.wechat.menu.created or []
    return [one["key"] for button in buttons for one in button.get("sub_button") or [button]]


async def test_the_menu_has_all_keys_in_the_order_of_the_digits_and_one_that_confirms(
    account: Account,
) -> None:
    said = await account.run("menu", "push")

    assert said.status == 0, said.err
    assert said.out.startswith(MENU)
    assert keys_of(account.platform) == [
        "accounts",
        "power",
        "follow",
        "tip",
        "help",
        "human",
        "confirm",
    ]


async def test_a_dry_run_changes_nothing(account: Account) -> None:
    said = await account.run("menu", "push", "--dry-run")

    assert said.status == 0
    assert "看账" in said.out
    assert "没有换" in said.out
    assert account.platform.wechat.menu.created is None


async def test_buttons_bear_the_words_of_the_templates(account: Account) -> None:
    words = "1 村里的账 2、办事 3.订阅 4 监督 5 帮助 6 找人"
    assert (await edit(account, "menu", words)).status == 0
    assert (await edit(account, "menu_more", "其他")).status == 0
    assert (await edit(account, "menu_confirm", "我知道了")).status == 0

    said = await account.run("menu", "push")

    assert "村里的账" in said.out
    assert "其他(点开:订阅、监督、帮助、找人、我知道了)" in said.out


@pytest.mark.parametrize(
    ("template", "words", "expected"),
    [
        ("menu", "1 看一看村里的账 2 办事 3 订阅 4 监督 5 帮助 6 找人", "最多 5 个字"),
        ("menu_more", "其他的几件事情", "menu_more"),
        ("menu_confirm", "收到了" * 8, "menu_confirm"),
    ],
)
async def test_labels_that_the_platform_would_refuse_are_not_sent(
    account: Account, template: str, words: str, expected: str
) -> None:
    await edit(account, template, words)

    said = await account.run("menu", "push")

    assert said.status == 1
    assert expected in said.err
    assert account.platform.wechat.menu.created is None


async def test_a_menu_without_all_its_digits_is_not_taken(account: Account) -> None:
    said = await edit(account, "menu", "1 看账 5 帮助")

    assert said.status == 1
    assert "1 到 6" in said.err


async def edit(account: Account, code: str, text: str) -> Said:
    return await account.run("template", "edit", code, "--channel", "wechat", "--text", text)


@pytest.mark.parametrize(
    ("faults", "expected"),
    [
        ({"denied_apis": ["menu/create", "qrcode/create"]}, "没有这个接口的权限(48001)"),
        ({"unlisted_address": True}, "127.0.0.1"),
        ({"busy_rate": 1.0}, "微信正忙"),
        ({"api_errors": {"menu/create": 40018, "qrcode/create": 40018}}, "(40018)"),
    ],
)
async def test_what_the_platform_refuses_is_said_in_plain_words(
    account: Account, faults: dict[str, object], expected: str
) -> None:
    for name, value in faults.items():
        setattr(account.platform.faults, name, value)

    menu = await account.run("menu", "push")
    code = await account.run("qrcode", "听竹村", account.home.folder / "a.png")

    assert (menu.status, code.status) == (1, 1)
    assert expected in menu.err
    assert expected in code.err
    assert not (account.home.folder / "a.png").exists()


async def test_without_wechat_there_is_neither(account: Account) -> None:
    text = account.home.config.read_text("utf-8")
    account.home.config.write_text(text.replace("[wechat]", '[wechat]\nmode = "off"'), "utf-8")

    for words in (("menu", "push"), ("qrcode", "听竹村", "a.png")):
        said = await account.run(*words)
        assert said.status == 1
        assert "微信没有开" in said.err


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
async def test_a_villages_code_holds_its_scene(account: Account, kind: str) -> None:
    file = account.home.folder / f"听竹村.{kind}"

    said = await account.run("qrcode", "听竹村", file)

    assert said.status == 0, said.err
    codes = account.platform.wechat.qr
    (ticket,) = codes._scenes
    assert codes.scene(ticket) == SCENE
    if kind != "pdf":  # which bears the time at which it was made
        assert file.read_bytes() == drawn(codes.url(ticket), kind)


def test_a_picture_is_big_enough_to_print() -> None:
    width, height = struct.unpack(">II", drawn("http://weixin.qq.com/q/02wPFKBmP", "png")[16:24])

    assert width == height >= 1200


async def test_a_file_that_is_there_is_kept(account: Account) -> None:
    file = account.home.folder / "code.png"
    file.write_bytes(b"mine")

    refused = await account.run("qrcode", "听竹村", file)
    asked_for_nothing = account.platform.wechat.qr._scenes == {}
    forced = await account.run("qrcode", "听竹村", file, "--force")

    assert refused.status == 1
    assert "--force" in refused.err
    assert asked_for_nothing
    assert forced.status == 0
    assert file.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("name", "file", "status", "expected"),
    [
        ("没有村", "a.png", 1, "没有叫“没有村”的村"),
        ("听竹村", "a.jpg", 2, ".png"),
        ("听竹村", "missing/a.png", 1, "写不下来"),
    ],
)
async def test_wrong_names_are_told(
    account: Account, name: str, file: str, status: int, expected: str
) -> None:
    said = await account.run("qrcode", name, account.home.folder / file)

    assert said.status == status
    assert expected in said.err
