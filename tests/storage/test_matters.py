"""A matter goes its item's way step by step, ends with a result, and is its applicant's alone."""

from dataclasses import replace
from datetime import date

import pytest

from storage import matters, people
from storage.database import Database
from storage.matters import (
    AlreadyDone,
    Application,
    Matter,
    MatterState,
    NoResult,
    NotInOrder,
    Result,
    Step,
    StepsLeft,
    UnknownMatter,
)
from storage.sealing import Sealer
from tests.conftest import NOW

TODAY = date(2026, 11, 24)
GRANTED = Result("同意", TODAY, 36_000)
APPLICATION = Application(
    village="990101101200",
    item_code="D01",
    item_name="低保申请初审",
    steps=(Step("受理", "村务专干"), Step("评议", "村民委员会主任")),
    applicant="乔木兰",
    applicant_masked="乔*兰",
    applicant_id="person",
    due_on=date(2026, 12, 8),
)


async def opened(db: Database, sealer: Sealer, application: Application = APPLICATION) -> Matter:
    return await matters.open_matter(
        db, sealer, application, actor="operator", now=NOW, today=TODAY
    )


async def step(db: Database, matter: Matter, no: int) -> Matter:
    return await matters.do_step(db, matter.number, no, actor="clerk", now=NOW, today=TODAY)


async def closed(db: Database, matter: Matter, result: Result = GRANTED) -> Matter:
    return await matters.close(db, matter.number, result, actor="clerk", now=NOW)


async def test_a_new_matter_has_a_number_that_is_easy_to_type(db: Database, sealer: Sealer) -> None:
    first, second = await opened(db, sealer), await opened(db, sealer)

    assert first.number.isdecimal()
    assert len(first.number) == 8
    assert first.number != second.number
    assert (first.state, first.next_step) == (MatterState.OPEN, 1)


async def test_steps_are_done_in_their_order_only(db: Database, sealer: Sealer) -> None:
    matter = await opened(db, sealer)

    with pytest.raises(NotInOrder) as early:
        await step(db, matter, 2)
    after = await step(db, matter, 1)
    with pytest.raises(NotInOrder):
        await step(db, matter, 1)

    assert early.value.expected == 1
    assert (after.done_on, after.next_step) == ((TODAY,), 2)


async def test_a_matter_ends_when_every_step_is_done_and_there_is_a_result(
    db: Database, sealer: Sealer
) -> None:
    matter = await opened(db, sealer)
    await step(db, matter, 1)

    with pytest.raises(StepsLeft) as left:
        await closed(db, matter)
    await step(db, matter, 2)
    with pytest.raises(NoResult):
        await closed(db, matter, replace(GRANTED, text="  "))
    done = await closed(db, matter)

    assert left.value.expected == 2
    assert (done.state, done.result, done.amount_fen) == (MatterState.DONE, "同意", 36_000)


async def test_what_is_done_stays_as_it_is(db: Database, sealer: Sealer) -> None:
    matter = await opened(db, sealer, replace(APPLICATION, steps=()))
    await closed(db, matter)

    with pytest.raises(AlreadyDone):
        await closed(db, matter, replace(GRANTED, text="不同意"))


async def test_a_household_sees_its_own_matters_and_nobody_elses(
    db: Database, sealer: Sealer
) -> None:
    for person in ("mother", "son"):
        await people.add_address(db, sealer, person, "sms", "16600010071", NOW)
    hers = await opened(db, sealer, replace(APPLICATION, applicant_id="mother"))
    his = await opened(db, sealer, replace(APPLICATION, applicant_id="son"))
    await opened(db, sealer, replace(APPLICATION, applicant_id="neighbour"))

    found = await matters.of_address(db, sealer, "sms", "166 0001 0071")

    assert {matter.id for matter in found} == {hers.id, his.id}


async def test_the_applicants_name_lies_sealed(db: Database, sealer: Sealer) -> None:
    await opened(db, sealer)

    row = await db.row("SELECT * FROM matters")

    assert row is not None
    assert "乔木兰" not in str(row)
    assert sealer.open_address(bytes(row["applicant_sealed"])).decode() == "乔木兰"


async def test_only_results_that_may_be_shown_are_shown(db: Database, sealer: Sealer) -> None:
    for is_public in (True, False):
        application = replace(APPLICATION, steps=(), is_public=is_public)
        matter = await opened(db, sealer, application)
        await closed(db, matter)
    await opened(db, sealer, replace(APPLICATION, is_public=True))

    (shown,) = await matters.results(db, APPLICATION.village)

    assert shown.is_public
    assert shown.applicant_masked == "乔*兰"


async def test_open_matters_are_found_on_the_day_of_their_limit(
    db: Database, sealer: Sealer
) -> None:
    late = await opened(db, sealer, replace(APPLICATION, due_on=TODAY))
    await opened(db, sealer)
    done = await opened(db, sealer, replace(APPLICATION, steps=(), due_on=TODAY))
    await closed(db, done)

    found = await matters.overrun(db, date(2026, 11, 23), TODAY)

    assert [matter.id for matter in found] == [late.id]


async def test_an_unknown_number_is_no_matter(db: Database) -> None:
    with pytest.raises(UnknownMatter):
        await matters.by_number(db, "12345678")
