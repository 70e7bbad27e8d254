"""Readers of published accounts: whole versions, never back, nothing read twice for nothing."""

import asyncio
import itertools
from datetime import timedelta

from storage import chain, disclosures
from storage.database import Database
from storage.ledgers import bring_in
from storage.published import PastVersion, PublishedAccounts
from tests.conftest import NOW
from tests.storage.making import VILLAGE, make_batch, make_line, make_order, on_sqlite, publish

OTHER = "990101101201"


async def test_snapshot_is_read_once_until_its_village_publishes(db: Database) -> None:
    await publish(db, make_batch(make_line()))
    published = PublishedAccounts(db)
    head = await chain.height(db)
    first = await published.village(VILLAGE, head)
    await publish(db, make_batch(make_line(), village=OTHER))
    after_other = await chain.height(db)
    seen_before = published.cached(VILLAGE, after_other)
    same = await published.village(VILLAGE, after_other)
    await publish(db, make_batch(make_line("2026-04-01")))

    newer = await published.village(VILLAGE, await chain.height(db))

    assert first is same
    assert published.cached(VILLAGE, head) is newer
    assert seen_before is None  # nothing may be said of links that nobody has looked at
    assert [m.period for m in newer.months] == ["2026-03", "2026-04"]


@on_sqlite
async def test_village_without_publications_is_known_to_have_none(db: Database) -> None:
    published = PublishedAccounts(db)

    nothing = await published.village(VILLAGE, 0)

    assert nothing.months == ()
    assert published.cached(VILLAGE, 0) is nothing


@on_sqlite
async def test_drafts_are_nobodys_to_read(db: Database) -> None:
    await bring_in(db, make_batch(make_line()), make_order())

    assert (await PublishedAccounts(db).newest(VILLAGE)).months == ()


@on_sqlite
async def test_villages_asked_for_long_ago_make_room(db: Database) -> None:
    villages = [f"9901011012{number:02d}" for number in range(4)]
    for village in villages:
        lines = [make_line(voucher=f"记{number}") for number in range(10)]
        await publish(db, make_batch(*lines, village=village))
    published = PublishedAccounts(db, kept_entries=25)
    head = await chain.height(db)

    for village in villages:
        await published.village(village, head)

    kept = [village for village in villages if published.cached(village, head)]
    assert kept == villages[-2:]


async def test_readers_see_whole_versions_and_never_go_back(db: Database) -> None:
    """Every version of three months has one amount in all its rows, and a higher one each time."""
    rounds, months = 12, ("2026-03", "2026-04", "2026-05")
    published = PublishedAccounts(db)
    done = asyncio.Event()

    async def publisher() -> None:
        for amount in range(1, rounds + 1):
            lines = [
                make_line(f"{month}-01", f"记{number}", amount)
                for month in months
                for number in range(30)
            ]
            await publish(db, make_batch(*lines))
            await asyncio.sleep(0)
        done.set()

    async def reader() -> list[int]:
        seen: list[int] = []
        while not done.is_set() or not seen or seen[-1] < rounds:
            head = await chain.height(db)
            accounts = await published.village(VILLAGE, head)
            amounts = {entry.amount_fen for month in accounts.months for entry in month.entries}
            sizes = {len(month.entries) for month in accounts.months}
            assert len(amounts) <= 1, "a mixture of versions"
            assert sizes <= {30}
            assert len(accounts.months) in (0, len(months))
            seen.append(max(amounts, default=0))
            await asyncio.sleep(0)
        return seen

    writing = asyncio.create_task(publisher())
    seen = await asyncio.gather(*(reader() for _ in range(4)))
    await writing

    for amounts in seen:
        assert amounts == sorted(amounts)
        assert amounts[-1] == rounds
    assert any(len(set(amounts)) > 2 for amounts in seen)  # they did read while it was published


@on_sqlite
async def test_reader_who_knows_of_a_publication_sees_it(db: Database) -> None:
    published = PublishedAccounts(db)
    for amount in range(1, 5):
        await publish(db, make_batch(make_line(amount=amount)))

        accounts = await published.village(VILLAGE, await chain.height(db))

        assert accounts.months[0].expense_fen == amount


async def test_entry_is_found_by_its_id_in_every_version_of_its_month(db: Database) -> None:
    kept, gone = make_line(voucher="记1"), make_line(voucher="记2", summary="会议补贴")
    await publish(db, make_batch(kept, gone))
    published = PublishedAccounts(db)
    ids = {e.voucher_no: e.id for e in (await published.newest(VILLAGE)).months[0].entries}
    await publish(db, make_batch(make_line(voucher="记1", amount=7)))

    corrected = await published.entry_history(VILLAGE, ids["记1"])
    removed = await published.entry_history(VILLAGE, ids["记2"])

    assert [_amounts(version) for version in corrected] == [
        {"记1": 7},
        {"记1": 68_000, "记2": 68_000},
    ]
    assert [version.state for version in removed] == ["published", "corrected"]
    assert await published.entry_history(OTHER, ids["记1"]) == []
    assert await published.entry_history(VILLAGE, "%") == []


async def test_entry_of_a_withdrawn_month_is_found_but_not_shown(db: Database) -> None:
    await publish(db, make_batch(make_line()))
    published = PublishedAccounts(db)
    (accounts,) = (await published.newest(VILLAGE)).months
    await disclosures.withdraw(db, accounts.id, "误公开", "operator", NOW)

    (version,) = await published.entry_history(VILLAGE, accounts.entries[0].id)

    assert (version.accounts, version.withdrawn_reason) == (None, "误公开")
    assert version.withdrawn_at == NOW


def _amounts(version: PastVersion) -> dict[str, int]:
    assert version.accounts is not None
    return {entry.voucher_no: entry.amount_fen for entry in version.accounts.entries}


@on_sqlite
async def test_erasure_reaches_readers_who_have_read_before(db: Database) -> None:
    identity = (await publish(db, make_batch(make_line(payee="郑*秀"))))[0].id
    published = PublishedAccounts(db)
    entry = (await published.newest(VILLAGE)).months[0].entries[0]

    await disclosures.erase_personal(
        db, identity, [f"{entry.id}.payee"], "operator", NOW + timedelta(days=365)
    )

    after = await published.village(VILLAGE, await chain.height(db))
    assert after.months[0].entries[0].payee == "已隐去"


@on_sqlite
async def test_entries_stand_by_date_then_voucher_number(db: Database) -> None:
    order = [("2026-03-01", "记2"), ("2026-03-01", "记10"), ("2026-03-02", "记1")]
    lines = {place: make_line(*place) for place in order}

    for shuffled in itertools.permutations(order):
        await publish(db, make_batch(*(lines[place] for place in shuffled)))

    entries = (await PublishedAccounts(db).newest(VILLAGE)).months[0].entries
    assert [(entry.date.isoformat(), entry.voucher_no) for entry in entries] == order
