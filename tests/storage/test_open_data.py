"""Open data, and the stand-alone script that checks it from outside (docs/verify_chain.py)."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import BaseTestServer, TestServer

from console.open_data import OpenData
from storage import chain, disclosures, open_data
from storage.canonical import canonical, digest
from storage.chain import Event
from storage.database import Database
from storage.published import PublishedAccounts
from storage.regions import VillageFacts, save_villages
from tests.conftest import NOW
from tests.storage.making import (
    VILLAGE,
    make_batch,
    make_line,
    on_sqlite,
    publish,
    publish_other,
)

SCRIPT = Path(__file__).resolve().parents[2] / "docs/verify_chain.py"
FACTS = VillageFacts(VILLAGE, "听竹村", "村", "990101000000", "明禾县", "990101101000", "竹影镇")

Check = Callable[..., Awaitable[tuple[int, str]]]


@pytest.fixture
async def ids(db: Database) -> list[str]:
    """Months published, corrected, withdrawn, and one with a name erased."""
    await save_villages(db, [FACTS])
    made = []
    for line in (
        make_line(payee="郑*秀", summary='换"灯头"\n2个'),
        make_line(payee="郑*秀", amount=-30_000),
        make_line("2026-04-01"),
        make_line("2026-05-01", payee="贺*生"),
    ):
        made.append((await publish(db, make_batch(line)))[0].id)
    await disclosures.withdraw(db, made[2], "误公开", "operator", NOW)
    published = PublishedAccounts(db)
    (may,) = (await published.newest(VILLAGE)).month("2026-05")
    await disclosures.erase_personal(db, made[3], [f"{may.entries[0].id}.payee"], "system", NOW)
    return made


@pytest.fixture
async def server(db: Database) -> AsyncIterator[BaseTestServer]:
    app = web.Application()
    OpenData(db, PublishedAccounts(db)).add_to(app)
    async with TestServer(app) as running:
        yield running


@pytest.fixture
def check(server: BaseTestServer) -> Check:
    """Runs the script as anybody would, and gives its exit status and what it said."""

    async def checked(*words: str) -> tuple[int, str]:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-I", str(SCRIPT), str(server.make_url("/")), *words,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
            env={"PYTHONUTF8": "1"},
        )  # fmt: skip
        out, _ = await process.communicate()
        assert process.returncode is not None
        return process.returncode, out.decode()

    return checked


async def test_untouched_accounts_hold_from_outside(
    db: Database, ids: list[str], check: Check
) -> None:
    noted = (await open_data.links(db, 2, 1))[0]["hash"]

    status, said = await check("--head", noted)

    assert (status, said.count("没有被")) == (0, 2), said
    assert (await chain.head(db)).hash in said


TAMPERING = {
    "UPDATE disclosures SET body = replace(body, '-30000', '-40000')": "内容被改过",
    "UPDATE disclosures SET body = replace(body, '骆启明', '骆明')": "内容被改过",
    "UPDATE disclosures SET personal = replace(personal, '郑', '王')": "对方或摘要被改过",
    "UPDATE disclosures SET personal = '{}' WHERE version = 2": "不见了的姓名",
    "UPDATE disclosures SET state = 'draft' WHERE version = 2": "现在看不到了",
    "UPDATE disclosures SET state = 'draft'": "现在看不到了",
    "UPDATE disclosures SET withdrawn_reason = '技术原因'": "撤下的理由",
    "UPDATE disclosures SET published_at = published_at + 1": "公开时间",
    "UPDATE chain SET content = hash WHERE seq = 3": "接不上",
    "DELETE FROM chain WHERE seq = 2": "少了",
}


@on_sqlite
async def test_what_is_changed_inside_is_seen_from_outside(
    db: Database, ids: list[str], check: Check
) -> None:
    tables = ("disclosures", "chain")
    for table in tables:
        await db.run(f"CREATE TABLE sound_{table} AS SELECT * FROM {table}")  # noqa: S608

    for statement, text in TAMPERING.items():
        await db.run(statement)
        status, said = await check()
        for table in tables:
            await db.run(f"DELETE FROM {table}")  # noqa: S608
            await db.run(f"INSERT INTO {table} SELECT * FROM sound_{table}")  # noqa: S608

        assert (status, text in said) == (1, True), f"{statement}: {said}"
    assert (await check())[0] == 0


@on_sqlite
async def test_chain_rewritten_from_inside_is_seen_by_who_noted_a_head(
    db: Database, ids: list[str], check: Check
) -> None:
    noted = (await chain.head(db)).hash
    await db.run("DELETE FROM chain")
    await db.run("DELETE FROM disclosures WHERE version = 1 OR state = 'withdrawn'")
    (row,) = await db.rows("SELECT id, body FROM disclosures")
    await chain.append(db, Event.PUBLISHED, row["id"], digest(row["body"]), NOW)

    without, _ = await check()
    against, said = await check("--head", noted)

    assert (without, against) == (0, 1)
    assert "重做过" in said


@on_sqlite
async def test_what_cannot_be_read_is_not_taken_for_a_change(check: Check, db: Database) -> None:
    empty, said = await check()
    await db.run("DROP TABLE chain")

    status, broken = await check()

    assert (empty, status) == (0, 2), said
    assert "没有核对成" in broken


@on_sqlite
async def test_month_shows_what_the_contract_says(db: Database, ids: list[str]) -> None:
    march = await open_data.accounts(db, VILLAGE, "2026-03")
    april = await open_data.accounts(db, VILLAGE, "2026-04")

    assert march is not None
    assert april is not None
    assert {key: march[key] for key in ("village", "code", "period")} == {
        "village": "听竹村",
        "code": VILLAGE,
        "period": "2026-03",
    }
    (book,) = march["books"]
    assert [book[key] for key in ("book", "version", "income", "expense", "opening")] == [
        "村委会",
        2,
        "0.00",
        "-300.00",
        None,
    ]
    entry: dict[str, Any] = book["entries"][0]
    assert (entry["amount"], entry["payee"], entry["direction"]) == ("-300.00", "郑*秀", "支出")
    assert [version["version"] for version in march["earlier"]] == [1]
    assert (april["books"], april["withdrawn"][0]["withdrawn_reason"]) == ([], "误公开")
    assert await open_data.accounts(db, VILLAGE, "2020-01") is None


ANOTHER = {
    "a.name": ["0" * 32, "骆*明"],
    "b.name": ["1" * 32, "柏*松"],
}
ENTRIES = ({"id": "a", "post": "主任"}, {"id": "b", "post": "会计"}, {"id": "c", "post": "文书"})


@pytest.fixture
async def others(db: Database) -> list[str]:
    """Versions of another kind: corrected, in force with a name erased; and one withdrawn."""
    first = await publish_other(db, *ENTRIES[:2], personal=ANOTHER)
    second = await publish_other(db, *ENTRIES, personal=ANOTHER, version=2)
    third = await publish_other(db, *ENTRIES, kind="rules")
    await disclosures.erase_personal(db, second, ["b.name"], "system", NOW)
    await disclosures.withdraw(db, third, "误公开", "operator", NOW)
    return [first, second, third]


async def test_disclosure_of_another_kind_shows_all_that_was_hashed(
    db: Database, others: list[str]
) -> None:
    first, second, third = [await open_data.disclosure(db, VILLAGE, name) for name in others]
    links = await open_data.links(db, 0)

    assert first is not None
    assert second is not None
    assert digest(canonical(second["body"])) == links[1]["content"]
    assert [first["state"], second["state"]] == ["corrected", "published"]
    assert second["personal"] == {"a.name": ANOTHER["a.name"]}
    assert [links[n]["kind"] for n in (0, 2)] == ["contacts", "rules"]
    assert third is not None
    assert third["withdrawn_reason"] == "误公开"
    assert "body" not in third
    assert await chain.verify(db) is None


@on_sqlite
async def test_accounts_drafts_and_other_villages_are_not_shown_as_disclosures(
    db: Database, ids: list[str], others: list[str]
) -> None:
    await db.run("UPDATE disclosures SET state = 'draft' WHERE id = ?", others[1])

    assert await open_data.disclosure(db, VILLAGE, ids[1]) is None
    assert await open_data.disclosure(db, VILLAGE, others[1]) is None
    assert await open_data.disclosure(db, "990101101201", others[0]) is None


async def test_disclosures_of_another_kind_hold_from_outside(
    ids: list[str], others: list[str], check: Check
) -> None:
    status, said = await check()

    assert (status, "2 份其他公开" in said) == (0, True), said


TAMPERING_OTHERS = {
    "UPDATE disclosures SET body = replace(body, '会计', '出纳') WHERE kind = 'contacts'": (
        "内容被改过"
    ),
    "UPDATE disclosures SET personal = replace(personal, '骆', '王')": "个人信息被改过",
    "UPDATE disclosures SET personal = '{}' WHERE kind = 'contacts'": "不见了的个人信息",
    "UPDATE disclosures SET state = 'draft' WHERE kind = 'contacts'": "现在看不到了",
    "UPDATE disclosures SET state = 'published' WHERE kind = 'contacts'": "对不上",
    "UPDATE disclosures SET kind = 'decisions' WHERE kind = 'contacts'": "别的名目",
    "UPDATE disclosures SET withdrawn_reason = '技术原因' WHERE kind = 'rules'": "撤下的理由",
    "UPDATE disclosures SET published_at = published_at + 1 WHERE kind = 'contacts'": "公开时间",
}


@on_sqlite
async def test_other_disclosures_changed_inside_are_seen_from_outside(
    db: Database, others: list[str], check: Check
) -> None:
    await db.run("CREATE TABLE sound AS SELECT * FROM disclosures")

    for statement, text in TAMPERING_OTHERS.items():
        await db.run(statement)
        status, said = await check()
        await db.run("DELETE FROM disclosures")
        await db.run("INSERT INTO disclosures SELECT * FROM sound")

        assert (status, text in said) == (1, True), f"{statement}: {said}"
    assert (await check())[0] == 0


@on_sqlite
async def test_chain_is_read_in_pages(db: Database, ids: list[str]) -> None:
    first = await open_data.links(db, 0, 4)
    rest = await open_data.links(db, 4, 4)

    assert [link["seq"] for link in first + rest] == [1, 2, 3, 4, 5, 6]
    assert [link["event"] for link in rest] == ["withdrawn", "erased"]
    assert (await open_data.head(db))["head"] == rest[-1]["hash"]


@pytest.mark.parametrize(("query", "status"), [("?after=x", 400), ("", 200), ("?after=999", 200)])
@on_sqlite
async def test_odd_questions_for_the_chain_get_plain_answers(
    server: BaseTestServer, query: str, status: int
) -> None:
    async with (
        ClientSession() as session,
        session.get(server.make_url(f"/api/v1/chain.json{query}")) as answer,
    ):
        assert answer.status == status
