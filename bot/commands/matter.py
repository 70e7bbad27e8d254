"""`mingbai matter`: villagers' applications, opened, moved on and ended at the counter."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import date, datetime

import click

from bot.app import terms
from bot.commands import store, texts
from bot.commands.acting import actor
from bot.commands.keys import load
from bot.config import Config
from bot.errors import Refused
from bot.importing.places import named_village
from bot.sms.callbacks import is_person
from notifications.matters import limit_of, tell_result
from storage import audit, matters, people, regions
from storage.clock import BEIJING
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
from storage.power_lists import PublishedPowerItems
from storage.sealing import Sealer, normal_phone
from workbooks.money import format_fen, read_money
from workbooks.names import mask_name
from workbooks.power_items import WORKDAYS


@dataclass(frozen=True, slots=True)
class _Desk:
    """What a step of work needs."""

    db: Database
    sealer: Sealer
    now: datetime

    @property
    def today(self) -> date:
        return self.now.astimezone(BEIJING).date()


def open_one(
    config: Config,
    *,
    village: str,
    item: str,
    applicant: str,
    contact: str | None,
    is_public: bool,
    person: str | None,
    now: datetime | None,
) -> None:
    """Opens a matter; its number alone on the last line.

    `item` is a power item's code, `contact` the applicant's phone number or openid (None: nobody
    can be written to), `is_public` whether the masked result may be shown to everybody.
    """

    async def work() -> Matter:
        async with _desk(config, now) as desk:
            doing = await actor(desk.db, desk.sealer, person)
            place = named_village(await regions.villages(desk.db), village).code
            listed = (await PublishedPowerItems(desk.db).newest(place, desk.today)).item(item)
            if listed is None:
                raise Refused(texts.NO_SUCH_ITEM.format(item=item))
            found = listed.item
            due = await limit_of(
                desk.db, desk.today, found.limit_days, working=found.limit_unit == WORKDAYS
            )
            application = Application(
                village=place,
                item_code=found.code,
                item_name=found.name,
                steps=tuple(Step(step.name, step.post) for step in found.steps),
                applicant=applicant,
                applicant_masked=mask_name(applicant),
                applicant_id=await _applicant(desk, contact, applicant) if contact else None,
                due_on=due,
                is_public=is_public,
            )
            return await matters.open_matter(
                desk.db, desk.sealer, application, actor=doing, now=desk.now, today=desk.today
            )

    matter = asyncio.run(work())
    click.echo(texts.MATTER_OPENED.format(item=matter.item_name, due=matter.due_on))
    click.echo(matter.number)


def do_step(
    config: Config, number: str, no: int, *, note: str, person: str | None, now: datetime | None
) -> None:
    """Marks a step as done. Only whoever holds the step's post may, or the operator."""

    async def work() -> Matter:
        async with _desk(config, now) as desk:
            doing = await actor(desk.db, desk.sealer, person)
            with _in_words():
                matter = await matters.by_number(desk.db, number)
                await _refuse_others(desk, matter, no, doing)
                return await matters.do_step(
                    desk.db, number, no, actor=doing, note=note, now=desk.now, today=desk.today
                )

    _show(asyncio.run(work()))


def close(
    config: Config,
    number: str,
    *,
    result: str,
    amount: str | None,
    person: str | None,
    now: datetime | None,
) -> None:
    """Ends a matter with its result, and tells the applicant."""
    money = read_money(amount) if amount else None
    if amount and money is None:
        raise Refused(texts.NOT_AN_AMOUNT.format(found=amount))

    async def work() -> tuple[Matter, bool]:
        async with _desk(config, now) as desk:
            doing = await actor(desk.db, desk.sealer, person)
            ended = Result(result, desk.today, money.fen if money else None)
            with _in_words():
                matter = await matters.close(desk.db, number, ended, actor=doing, now=desk.now)
            told = await tell_result(desk.db, terms(config), matter, desk.now)
            return matter, told

    matter, told = asyncio.run(work())
    _show(matter)
    click.echo(texts.MATTER_TOLD if told else texts.MATTER_NOT_TOLD)


def show(config: Config, number: str) -> None:
    """Prints where a matter stands, for whoever works on it."""

    async def work() -> Matter:
        async with _desk(config, None) as desk:
            with _in_words():
                return await matters.by_number(desk.db, number)

    _show(asyncio.run(work()))


@asynccontextmanager
async def _desk(config: Config, now: datetime | None) -> AsyncIterator[_Desk]:
    loaded = load(config)
    async with store.opened(config, loaded) as db:
        clock = await store.business_clock(db, now)
        yield _Desk(db, Sealer(loaded), clock.now())


async def _applicant(desk: _Desk, contact: str, name: str) -> str:
    """The person behind a number or openid: on a household's, the one of that name."""
    found = await people.find_people(desk.db, desk.sealer, contact)
    named = [one for one in found if one.name == name] or found
    if len(named) > 1:
        raise Refused(texts.SEVERAL_APPLICANTS)
    if named:
        return named[0].id
    if not is_person(normal_phone(contact)):
        raise Refused(texts.UNKNOWN_APPLICANT)
    person, _ = await people.ensure_person(desk.db, desk.sealer, "sms", contact, desk.now)
    return person.id


async def _refuse_others(desk: _Desk, matter: Matter, no: int, doing: str) -> None:
    """A step is its post's alone (M34)."""
    if doing == audit.OPERATOR or not 1 <= no <= len(matter.steps):
        return
    post = matter.steps[no - 1].post
    held = await people.posts_of(desk.db, doing, desk.today)
    if not any(one.title == post and one.region == matter.village for one in held):
        raise Refused(texts.NOT_YOUR_STEP.format(no=no, post=post))


@contextmanager
def _in_words() -> Iterator[None]:
    """Says what cannot be done, and what can."""
    try:
        yield
    except UnknownMatter:
        raise Refused(texts.UNKNOWN_MATTER) from None
    except AlreadyDone:
        raise Refused(texts.MATTER_IS_DONE) from None
    except NoResult:
        raise Refused(texts.MATTER_NEEDS_RESULT) from None
    except StepsLeft as left:
        raise Refused(texts.MATTER_STEPS_LEFT.format(no=left.expected)) from None
    except NotInOrder as order:
        text = texts.MATTER_NOT_IN_ORDER if order.expected else texts.MATTER_ALL_STEPS
        raise Refused(text.format(no=order.expected)) from None


def _show(matter: Matter) -> None:
    head = texts.MATTER_HEAD.format(
        number=matter.number, item=matter.item_name, applicant=matter.applicant_masked,
        opened=matter.opened_on, due=matter.due_on,
    )  # fmt: skip
    click.echo(head)
    for number, step in enumerate(matter.steps, 1):
        done = number <= len(matter.done_on)
        day = matter.done_on[number - 1] if done else texts.MATTER_NOT_YET
        click.echo(texts.MATTER_LINE.format(no=number, name=step.name, post=step.post, day=day))
    if matter.state is MatterState.DONE:
        amount = ""
        if matter.amount_fen is not None:
            amount = texts.MATTER_AMOUNT.format(amount=format_fen(matter.amount_fen))
        click.echo(
            texts.MATTER_RESULT.format(day=matter.decided_on, result=matter.result, amount=amount)
        )
