"""Early reminders: a signal proposes, a superior decides, and nobody hears before (domain.md, M60).

The signals are what a village let pass for the first time, the first doubtful rows of one of its
books, and the first reply that somebody was not content with an answer or a matter of its.
"""

from __future__ import annotations

import logging
from datetime import date, datetime
from types import MappingProxyType
from typing import Final

from notifications import texts
from notifications.calendar import period_text
from notifications.campaigns import CampaignError, Order, create_duty, local_day
from notifications.confirming import superior_region
from notifications.schedules import Job, Misfire, Occasion
from notifications.terms import Terms
from storage import audit, people, proposals, regions
from storage.audience import Audience, Group
from storage.database import Database
from storage.proposals import Decision, Form, Proposal, Seen, Signal, State, UnknownProposal
from understanding.posts import post_of

log = logging.getLogger(__name__)

NAME = "proposals"
CRON = "40 * * * *"
_MANAGES, _ENTERS = "管理", "录入"
_AT_ONCE = 200  # proposals of one run: the rest waits an hour, well within the day
_TOLD_KEY, _SENT_KEY = "proposal:", "early:"

ROLES: Final = MappingProxyType(dict.fromkeys(Signal, _MANAGES))
"""Who decides, of the region above: all signals are of disclosure (contract.md, section 5)."""

_POSTS: Final = MappingProxyType(
    {
        Signal.OVERDUE: frozenset(map(post_of, ("会计", "书记"))),
        Signal.ANOMALY: frozenset((post_of("会计"),)),
        Signal.LOW_RATING: frozenset(map(post_of, ("村主任", "书记"))),
    }
)
"""The village's posts that a signal concerns, besides whoever enters its data."""


class NotTheirs(LookupError):
    """The proposal is not for this person to decide, or there is none: they do not learn which."""


class NobodyConcerned(ValueError):
    """Nobody who was concerned is in office any more: there is nobody to be reminded."""


def early_proposals(db: Database, terms: Terms) -> Job:
    """Every hour: what was seen for the first time."""

    async def run(occasion: Occasion) -> None:
        await look(db, terms, occasion.now)

    return Job(name=NAME, cron=CRON, run=run, misfire=Misfire.RUN_LATEST)


async def look(db: Database, terms: Terms, now: datetime) -> int:
    """Proposes what signals give cause for, and tells the superiors; returns how many are new.

    To be called in a transaction. A proposal for which nobody holds the role yet is told to whoever
    takes it up.
    """
    made = 0
    for seen in (await _signals(db))[:_AT_ONCE]:
        if proposal := await proposals.make(db, seen, now):
            told = {"signal": proposal.signal.value, "village": proposal.village}
            await audit.record(db, audit.SYSTEM, "proposal_made", proposal.number, told, now=now)
            made += 1
    nobody = 0
    for proposal in await proposals.untold(db, _TOLD_KEY):
        try:
            nobody += not await _tell(db, terms, proposal, now)
        except CampaignError:  # words that no channel takes: it is listed, and the others are told
            log.error("proposal %s cannot be told by message", proposal.id)
    if nobody:
        log.warning("%d proposals have nobody above who may decide on them", nobody)
    return made


async def _signals(db: Database) -> list[Seen]:
    found = [
        (one.source, Signal.OVERDUE, one.village, texts.FIRST_OVERDUE.format(title=one.title))
        for one in await proposals.first_overdue(db)
    ]
    for doubt in await proposals.first_doubts(db):
        # What sets other lists apart may be somebody's name: theirs is left out.
        book = doubt.book if doubt.kind == "accounts" else ""
        title = texts.FIRST_DOUBT.format(
            book=book,
            kind=texts.DOUBTED.get(doubt.kind, texts.DOUBTED_OTHER),
            period=period_text([doubt.period[:7]]),
        )
        found.append((doubt.source, Signal.ANOMALY, doubt.village, title))
    found += [
        (source, Signal.LOW_RATING, village, texts.FIRST_LOW_RATING)
        for source, village in await proposals.first_low_ratings(db)
    ]
    seen = []
    for source, signal, village, title in found:
        place = await regions.region(db, village)
        if place and place.parent:
            seen.append(
                Seen(
                    source=source,
                    signal=signal,
                    village=village,
                    title=title[:_LONGEST],
                    role=ROLES[signal],
                    region=place.parent,
                )
            )
    return seen


