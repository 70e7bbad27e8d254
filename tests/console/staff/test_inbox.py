"""People's inbox in the console: who sees what, answered once, contacts hidden from the village."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest

from bot.app import answering
from notifications.inbox import Asking, keep
from notifications.templates import ensure_templates
from storage import audit, people, requests
from storage.clock import HeldClock
from storage.database import Database
from storage.requests import Kind, Request, State
from storage.sealing import Sealer
from tests.conftest import NOW
from tests.console import county
from tests.console.staff.kit import TOWN, VILLAGE, Console

PHONE = "16600010071"
INBOX = "/console/inbox"


@pytest.fixture(autouse=True)
async def _templates(db: Database) -> None:
    await ensure_templates(db, NOW)


async def kept(db: Database, sealer: Sealer, kind: Kind = Kind.QUESTION, key: str = "k") -> Request:
    person, _ = await people.ensure_person(db, sealer, "sms", PHONE, NOW)
    await db.run("UPDATE people SET name = '乔木兰' WHERE id = ?", person.id)
    asking = Asking(
        kind=kind, village=VILLAGE, text="路灯坏了哪个来修", message_key=key,
        person_id=person.id, channel="sms",
    )  # fmt: skip
    found = await keep(db, sealer, asking, NOW)
    assert found is not None
    return found


async def test_a_cadre_answers_and_it_goes_to_the_phone_once(
    desk: Console, db: Database, sealer: Sealer
) -> None:
    request = await kept(db, sealer)
    cadre = await desk.log_in("干部", VILLAGE)

    listed = await cadre.get(INBOX)
    page = await cadre.get(f"{INBOX}/{request.number}")
    done = await cadre.follow(
        await cadre.post(f"{INBOX}/{request.number}/answer", {"text": "后天来修"})
    )
    again = await cadre.post(f"{INBOX}/{request.number}/answer", {"text": "我再答一次"})

    assert request.number in listed.text
    assert "还有3天" in listed.text
    assert "3个工作日" in page.text
    assert "本地要求" in page.text
    assert "乔木兰" in page.text
    assert PHONE not in page.text
    assert "答复好了" in done.text
    assert again.status == 422
    assert "别人刚才已经答复了" in again.text
    assert "我再答一次" in again.text
    rows = await db.rows("SELECT id FROM campaigns WHERE template = 'request_answered'")
    assert len(rows) == 1


async def test_an_empty_answer_and_one_with_a_number_keep_what_was_typed(
    desk: Console, db: Database, sealer: Sealer
) -> None:
    request = await kept(db, sealer)
    cadre = await desk.log_in("干部", VILLAGE)
    path = f"{INBOX}/{request.number}/answer"

    empty = await cadre.post(path, {"text": " "})
    personal = await cadre.post(path, {"text": "打13900001234找电工"})

    assert (empty.status, personal.status) == (422, 422)
    assert "还没有写答复" in empty.text
    assert "会被遮住" in personal.text
    assert "找电工" in personal.text
    assert (await requests.by_id(db, request.id)).state is State.OPEN


async def test_the_village_learns_nothing_of_an_objector(
    desk: Console, db: Database, sealer: Sealer
) -> None:
    request = await kept(db, sealer, Kind.OBJECTION)
    committee = await desk.log_in("监委会", VILLAGE)
    town = await desk.log_in("管理", TOWN)
    cadre = await desk.log_in("干部", VILLAGE)
    path = f"{INBOX}/{request.number}"

    seen = await committee.get(path)
    refused = await committee.post(f"{path}/contact", {"reason": "想问问"})
    unreasoned = await town.post(f"{path}/contact", {"reason": ""})
    opened = await town.post(f"{path}/contact", {"reason": "要当面核对"})

    assert "对村里不显示" in seen.text
    assert "乔木兰" not in seen.text
    assert PHONE not in seen.text
    assert refused.status == 404
    assert unreasoned.status == 422
    assert PHONE not in unreasoned.text
    assert PHONE in opened.text
    assert (await cadre.get(path)).status == 404
    acts = [act.action for act in await audit.about(db, request.id)]
    assert acts.count("contact_opened") == 1


async def test_another_village_and_another_role_see_nothing(
    desk: Console, db: Database, sealer: Sealer
) -> None:
    request = await kept(db, sealer)
    for role, region in (("干部", "990101101201"), ("监委会", VILLAGE), ("监督员", VILLAGE)):
        somebody = await desk.log_in(role, region)
        assert (await somebody.get(f"{INBOX}/{request.number}")).status == 404
        assert request.number not in (await somebody.get(INBOX)).text


async def test_a_superior_grants_more_time_once(
    desk: Console, db: Database, sealer: Sealer
) -> None:
    request = await kept(db, sealer, Kind.REQUEST)
    town, cadre = await desk.log_in("管理", TOWN), await desk.log_in("干部", VILLAGE)
    path = f"{INBOX}/{request.number}"

    assert (await cadre.post(f"{path}/extend")).status == 404
    assert "延长了" in (await town.follow(await town.post(f"{path}/extend"))).text
    assert (await town.post(f"{path}/extend")).status == 422


async def test_a_public_reply_is_read_by_everybody_in_its_public_words(
    desk: Console, db: Database, sealer: Sealer
) -> None:
    request = await kept(db, sealer)
    await requests.agree(db, request.number, request.person_id or "")
    cadre = await desk.log_in("干部", VILLAGE)

    await cadre.post(
        f"{INBOX}/{request.number}/answer",
        {"text": "后天来修", "public": "1", "public_question": "路灯谁修?", "public_reply": ""},
    )

    (shown,) = await requests.published(db, VILLAGE)
    assert (shown.question, shown.reply) == ("路灯谁修?", "后天来修")


async def test_what_waits_is_on_the_first_page(desk: Console, db: Database, sealer: Sealer) -> None:
    request = await kept(db, sealer)

    assert request.number in (await (await desk.log_in("干部", VILLAGE)).get("/console/")).text
    assert request.number not in (await (await desk.log_in("管理", TOWN)).get("/console/")).text


async def test_many_are_listed_by_pages(desk: Console, db: Database, sealer: Sealer) -> None:
    for number in range(31):
        await kept(db, sealer, key=f"k{number}")
    cadre = await desk.log_in("干部", VILLAGE)

    first, second = await cadre.get(INBOX), await cadre.get(f"{INBOX}?page=2")

    pattern = re.compile(r'href="/console/inbox/\d{8}"')
    assert len(pattern.findall(first.text)) == 30
    assert len(pattern.findall(second.text)) == 1


# --- at the counter -------------------------------------------------------------------------------


@pytest.fixture
async def counter(db: Database, sealer: Sealer, clock: HeldClock) -> AsyncIterator[Console]:
    """A console whose counter asks the real service."""
    await county.save_county(db)
    await county.publish(db, VILLAGE, county.many_lines(3, "2026-09"), "2026-09")
    async with answering(db, sealer, clock) as parts:
        console = Console(db, sealer, clock, parts.at_counter)
        await console.start()
        yield console
        await console.stop()


async def test_a_question_at_the_counter_is_answered_numbered_and_printed(
    counter: Console, db: Database
) -> None:
    clerk = await counter.log_in("录入", VILLAGE)
    question = {"village": "听竹村", "question": "2026年9月花了多少钱"}

    asked = await clerk.post("/console/counter", question)
    kept_page = await clerk.post("/console/counter/keep", {**question, "once": "one"})
    sheet = await clerk.follow(kept_page)
    twice = await clerk.post("/console/counter/keep", {**question, "once": "one"})

    assert "支出" in asked.text
    assert "留编号,打印答复" in asked.text
    (row,) = await db.rows("SELECT number, state, taken_by FROM requests")
    assert row["number"] in sheet.text
    assert "支出" in sheet.text
    assert "回复编号" not in sheet.text
    assert (row["state"], row["taken_by"]) == ("answered", clerk.person_id)
    assert twice.status == 303


async def test_what_nothing_answers_is_handed_on_with_a_name_and_a_number(
    counter: Console, db: Database, sealer: Sealer
) -> None:
    clerk = await counter.log_in("录入", VILLAGE)
    typed = {
        "village": "听竹村", "question": "2031年9月花了多少钱", "name": "乔木兰", "phone": PHONE,
        "kind": "application",
    }  # fmt: skip

    wrong = await clerk.post("/console/counter/keep", {**typed, "phone": "12345"})
    sheet = await clerk.follow(await clerk.post("/console/counter/keep", typed))

    assert wrong.status == 422
    assert "这不像手机号" in wrong.text
    assert "乔木兰" in wrong.text
    (row,) = await db.rows("SELECT id FROM requests")
    request = await requests.by_id(db, row["id"])
    assert (request.kind, request.channel, request.state) == (
        Kind.APPLICATION,
        "sms",
        State.OPEN,
    )
    assert requests.asker_of(sealer, request) == "乔木兰"
    assert "2026年12月22日前答复" in sheet.text


async def test_an_allegation_at_the_counter_is_kept_nowhere(counter: Console, db: Database) -> None:
    clerk = await counter.log_in("录入", VILLAGE)
    typed = {"village": "听竹村", "question": "我要举报村主任吃回扣"}

    asked = await clerk.post("/console/counter", typed)
    kept_page = await clerk.post("/console/counter/keep", typed)

    for page in (asked, kept_page):
        assert "12388" in page.text
    assert await db.rows("SELECT id FROM requests") == []


async def test_a_clerk_asks_for_the_own_village_only(counter: Console) -> None:
    clerk = await counter.log_in("录入", VILLAGE)

    other = await clerk.post("/console/counter", {"village": "大坪里", "question": "花了多少钱"})

    assert other.status == 422
    assert "不归您管" in other.text


async def test_the_counter_leaves_no_person_behind(counter: Console, db: Database) -> None:
    clerk = await counter.log_in("录入", VILLAGE)
    before = await db.rows("SELECT id FROM people")

    for text in ("我要订阅账目", "2026年9月花了多少钱", "我是听竹村的", "注销"):
        await clerk.post("/console/counter", {"village": "听竹村", "question": text})

    assert await db.rows("SELECT id FROM people") == before
    assert await db.rows("SELECT * FROM follows") == []
