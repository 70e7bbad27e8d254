"""How a request is shown to a visitor: in which words, and how much of whoever asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from console.staff.inbox import texts
from console.staff.routes import Visit
from notifications.campaigns import local_day
from notifications.inbox import CLOCKS, clock_of, is_late, may_oversee
from storage import people, regions, requests
from storage.database import Database
from storage.requests import Kind, Request, State
from storage.sealing import Sealer


@dataclass(frozen=True, slots=True)
class Line:
    """A request in a list."""

    number: str
    kind: str
    village: str
    due: str
    is_late: bool
    began: str
    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """An answer as it is shown."""

    office: str
    author: str
    text: str
    at: datetime
    delivery: str
    is_lost: bool
    in_time: bool


@dataclass(frozen=True, slots=True)
class Clocked:
    """The clock in words; `limit` is set where the day of the rule is another one."""

    rule: str
    source: str
    due: date
    limit: date | None
    more_days: int


def due_words(request: Request, today: date) -> str:
    """How long there is still, or how late it is."""
    left = (request.due_on - today).days
    if left < 0:
        return texts.LATE.format(days=-left)
    return texts.DAYS_LEFT.format(days=left) if left else texts.DUE_TODAY


async def lines(db: Database, sealer: Sealer, found: Sequence[Request], today: date) -> list[Line]:
    names = await _names(db, {one.village for one in found})
    return [
        Line(
            number=one.number,
            kind=texts.KINDS[one.kind],
            village=names.get(one.village, one.village),
            due=due_words(one, today) if one.state is State.OPEN else texts.STATES[one.state],
            is_late=is_late(one, today),
            began=f"{one.counted_from.month}月{one.counted_from.day}日",
            text=requests.text_of(sealer, one)[:40],
        )
        for one in found
    ]


async def told(db: Database, sealer: Sealer, request: Request) -> list[Told]:
    answers = await requests.answers(db, sealer, request)
    names = await _names(db, {one.office for one in answers})
    found = []
    for one in answers:
        author = await people.person(db, one.author)
        found.append(
            Told(
                office=names.get(one.office, one.office),
                author=author.name if author else "",
                text=one.text,
                at=one.at,
                delivery=texts.DELIVERIES[one.delivery],
                is_lost=one.delivery in texts.NOT_DELIVERED,
                in_time=local_day(one.at) <= one.due_on,
            )
        )
    return found


def clocked(request: Request) -> Clocked:
    clock = clock_of(request.kind, request.level)
    moved = request.limit_on if request.limit_on != request.due_on else None
    more = clock.more_days if not request.extended else 0
    return Clocked(clock.words, clock.source, request.due_on, moved, more)


async def asker(db: Database, sealer: Sealer, request: Request, visit: Visit) -> str:
    """Who asked, as far as the visitor may know: of an objector the village learns nothing."""
    if request.kind is Kind.OBJECTION and not may_oversee(visit.staff.posts, request):
        return texts.HIDDEN
    if name := requests.asker_of(sealer, request):
        return name
    person = await people.person(db, request.person_id) if request.person_id else None
    return person.name if person and person.name else texts.NAMELESS


async def office(db: Database, request: Request) -> str:
    place = await regions.region(db, request.office)
    return texts.ROLES[request.role].format(place=place.name if place else request.office)


def rules() -> list[tuple[str, str, str]]:
    """Every kind with its clock and where that comes from."""
    return [(texts.KINDS[kind], clock.words, clock.source) for kind, clock in CLOCKS.items()]


async def _names(db: Database, codes: set[str]) -> dict[str, str]:
    found = {code: await regions.region(db, code) for code in sorted(codes)}
    return {code: place.name for code, place in found.items() if place}
