"""What becomes due by an event: a stage, a lease, a decision, something that cannot wait.

及时, 随时 and 同步 (M39, M40, M42). The event stands in a version that is being prepared, or in one
that was published at once. Nothing is called by a name that may be somebody's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from notifications import texts
from notifications.rhythms.days import WorkDays
from notifications.rhythms.rules import (
    DECIDED,
    ENDED_WORDS,
    EXECUTED,
    RESULT,
    Rhythm,
)
from storage.canonical import digest
from storage.clock import BEIJING
from storage.dues import Owed, Seen
from storage.record_bodies import parse
from workbooks.records.fields import Value
from workbooks.records.kinds import KINDS

_MAY_COME_AGAIN: Final = ("在建", "停工")
_LET: Final = ("资产", "资源")
_FAR = "9999"
_LONGEST_NAME = 20  # a value by SMS has 35 characters


@dataclass(frozen=True, slots=True)
class Observed:
    """A version, with what is known when it is looked at."""

    version: Seen
    now: datetime
    days: WorkDays
    after_stage_days: int

    @property
    def noticed(self) -> datetime:
        """When its content was seen: as it was published, or, being prepared, now."""
        return self.version.published_at or self.now

    @property
    def noticed_on(self) -> date:
        return self.noticed.astimezone(BEIJING).date()

    def owed(self, source: str, rhythm: Rhythm, title: str, day: date, **more: Any) -> Owed:
        """Owed by this version of the list or a later one."""
        working_days = more.pop("working_days", 0)
        due_on, provisional = self.days.due(day, working_days)
        one = self.version
        usual: dict[str, Any] = {
            "from_period": one.period,
            "to_period": one.period,
            "version": one.version,
            "book": one.book,
        }
        return Owed(
            source=source,
            village=one.village,
            rhythm=rhythm,
            kind=one.kind,
            title=title,
            counted_from=day,
            due_on=due_on,
            provisional=provisional,
            working_days=working_days,
            **(usual | more),
        )


def owed_by(observed: Observed) -> list[Owed]:
    """What the events in a version make due."""
    return list(_READERS[observed.version.kind](observed))


def _projects(seen: Observed) -> Iterator[Owed]:
    one = seen.version
    for _, row in _rows(one):
        stage, reached = _text(row, "stage"), _day(row, "reached")
        again = f":{reached}" if stage in _MAY_COME_AGAIN else ""
        yield seen.owed(
            f"stage:{one.village}:{digest(one.book)[:16]}:{one.period}:{stage}{again}",
            Rhythm.PHASED,
            texts.OWED_STAGE.format(name=one.book[:_LONGEST_NAME], stage=stage),
            reached or seen.noticed_on,
            working_days=seen.after_stage_days,
            stage=stage,
        )


def _leases(seen: Observed) -> Iterator[Owed]:
    """A lease counts from its first day; it is known by its number, else by place and size."""
    one = seen.version
    for _, row in _rows(one):
        start = _day(row, "start")
        if start is None or one.book not in _LET or not row.get("party"):
            continue
        what = _text(row, "number") or f"{_text(row, 'place')}|{_text(row, 'quantity')}"
        yield seen.owed(
            f"lease:{one.village}:{digest(what)[:16]}:{start}",
            Rhythm.PHASED,
            texts.OWED_LEASE.format(day=texts.DAY.format(month=start.month, day=start.day)),
            start,
            working_days=seen.after_stage_days,
            to_period=_FAR,
            version=0,
            since=seen.noticed,
        )


def _documents(seen: Observed) -> Iterator[Owed]:
    one = seen.version
    if one.rhythm not in _OF_DOCUMENTS:
        return
    rhythm = Rhythm(one.rhythm)
    for _, row in _rows(one):
        day = _day(row, "date") or seen.noticed_on
        if rhythm is Rhythm.AD_HOC:
            reviewed = one.signed_at if one.published_at is None else None
            day = (reviewed or one.created_at).astimezone(BEIJING).date()
        kind = texts.OWED_DOCUMENT.format(kind=_text(row, "class"))
        yield seen.owed(
            f"document:{one.village}:{one.book}:{one.period}:{one.version}",
            rhythm,
            kind,
            day,
            working_days=seen.after_stage_days if rhythm is Rhythm.PHASED else 0,
        )


_OF_DOCUMENTS: Final = frozenset((Rhythm.REGULAR, Rhythm.PHASED, Rhythm.AD_HOC, Rhythm.IN_STEP))


def _decisions(seen: Observed) -> Iterator[Owed]:
    """A list owes its decision once, each of its major decisions its execution and its result.

    What was carried out before anybody brought the list in is no event any more.
    """
    one = seen.version
    held_on = date.fromisoformat(one.period)
    said = {"meeting": one.book, "day": texts.DAY.format(month=held_on.month, day=held_on.day)}
    source = f"decision:{one.village}:{digest(one.book)[:16]}:{one.period}"
    for identity, row in _rows(one):
        if row.get("major") != "是":
            continue
        title = texts.OWED_DECISION.format(**said)
        yield seen.owed(f"{source}:{DECIDED}", Rhythm.IN_STEP, title, held_on, stage=DECIDED)
        told = _text(row, "execution")
        if not told or (one.version == 1 and held_on < seen.noticed_on):
            continue
        stages = (EXECUTED, RESULT) if any(word in told for word in ENDED_WORDS) else (EXECUTED,)
        for stage in stages:
            yield seen.owed(
                f"{source}:{identity}:{stage}",
                Rhythm.IN_STEP,
                texts.OWED_STEP.format(**said, stage=texts.STEPS[stage]),
                seen.noticed_on,
                stage=stage,
            )


_READERS: Final[Mapping[str, Callable[[Observed], Iterator[Owed]]]] = {
    "projects": _projects,
    "assets": _leases,
    "documents": _documents,
    "decisions": _decisions,
}
KINDS_WITH_EVENTS: Final = tuple(_READERS)


def _rows(one: Seen) -> Iterator[tuple[str, Mapping[str, Value | None]]]:
    version = parse(KINDS[one.kind], one.body, one.personal)
    for entry in version.entries:
        yield entry.id, dict(entry.line)


def _text(row: Mapping[str, Value | None], key: str) -> str:
    return str(row.get(key) or "")


def _day(row: Mapping[str, Value | None], key: str) -> date | None:
    told = row.get(key)
    return date.fromisoformat(str(told)) if told else None
