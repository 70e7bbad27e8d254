"""What the page says of a region: whether it is as published, and of how much."""

from datetime import timedelta

from storage import chain, checking
from storage.chain import Flaw
from storage.database import Database
from storage.ledgers import bring_in
from tests.conftest import NOW
from tests.storage.making import VILLAGE, make_batch, make_line, make_order, on_sqlite, publish

LATER = NOW + timedelta(days=30)


async def test_finding_counts_versions_and_tells_their_dates(db: Database) -> None:
    await publish(db, make_batch(make_line()))
    await bring_in(db, make_batch(make_line(amount=7)), make_order(publish=True, now=LATER))
    await publish(db, make_batch(make_line(), village="990101101201"))

    found = await checking.check(db, [VILLAGE])

    assert (found.broken, found.versions) == (None, 2)
    assert (found.first_at, found.newest_at) == (NOW, LATER)
    assert found.head == await chain.head(db)


@on_sqlite
async def test_finding_names_what_was_changed(db: Database) -> None:
    await publish(db, make_batch(make_line()))
    await publish(db, make_batch(make_line("2026-04-01")))
    await db.run("UPDATE disclosures SET body = replace(body, '68000', '58000')"
                 " WHERE period = '2026-04'")  # fmt: skip

    found = await checking.check(db, [VILLAGE])

    assert found.broken is not None
    assert (found.broken.flaw, found.kind, found.period) == (Flaw.BODY, "accounts", "2026-04")


async def test_region_that_published_nothing_has_nothing_wrong(db: Database) -> None:
    found = await checking.check(db, [VILLAGE])

    assert (found.broken, found.versions, found.first_at) == (None, 0, None)


@on_sqlite
async def test_noted_head_is_found_by_its_first_digits(db: Database) -> None:
    await publish(db, make_batch(make_line()))
    noted = (await chain.head(db)).hash[:12]
    await publish(db, make_batch(make_line("2026-04-01")))

    found = await checking.find_head(db, noted)

    assert found is not None
    assert (found.seq, found.at) == (1, NOW)
    assert await checking.find_head(db, "0" * 12) is None
