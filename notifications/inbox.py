"""People's inbox: who answers by when, who hears of it, and the answer on the asker's own channel.

Domain.md, section 6: each kind has a clock of its own, in working days or in days, with the rule it
comes from. The numbers stand in one table. What is late is told to the region above. Tips are
nothing of this: they have another way (domain.md, section 7).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Final

from notifications import texts
from notifications.calendar import day_text
from notifications.campaigns import Order, create_duty, local_day
from notifications.confirming import superior_region
from notifications.rhythms.days import work_days
from notifications.schedules import Job, Misfire, Occasion
from notifications.terms import Terms
from storage import audit, regions, requests
from storage.audience import Audience, Group
from storage.database import Database
from storage.people import Post
from storage.requests import Deadline, Kind, New, Request, Seen, State
from storage.sealing import Sealer

INBOX = "inbox_clocks"
INBOX_CRON = "*/5 * * * *"
MANAGES, SUPERVISES, ACTS, ENTERS = "管理", "监委会", "干部", "录入"
_AT_ONCE = 500
_NEW_KEY = "request_new:"
_LONGEST_ANSWER = 2000


@dataclass(frozen=True, slots=True)
class Clock:
    """A limit from the day after receipt, and the rule that it comes from."""

    days: int
    working: bool
    source: str
    more_days: int = 0  # that a superior may grant once

    @property
    def words(self) -> str:
        unit = texts.WORKING_DAYS if self.working else texts.CALENDAR_DAYS
        return f"{self.days}{unit}"


CLOCKS: Final[Mapping[Kind, Clock]] = MappingProxyType(
    {
        Kind.QUESTION: Clock(3, working=True, source=texts.SOURCE_TARGET),
        Kind.APPLICATION: Clock(20, working=True, source=texts.SOURCE_OPENNESS, more_days=20),
        Kind.REQUEST: Clock(60, working=False, source=texts.SOURCE_PETITIONS, more_days=30),
        Kind.OBJECTION: Clock(10, working=False, source=texts.SOURCE_SICHUAN),
    }
)
"""Of the village's answer."""

CLOCKS_ABOVE: Final[Mapping[Kind, Clock]] = MappingProxyType(
    {
        Kind.QUESTION: Clock(3, working=True, source=texts.SOURCE_TARGET),
        Kind.APPLICATION: Clock(20, working=True, source=texts.SOURCE_OPENNESS, more_days=20),
        Kind.REQUEST: Clock(30, working=False, source=texts.SOURCE_REVIEW),
        Kind.OBJECTION: Clock(20, working=False, source=texts.SOURCE_SICHUAN),
    }
)
"""Of a region above, where whoever asked was not content."""

ANSWERS: Final[Mapping[Kind, str]] = MappingProxyType(
    {
        Kind.QUESTION: ACTS,
        Kind.APPLICATION: ACTS,
        Kind.REQUEST: ACTS,
        Kind.OBJECTION: SUPERVISES,
    }
)
"""The role in the village that answers, as whoever asked was told."""

ROLES_OF: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {ACTS: (ACTS, ENTERS), SUPERVISES: (SUPERVISES,), MANAGES: (MANAGES,)}
)
"""Who acts for such a role."""


class NotTheirs(LookupError):
    """It is not for this person to see or do, or there is none: they do not learn which."""


class NobodyAbove(ValueError):
    """There is no region above that could take it up."""


class EmptyAnswer(ValueError):
    """An answer says something."""


def clock_of(kind: Kind, level: int) -> Clock:
    return CLOCKS_ABOVE[kind] if level else CLOCKS[kind]


async def deadline(db: Database, from_day: date, clock: Clock, *, extra: int = 0) -> Deadline:
    """By when: days that are no working days run on, and one that ends on a day off moves to the
    next one worked (domain.md, section 6)."""
    count = clock.days + extra
    days = await work_days(db, from_day, from_day + timedelta(days=count * 2))
    if clock.working:
        due_on, provisional = days.due(from_day, count)
        return Deadline(from_day, due_on, due_on, provisional)
    limit_on = from_day + timedelta(days=count)
    due_on, provisional = days.due(limit_on, 0)
    return Deadline(from_day, limit_on, due_on, provisional)


# --- kept -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What somebody wants to be answered. Without a person nobody can be written to."""

    kind: Kind
    village: str
    text: str
    message_key: str
    person_id: str | None = None
    channel: str = ""
    asker: str = ""
    subject: str = ""
    taken_by: str = ""


