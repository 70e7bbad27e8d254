"""Villages, people, holidays and education from their files into the store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.importing import texts
from bot.importing.progress import storing
from notifications.rhythms import recount
from storage import education, enrolling, holidays, regions
from storage.database import Database
from storage.education import EducationItem, Question
from storage.enrolling import Facts, Outcome
from storage.holidays import Holiday
from storage.regions import Changes, VillageFacts
from storage.sealing import Sealer
from workbooks.education import EducationRow, read_education
from workbooks.forms import Reading, RefusedRow
from workbooks.holidays import HolidayRow, read_holidays
from workbooks.people import PersonRow, read_people
from workbooks.problems import Reason
from workbooks.villages import VillageRow, read_villages

_PEOPLE_AT_ONCE = 100  # few enough not to keep a running service from writing


@dataclass(frozen=True, slots=True)
class Stored:
    """What a file gave, and what it changed."""

    reading: Reading[Any]
    changes: Changes


async def bring_villages(
    db: Database, sealer: Sealer, path: Path, now: datetime, *, shown: bool
) -> Stored:
    reading = read_villages(path)
    return Stored(reading, await regions.save_villages(db, map(_village, reading.accepted)))


async def bring_holidays(
    db: Database, sealer: Sealer, path: Path, now: datetime, *, shown: bool
) -> Stored:
    """The days off; what waits in the calendar of publications gets its day anew."""
    reading = read_holidays(path)
    async with db.transaction():
        changes = await holidays.save(db, map(_holiday, reading.accepted))
        await recount(db)
    return Stored(reading, changes)


async def bring_education(
    db: Database, sealer: Sealer, path: Path, now: datetime, *, shown: bool
) -> Stored:
    """Items and questions; the questions about an item are numbered as they stand in the file."""
    reading = read_education(path)
    items = [_item(row) for row in reading.accepted if row.text]
    numbers: Counter[str] = Counter()
    questions = []
    for row in reading.accepted:
        if row.quiz:
            numbers[row.id] += 1
            questions.append(_question(row, numbers[row.id]))
    return Stored(reading, await education.save(db, items, questions, now))


async def bring_people(
    db: Database, sealer: Sealer, path: Path, now: datetime, *, shown: bool
) -> Stored:
    reading = read_people(path)
    rows = reading.accepted
    outcomes: list[Outcome] = []
    with storing(len(rows), shown=shown) as update:
        for start in range(0, len(rows), _PEOPLE_AT_ONCE):
            facts = [_facts(row) for row in rows[start : start + _PEOPLE_AT_ONCE]]
            outcomes += await enrolling.enrol(db, sealer, facts, now)
            update(len(facts))
    changes = Changes(outcomes.count(Outcome.ADDED), outcomes.count(Outcome.CHANGED))
    return Stored(_without_refused(reading, outcomes), changes)


def _without_refused(
    reading: Reading[PersonRow], outcomes: Sequence[Outcome]
) -> Reading[PersonRow]:
    """The reading with those rows refused that the store would not take."""
    accepted, refused = [], list(reading.refused)
    for row, outcome in zip(reading.accepted, outcomes, strict=True):
        reason = _REFUSALS.get(outcome)
        if reason is None:
            accepted.append(row)
            continue
        found = row.region_code if outcome is Outcome.UNKNOWN_REGION else reason.found
        refused.append(RefusedRow(row.sheet, row.row, (replace(reason, found=found),)))
    refused.sort(key=lambda row: row.row)
    return replace(reading, accepted=tuple(accepted), refused=tuple(refused))


_REFUSALS = {
    Outcome.UNKNOWN_REGION: Reason(texts.REGION, "", texts.A_KNOWN_REGION),
    Outcome.OPENID_TAKEN: Reason(texts.OPENID, texts.TAKEN, texts.ANOTHER_OPENID),
}


def _village(row: VillageRow) -> VillageFacts:
    details = {
        "households": row.households,
        "population": row.population,
        "has_collective": row.has_collective,
        "supervisors": row.supervisors,
        "councillors": row.councillors,
        "pilot": row.pilot,
        "pilot_theme": row.pilot_theme,
    }
    return VillageFacts(
        code=row.code,
        name=row.name,
        kind=row.kind,
        county_code=row.county_code,
        county=row.county,
        town_code=row.town_code,
        town=row.town,
        groups=row.groups,
        rhythm=row.rhythm or "",
        disclosure_day=row.disclosure_day,
        details={name: value for name, value in details.items() if value is not None},
    )


def _item(row: EducationRow) -> EducationItem:
    return EducationItem(
        id=row.id,
        kind=row.kind,
        tag=row.tag,
        risk_area=row.risk_area,
        audience=row.audience,
        education_type=row.education_type,
        text=row.text,
        forms=row.forms,
        title=row.title,
        body=row.body,
    )


def _question(row: EducationRow, number: int) -> Question:
    assert row.quiz is not None  # noqa: S101 - the caller has looked
    return Question(
        id=f"{row.id}-{number}",
        item_id=row.id,
        question=row.quiz.question,
        options=row.quiz.options,
        answer=row.quiz.answer,
        explanation=row.quiz.explanation,
    )


def _holiday(row: HolidayRow) -> Holiday:
    return Holiday(row.date, row.kind, row.name)


def _facts(row: PersonRow) -> Facts:
    return Facts(
        name=row.name,
        roles=row.roles,
        region=row.region_code,
        title=row.post or "",
        starts_on=row.term_from,
        ends_on=row.term_to,
        phone=row.phone,
        openid=row.openid,
    )


BRINGERS = {
    "villages": bring_villages,
    "people": bring_people,
    "holidays": bring_holidays,
    "education": bring_education,
}
