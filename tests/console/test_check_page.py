"""The page that says whether anything was changed: right, cached by the chain, and not for long."""

from __future__ import annotations

import pytest

from console import check_page
from storage import chain
from storage.database import Database
from tests.console.conftest import Browse
from tests.console.county import TINGZHU, publish, save_county
from tests.storage.making import make_line, on_sqlite

CHECK = f"/v/{TINGZHU}/check"
OTHER = "990101101201"
_TAMPER = "UPDATE disclosures SET body = replace(body, '68000', '58000') WHERE village = ?"


@pytest.fixture
async def published(db: Database) -> Database:
    await save_county(db)
    for village in (TINGZHU, OTHER):
        await publish(db, village, [make_line("2026-10-02")], "2026-10")
    return db


async def test_untouched_village_gets_one_sentence_the_dates_and_the_head(
    published: Database, browse: Browse
) -> None:
    page = await browse(CHECK)

    assert page.one(cls="verdict").text == "没有被改动。公开过的1份，每一份都和公开时一样。"
    assert page.one("svg").attributes["aria-label"] == "没有被改动"
    assert page.one(cls="facts").pairs() == {
        "最早公开": "2026年11月8日 09:10",
        "最近公开": "2026年11月8日 09:10",
        "核对时间": "2026年11月24日 09:30",
    }
    assert page.one("code").text.replace(" ", "") == (await chain.head(published)).hash


async def test_changed_figure_is_told_with_its_month(published: Database, browse: Browse) -> None:
    await published.run(_TAMPER, TINGZHU)

    page = await browse(CHECK)
    other = await browse(f"/v/{OTHER}/check")

    assert page.one(cls="verdict").text == "对不上。2026年10月的账和公开时的不一样，或者不见了。"
    assert page.one("svg").attributes["aria-label"] == "对不上"
    assert "没有被改动" in other.one(cls="verdict").text


@on_sqlite
async def test_change_is_seen_once_the_finding_is_old(
    published: Database, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_page, "KEPT_SECONDS", 0.0)
    before = await browse(CHECK)
    await published.run(_TAMPER, TINGZHU)

    after = await browse(CHECK)

    assert "没有被改动" in before.one(cls="verdict").text
    assert "对不上" in after.one(cls="verdict").text


@on_sqlite
async def test_new_publication_is_checked_at_once(published: Database, browse: Browse) -> None:
    await browse(CHECK)
    await publish(published, TINGZHU, [make_line("2026-09-02")], "2026-09")

    page = await browse(CHECK)

    assert "公开过的2份" in page.one(cls="verdict").text


@on_sqlite
async def test_village_without_publications_is_neither_right_nor_wrong(
    db: Database, browse: Browse
) -> None:
    await save_county(db)

    page = await browse(CHECK)

    assert page.one(cls="verdict").text == "还没有公开过东西，没有可以核对的。"
    assert page.find("svg") == []


async def test_head_that_was_noted_is_found_again(published: Database, browse: Browse) -> None:
    noted = (await chain.head(published)).hash[:16]
    await publish(published, TINGZHU, [make_line("2026-09-02")], "2026-09")

    page = await browse(f"{CHECK}?head=+{noted[:4].upper()}+{noted[4:]}")

    assert page.one(cls="good").text == (
        "✓ 找到了：是第2环，2026年11月8日 09:10。从那时到现在没有被改动。"
    )


@pytest.mark.parametrize(
    ("head", "said"),
    [("0" * 16, "找不到这个链头"), ("abc", "至少要8位"), ("%25%25%25%25", "至少要8位")],
)
@on_sqlite
async def test_head_that_is_nowhere_or_no_head_is_told(
    published: Database, browse: Browse, head: str, said: str
) -> None:
    page = await browse(f"{CHECK}?head={head}")

    assert said in page.one("form").text
