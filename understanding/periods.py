"""Spans of time that a message names (queries.md, Dates)."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from understanding.date_forms import FIRST
from understanding.dates import Atom, add_months, read_date
from understanding.meaning import Period


@dataclass(frozen=True, slots=True)
class Said:
    """One span of time and where it was said.

    `with_next` marks neighbours that were only listed (3月和4月): one span for a list, two for a
    comparison. `years_back` marks 去年同期, whose period is that of another one, moved. `of_year`
    is True where the year was said, or settles itself (上个月).
    """

    start: int
    end: int
    period: Period
    unit: str
    with_next: bool = False
    years_back: int = 0
    of_year: bool = True


@dataclass(frozen=True, slots=True)
class Dates:
    """All spans in the order said, and whether a date was said that does not exist."""

    said: tuple[Said, ...] = ()
    impossible: bool = False


NO_DATES = Dates()
_MOST_DATES = 16  # a message with more asks for no span of time


_JOIN = re.compile(r"\s*份?的?(?:里头?)?(?:起|开始)?\s*(?:一?直?到|至|-{1,2}|~)\s*")
_LIST = re.compile(r"\s*份?的?\s*(?:和|跟|与|同|及|、|,|加|还有|以及)?\s*")
_SINCE = re.compile(
    r"份?(?:开始|起)?(?:以来|(?:一?直?到|截[至止]到?)(?:现在|今天|目前|如今|这会儿?|今(?!年))(?:为止)?"
    r"|至今|至现在|起(?![码来])|开始|以后|过后|之后)"
)
_NEW_YEAR = re.compile(
    r"(?:年初|开年|年头)(?:上|起|开始)?(?:以来|(?:一?直?到|截[至止]到?)(?:现在|今天|目前|如今|这会儿?|今)"
    r"|至今|起|开始)"
)
_TRIGGER = re.compile(
    r"[年月季周天日号旬期近向阵段前节]|20\d\d|春|过年|清明|五一|端午|中秋|国庆|重阳|元|除夕|拜|[Qq]\d|半|[昨今前]儿|端阳"
)


def find_periods(text: str, today: date) -> Dates:
    """Find every span of time, in the order said."""
    if not _TRIGGER.search(text):
        return NO_DATES
    try:
        atoms = _atoms(text, today)
    except (ValueError, OverflowError):
        return Dates(impossible=True)
    return Dates(said=tuple(_joined(text, atoms, today)))


def _atoms(text: str, today: date) -> list[Atom]:
    """Read every date; ValueError where one does not exist."""
    atoms: list[Atom] = []
    at = 0
    while len(atoms) < _MOST_DATES and (first := FIRST.search(text, at)) is not None:
        start = first.start()
        at = start + 1
        if text[start] in "年开" and (until := _NEW_YEAR.match(text, start)) is not None:
            at = until.end()
            atoms.append(Atom(start, at, "until", Period(date(today.year, 1, 1), today), None))
        elif (atom := read_date(text, start, today)) is not None:
            at = atom.end
            atoms.append(atom)
    return atoms


def _joined(text: str, atoms: list[Atom], today: date) -> Iterable[Said]:
    at = 0
    while at < len(atoms):
        atom = atoms[at]
        period = _settle(atom, today)
        at += 1
        if period is None:
            continue
        end = atom.end
        unit = atom.unit
        while at < len(atoms) and _JOIN.fullmatch(text, end, atoms[at].start):
            until = _from(atoms[at], period.start, today)
            if until is None or until.end < period.start:
                break
            period = Period(period.start, until.end)
            end = atoms[at].end
            at += 1
        since = _SINCE.match(text, end)
        if since and period.start <= today:
            period = Period(period.start, today)
            end = since.end()
            unit = "until"
        listed = (
            at < len(atoms)
            and unit == atoms[at].unit
            and unit in ("month", "quarter", "half", "year", "day")
            and bool(_LIST.fullmatch(text, end, atoms[at].start))
        )
        years_back = today.year - period.start.year if unit == "same" else 0
        of_year = atom.year is not None or isinstance(atom.when, Period)
        yield Said(atom.start, end, period, unit, listed, years_back, of_year)


def _settle(atom: Atom, today: date) -> Period | None:
    """Give the atom's span: in the year said, else the latest one that has begun."""
    when = atom.when
    if isinstance(when, Period):
        return when
    if isinstance(when, int):
        return _latest_day(when, today)
    if atom.year is not None:
        return when(atom.year)
    for year in range(today.year, today.year - 10, -1):
        period = when(year)
        if period is not None and _begun(period, atom.unit) <= today:
            return period
    return None


def _begun(period: Period, unit: str) -> date:
    """A feast has begun on its own day, the middle of its span."""
    return period.start + (period.end - period.start) / 2 if unit == "feast" else period.start


def _from(atom: Atom, start: date, today: date) -> Period | None:
    """Give the first span of the atom that does not end before `start`."""
    when = atom.when
    if isinstance(when, Period) or atom.year is not None:
        return _settle(atom, today)
    if isinstance(when, int):
        for months in range(3):
            year, month = add_months(start.year, start.month, months)
            if when <= calendar.monthrange(year, month)[1]:
                day = date(year, month, when)
                if day >= start:
                    return Period(day, day)
        return None
    for year in (start.year - 1, start.year, start.year + 1):
        period = when(year)
        if period is not None and period.end >= start:
            return period
    return None


def _latest_day(day: int, today: date) -> Period | None:
    for back in range(3):
        year, month = add_months(today.year, today.month, -back)
        if day <= calendar.monthrange(year, month)[1]:
            found = date(year, month, day)
            if found <= today:
                return Period(found, found)
    return None
