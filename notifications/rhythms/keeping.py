"""Keeps the calendar: what is due is written down, what was published is noted, the rest overdue.

Everything is derived from what the store holds, so that it makes no difference how often this runs,
or how late: a week without a service, a restart or a restore lose nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from notifications.calendar import months_before
from notifications.campaigns import local_day
from notifications.rhythms.days import WorkDays, work_days
from notifications.rhythms.events import KINDS_WITH_EVENTS, Observed, owed_by
from notifications.rhythms.permanent import reviews
from notifications.rhythms.regular import Planned, owed_regularly, since_month
from notifications.rhythms.rules import (
    KEEPS_PUBLISHING_MONTHS,
    PERMANENT_KINDS,
    PLANNED_AHEAD,
    QUARTERLY,
    QUARTERLY_KINDS,
    Rhythm,
    in_force,
)
from storage import dues, regions
from storage.bodies import KIND as ACCOUNTS
from storage.clock import BEIJING
from storage.database import Database
from storage.dues import Due, DueState, Fit, Owed
from storage.regions import Region

USUAL_BOOK = "村委会"
_OVERLAP = timedelta(days=2)  # what is looked at again, for replicas whose clocks differ
_LONGEST_LIMIT = timedelta(days=40)


async def keep(
    db: Database, now: datetime, *, since: datetime | None = None, village: str | None = None
) -> list[Due]:
    """Brings the calendar up to date, of all villages or of one, in the caller's transaction.

    Publications from `since` (None: now) on are looked at for events. Business time. Returns what
    is still to be published, the earliest first.
    """
    today = local_day(now)
    days = await work_days(db, today - _LONGEST_LIMIT, today + PLANNED_AHEAD + _LONGEST_LIMIT)
    began = await dues.began(db)
    first_day = local_day(began) if began else today
    rules = await in_force(db)
    quarter_day = rules[Rhythm.REGULAR].number
    regular, outdated = await _regular(db, today, days, village, quarter_day)
    versions = await dues.seen(db, KINDS_WITH_EVENTS, (since or now) - _OVERLAP, village)
    after = rules[Rhythm.PHASED].number
    owed = [one for version in versions for one in owed_by(Observed(version, now, days, after))]
    standing = await dues.standing(db, tuple(PERMANENT_KINDS), village)
    owed += reviews(standing, today, first_day, days)
    await dues.drop(db, outdated)
    await _add_new(db, [*regular, *(one for one in owed if one.due_on >= first_day)], now)
    await dues.reopen_withdrawn(db)
    found = await _recounted(db, await dues.open_dues(db, village), today, days)
    return await _settle(db, found, today, village)


async def _regular(
    db: Database, today: date, days: WorkDays, village: str | None, quarter_day: int
) -> tuple[list[Owed], list[str]]:
    """What is owed regularly, and the rows that no rule of today causes any more."""
    chosen = [one for one in await regions.villages(db) if village in (None, one.code)]
    planned = await dues.last_planned(db, Rhythm.REGULAR, village)
    outdated = _outdated(chosen, await dues.planned_after(db, ACCOUNTS, today, village))
    for kind in QUARTERLY_KINDS:
        lists = await dues.planned_after(db, kind, today, village)
        outdated += [
            due
            for due in lists
            if due.rhythm == Rhythm.REGULAR and due.counted_from.day != quarter_day
        ]
    gone = {(due.kind, due.village) for due in outdated}
    publishes: defaultdict[str, set[str]] = defaultdict(set)
    recent = await dues.published_periods(db, QUARTERLY_KINDS, since_month(today), village)
    for code, kind, _, _ in recent:
        publishes[code].add(kind)
    plan = Planned(
        today=today,
        days=days,
        # Where a rule has changed the calendar goes on from today.
        last_planned={key: min(day, today) if key in gone else day for key, day in planned.items()},
        publishes={code: frozenset(kinds) for code, kinds in publishes.items()},
        quarter_day=quarter_day,
    )
    return list(owed_regularly(chosen, plan)), [due.id for due in outdated]


def _outdated(villages: Iterable[Region], planned: Iterable[Due]) -> list[Due]:
    """What was planned by a frequency or a day that the village no longer has."""
    rules = {one.code: one for one in villages}
    gone = []
    for due in planned:
        region = rules.get(due.village)
        first = months_before(due.to_period, 2 if region and region.rhythm == QUARTERLY else 0)
        rule = (region.disclosure_day, first) if region else None
        if rule != (due.counted_from.day, due.from_period):
            gone.append(due)
    return gone


async def _add_new(db: Database, owed: Sequence[Owed], now: datetime) -> None:
    known = await dues.known(db, [one.source for one in owed])
    await dues.add(db, [one for one in owed if one.source not in known], now)


async def recount(db: Database) -> None:
    """Gives what waits its day anew: for whoever has just brought in a table of days off."""
    waiting = [due for due in await dues.open_dues(db) if due.state is DueState.WAITING]
    if waiting:
        counted = [due.counted_from for due in waiting]
        days = await work_days(db, min(counted), max(counted))
        await _recounted(db, waiting, None, days)


async def _recounted(
    db: Database, found: Sequence[Due], today: date | None, days: WorkDays
) -> list[Due]:
    """What is due before `today` keeps its day: it was judged by the table that there was."""
    done = []
    for due in found:
        if due.state is DueState.WAITING and (today is None or due.due_on >= today):
            day, provisional = days.due(due.counted_from, due.working_days)
            if (day, provisional) != (due.due_on, due.provisional):
                await dues.set_day(db, due.id, day, provisional=provisional)
                due = replace(due, due_on=day, provisional=provisional)
        done.append(due)
    return done


async def _settle(
    db: Database, found: Sequence[Due], today: date, village: str | None
) -> list[Due]:
    """Closes what is met, marks what is not and should have been; returns what stays open."""
    by_due: defaultdict[str, list[Fit]] = defaultdict(list)
    for fit in await dues.fits(db, village):
        by_due[fit.due_id].append(fit)
    books = await _books(db, today, village) if by_due else {}
    left = []
    for due in found:
        met = _met(due, by_due[due.id], books)
        if met:
            in_time = local_day(met.published_at) <= due.due_on
            state = DueState.PUBLISHED if in_time else DueState.LATE_PUBLISHED
            await dues.close(db, due.id, met, state, None if in_time else _day_after(due.due_on))
            continue
        if due.state is DueState.WAITING and due.due_on < today:
            await dues.mark_overdue(db, due.id, _day_after(due.due_on))
        left.append(due)
    return left


def _met(due: Due, fits: Sequence[Fit], books: dict[str, set[tuple[str, str]]]) -> Fit | None:
    """The publication with which everything was out; None as long as something is missing."""
    standing = {(fit.book, fit.period) for fit in fits if fit.stands}
    earliest: dict[tuple[str, str], Fit] = {}
    for fit in fits:  # by time
        if (fit.book, fit.period) in standing:
            earliest.setdefault((fit.book, fit.period), fit)
    if due.kind != ACCOUNTS:
        return min(earliest.values(), key=lambda fit: fit.published_at, default=None)
    since = months_before(due.from_period, KEEPS_PUBLISHING_MONTHS)
    kept = {b for b, period in books.get(due.village, ()) if since <= period < due.from_period}
    count = _month_number(due.to_period) - _month_number(due.from_period) + 1
    months = [months_before(due.to_period, number) for number in range(count)]
    wanted = [(book, month) for book in kept or {USUAL_BOOK} for month in months]
    if any(key not in earliest for key in wanted):
        return None
    return max((earliest[key] for key in wanted), key=lambda fit: fit.published_at)


async def _books(db: Database, today: date, village: str | None) -> dict[str, set[tuple[str, str]]]:
    """By village, every book with the months of it that are published."""
    found: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    since = months_before(since_month(today), KEEPS_PUBLISHING_MONTHS)
    for code, _, book, period in await dues.published_periods(db, (ACCOUNTS,), since, village):
        found[code].add((book, period))
    return found


def _day_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), BEIJING)


def _month_number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7])
