"""`mingbai template`: tried out, priced and taken back, as an operator types it."""

import re
from pathlib import Path

import pytest

from tests.bot.commands.test_campaign import CADRES, CONFIG, NOTICE, OPENID, PEOPLE
from tests.bot.home import SAMPLE, Home

PARAMS = NOTICE[2:]
BIND = ("template", "bind", "notice", "--gateway")


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Migrated, with two cadres, and `notice` bound at both providers."""
    home = Home.make(tmp_path_factory.mktemp("template") / "home")
    home.config.write_text(CONFIG, "utf-8")
    home.config.chmod(0o600)
    fields = ("--field", "thing1=title", "--field", "thing2=text")
    for words in (
        ("migrate",),
        ("import", "villages", SAMPLE),
        ("import", "people", home.write("people.csv", PEOPLE)),
        (*BIND, "wechat", "--id", "w1", *fields),
        (*BIND, "aliyun", "--id", "SMS_1"),
    ):
        assert home.run(*words).status == 0
    return home


@pytest.fixture
def home(ready: Home, tmp_path: Path) -> Home:
    return ready.copy(tmp_path / "home")


def test_a_preview_masks_people_and_writes_nothing(home: Home) -> None:
    before = home.counts()

    listed = home.run("template", "preview", "notice", *CADRES, *PARAMS, "--json").json()
    words = home.run("template", "preview", "notice", *CADRES, *PARAMS)

    by_channel = {one["channel"]: one for one in listed}
    assert by_channel["sms"]["address"] == "139****0002"
    assert by_channel["wechat"]["fields"]["thing1"] == "开会"
    assert "许*(会计) 微信模板消息\n" in words.out
    assert "许*(干部) 短信 139****0002\n  开会:明天上午九点开会。\n  1 条短信,0.05 元" in words.out
    assert words.out.endswith("这只是看看,没有发。\n")
    for hidden in (OPENID, "13900000001", "13900000002", "禾明", "穗亮"):
        assert hidden not in words.out + str(listed)
    assert home.counts() == before


def test_a_preview_shows_as_many_as_asked_for(home: Home) -> None:
    words = ("template", "preview", "notice", *CADRES, *PARAMS, "--n", "1", "--json")

    assert len(home.run(*words).json()) == 1


def test_a_test_goes_to_one_person(home: Home) -> None:
    said = home.run("template", "test", "notice", "--to", "13900000002", *PARAMS)

    assert said.status == 0, said.err
    (campaign,) = home.rows("SELECT id FROM campaigns")
    assert said.out == f"{campaign[0]}\n"
    assert home.rows("SELECT channel, lane FROM deliveries") == [("sms", 1)]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("preview", "nothing", *CADRES), "没有“nothing”"),
        (("preview", "notice", *CADRES), "title"),
        (("preview", "notice", "--audience", "role=村长", *PARAMS), "村长"),
        (("preview", "menu", *CADRES), "menu"),
        (("test", "notice", "--to", "13900000009", *PARAMS), "--to 写的人没有登记过"),
        (("test", "notice", "--to", "13900000001"), "title"),
    ],
)
def test_what_cannot_be_tried_is_refused(home: Home, words: tuple[str, ...], says: str) -> None:
    said = home.run("template", *words)

    assert said.status == 1
    assert says in said.err
    assert home.rows("SELECT COUNT(*) FROM campaigns") == [(0,)]


def test_an_older_wording_comes_back_as_a_newer_version(home: Home) -> None:
    edit = ("template", "edit", "notice", "--channel", "sms")
    assert home.run(*edit, "--text", "${title}。${text}。").status == 0

    back = home.run(*edit, "--version", "1")

    shown = home.run("template", "show", "notice").out
    assert back.out.startswith("改好了:notice 的短信,第 3 版。\n")
    assert re.search(r"sms,第 3 版\(\d{4}-\d\d-\d\d \d\d:\d\d,操作员\):\n  \$\{title\}:", shown)
    assert re.search(r"sms,以前的第 2 版\(.*,操作员\):\n  \$\{title\}。", shown)
    assert re.search(r"sms,以前的第 1 版\(.*,自带\):\n  \$\{title\}:", shown)


@pytest.mark.parametrize(
    ("version", "says"), [("7", "没有第 7 版。它有第 1 版到第 1 版"), ("1", "现在用的就是第 1 版")]
)
def test_a_version_that_brings_nothing_back_is_refused(home: Home, version: str, says: str) -> None:
    said = home.run("template", "edit", "notice", "--channel", "sms", "--version", version)

    assert said.status == 1
    assert says in said.err


def test_a_template_shows_its_price(home: Home) -> None:
    shown = home.run("template", "show", "notice").out

    assert "短信一般 1 条 0.05 元,最长 2 条 0.10 元" in shown


def test_a_test_to_a_shared_number_asks_for_one_of_its_people(home: Home) -> None:
    more = ["姓名,手机号,角色,区划代码,职务,openid", "许谷雨,13900000002,干部,990101101200,,"]
    assert home.run("import", "people", home.write("more.csv", more)).status == 0

    said = home.run("template", "test", "notice", "--to", "13900000002", *PARAMS)

    assert said.status == 1
    for (identity,) in home.rows("SELECT id FROM people WHERE name IN ('许谷雨', '许穗亮')"):
        assert identity in said.err
    assert home.rows("SELECT COUNT(*) FROM campaigns") == [(0,)]
