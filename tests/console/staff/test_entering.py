"""Getting in: password and code, a starting code by two, guessing, an idle quarter of an hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from storage import alarms, audit, staff
from storage.alarms import Condition
from storage.database import Database
from storage.moments import to_ms
from storage.passwords import Passwords
from storage.sealing import Sealer
from tests.conftest import NOW
from tests.console.staff.kit import COUNTY, PASSWORD, TOWN, VILLAGE, Browser, Console, Page, officer


@pytest.fixture
async def known(db: Database, sealer: Sealer) -> str:
    """An account with a password and an authenticator in use; its id."""
    person = await officer(db, sealer, "管理", COUNTY, name="穆远")
    identity = await staff.add(db, person_id=person, login="muyuan", made_by="operator", now=NOW)
    await staff.start_alone(db, identity, "operator", NOW, datetime.now(UTC))
    account = await staff.account(db, identity)
    assert account
    await staff.choose_password(db, sealer, account, await Passwords().hash(PASSWORD), NOW)
    await staff.set_second(db, account, "totp", NOW)
    return identity


async def code(db: Database, sealer: Sealer, identity: str) -> str:
    secret = await staff.totp_secret(db, sealer, identity)
    assert secret
    return pyotp.TOTP(secret).now()


async def give_password(browser: Browser, password: str = PASSWORD, login: str = "muyuan") -> Page:
    return await browser.post("/console/login", {"login": login, "password": password}, token="")


async def test_a_password_and_a_code_let_in(
    desk: Console, db: Database, sealer: Sealer, known: str
) -> None:
    browser = desk.stranger()
    assert (await browser.get("/console/")).location == "/console/login?next=/console/"

    asked = await give_password(browser)
    assert asked.location == "/console/code"
    assert (await browser.get("/console/")).status == 303, "the password alone opens nothing"
    entered = await browser.post("/console/code", {"code": await code(db, sealer, known)}, token="")

    assert (await browser.follow(entered)).status == 200
    cookie = entered.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


async def test_a_code_opens_once(desk: Console, db: Database, sealer: Sealer, known: str) -> None:
    shown = await code(db, sealer, known)
    first, second = desk.stranger(), desk.stranger()
    await give_password(first)
    await give_password(second)

    assert (await first.post("/console/code", {"code": shown}, token="")).status == 303
    assert (await second.post("/console/code", {"code": shown}, token="")).status == 422


async def test_a_code_by_message_lets_in_too(
    desk: Console, db: Database, sealer: Sealer, known: str
) -> None:
    account = await staff.account(db, known)
    assert account
    browser = desk.stranger()
    await give_password(browser)

    sent = await staff.message_code(db, sealer, account.person_id, datetime.now(UTC))
    entered = await browser.post("/console/code", {"code": sent}, token="")

    assert entered.location == "/console/"


async def test_five_wrong_codes_begin_at_the_start(desk: Console, known: str) -> None:
    browser = desk.stranger()
    await give_password(browser)

    said = [await browser.post("/console/code", {"code": "abc"}, token="") for _ in range(5)]

    assert [page.status for page in said] == [422] * 5
    assert "从头再来" in said[-1].text
    assert (await browser.get("/console/code")).location == "/console/login"


async def test_guessing_locks_out_the_guesser_and_says_nothing_of_the_account(
    desk: Console, known: str
) -> None:
    browser = desk.stranger()
    wrong = [await give_password(browser, "不是这个密码呀呀") for _ in range(5)]
    unknown = await give_password(browser, login="nobody")

    assert {page.status for page in wrong} == {422}
    assert unknown.text.replace("nobody", "muyuan") == wrong[0].text
    locked = await give_password(browser)
    assert locked.status == 429
    assert "试错太多次" in locked.text


async def test_a_first_password_needs_both_halves_of_two_administrators(
    desk: Console, db: Database, sealer: Sealer
) -> None:
    newcomer = await officer(db, sealer, "录入", VILLAGE, name="洪蕊", phone="13900005678")
    one, other = await desk.log_in("管理"), await desk.log_in("管理")
    added = await one.post("/console/staff", {"person": newcomer, "login": "hongrui"})
    assert added.status == 200, added.text
    account = await staff.by_login(db, "hongrui")
    assert account

    refused = await one.post(f"/console/staff/{account.id}/agree")
    agreed = await other.post(f"/console/staff/{account.id}/agree")

    assert "不能自己同意" in refused.text
    halves = [half_in(added), half_in(agreed)]
    browser = desk.stranger()
    for given, status in ((halves[0] * 2, 422), ("".join(reversed(halves)), 303)):
        fields = {"login": "hongrui", "code": given, "password": PASSWORD, "again": PASSWORD}
        chosen = await browser.post("/console/first", fields, token="")
        assert chosen.status == status
    assert "data:image/svg+xml" in (await browser.get("/console/enrol")).text
    entered = await browser.post(
        "/console/enrol", {"code": await code(db, sealer, account.id)}, token=""
    )
    assert (await browser.follow(entered)).status == 200
    actions = [act.action for act in await audit.about(db, account.id)]
    assert actions == [
        "staff_added", "staff_start_asked", "staff_start_agreed", "staff_password", "staff_second",
    ]  # fmt: skip


def half_in(page: Page) -> str:
    return page.text.split("只显示这一次:")[1][:8]


async def test_rights_end_with_the_term(desk: Console, db: Database) -> None:
    browser = await desk.log_in("管理")
    assert (await browser.get("/console/staff")).status == 200

    await db.run("UPDATE posts SET ends_on = '2026-11-23' WHERE person_id = ?", browser.person_id)

    assert (await browser.get("/console/staff")).location.startswith("/console/login")


async def test_an_idle_quarter_of_an_hour_logs_out_and_keeps_what_is_sent_then(
    desk: Console, db: Database, sealer: Sealer, known: str
) -> None:
    browser = desk.stranger()
    await give_password(browser)
    await browser.post("/console/code", {"code": await code(db, sealer, known)}, token="")
    page = await browser.get("/console/account")
    token = page.text.split('name="csrf" value="')[1].split('"')[0]
    await db.run("UPDATE staff_sessions SET seen_at = ?", minutes_ago(16))

    typed = {"person": "13900001111", "login": "somebody"}
    late = await browser.post("/console/staff", typed, token=token)
    assert late.location == "/console/login"
    assert not await staff.by_login(db, "somebody")

    await give_password(browser)
    account = await staff.account(db, known)
    assert account
    sent = await staff.message_code(db, sealer, account.person_id, datetime.now(UTC))
    entered = await browser.post("/console/code", {"code": sent}, token="")
    kept = await browser.follow(entered)
    assert entered.location == "/console/kept"
    assert "13900001111" in kept.text
    assert (await browser.follow(await browser.post("/console/kept/drop"))).status == 200
    assert (await browser.get("/console/kept")).location == "/console/"


def minutes_ago(minutes: int) -> int:
    return to_ms(datetime.now(UTC) - timedelta(minutes=minutes))


async def test_a_form_of_another_site_or_without_its_token_changes_nothing(
    desk: Console, db: Database
) -> None:
    browser = await desk.log_in("管理")
    fields = {"old": "", "password": PASSWORD, "again": PASSWORD}

    assert (await browser.post("/console/account/password", fields, token="guessed")).status == 403
    abroad = {"Sec-Fetch-Site": "cross-site"}
    login = {"login": "muyuan", "password": PASSWORD}
    page = await desk.stranger().post("/console/login", login, token="", headers=abroad)
    assert page.status == 403


async def test_who_is_led_on_stays_in_the_console(desk: Console) -> None:
    page = await desk.stranger().get("/console/login?next=https://elsewhere.example/")
    assert "elsewhere" not in page.text


async def test_what_is_wrong_with_the_service_stands_above_the_countys_pages_until_cleared(
    desk: Console, db: Database
) -> None:
    county, town = await desk.log_in("管理"), await desk.log_in("管理", TOWN)
    detail = "数据库还没有备份过,请运行 mingbai backup"
    await alarms.note(db, [Condition(key="backup", kind="backup", detail=detail)], NOW)

    assert detail in (await county.get("/console/")).text
    assert detail not in (await town.get("/console/")).text

    await db.run("UPDATE alarms SET cleared_at = 1")
    assert detail not in (await county.get("/console/")).text
