"""`mingbai template` and `mingbai campaign`, as an operator types them."""

import re
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.bot.home import SAMPLE, Home, Said

CONFIG = """
[wechat]
app_id = "wx5a1c0e7f9b3d2468"
app_secret = "00112233445566778899aabbccddeeff"
token = "contractcheck"
encoding_aes_key = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFU"
[sms]
access_key_id = "testKeyId"
access_key_secret = "testKeySecret"
sign_name = "明禾公开"
callback_secret = "5d41402abc4b2a76b9719d911017c592"
[schedule]
quiet_hours = "00:00-00:00"
noon_rest = "00:00-00:00"
"""
OPENID = "oTest00000000000000000000001"
PEOPLE = [
    "姓名,手机号,角色,区划代码,职务,openid",
    f"许禾明,13900000001,干部,990101101200,会计,{OPENID}",
    "许穗亮,13900000002,干部,990101101200,,",
]
NOTICE = ("--template", "notice", "--param", "title=开会", "--param", "text=明天上午九点开会")
CADRES = ("--audience", "role=干部,village=听竹村")


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Migrated, with villages and two cadres."""
    home = Home.make(tmp_path_factory.mktemp("campaign") / "home")
    home.config.write_text(CONFIG, "utf-8")
    home.config.chmod(0o600)
    assert home.run("migrate").status == 0
    assert home.run("import", "villages", SAMPLE).status == 0
    assert home.run("import", "people", home.write("people.csv", PEOPLE)).status == 0
    return home


@pytest.fixture
def home(ready: Home, tmp_path: Path) -> Home:
    return ready.copy(tmp_path / "home")


@pytest.fixture
def bound(home: Home) -> Home:
    fields = ("--field", "thing1=title", "--field", "thing2=text")
    wechat = home.run("template", "bind", "notice", "--gateway", "wechat", "--id", "w1", *fields)
    aliyun = home.run("template", "bind", "notice", "--gateway", "aliyun", "--id", "SMS_1")
    assert (wechat.status, aliyun.status) == (0, 0), wechat.err
    return home


def last_line(said: Said) -> str:
    """Where a campaign's id stands, below what it would come to."""
    assert said.status == 0, said.err
    return said.out.rstrip().rpartition("\n")[2]


def test_templates_are_listed_as_the_contract_says(bound: Home) -> None:
    listed = {item["code"]: item for item in bound.run("template", "list", "--json").json()}

    assert listed["notice"]["bound"] == {"wechat": "w1", "aliyun": "SMS_1"}
    assert set(listed["notice"]) == {"code", "class", "parameters", "channels", "bound"}
    assert "notice" in bound.run("template", "list").out


def test_a_template_shows_what_to_register(bound: Home) -> None:
    shown = bound.run("template", "show", "notice")

    assert shown.status == 0
    assert "${title}:${text}。" in shown.out
    assert "others" in shown.out
    assert "SMS_1" in shown.out


def test_edited_words_are_shown_and_asked_to_be_registered(bound: Home) -> None:
    text = "${title}。${text}。"

    first = bound.run("template", "edit", "notice", "--channel", "wechat", "--text", text)
    second = bound.run("template", "edit", "notice", "--channel", "sms", "--text", text)

    shown = bound.run("template", "show", "notice").out
    assert first.out == "改好了:notice 的微信,第 2 版。\n"
    assert "登记新的" in second.out
    assert shown.count("第 2 版") == 2
    assert "登记新的" in shown


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("show", "nothing"), "没有“nothing”"),
        (("edit", "welcome", "--channel", "wechat", "--text", "${name}好"), "没有的变量"),
        (("bind", "nothing", "--gateway", "wechat", "--id", "x"), "没有“nothing”"),
        (("bind", "notice", "--gateway", "aliyun", "--id", "x", "--field", "a=b"), "没有“b”"),
        (("bind", "answer_total", "--gateway", "wechat", "--id", "x"), "不走wechat"),
    ],
)
def test_what_makes_no_sense_is_refused(home: Home, words: tuple[str, ...], says: str) -> None:
    said = home.run("template", *words)

    assert said.status == 1
    assert says in said.err


def test_an_unknown_gateway_is_wrong_usage(home: Home) -> None:
    said = home.run("template", "bind", "notice", "--gateway", "fax", "--id", "x")

    assert said.status == 2
    assert "fax" in said.err


def test_a_dry_run_tells_and_sends_nothing(bound: Home) -> None:
    told = bound.run("campaign", "create", *NOTICE, *CADRES, "--dry-run", "--json").json()
    words = bound.run("campaign", "create", *NOTICE, *CADRES, "--dry-run").out

    assert (told["people"], told["by_channel"]) == (2, {"wechat": 1, "sms": 1})
    assert set(told) == {
        "people", "by_channel", "without_channel", "shortened", "quota", "price_fen",
    }  # fmt: skip
    assert "会发给 2 人" in words
    assert "约 0.05 元" in words
    assert bound.rows("SELECT COUNT(*) FROM campaigns") == [(0,)]


def test_a_push_is_made_once_for_a_key(bound: Home) -> None:
    first, second = (
        bound.run("campaign", "create", *NOTICE, *CADRES, "--key", "k1") for _ in range(2)
    )

    identity = last_line(first)
    assert re.fullmatch(r"[0-9a-z]{20}", identity)
    assert second.out == f"{identity}\n"
    assert bound.rows("SELECT COUNT(*) FROM deliveries") == [(2,)]


