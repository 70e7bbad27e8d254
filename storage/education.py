"""The library of lessons, the year's plan, and what was answered to its questions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from storage.database import Database, Row
from storage.ids import new_id
from storage.moments import to_ms
from storage.regions import Changes

TEXT, CASE = "text", "case"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """A text or a case. `more` is what else a case tells: causes, consequence, rectification."""

    id: str
    form: str
    education: str
    tag: str
    risk_area: str
    title: str
    text: str
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """`right` counts the options from 1."""

    id: str
    lesson_id: str
    no: int
    text: str
    options: tuple[str, ...]
    right: int
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine:
    """Which lesson goes to whom on which day; `campaign_id` once it was sent."""

    id: str
    day: date
    lesson_id: str
    audience: str
    owner: str = ""
    campaign_id: str | None = None


async def save_lessons(db: Database, lessons: Iterable[Lesson]) -> Changes:
    """Adds lessons, or brings them up to date by their id; others stay."""
    wanted = {lesson.id: _columns(lesson) for lesson in lessons}
    async with db.transaction():
        rows = await db.rows(
            "SELECT id, form, education, tag, risk_area, title, text, more FROM lessons"
        )
        known = {row["id"]: tuple(row.values())[1:] for row in rows}
        new = {key: told for key, told in wanted.items() if known.get(key) != told}
        await db.run_many(
            "INSERT INTO lessons (id, form, education, tag, risk_area, title, text, more)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET form = excluded.form,"
            " education = excluded.education, tag = excluded.tag, risk_area = excluded.risk_area,"
            " title = excluded.title, text = excluded.text, more = excluded.more",
            [(key, *told) for key, told in new.items()],
        )
    added = sum(key not in known for key in new)
    return Changes(added, len(new) - added)


async def save_questions(
    db: Database, lesson_id: str, asked: Sequence[tuple[str, Sequence[str], int, str]]
) -> Changes:
    """The questions of a lesson in order: text, options, the right one, and why.

    One that is worded otherwise takes the place of the one before, and answers to that do not count
    for it.
    """
    known = {question.no: question for question in await questions_of(db, lesson_id)}
    added = changed = 0
    async with db.transaction():
        for no, (text, options, right, because) in enumerate(asked, 1):
            old = known.get(no)
            new = Question(
                id=new_id(), lesson_id=lesson_id, no=no, text=text, options=tuple(options),
                right=right, because=because,
            )  # fmt: skip
            if old and _told(old) == _told(new):
                continue
            added, changed = added + (old is None), changed + (old is not None)
            await db.run("DELETE FROM questions WHERE lesson_id = ? AND no = ?", lesson_id, no)
            await db.run(
                "INSERT INTO questions (id, lesson_id, no, text, options, right, because)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                new.id, lesson_id, no, text, json.dumps(list(options), ensure_ascii=False), right,
                because,
            )  # fmt: skip
    return Changes(added, changed)


async def lesson(db: Database, lesson_id: str) -> Lesson | None:
    row = await db.row("SELECT * FROM lessons WHERE id = ?", lesson_id)
    return _lesson(row) if row else None


async def lessons(db: Database) -> list[Lesson]:
    """The whole library, by id."""
    return [_lesson(row) for row in await db.rows("SELECT * FROM lessons ORDER BY id")]


async def texts_for(db: Database, tag: str) -> list[str]:
    """The short texts of a tag, such as a festival, by id."""
    rows = await db.rows(
        "SELECT text FROM lessons WHERE tag = ? AND form = ? ORDER BY id", tag, TEXT
    )
    return [row["text"] for row in rows]


async def questions_of(db: Database, lesson_id: str) -> list[Question]:
    """The questions of a lesson, in order."""
    rows = await db.rows("SELECT * FROM questions WHERE lesson_id = ? ORDER BY no", lesson_id)
    return [_question(row) for row in rows]


# --- the plan -------------------------------------------------------------------------------------


async def add_lines(db: Database, lines: Iterable[PlanLine]) -> int:
    """Adds lines that are not there yet; returns how many."""
    added = 0
    async with db.transaction():
        for line in lines:
            made = await db.rows(
                "INSERT INTO plan_lines (id, day, lesson_id, audience, owner)"
                " VALUES (?, ?, ?, ?, ?) ON CONFLICT (day, lesson_id, audience) DO NOTHING"
                " RETURNING id",
                line.id, line.day.isoformat(), line.lesson_id, line.audience, line.owner,
            )  # fmt: skip
            added += len(made)
    return added


async def lines_between(db: Database, first: date, last: date) -> list[PlanLine]:
    """The lines of the days from `first` to `last`, both included, by day."""
    rows = await db.rows(
        "SELECT * FROM plan_lines WHERE day >= ? AND day <= ? ORDER BY day, id",
        first.isoformat(),
        last.isoformat(),
    )
    return [_line(row) for row in rows]


async def line_of_campaign(db: Database, campaign_id: str) -> PlanLine | None:
    """The line of the plan that a campaign carries out."""
    row = await db.row("SELECT * FROM plan_lines WHERE campaign_id = ?", campaign_id)
    return _line(row) if row else None


async def remove_line(db: Database, line_id: str) -> bool:
    """Takes out a line that was not sent."""
    gone = await db.rows(
        "DELETE FROM plan_lines WHERE id = ? AND campaign_id IS NULL RETURNING id", line_id
    )
    return bool(gone)


async def note_sent(db: Database, line_id: str, campaign_id: str) -> None:
    await db.run("UPDATE plan_lines SET campaign_id = ? WHERE id = ?", campaign_id, line_id)


# --- answers --------------------------------------------------------------------------------------


async def note_answer(
    db: Database, person_id: str, question: Question, chosen: int, now: datetime
) -> bool:
    """Keeps a person's first answer to a question; False where there was one. Business time."""
    made = await db.rows(
        "INSERT INTO quiz_answers (id, person_id, question_id, chosen, is_right, at)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (person_id, question_id) DO NOTHING RETURNING id",
        new_id(), person_id, question.id, chosen, chosen == question.right, to_ms(now),
    )  # fmt: skip
    return bool(made)