async def keep(db: Database, sealer: Sealer, asking: Asking, now: datetime) -> Request | None:
    """Keeps it; None where this message was kept before. The next `look` tells who is to answer."""
    async with db.transaction():
        kept = await requests.store(
            db,
            sealer,
            New(
                kind=asking.kind,
                village=asking.village,
                role=ANSWERS[asking.kind],
                text=asking.text,
                deadline=await deadline(db, local_day(now), CLOCKS[asking.kind]),
                message_key=asking.message_key,
                person_id=asking.person_id,
                channel=asking.channel,
                asker=asking.asker,
                subject=asking.subject,
                taken_by=asking.taken_by,
            ),
            now,
        )
        if kept is None:
            return None
        actor = asking.taken_by or audit.SYSTEM
        told = {"kind": kept.kind.value, "village": kept.village}
        await audit.record(db, actor, "request_kept", kept.id, told, now=now)
    return kept


async def _tell_office(db: Database, terms: Terms, request: Request, now: datetime) -> None:
    """Tells those who are to answer that there is something; never what, nor of whom."""
    await _tell(
        db,
        terms,
        template="request_new",
        region=request.office,
        roles=ROLES_OF[request.role],
        params=await _params(db, request) | {"due": day_text(request.due_on)},
        key=f"{_NEW_KEY}{request.id}:{request.level}",
        now=now,
    )


# --- who may --------------------------------------------------------------------------------------


def seen_by(posts: Iterable[Post]) -> list[Seen]:
    """Which requests the holder of these posts sees.

    The committee what is put to it, cadres what is put to the village, 管理 all of its region.
    """
    found = []
    for post in posts:
        prefix = _prefix(post.region)
        if post.role == MANAGES:
            found.append(Seen((prefix,)))
        elif post.role == SUPERVISES:
            found.append(Seen((prefix,), (SUPERVISES,)))
        elif post.role in ROLES_OF[ACTS]:
            found.append(Seen((prefix,), (ACTS,)))
    return found


def may_see(posts: Iterable[Post], request: Request) -> bool:
    """As `seen_by`; what was passed up stays visible to who answered first."""
    roles = {ANSWERS[request.kind], request.role}
    for one in seen_by(posts):
        if request.village.startswith(one.prefixes[0]) and (
            not one.roles or roles & set(one.roles)
        ):
            return True
    return False


def may_answer(posts: Iterable[Post], request: Request) -> bool:
    """Whoever acts for the role in just that office."""
    roles = ROLES_OF[request.role]
    return any(post.role in roles and post.region == request.office for post in posts)


def may_oversee(posts: Iterable[Post], request: Request) -> bool:
    """管理 of a region above the office: grants more time, sees how the asker can be reached."""
    return any(
        post.role == MANAGES
        and post.region != request.office
        and request.office.startswith(_prefix(post.region))
        for post in posts
    )


def _prefix(region: str) -> str:
    if region.endswith("000000"):
        return region[:6]
    return region[:9] if region.endswith("000") else region


# --- answered -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; where it is to be public, question and reply in words that name nobody."""

    text: str
    public_question: str = ""
    public_reply: str = ""


async def answer(
    db: Database,
    sealer: Sealer,
    terms: Terms,
    request: Request,
    reply: Reply,
    *,
    author: str,
    now: datetime,
) -> bool:
    """Answers, and sends it over the channel that the question came by; False where it did not come
    by any, and the answer is told at the counter.

    Raises EmptyAnswer, and NotOpen (storage.requests) where somebody was faster: nothing is sent
    twice.
    """
    text = reply.text.strip()[:_LONGEST_ANSWER]
    if not text:
        raise EmptyAnswer
    async with db.transaction():
        await requests.answer(db, sealer, request, text, author=author, now=now)
        if request.may_publish and reply.public_question.strip():
            shown = reply.public_reply.strip() or text
            await requests.publish(db, request, reply.public_question.strip(), shown, now)
        told = {"kind": request.kind.value, "level": request.level, "village": request.village}
        await audit.record(db, author, "request_answered", request.id, told, now=now)
        if not request.person_id:
            return False
        await _send(db, terms, request, {"number": request.number, "text": text}, now, author)
    return True


async def _send(
    db: Database,
    terms: Terms,
    request: Request,
    params: Mapping[str, str],
    now: datetime,
    actor: str,
) -> None:
    order = Order(
        template="request_answered",
        audience=f"person={request.person_id}",
        whom=_person(request, now),
        params=params,
        key=f"request:{request.id}:answer:{request.level}",
        channels=(request.channel,) if request.channel else (),
    )
    campaign = await create_duty(db, terms, order, now=now, actor=actor)
    await requests.note_campaign(db, request, campaign)


