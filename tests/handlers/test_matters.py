"""Where an application stands is told to whoever it belongs to, and to nobody else."""

from dataclasses import replace
from datetime import date

import pytest

from handlers import texts
from handlers.matters import Matters
from handlers.turn import Conversation, Inbound, Kind, Reply, Turn
from storage import matters, people
from storage.database import Database
from storage.matters import Application, Matter, Result, Step
from storage.residents import Resident
from storage.sealing import Sealer
from tests.conftest import NOW
from understanding import Intent, Meaning
from understanding.own_matters import asks_about_own_matter

TODAY = date(2026, 11, 24)
MINE, HIS = "16600010071", "16600010072"


@pytest.fixture
async def applicants(db: Database, sealer: Sealer) -> None:
    for person, phone in (("me", MINE), ("him", HIS)):
        await people.add_address(db, sealer, person, "sms", phone, NOW)


async def opened(db: Database, sealer: Sealer, person: str = "me", **changes: object) -> Matter:
    application = Application(
        village="990101101200",
        item_code="D01",
        item_name="低保申请初审",
        steps=(Step("受理", "村务专干"), Step("评议", "村民委员会主任")),
        applicant="乔木兰",
        applicant_masked="乔*兰",
        applicant_id=person,
        due_on=date(2026, 12, 8),
    )
    return await matters.open_matter(
        db, sealer, replace(application, **changes), actor="operator", now=NOW, today=TODAY  # type: ignore[arg-type]
    )  # fmt: skip


async def ask(db: Database, sealer: Sealer, text: str, phone: str = MINE) -> Reply:
    turn = Turn(
        inbound=Inbound("sms", "key", Kind.TEXT, phone, text=text),
        resident=Resident("me", None, None, known=True),
        meaning=Meaning(Intent.UNCLEAR),
        conversation=Conversation(), now=NOW, today=TODAY, village=None, chain_head=0,
    )  # fmt: skip
    return await Matters(db, sealer).answer(turn)


@pytest.mark.usefixtures("applicants")
async def test_the_applicant_hears_which_step_it_is_and_by_when_it_ends(
    db: Database, sealer: Sealer
) -> None:
    matter = await opened(db, sealer)
    await matters.do_step(db, matter.number, 1, actor="clerk", now=NOW, today=TODAY)

    reply = await ask(db, sealer, "我的事办到哪步了")

    assert "办到第2步,一共2步:评议,由村民委员会主任办。最晚2026年12月8日办完。" in reply.text
    assert matter.number in reply.text


@pytest.mark.usefixtures("applicants")
async def test_a_neighbour_who_knows_the_number_hears_nothing(db: Database, sealer: Sealer) -> None:
    matter = await opened(db, sealer)

    theirs = await ask(db, sealer, matter.number, phone=HIS)
    nobodys = await ask(db, sealer, "10000000", phone=HIS)

    assert theirs.text == nobodys.text == texts.NOT_YOUR_MATTER


@pytest.mark.usefixtures("applicants")
async def test_the_result_is_told_with_its_day_and_amount(db: Database, sealer: Sealer) -> None:
    matter = await opened(db, sealer, steps=())
    await matters.close(db, matter.number, Result("同意", TODAY, 36_050), actor="clerk", now=NOW)

    reply = await ask(db, sealer, f"办件号{matter.number}")

    assert "2026年11月24日办好了,结果:同意,360.50元。" in reply.text


@pytest.mark.usefixtures("applicants")
async def test_whoever_has_applied_for_nothing_is_told_where_to_ask(
    db: Database, sealer: Sealer
) -> None:
    assert (await ask(db, sealer, "我的事办到哪步了")).text == texts.NO_MATTERS


@pytest.mark.usefixtures("applicants")
async def test_a_number_as_it_is_given_out_is_known_for_one(db: Database, sealer: Sealer) -> None:
    matter = await opened(db, sealer)

    assert asks_about_own_matter(matter.number)
