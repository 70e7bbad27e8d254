"""Indicators computed from what happened: shares by place and span of days (domain.md, M3).

Each is a part of a whole, counted from rows that events left; nothing is typed in. By the first
digits of the code: 6 counties, 9 towns, 12 villages. Tips are in none of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Final

from storage.clock import BEIJING
from storage.database import Database, Row
from storage.moments import from_ms, to_ms


@dataclass(frozen=True, slots=True)
class Span:
    """Days, both included."""

    first: date
    last: date

    @property
    def moments(self) -> tuple[int, int]:
        """Its beginning and end in Beijing, the end excluded."""
        start = datetime.combine(self.first, time(), BEIJING)
        end = datetime.combine(self.last + timedelta(days=1), time(), BEIJING)
        return to_ms(start), to_ms(end)


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole`; a share of nothing is None, never zero."""

    part: int
    whole: int

    @property
    def percent(self) -> int | None:
        return round(100 * self.part / self.whole) if self.whole else None

    def __add__(self, other: Share) -> Share:
        return Share(self.part + other.part, self.whole + other.whole)


NOTHING: Final = Share(0, 0)
Shares = Mapping[str, Share]
Measure = Callable[[Database, str, int, Span], Awaitable[Shares]]


def _between(prefix: str) -> tuple[str, str]:
    return prefix.ljust(12, "0"), prefix.ljust(12, "9")


def _shares(rows: list[Row]) -> Shares:
    return {row["place"]: Share(int(row["part"] or 0), int(row["whole"] or 0)) for row in rows}


async def on_time(db: Database, prefix: str, digits: int, span: Span) -> Shares:
    """公开透明: of what was due in these days, what was published by its day."""
    rows = await db.rows(
        f"SELECT SUBSTR(village, 1, {digits:d}) AS place,"  # noqa: S608
        " SUM(CASE WHEN state = 'published' THEN 1 ELSE 0 END) AS part, COUNT(*) AS whole"
        " FROM dues WHERE due_on BETWEEN ? AND ? AND state <> 'waiting'"
        " AND village BETWEEN ? AND ? GROUP BY 1",
        span.first.isoformat(), span.last.isoformat(), *_between(prefix),
    )  # fmt: skip
    return _shares(rows)


async def made_good(db: Database, prefix: str, digits: int, span: Span) -> Shares:
    """监督有力: of what was late, what came out all the same."""
    rows = await db.rows(
        f"SELECT SUBSTR(village, 1, {digits:d}) AS place,"  # noqa: S608
        " SUM(CASE WHEN state = 'late_published' THEN 1 ELSE 0 END) AS part, COUNT(*) AS whole"
        " FROM dues WHERE due_on BETWEEN ? AND ? AND overdue_at IS NOT NULL"
        " AND village BETWEEN ? AND ? GROUP BY 1",
        span.first.isoformat(), span.last.isoformat(), *_between(prefix),
    )  # fmt: skip
    return _shares(rows)


async def right_at_once(db: Database, prefix: str, digits: int, span: Span) -> Shares:
    """操作规范: of what was published for the first time, what needed no correction since."""
    rows = await db.rows(
        f"SELECT SUBSTR(village, 1, {digits:d}) AS place,"  # noqa: S608
        " SUM(CASE WHEN state = 'published' THEN 1 ELSE 0 END) AS part, COUNT(*) AS whole"
        " FROM disclosures WHERE version = 1 AND published_at >= ? AND published_at < ?"
        " AND village BETWEEN ? AND ? GROUP BY 1",
        *span.moments, *_between(prefix),
    )  # fmt: skip
    return _shares(rows)


_ACTOR = '"actor"'