def test_how_far_a_push_has_come_is_shown(bound: Home) -> None:
    identity = last_line(bound.run("campaign", "create", *NOTICE, *CADRES))

    shown = bound.run("campaign", "show", identity, "--json").json()

    assert shown == {
        "id": identity,
        "state": "running",
        "template": "notice",
        "total": 2,
        "by_state": {"new": 2},
        "by_channel": {},
        "people_reached": 0,
        "repeated": 0,
    }
    assert "正在发,2 人" in bound.run("campaign", "show", identity).out
    assert bound.run("campaign", "show", "nothing").status == 1


def test_a_push_for_tomorrow_is_planned(bound: Home) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    identity = last_line(
        bound.run("campaign", "create", *NOTICE, *CADRES, "--at", tomorrow.isoformat())
    )

    shown = bound.run("campaign", "show", identity, "--json").json()

    assert (shown["state"], shown["total"]) == ("planned", 2)
    assert "计划" in bound.run("campaign", "show", identity).out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((*NOTICE, "--audience", "role=村长"), "村长"),
        ((*NOTICE, "--audience", "village=无此村"), "无此村"),
        ((*NOTICE, "--audience", "role=干部,post=出纳"), "“post=出纳”没有人符合"),
        ((*NOTICE, "--audience", "region=880101"), "“region=880101”没有人符合"),
        ((*NOTICE, "--audience", "person=13900000001|13900000009"), "第2个人"),
        (("--template", "notice", *CADRES), "title、text"),
        (("--template", "help", *CADRES), "回答用的"),
    ],
)
def test_a_push_that_cannot_be_is_refused(bound: Home, words: tuple[str, ...], says: str) -> None:
    said = bound.run("campaign", "create", *words)

    assert said.status == 1
    assert says in said.err
    assert "Traceback" not in said.err


def test_a_dry_run_to_nobody_counts_nobody(bound: Home) -> None:
    person = ("--audience", "person=13900000009")

    told = bound.run("campaign", "create", *NOTICE, *person, "--dry-run", "--json").json()
    said = bound.run("campaign", "create", *NOTICE, *person)

    assert (told["people"], said.status) == (0, 1)
    assert "13900000009" not in said.err
    assert bound.rows("SELECT COUNT(*) FROM campaigns") == [(0,)]


@pytest.mark.parametrize("person", ["13900000001", "+86 139 0000 0001", OPENID, "{id}"])
def test_a_person_is_named_by_number_openid_or_id(bound: Home, person: str) -> None:
    ((identity,),) = bound.rows("SELECT id FROM people WHERE name = '许禾明'")
    audience = ("--audience", f"person={person.format(id=identity)}")

    made = bound.run("campaign", "create", *NOTICE, *audience)

    assert made.status == 0, made.err
    assert bound.rows("SELECT person_id FROM deliveries") == [(identity,)]
    assert bound.rows("SELECT audience FROM campaigns") == [(f"person={identity}",)]


def test_a_push_before_its_template_is_bound_says_what_to_do(home: Home) -> None:
    said = home.run("campaign", "create", *NOTICE, *CADRES)

    assert said.status == 1
    assert "template bind notice" in said.err


def test_there_is_nothing_to_resume_on_a_usual_day(bound: Home) -> None:
    bound.run("campaign", "create", *NOTICE, *CADRES)

    assert bound.run("campaign", "resume", "--all").status == 1
    assert bound.run("campaign", "resume").status == 2


def test_resuming_after_a_restore_says_what_may_have_gone_out(bound: Home, tmp_path: Path) -> None:
    identity = last_line(bound.run("campaign", "create", *NOTICE, *CADRES))
    assert bound.run("backup", tmp_path / "backup").status == 0
    other = bound.copy(tmp_path / "other")
    other.database.unlink()
    for file in other.database.parent.glob("*.sqlite3-*"):
        file.unlink()
    assert other.run("restore", tmp_path / "backup").status == 0

    resumed = other.run("campaign", "resume", identity)
    again = other.run("campaign", "resume", "--all")

    assert resumed.status == 0
    assert "其中 2 条" in resumed.out
    assert again.status == 1
    assert other.rows("SELECT state FROM deliveries") == [("new",), ("new",)]
    assert other.rows("SELECT restored_at FROM installation") == [(None,)]


def test_sending_again_tells_what_it_comes_to(bound: Home) -> None:
    campaign = last_line(bound.run("campaign", "create", *NOTICE, *CADRES))
    with sqlite3.connect(bound.database) as db:
        db.execute("UPDATE deliveries SET state = 'refused' WHERE channel = 'sms'")
        db.execute("UPDATE deliveries SET state = 'sent' WHERE channel = 'wechat'")
        db.execute("UPDATE tallies SET new = 0, refused = 1, sent = 1, wechat = 1")

    weighed = bound.run("campaign", "resend", campaign, "--dry-run")
    said = bound.run("campaign", "resend", campaign)

    assert weighed.status == said.status == 0, said.err
    assert weighed.out.startswith("会发给 1 人\n")
    assert "短信 1 条" in weighed.out
    assert "元" in weighed.out
    assert said.out.endswith("已经补发,是第 2 轮。\n")
    assert said.out.splitlines()[:-1] == weighed.out.splitlines()[:-1]
    assert bound.run("campaign", "show", campaign, "--json").json()["by_state"] == {
        "new": 1, "sent": 1, "refused": 1,
    }  # fmt: skip
