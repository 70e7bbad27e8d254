"""`mingbai proposal`, as a superior works it."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.config import load_config
from notifications.proposals import look
from storage.database import Database
from storage.ids import new_id
from storage.moments import to_ms
from tests.bot.home import DATA, SAMPLE, Home
from tests.notifications.world import usual_terms

NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
AT = ("--now", "2026-11-24T09:30")
PEOPLE = [
    "姓名,手机号,角色,区划代码,职务,openid",
    "许禾明,13900000001,干部,990101101200,会计,",
    "许穗亮,13900000002,监委会,990101101200,主任,",
    "穆远,13900000003,管理,990101101000,镇三资办主任,",
    "穆近,13900000004,管理,990101102000,镇三资办主任,",
]
ACCOUNTANT, OWN_SUPERVISOR, MANAGER, OTHER_TOWN = (f"1390000000{n}" for n in range(1, 5))


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A village was late for the first time, and its first proposal is made."""
    home = Home.make(tmp_path_factory.mktemp("proposal") / "home")
    assert home.run("migrate").status == 0
    assert home.run("import", "villages", SAMPLE).status == 0
    assert home.run("import", "people", home.write("people.csv", PEOPLE)).status == 0
    asyncio.run(late(home))
    return home


async def late(home: Home) -> None:
    db = await Database.open(load_config(home.config).database.url)
    try:
        await db.run(
            "INSERT INTO dues (id, source, village, rhythm, kind, book, title, stage, from_period,"
            " to_period, version, since, counted_from, working_days, due_on, provisional, state,"
            " overdue_at, made_at) VALUES (?, ?, '990101101200', '每月', 'accounts', '',"
            " '2026年10月账目', '', '2026-10', '2026-10', 1, 0, '2026-10-31', 0, '2026-11-08', ?,"
            " 'overdue', ?, ?)",
            new_id(), new_id(), False, to_ms(NOW), to_ms(NOW),
        )  # fmt: skip
    finally:
        await db.close()
    await looked(home)


async def looked(home: Home) -> None:
    """As the hourly job does."""
    db = await Database.open(load_config(home.config).database.url)
    try:
        async with db.transaction():
            await look(db, usual_terms(), NOW)
    finally:
        await db.close()


@pytest.fixture
def home(ready: Home, tmp_path: Path) -> Home:
    return ready.copy(tmp_path / "home")


def the_one(home: Home) -> dict[str, Any]:
    (one,) = home.run("proposal", "list", "--json").json()
    found: dict[str, Any] = one
    return found


def sent(home: Home) -> int:
    ((count,),) = home.rows("SELECT COUNT(*) FROM campaigns WHERE template = 'early_reminder'")
    return int(count)


def test_what_waits_is_listed_and_names_nobody(home: Home) -> None:
    one = the_one(home)
    said = home.run("proposal", "list")

    assert one["signal"] == "first_overdue"
    assert one["region"] == "990101101000"
    assert all(word in said.out for word in (one["number"], "听竹村", "2026年10月账目", "管理"))
    assert "许" not in said.out
    assert sent(home) == 0


def test_a_yes_by_text_is_counted_once(home: Home) -> None:
    number = the_one(home)["number"]
    words = ("proposal", "confirm", number, "--form", "text", "--as", MANAGER, *AT)

    said, again = home.run(*words), home.run(*words)

    assert said.status == 0, said.err
    assert "1 人" in said.out
    assert (again.status, "定过了" in again.err) == (1, True)
    assert sent(home) == 1
    assert home.run("proposal", "list", "--json").json() == []
    assert home.run("verify").status == 0


def test_a_yes_by_call_sends_nothing(home: Home) -> None:
    number = the_one(home)["number"]

    said = home.run("proposal", "confirm", number, "--form", "call", "--as", MANAGER, *AT)

    assert said.status == 0, said.err
    assert sent(home) == 0
    assert home.rows("SELECT state, form FROM proposals") == [("confirmed", "call")]


def test_a_no_keeps_its_reason(home: Home) -> None:
    number = the_one(home)["number"]
    words = ("proposal", "dismiss", number, "--as", MANAGER, *AT, "--reason")

    empty, long = home.run(*words, "  "), home.run(*words, "长" * 201)
    said = home.run(*words, "那个月停电,已经说明")

    assert (empty.status, long.status) == (1, 1)
    assert "201" in long.err
    assert said.status == 0, said.err
    assert home.rows("SELECT state, reason FROM proposals") == [
        ("dismissed", "那个月停电,已经说明")
    ]
    assert sent(home) == 0


@pytest.mark.parametrize("who", [ACCOUNTANT, OWN_SUPERVISOR, OTHER_TOWN])
def test_whoever_may_not_decide_cannot_tell_whether_there_is_one(home: Home, who: str) -> None:
    number = the_one(home)["number"]

    refused = home.run("proposal", "confirm", number, "--form", "text", "--as", who, *AT)
    dismissed = home.run("proposal", "dismiss", number, "--reason", "算了", "--as", who, *AT)
    none = home.run("proposal", "confirm", "000000", "--form", "text", "--as", MANAGER, *AT)

    assert (refused.status, dismissed.status, none.status) == (1, 1, 1)
    assert "管理" in refused.err
    assert refused.err == dismissed.err == none.err.replace("000000", number)
    assert the_one(home)["number"] == number
    assert sent(home) == 0


def test_the_operator_alone_decides_nothing(home: Home) -> None:
    number = the_one(home)["number"]

    assert home.run("proposal", "confirm", number, "--form", "text").status == 2
    assert sent(home) == 0


def test_a_file_with_doubtful_rows_proposes_once_for_its_book(home: Home) -> None:
    first = the_one(home)["number"]
    for _ in range(2):
        said = home.run("import", "ledger", DATA / "ledger_messy.xlsx")
        assert "要确认 3 笔" in said.out, said.err
        asyncio.run(looked(home))

    (one,) = (p for p in home.run("proposal", "list", "--json").json() if p["number"] != first)
    assert (one["signal"], one["village"]) == ("first_anomaly", "990101101201")
    assert "头一回有存疑" in one["title"]
    assert sent(home) == 0
