"""What the overview shows, put together from indicators: cards, places below, trend, topics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from console.staff.overview import texts
from notifications.calendar import months_before
from storage import indicators, questions, regions
from storage.database import Database
from storage.indicators import FEWEST, MEASURES, NOTHING, OF_PEOPLE, SEVEN, Share, Span
from storage.regions import VILLAGE, Region

_MONTHS = 12
_DIGITS = {"county": 6, "town": 9, "village": 12}


@dataclass(frozen=True, slots=True)
class Card:
    """One indicator of a region, this year and in the same days of the last."""

    key: str
    name: str
    what: str
    now: str
    before: str
    change: str


@dataclass(frozen=True, slots=True)
class Below:
    """A place below, and its figures in words."""

    place: Region
    figures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A month of the trend; `percent` is None where nothing was due."""

    period: str
    percent: int | None
    words: str


@dataclass(frozen=True, slots=True)
class Topic:
    name: str
    asked: str
    unanswered: str


@dataclass(frozen=True, slots=True)
class Overview:
    region: Region
    cards: tuple[Card, ...]
    below: tuple[Below, ...]
    trend: tuple[Bar, ...]
    topics: tuple[Topic, ...]

    @property
    def seven(self) -> tuple[Card, ...]:
        return tuple(card for card in self.cards if card.key in SEVEN)

    @property
    def others(self) -> tuple[Card, ...]:
        return tuple(card for card in self.cards if card.key not in SEVEN)


def words(share: Share | None, *, of_people: bool = False) -> str:
    """A share as one reads it. Of people no counts are told, and of fewer than five nothing."""
    if share is None or (of_people and 0 < share.whole < FEWEST):
        return texts.FEW
    if share.percent is None:
        return texts.NONE
    if of_people:
        return texts.PERCENT.format(percent=share.percent)
    return texts.FIGURE.format(percent=share.percent, part=share.part, whole=share.whole)


def year_to(day: date) -> Span:
    """From the year's first day on."""
    return Span(day.replace(month=1, day=1), day)


def year_before(span: Span) -> Span:
    """The same days of the year before; 29 February is the 28th."""

    def earlier(day: date) -> date:
        last = 28 if (day.month, day.day) == (2, 29) else day.day
        return day.replace(year=day.year - 1, day=last)

    return Span(earlier(span.first), earlier(span.last))


def month_of(period: str, until: date) -> Span:
    """A month, as far as it has gone."""
    first = date.fromisoformat(f"{period}-01")
    last = date.fromisoformat(f"{months_before(period, -1)}-01") - timedelta(days=1)
    return Span(first, min(last, until))


async def overview(
    db: Database,
    region: Region,
    until: date,
    names: Mapping[str, str],
    *,
    limit: int,
    page: int = 1,
) -> Overview:
    """Everything of a region, from the year's first day until a day."""
    digits = _DIGITS[region.level]
    prefix, span = region.code[:digits], year_to(until)
    return Overview(
        region,
        await _cards(db, prefix, span),
        await _below(db, region, span, limit, page),
        await _trend(db, prefix, until),
        await _topics(db, prefix, until, names),
    )


async def _cards(db: Database, prefix: str, span: Span) -> tuple[Card, ...]:
    cards = []
    for key, measure in MEASURES.items():
        of_people = key in OF_PEOPLE
        now = (await measure(db, prefix, len(prefix), span)).get(prefix, NOTHING)
        then = (await measure(db, prefix, len(prefix), year_before(span))).get(prefix, NOTHING)
        name, what = texts.MEASURES[key]
        cards.append(
            Card(
                key, name, what, words(now, of_people=of_people),
                words(then, of_people=of_people), _change(now, then, of_people=of_people),
            )
        )  # fmt: skip
    return tuple(cards)


def _change(now: Share, then: Share, *, of_people: bool) -> str:
    """How many points higher or lower; nothing where either is not told."""
    if of_people and min(now.whole, then.whole) < FEWEST:
        return ""
    if now.percent is None or then.percent is None:
        return ""
    points = now.percent - then.percent
    if not points:
        return texts.SAME
    said = texts.UP if points > 0 else texts.DOWN
    return said.format(points=abs(points))


async def _below(
    db: Database, region: Region, span: Span, limit: int, page: int
) -> tuple[Below, ...]:
    if region.level == VILLAGE:
        return ()
    children = (await regions.children(db, region.code))[(page - 1) * limit : page * limit]
    digits = 9 if region.level == "county" else 12
    prefix = region.code[: _DIGITS[region.level]]
    columns: list[Mapping[str, Share | None]] = []
    for key in texts.SHORT_HEADS:
        shares = await MEASURES[key](db, prefix, digits, span)
        columns.append(indicators.suppressed(shares) if key in OF_PEOPLE else shares)
    return tuple(
        Below(
            one,
            tuple(
                words(column.get(one.code[:digits], NOTHING), of_people=key in OF_PEOPLE)
                for key, column in zip(texts.SHORT_HEADS, columns, strict=True)
            ),
        )
        for one in children
    )


async def _trend(db: Database, prefix: str, until: date) -> tuple[Bar, ...]:
    this = f"{until:%Y-%m}"
    periods = [months_before(this, count) for count in range(_MONTHS)]
    span = Span(date.fromisoformat(f"{periods[-1]}-01"), until)
    shares = await indicators.on_time_by_month(db, prefix, span)
    return tuple(
        Bar(period, share.percent, words(share))
        for period in periods
        for share in [shares.get(period, NOTHING)]
    )


async def _topics(
    db: Database, prefix: str, until: date, names: Mapping[str, str]
) -> tuple[Topic, ...]:
    month = f"{until:%Y-%m}"
    found = await questions.by_topic(db, prefix, month, month)
    return tuple(
        Topic(
            names.get(one.topic, one.topic) or texts.NO_TOPIC, _many(one.asked),
            _many(one.unanswered) if one.asked >= FEWEST else texts.FEW,
        )
        for one in found
    )  # fmt: skip


def _many(count: int) -> str:
    return texts.FEW if 0 < count < FEWEST else str(count)


def heads() -> Sequence[str]:
    """The names of the figures of places below."""
    return [texts.MEASURES[key][0] for key in texts.SHORT_HEADS]