async def extend(
    db: Database, terms: Terms, request: Request, *, by: str, now: datetime
) -> Request:
    """Grants the time that the rule allows once, and tells whoever asked (信访工作条例 34).

    Raises NotOpen (storage.requests) where it was granted, answered, or the rule allows none.
    """
    clock = clock_of(request.kind, request.level)
    if not clock.more_days:
        raise requests.NotOpen
    later = await deadline(db, request.counted_from, clock, extra=clock.more_days)
    async with db.transaction():
        await requests.extend(db, request, later)
        told = {"due": later.due_on.isoformat(), "village": request.village}
        await audit.record(db, by, "request_extended", request.id, told, now=now)
        if request.person_id:
            order = Order(
                template="request_extended",
                audience=f"person={request.person_id}",
                whom=_person(request, now),
                params={"number": request.number, "due": day_text(later.due_on)},
                key=f"request:{request.id}:extended:{request.level}",
                channels=(request.channel,) if request.channel else (),
            )
            await create_duty(db, terms, order, now=now, actor=by)
    return await requests.by_id(db, request.id)


async def pass_up(db: Database, request: Request, *, actor: str, now: datetime) -> Request:
    """Lets the nearest region above take it up, because whoever asked is not content.

    Raises NobodyAbove, and NotOpen (storage.requests) where there is no answer yet.
    """
    above = await superior_region(db, request.office, MANAGES, local_day(now))
    if above is None:
        raise NobodyAbove
    clock = CLOCKS_ABOVE[request.kind]
    async with db.transaction():
        later = await deadline(db, local_day(now), clock)
        await requests.pass_up(db, request, office=above, role=MANAGES, deadline=later)
        told = {"office": above, "village": request.village}
        await audit.record(db, actor, "request_passed_up", request.id, told, now=now)
    return await requests.by_id(db, request.id)


# --- the clock ------------------------------------------------------------------------------------


def inbox_clocks(db: Database, terms: Terms) -> Job:
    """Every five minutes: what is new, what is due today, what is late."""

    async def run(occasion: Occasion) -> None:
        await look(db, terms, occasion)

    return Job(name=INBOX, cron=INBOX_CRON, run=run, misfire=Misfire.RUN_LATEST)


async def look(db: Database, terms: Terms, occasion: Occasion) -> int:
    """Tells who is to answer what is new, reminds of what is due in the days up to today, and tells
    superiors what is late. Each once, however often this runs; returns how many it looked at.
    """
    now, today = occasion.now, local_day(occasion.now)
    made = 0
    for request in await requests.untold(db, _NEW_KEY, _AT_ONCE):
        await _tell_office(db, terms, request, now)
        made += 1
    for request in await requests.due_between(db, local_day(occasion.since), today):
        await _tell(
            db,
            terms,
            template="request_due",
            region=request.office,
            roles=ROLES_OF[request.role],
            params=await _params(db, request),
            key=f"request:{request.id}:due:{request.due_on.isoformat()}",
            now=now,
        )
        made += 1
    for request in await requests.overdue(db, today, _AT_ONCE):
        above = await superior_region(db, request.office, MANAGES, today)
        if above is None or not await requests.note_told_late(db, request):
            continue
        await _tell(
            db,
            terms,
            template="request_late",
            region=above,
            roles=(MANAGES,),
            params=await _params(db, request) | {"due": day_text(request.due_on)},
            key=f"request:{request.id}:late:{request.due_on.isoformat()}",
            now=now,
        )
        made += 1
    return made


async def _params(db: Database, request: Request) -> dict[str, str]:
    place = await regions.region(db, request.village)
    return {
        "village": place.name if place else request.village,
        "kind": texts.KINDS_OF_REQUESTS[request.kind],
        "number": request.number,
    }


async def _tell(
    db: Database,
    terms: Terms,
    *,
    template: str,
    region: str,
    roles: Sequence[str],
    params: Mapping[str, str],
    key: str,
    now: datetime,
) -> None:
    order = Order(
        template=template,
        audience=f"role={'|'.join(roles)},region={region}",
        whom=Audience(groups=(Group(roles=tuple(roles), regions=(region,)),), on=local_day(now)),
        params=params,
        key=key,
    )
    await create_duty(db, terms, order, now=now, actor=audit.SYSTEM)


def _person(request: Request, now: datetime) -> Audience:
    return Audience(groups=(Group(people=(request.person_id or "",)),), on=local_day(now))


def is_late(request: Request, today: date) -> bool:
    return request.state is State.OPEN and request.due_on < today
