"""`mingbai education`: the year's plan of lessons, and what became of it (domain.md, M55)."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import date, datetime, timedelta

import click

from bot.commands import store, texts
from bot.commands.keys import load
from bot.config import Config
from bot.errors import Refused
from notifications.audience import AudienceError, by_ids, read_audience
from notifications.campaigns import local_day
from notifications.planning import FORM, form_of, usual_plan
from storage import audit, education, holidays, lessons
from storage.database import Database
from storage.education import GOOD_EXAMPLE, WARNING
from storage.lessons import Figures, Line, NewLine
from storage.sealing import Sealer

_YEAR = timedelta(days=400)
_LONGEST_AUDIENCE, _LONGEST_OWNER = 200, 40  # of the columns
FEWEST = 5
"""Posts held by fewer people are not shown by themselves."""


def show(config: Config, year: int | None, *, now: datetime | None) -> None:
    """Prints the lines of a year (None: this one), and how many there are of each kind."""

    async def work() -> tuple[int, list[Line]]:
        async with store.opened(config) as db:
            wanted = year or (await _moment(db, now))[1].year
            return wanted, await lessons.of_year(db, wanted)

    wanted, lines = asyncio.run(work())
    _print(wanted, lines)


def make(config: Config, year: int, form: str, *, now: datetime | None) -> None:
    """Plans the whole library over a year that has no plan yet."""

    async def work() -> list[Line]:
        async with store.opened(config) as db:
            moment, today = await _moment(db, now)
            if year < today.year:
                raise Refused(texts.EDUCATION_PAST_YEAR.format(year=year))
            if not (items := await education.all_items(db)):
                raise Refused(texts.EDUCATION_NO_LIBRARY)
            middle = date(year, 7, 1)
            table = await holidays.between(db, middle - 2 * _YEAR, middle + 2 * _YEAR)
            async with db.transaction():
                if await lessons.of_year(db, year):
                    raise Refused(texts.EDUCATION_HAS_PLAN.format(year=year))
                for line in usual_plan(year, items, table, after=today, form=form or FORM):
                    await lessons.add(db, line, moment)
                told = {"year": str(year)}
                await audit.record(
                    db, audit.OPERATOR, "education_planned", str(year), told, now=moment
                )
            return await lessons.of_year(db, year)

    _print(year, asyncio.run(work()))


def add(
    config: Config,
    day: date,
    item: str,
    audience: str,
    owner: str,
    form: str,
    *,
    now: datetime | None,
) -> None:
    """Plans one lesson."""
    if len(owner) > _LONGEST_OWNER:
        raise Refused(texts.EDUCATION_LONG.format(name="--owner", most=_LONGEST_OWNER))

    async def work() -> str:
        async with _keyed(config) as (db, sealer):
            moment, today = await _moment(db, now)
            if day < today:
                raise Refused(texts.EDUCATION_PAST_DAY.format(day=day, today=today))
            found = await education.item(db, item)
            if found is None:
                raise Refused(texts.EDUCATION_NO_ITEM.format(item=item))
            whom = await _audience(db, sealer, audience, day)
            if form and form not in found.forms:
                forms = texts.EDUCATION_JOINT.join(found.forms)
                raise Refused(texts.EDUCATION_FORM.format(form=form, item=item, forms=forms))
            line = NewLine(
                day=day,
                item_id=item,
                audience=whom,
                form=form or form_of(found),
                owner=owner,
            )
            async with db.transaction():
                made = await lessons.add(db, line, moment)
                if made is None:
                    raise Refused(texts.EDUCATION_TWICE.format(day=day, item=item))
                told = {"day": day.isoformat(), "item": item, "audience": whom}
                await audit.record(db, audit.OPERATOR, "lesson_added", made, told, now=moment)
            return made

    click.echo(texts.EDUCATION_ADDED.format(id=asyncio.run(work()), day=day, item=item))


def remove(config: Config, line_id: str, *, now: datetime | None) -> None:
    """Takes out a lesson that was not sent."""

    async def work() -> None:
        async with store.opened(config) as db, db.transaction():
            moment, _ = await _moment(db, now)
            if not await lessons.remove(db, line_id):
                raise Refused(texts.EDUCATION_NO_LINE.format(id=line_id))
            await audit.record(db, audit.OPERATOR, "lesson_removed", line_id, {}, now=moment)

    asyncio.run(work())
    click.echo(texts.EDUCATION_REMOVED)


def report(config: Config, year: int | None, *, as_json: bool, now: datetime | None) -> None:
    """Prints whom lessons reached, who read and answered them: by line, and by post."""

    async def work() -> tuple[list[Line], dict[str, Figures], list[tuple[str, Figures]]]:
        async with store.opened(config) as db:
            _, today = await _moment(db, now)
            wanted = year or today.year
            posts = await lessons.by_post(db, wanted, today, FEWEST, texts.EDUCATION_OTHERS)
            return await lessons.of_year(db, wanted), await lessons.by_line(db, wanted), posts

    lines, by_line, by_post = asyncio.run(work())
    nothing = Figures(0, 0, 0, 0, 0)
    told = [(line, by_line.get(line.id, nothing)) for line in lines]
    if as_json:
        found = {
            "lines": [_as_json(line) | asdict(figures) for line, figures in told],
            "posts": [{"post": post} | asdict(figures) for post, figures in by_post],
        }
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for line, figures in told:
        click.echo(_in_words(f"{line.day} {line.item_id} {line.tag}", figures))
    for post, figures in by_post:
        click.echo(_in_words(post, figures))
    if not told:
        click.echo(texts.EDUCATION_EMPTY)


@asynccontextmanager
async def _keyed(config: Config) -> AsyncIterator[tuple[Database, Sealer]]:
    keys = load(config)
    async with store.opened(config, keys) as db:
        yield db, Sealer(keys)


async def _moment(db: Database, now: datetime | None) -> tuple[datetime, date]:
    moment = (await store.business_clock(db, now)).now()
    return moment, local_day(moment)


async def _audience(db: Database, sealer: Sealer, expression: str, day: date) -> str:
    """The expression as it is kept, with people by id."""
    try:
        whom = await by_ids(db, sealer, expression)
        await read_audience(db, whom, day)
    except AudienceError as error:
        raise Refused(str(error)) from None
    if len(whom) > _LONGEST_AUDIENCE:
        raise Refused(texts.EDUCATION_LONG.format(name="--audience", most=_LONGEST_AUDIENCE))
    return whom


def _print(year: int, lines: Sequence[Line]) -> None:
    if not lines:
        click.echo(texts.EDUCATION_EMPTY)
        return
    for line in lines:
        click.echo(
            texts.EDUCATION_LINE.format(
                id=line.id,
                day=line.day,
                item=line.item_id,
                tag=line.tag,
                kind=line.education_type,
                form=line.form,
                audience=line.audience,
                owner=line.owner or texts.EDUCATION_NO_OWNER,
                state=texts.EDUCATION_STATES[line.state],
            ).rstrip()
        )
    kinds = Counter(line.education_type for line in lines)
    counted = texts.EDUCATION_JOINT.join(f"{kind} {n}" for kind, n in sorted(kinds.items()))
    click.echo(
        texts.EDUCATION_SUM.format(
            year=year, lines=len(lines), good=kinds[GOOD_EXAMPLE], bad=kinds[WARNING], kinds=counted
        )
    )


def _as_json(line: Line) -> dict[str, str]:
    return {
        "id": line.id,
        "day": line.day.isoformat(),
        "item": line.item_id,
        "tag": line.tag,
        "state": line.state.value,
    }


def _in_words(name: str, figures: Figures) -> str:
    return texts.EDUCATION_FIGURES.format(name=name, **asdict(figures))
