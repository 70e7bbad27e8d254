"""Satisfaction is asked once, alone on the screen, and never counted from whoever did the work."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from notifications import proposals
from notifications.inbox import Asking, Reply, answer, keep
from notifications.satisfaction import ask, rate
from storage import people
from storage.moments import to_ms
from storage.requests import Kind, Request
from tests.conftest import NOW
from tests.notifications.world import TOWN, VILLAGE, County, openid, phone, usual_terms

TERMS = usual_terms()
LATER = NOW + timedelta(hours=1)


async def answered(county: County, asker: str, author: str = "cadre", key: str = "key") -> Request:
    asking = Asking(
        kind=Kind.QUESTION, village=VILLAGE, text="路灯", message_key=key, person_id=asker,
        channel="sms",
    )  # fmt: skip
    request = await keep(county.db, county.sealer, asking, NOW)
    assert request is not None
    await answer(county.db, county.sealer, TERMS, request, Reply("好"), author=author, now=NOW)
    await county.db.run("UPDATE deliveries SET state = 'sent' WHERE state = 'new'")
    return request


async def asked(county: County, now: object = LATER) -> int:
    async with county.db.transaction():
        return await ask(county.db, TERMS, now)  # type: ignore[arg-type]


async def states(county: County) -> Counter[str]:
    return Counter(row["state"] for row in await county.db.rows("SELECT state FROM ratings"))


async def test_it_is_asked_once_when_there_was_time_to_read(county: County) -> None:
    asker = await county.person(phone=phone(8))
    request = await answered(county, asker)

    assert await asked(county, NOW + timedelta(minutes=10)) == 0
    assert await asked(county) == 1
    assert await asked(county) == 0

    row = await county.db.row("SELECT params FROM campaigns WHERE template = 'rate_service'")
    assert row is not None
    assert request.number in row["params"]


async def test_nobody_is_asked_in_the_middle_of_a_talk(county: County) -> None:
    asker = await county.person(phone=phone(8))
    await answered(county, asker)
    await county.db.run(
        "INSERT INTO conversations (person_id, sealed, expires_at) VALUES (?, ?, ?)",
        asker, b"x", to_ms(LATER + timedelta(minutes=5)),
    )  # fmt: skip

    assert await asked(county) == 0
    assert await asked(county, LATER + timedelta(minutes=6)) == 1


async def test_two_answers_are_not_asked_about_at_once(county: County) -> None:
    asker = await county.person(phone=phone(8))
    await answered(county, asker, key="one")
    await answered(county, asker, key="two")

    assert await asked(county) == 1
    assert await asked(county) == 0
    await rate(county.db, [asker], 1, said="1", message_key="r", now=LATER)
    assert await asked(county) == 1


async def test_a_reply_counts_once(county: County) -> None:
    asker = await county.person(phone=phone(8))
    await answered(county, asker)
    await asked(county)

    first = await rate(county.db, [asker], 2, said="2", message_key="r1", now=LATER)
    again = await rate(county.db, [asker], 3, said="3", message_key="r2", now=LATER)

    assert first is not None
    assert again is None
    (row,) = await county.db.rows("SELECT score, said, state FROM ratings")
    assert (row["score"], row["said"], row["state"]) == (2, "2", "rated")


async def test_whoever_answered_is_not_asked_how_content_they_are(county: County) -> None:
    cadre = await county.person(phone=phone(8), role="干部")
    await answered(county, cadre, author=cadre)

    assert await asked(county) == 0
    assert await states(county) == {"void": 1}


async def test_a_reply_over_the_answerers_phone_is_in_no_sum(county: County) -> None:
    asker = await county.person(phone=phone(8))
    cadre = await county.person(phone=phone(9), role="干部")
    await answered(county, asker, author=cadre)
    await asked(county)
    await people.add_address(county.db, county.sealer, cadre, "sms", phone(8), NOW)

    await rate(county.db, [asker, cadre], 1, said="1", message_key="r", now=LATER)

    assert await states(county) == {"void": 1}


async def test_the_first_low_rating_proposes_an_early_reminder_once(county: County) -> None:
    await county.person(openid=openid(5), role="管理", region=TOWN)
    for number in (1, 2):
        asker = await county.person(phone=phone(number))
        await answered(county, asker, key=f"key{number}")
        await asked(county)
        await rate(county.db, [asker], 3, said="不满意", message_key=f"r{number}", now=LATER)

    async with county.db.transaction():
        made = await proposals.look(county.db, TERMS, LATER)
    async with county.db.transaction():
        again = await proposals.look(county.db, TERMS, LATER)

    assert (made, again) == (1, 0)
    (row,) = await county.db.rows("SELECT signal, village, title FROM proposals")
    assert tuple(row.values()) == ("first_low_rating", VILLAGE, "头一回有人对回话不满意")