_LONGEST = 80  # of the column


async def _tell(db: Database, terms: Terms, proposal: Proposal, now: datetime) -> bool:
    """Tells the nearest region above where somebody may decide; False where nobody may."""
    today = local_day(now)
    above = await superior_region(db, proposal.village, proposal.role, today)
    if above is None:
        return False
    order = Order(
        template="proposal_made",
        audience=f"role={proposal.role},region={above}",
        whom=Audience(groups=(Group(roles=(proposal.role,), regions=(above,)),), on=today),
        params={
            "village": await _village_name(db, proposal),
            "item": proposal.title,
            "number": proposal.number,
        },
        key=f"{_TOLD_KEY}{proposal.id}",
    )
    await create_duty(db, terms, order, now=now, actor=audit.SYSTEM)
    return True


# --- the decision ---------------------------------------------------------------------------------


async def confirm(
    db: Database, terms: Terms, number: str, *, form: Form, by: str, now: datetime
) -> int:
    """Somebody's yes: by text whoever is concerned is written to, once; returns how many people.

    Raises NotTheirs, NobodyConcerned and Decided.
    """
    async with db.transaction():
        proposal = await _theirs(db, number, by, now)
        decision = Decision(state=State.CONFIRMED, by=by, at=now, form=form)
        await proposals.decide(db, proposal, decision)
        whom = await concerned(db, proposal, now)
        if form is Form.TEXT:
            if not whom:
                raise NobodyConcerned
            await _remind(db, terms, proposal, whom, by, now)
        told = {"form": form.value, "people": len(whom), "village": proposal.village}
        await audit.record(db, by, "proposal_confirmed", number, told, now=now)
    return len(whom)


async def dismiss(db: Database, number: str, *, reason: str, by: str, now: datetime) -> None:
    """Somebody's no, and why. Raises NotTheirs and Decided."""
    async with db.transaction():
        proposal = await _theirs(db, number, by, now)
        decision = Decision(state=State.DISMISSED, by=by, at=now, reason=reason)
        await proposals.decide(db, proposal, decision)
        told = {"village": proposal.village}
        await audit.record(db, by, "proposal_dismissed", number, told, now=now)


async def concerned(db: Database, proposal: Proposal, now: datetime) -> list[str]:
    """The ids of whom it concerns: in such an office when it was seen, and still."""
    then = await _in_charge(db, proposal, local_day(proposal.made_at))
    today = await _in_charge(db, proposal, local_day(now))
    return sorted(then & today)


async def _in_charge(db: Database, proposal: Proposal, on: date) -> set[str]:
    wanted = _POSTS[proposal.signal]
    return {
        post.person_id
        for post in await people.posts_in(db, proposal.village, on)
        if post.role == _ENTERS or any(post_of(one) in wanted for one in post.title.split("、"))
    }


async def _theirs(db: Database, number: str, by: str, now: datetime) -> Proposal:
    """The proposal, for whoever holds the role above its village today and is not concerned."""
    try:
        proposal = await proposals.by_number(db, number)
    except UnknownProposal:
        raise NotTheirs from None
    above = await _region_above(db, proposal.region)
    held = await people.posts_of(db, by, local_day(now))
    if not any(post.role == proposal.role and post.region in above for post in held):
        raise NotTheirs
    if by in await concerned(db, proposal, now):
        raise NotTheirs
    return proposal


async def _region_above(db: Database, code: str) -> set[str]:
    """The region itself and every one above it."""
    found: set[str] = set()
    current: str | None = code
    while current and current not in found:
        found.add(current)
        place = await regions.region(db, current)
        current = place.parent if place else None
    return found


async def _remind(
    db: Database, terms: Terms, proposal: Proposal, whom: list[str], by: str, now: datetime
) -> None:
    village = await _village_name(db, proposal)
    order = Order(
        template="early_reminder",
        audience=f"person={'|'.join(whom)}",
        whom=Audience(groups=(Group(people=tuple(whom)),), on=local_day(now)),
        params={"text": f"{village}{proposal.title}"},
        key=f"{_SENT_KEY}{proposal.id}",
        link=f"/v/{proposal.village}",
    )
    campaign = await create_duty(db, terms, order, now=now, actor=by)
    await proposals.note_sent(db, proposal, campaign)


async def _village_name(db: Database, proposal: Proposal) -> str:
    place = await regions.region(db, proposal.village)
    return place.name if place else proposal.village
