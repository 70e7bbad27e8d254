"""People are known by what a list knows of them; guessing ends after five tries."""

from datetime import timedelta

import pytest

from storage import identities
from storage.database import Database
from storage.identities import Claim, Proof, key_of, line_digest
from storage.sealing import Sealer
from tests.conftest import NOW

VILLAGE, OTHER = "990101101200", "990101101201"


@pytest.fixture
async def key(db: Database, sealer: Sealer) -> str:
    key = key_of(sealer, "乔木兰", "12X4")
    line = line_digest((("name", "乔*兰"), ("amount", 84_000)))
    await identities.save_claims(db, [Claim(VILLAGE, "低保", "2026-10", line, key)] * 2)
    return key


async def proved(db: Database, key: str, person: str = "me", days: int = 0) -> Proof:
    now = NOW + timedelta(days=days)
    return await identities.prove(db, person, VILLAGE, key, actor=person, now=now)


async def test_whoever_is_on_a_list_of_the_village_finds_their_rows(db: Database, key: str) -> None:
    assert await proved(db, key) is Proof.PROVED

    (claim,) = await identities.claims_of(db, "me")
    assert (claim.book, claim.period) == ("低保", "2026-10")
    assert await identities.claims_of(db, "neighbour") == []


async def test_a_list_of_another_village_proves_nothing(db: Database, key: str) -> None:
    found = await identities.prove(db, "me", OTHER, key, actor="me", now=NOW)

    assert found is Proof.UNKNOWN


async def test_five_wrong_tries_lock_for_a_day_and_only_that_person(
    db: Database, sealer: Sealer, key: str
) -> None:
    wrong = key_of(sealer, "乔木兰", "0000")

    tries = [await proved(db, wrong) for _ in range(5)]
    locked = await proved(db, key)
    other = await proved(db, key, "other")
    later = await proved(db, key, days=2)

    assert tries == [Proof.UNKNOWN] * 4 + [Proof.LOCKED]
    assert locked is Proof.LOCKED
    assert other is Proof.PROVED
    assert later is Proof.PROVED


async def test_a_right_try_forgets_the_wrong_ones(db: Database, sealer: Sealer, key: str) -> None:
    wrong = key_of(sealer, "乔木兰", "0000")
    for _ in range(3):
        for _ in range(4):
            await proved(db, wrong)
        assert await proved(db, key) is Proof.PROVED


async def test_a_household_may_prove_several(db: Database, sealer: Sealer, key: str) -> None:
    son = key_of(sealer, "乔大山", "5678")
    await identities.save_claims(db, [Claim(VILLAGE, "粮补", "2026", "b" * 64, son)])
    await proved(db, key)
    await proved(db, son)

    assert {claim.book for claim in await identities.claims_of(db, "me")} == {"低保", "粮补"}


async def test_the_village_may_vouch_for_somebody(db: Database, key: str) -> None:
    await identities.vouch(db, "me", key, actor="clerk", note="到村里当面核对", now=NOW)

    assert await identities.is_proved(db, "me")
    assert len(await identities.claims_of(db, "me")) == 1


async def test_neither_name_nor_number_lies_in_the_store(db: Database, key: str) -> None:
    await proved(db, key)

    for table in ("claims", "identities", "audit"):
        for row in await db.rows(f"SELECT * FROM {table}"):  # noqa: S608
            assert "乔木兰" not in str(row)
            assert "12X4" not in str(row)