async def signed_by_two(db: Database, prefix: str, digits: int, span: Span) -> Shares:
    """相互制衡: of what was published, what more than one signed before."""
    rows = await db.rows(
        f"SELECT SUBSTR(village, 1, {digits:d}) AS place,"  # noqa: S608
        " SUM(CASE WHEN LENGTH(signatures) - LENGTH(REPLACE(signatures, CAST(? AS VARCHAR), ''))"
        f" > {len(_ACTOR)} THEN 1 ELSE 0 END) AS part, COUNT(*) AS whole"
        " FROM disclosures WHERE published_at >= ? AND published_at < ?"
        " AND village BETWEEN ? AND ? GROUP BY 1",
        _ACTOR, *span.moments, *_between(prefix),
    )  # fmt: skip
    return _shares(rows)


async def _villages_that(
    db: Database, prefix: str, digits: int, condition: str, *values: object
) -> Shares:
    """Of all villages, those that `condition` holds for."""
    rows = await db.rows(
        f"SELECT SUBSTR(v.code, 1, {digits:d}) AS place,"  # noqa: S608
        f" SUM(CASE WHEN {condition} THEN 1 ELSE 0 END) AS part, COUNT(*) AS whole"
        " FROM regions v WHERE v.level = 'village' AND v.code BETWEEN ? AND ? GROUP BY 1",
        *values, *_between(prefix),
    )  # fmt: skip
    return _shares(rows)


_PUBLISHED = (
    "v.code IN (SELECT village FROM disclosures WHERE kind = '{kind}'"
    " AND state IN ('published', 'corrected') AND published_at >= ? AND published_at < ?)"
)


async def decided(db: Database, prefix: str, digits: int, span: Span) -> Shares:
    """民主自治: villages that published a decision of their meetings in these days."""
    condition = _PUBLISHED.format(kind="decisions")
    return await _villages_that(db, prefix, digits, condition, *span.moments)


async def covered(db: Database, prefix: str, digits: int, span: Span) -> Shares:
    """Villages that published accounts in these days."""
    condition = _PUBLISHED.format(kind="accounts")
    return await _villages_that(db, prefix, digits, condition, *span.moments)


async def with_power_list(db: Database, prefix: str, digits: int, span: Span) -> Shares:
    """权责明确: villages for which a list of powers and duties is public, theirs or from above."""
    condition = (
        "EXISTS (SELECT 1 FROM disclosures d WHERE d.kind = 'power-items'"
        " AND d.state IN ('published', 'corrected') AND d.published_at < ?"
        " AND d.village IN (v.code, SUBSTR(v.code, 1, 9) || '000',"
        " SUBSTR(v.code, 1, 6) || '000000'))"
    )
    return await _villages_that(db, prefix, digits, condition, span.moments[1])


async def answered_in_time(db: Database, prefix: str, digits: int, span: Span) -> Shares:
    """简便高效: of what people wanted to be answered in these days, what was, by its day."""
    found: defaultdict[str, Share] = defaultdict(lambda: NOTHING)
    answered = await db.rows(
        "SELECT r.village, a.due_on, a.at FROM request_answers a"
        " JOIN requests r ON r.id = a.request_id"
        " WHERE a.due_on BETWEEN ? AND ? AND r.village BETWEEN ? AND ?",
        span.first.isoformat(), span.last.isoformat(), *_between(prefix),
    )  # fmt: skip
    for row in answered:
        day = from_ms(row["at"]).astimezone(BEIJING).date().isoformat()
        found[row["village"][:digits]] += Share(int(day <= row["due_on"]), 1)
    waiting = await db.rows(
        f"SELECT SUBSTR(village, 1, {digits:d}) AS place, COUNT(*) AS n FROM requests"  # noqa: S608
        " WHERE state = 'open' AND due_on BETWEEN ? AND ? AND village BETWEEN ? AND ? GROUP BY 1",
        span.first.isoformat(), (span.last - timedelta(days=1)).isoformat(), *_between(prefix),
    )  # fmt: skip
    for row in waiting:
        found[row["place"]] += Share(0, int(row["n"]))
    return found