async def newest_lesson_of(db: Database, person_id: str, since: datetime) -> str | None:
    """The lesson with questions that the plan sent a person last. Business time."""
    row = await db.row(
        "SELECT p.lesson_id FROM deliveries d JOIN plan_lines p ON p.campaign_id = d.campaign_id"
        " WHERE d.person_id = ? AND d.state IN ('sent', 'delivered', 'unknown')"
        " AND d.updated_at >= ?"
        " AND EXISTS (SELECT 1 FROM questions q WHERE q.lesson_id = p.lesson_id)"
        " ORDER BY p.day DESC, p.id LIMIT 1",
        person_id, to_ms(since),
    )  # fmt: skip
    return str(row["lesson_id"]) if row else None


async def answered(db: Database, person_id: str, lesson_id: str) -> set[int]:
    """The numbers of a lesson's questions that a person has answered."""
    rows = await db.rows(
        "SELECT q.no FROM quiz_answers a JOIN questions q ON q.id = a.question_id"
        " WHERE a.person_id = ? AND q.lesson_id = ?",
        person_id, lesson_id,
    )  # fmt: skip
    return {int(row["no"]) for row in rows}


@dataclass(frozen=True, slots=True)
class Rate:
    """How a post took a lesson: people reached, those who confirmed it, answers, right ones."""

    title: str
    people: int
    confirmed: int
    answers: int
    right: int


async def rates(db: Database, campaign_id: str, lesson_id: str, on: date) -> list[Rate]:
    """By post (职务, else role) of whoever was reached; somebody with two posts counts in both."""
    rows = await db.rows(
        "SELECT t.title, COUNT(DISTINCT d.person_id) AS people,"
        " COUNT(DISTINCT CASE WHEN c.state = 'confirmed' THEN d.person_id END) AS confirmed"
        " FROM deliveries d JOIN (SELECT DISTINCT person_id, CASE WHEN title = '' THEN role"
        " ELSE title END AS title FROM posts WHERE (starts_on IS NULL OR starts_on <= ?)"
        " AND (ends_on IS NULL OR ends_on >= ?)) t ON t.person_id = d.person_id"
        " LEFT JOIN confirmations c ON c.campaign_id = d.campaign_id"
        " AND c.person_id = d.person_id"
        " WHERE d.campaign_id = ? AND d.state IN ('sent', 'delivered')"
        " GROUP BY t.title ORDER BY people DESC, t.title",
        on.isoformat(), on.isoformat(), campaign_id,
    )  # fmt: skip
    answers = await _answers_by_post(db, campaign_id, lesson_id, on)
    return [
        Rate(
            row["title"],
            int(row["people"]),
            int(row["confirmed"]),
            *answers.get(row["title"], (0, 0)),
        )
        for row in rows
    ]


async def _answers_by_post(
    db: Database, campaign_id: str, lesson_id: str, on: date
) -> dict[str, tuple[int, int]]:
    rows = await db.rows(
        "SELECT t.title, COUNT(*) AS answers, SUM(CASE WHEN a.is_right THEN 1 ELSE 0 END) AS good"
        " FROM quiz_answers a JOIN questions q ON q.id = a.question_id"
        " JOIN (SELECT DISTINCT person_id, CASE WHEN title = '' THEN role ELSE title END AS title"
        " FROM posts WHERE (starts_on IS NULL OR starts_on <= ?)"
        " AND (ends_on IS NULL OR ends_on >= ?)) t ON t.person_id = a.person_id"
        " WHERE q.lesson_id = ? AND a.person_id IN"
        " (SELECT person_id FROM deliveries WHERE campaign_id = ?) GROUP BY t.title",
        on.isoformat(), on.isoformat(), lesson_id, campaign_id,
    )  # fmt: skip
    return {row["title"]: (int(row["answers"]), int(row["good"])) for row in rows}


def _columns(one: Lesson) -> tuple[str, ...]:
    more = json.dumps(dict(one.more), ensure_ascii=False, sort_keys=True)
    return one.form, one.education, one.tag, one.risk_area, one.title, one.text, more


def _told(one: Question) -> tuple[object, ...]:
    return one.text, one.options, one.right, one.because


def _lesson(row: Row) -> Lesson:
    return Lesson(**{**row, "more": json.loads(row["more"])})


def _question(row: Row) -> Question:
    return Question(**{**row, "options": tuple(json.loads(row["options"]))})


def _line(row: Row) -> PlanLine:
    return PlanLine(**{**row, "day": date.fromisoformat(row["day"])})