async def content(db: Database, prefix: str, digits: int, span: Span) -> Shares:
    """Of those who said how content they were, those who were, wholly or mostly; void apart."""
    rows = await db.rows(
        f"SELECT SUBSTR(village, 1, {digits:d}) AS place,"  # noqa: S608
        " SUM(CASE WHEN score < 3 THEN 1 ELSE 0 END) AS part, COUNT(*) AS whole"
        " FROM ratings WHERE state = 'rated' AND rated_at >= ? AND rated_at < ?"
        " AND village BETWEEN ? AND ? GROUP BY 1",
        *span.moments, *_between(prefix),
    )  # fmt: skip
    return _shares(rows)


async def confirmed(db: Database, prefix: str, digits: int, span: Span) -> Shares:
    """Of the reminders that ask for a word back, those that got one; of nobody's post twice."""
    rows = await db.rows(
        f"SELECT SUBSTR(p.region, 1, {digits:d}) AS place,"  # noqa: S608
        " COUNT(DISTINCT CASE WHEN k.confirmed_at IS NOT NULL THEN k.id END) AS part,"
        " COUNT(DISTINCT k.id) AS whole FROM confirmations k"
        " JOIN posts p ON p.person_id = k.person_id AND p.role <> '居民'"
        " WHERE k.asked_at >= ? AND k.asked_at < ? AND p.region BETWEEN ? AND ? GROUP BY 1",
        *span.moments, *_between(prefix),
    )  # fmt: skip
    return _shares(rows)


async def asked_and_answered(db: Database, prefix: str, digits: int, span: Span) -> Shares:
    """Of the questions that were asked, those that something published answered, by months."""
    rows = await db.rows(
        f"SELECT SUBSTR(village, 1, {digits:d}) AS place,"  # noqa: S608
        " SUM(asked) - SUM(unanswered) AS part, SUM(asked) AS whole FROM question_counts"
        " WHERE month BETWEEN ? AND ? AND village BETWEEN ? AND ? GROUP BY 1",
        f"{span.first:%Y-%m}", f"{span.last:%Y-%m}", *_between(prefix),
    )  # fmt: skip
    return _shares(rows)


MEASURES: Final[Mapping[str, Measure]] = MappingProxyType(
    {
        "decided": decided,
        "with_power_list": with_power_list,
        "signed_by_two": signed_by_two,
        "on_time": on_time,
        "right_at_once": right_at_once,
        "answered_in_time": answered_in_time,
        "made_good": made_good,
        "covered": covered,
        "confirmed": confirmed,
        "content": content,
        "asked_and_answered": asked_and_answered,
    }
)
"""By name; the first seven stand for the seven qualities of M3, in their order."""

SEVEN: Final = tuple(MEASURES)[:7]
OF_PEOPLE: Final = frozenset({"answered_in_time", "content", "asked_and_answered"})
"""Those whose whole counts residents: shown of five at least."""

FEWEST: Final = 5


def suppressed(shares: Shares) -> dict[str, Share | None]:
    """With None for what counts fewer than five; where that is one place alone, the smallest other
    too, since the sum would tell it."""
    small = {place for place, one in shares.items() if 0 < one.whole < FEWEST}
    if len(small) == 1:
        others = [p for p, one in shares.items() if p not in small and one.whole]
        small |= set(sorted(others, key=lambda p: (shares[p].whole, p))[:1])
    return {place: None if place in small else one for place, one in shares.items()}


async def on_time_by_month(db: Database, prefix: str, span: Span) -> dict[str, Share]:
    """`on_time` of a whole region by month of the due day (YYYY-MM), in one go."""
    rows = await db.rows(
        "SELECT SUBSTR(due_on, 1, 7) AS place,"
        " SUM(CASE WHEN state = 'published' THEN 1 ELSE 0 END) AS part, COUNT(*) AS whole"
        " FROM dues WHERE due_on BETWEEN ? AND ? AND state <> 'waiting'"
        " AND village BETWEEN ? AND ? GROUP BY 1",
        span.first.isoformat(), span.last.isoformat(), *_between(prefix),
    )  # fmt: skip
    return dict(_shares(rows))
