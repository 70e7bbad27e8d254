"""The education library: what there is to remind with and to learn from, and quiz answers.

Domain.md, M55 to M58: each item bears the tag of a feast, a law or a subject, and what it teaches.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.database import Database, Row
from storage.ids import new_id
from storage.moments import to_ms
from storage.regions import Changes

FESTIVAL, RULE, RISK, CASE = "festival", "rule", "risk", "case"
GOOD_EXAMPLE, WARNING = "正面示范教育", "反面警示教育"


@dataclass(frozen=True, slots=True, kw_only=True)
class EducationItem:
    """One text. `audience` is in words, `body` the JSON of a case in full, else empty."""

    id: str
    kind: str  # festival rule risk case
    tag: str
    risk_area: str
    audience: str
    education_type: str
    text: str
    forms: tuple[str, ...]
    title: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A quiz question; `answer` is the number of the right option, from 1."""

    id: str
    item_id: str
    question: str
    options: tuple[str, ...]
    answer: int
    explanation: str


async def save(
    db: Database, items: Iterable[EducationItem], questions: Iterable[Question], now: datetime
) -> Changes:
    """Adds items and questions, or brings them up to date; what is not among these stays."""
    async with db.transaction():
        known = {item.id: item for item in await all_items(db)}
        asked = {question.id: question for question in await questions_of(db)}
        new_items = [item for item in items if known.get(item.id) != item]
        new_questions = [one for one in questions if asked.get(one.id) != one]
        for item in new_items:
            await _write_item(db, item, now)
        for one in new_questions:
            await _write_question(db, one, now)
    changed = sum(item.id in known for item in new_items)
    changed += sum(one.id in asked for one in new_questions)
    return Changes(len(new_items) + len(new_questions) - changed, changed)


async def _write_item(db: Database, item: EducationItem, now: datetime) -> None:
    await db.run(
        "INSERT INTO education_items (id, kind, tag, risk_area, audience, education_type, title,"
        " text, body, forms, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, tag = excluded.tag,"
        " risk_area = excluded.risk_area, audience = excluded.audience,"
        " education_type = excluded.education_type, title = excluded.title,"
        " text = excluded.text, body = excluded.body, forms = excluded.forms,"
        " changed_at = excluded.changed_at",
        item.id, item.kind, item.tag, item.risk_area, item.audience, item.education_type,
        item.title, item.text, item.body, json.dumps(item.forms, ensure_ascii=False), to_ms(now),
    )  # fmt: skip


async def _write_question(db: Database, question: Question, now: datetime) -> None:
    await db.run(
        "INSERT INTO quiz_questions (id, item_id, question, options, answer, explanation,"
        " changed_at) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET item_id = excluded.item_id, question = excluded.question,"
        " options = excluded.options, answer = excluded.answer,"
        " explanation = excluded.explanation, changed_at = excluded.changed_at",
        question.id, question.item_id, question.question,
        json.dumps(question.options, ensure_ascii=False), question.answer, question.explanation,
        to_ms(now),
    )  # fmt: skip


async def all_items(db: Database) -> list[EducationItem]:
    return [_item(row) for row in await db.rows("SELECT * FROM education_items ORDER BY id")]


async def item(db: Database, identity: str) -> EducationItem | None:
    row = await db.row("SELECT * FROM education_items WHERE id = ?", identity)
    return _item(row) if row else None


async def by_text(db: Database, text: str) -> EducationItem | None:
    """The item with this text, with or without its full stop."""
    bare = text.strip().rstrip("。")
    row = await db.row(
        "SELECT * FROM education_items WHERE text IN (?, ?) ORDER BY id LIMIT 1", bare, f"{bare}。"
    )
    return _item(row) if row else None


async def texts_for(db: Database, tag: str) -> tuple[str, ...]:
    """The texts that bear a tag (a feast, an event), in the library's order; none: empty."""
    rows = await db.rows(
        "SELECT text FROM education_items WHERE tag = ? AND kind <> ? ORDER BY id", tag, CASE
    )
    return tuple(str(row["text"]) for row in rows)


async def questions_of(db: Database, item_id: str | None = None) -> list[Question]:
    """The questions about an item, or all, in their order."""
    where, values = ("WHERE item_id = ? ", [item_id]) if item_id else ("", [])
    rows = await db.rows(f"SELECT * FROM quiz_questions {where}ORDER BY id", *values)  # noqa: S608
    return [_question(row) for row in rows]


async def question(db: Database, identity: str) -> Question | None:
    row = await db.row("SELECT * FROM quiz_questions WHERE id = ?", identity)
    return _question(row) if row else None


async def unanswered(db: Database, person_id: str, item_id: str, limit: int) -> Sequence[Question]:
    """The questions about an item that a person has not answered yet."""
    rows = await db.rows(
        "SELECT * FROM quiz_questions q WHERE q.item_id = ? AND NOT EXISTS (SELECT 1"
        " FROM quiz_answers a WHERE a.question_id = q.id AND a.person_id = ?)"
        " ORDER BY q.id LIMIT ?",
        item_id, person_id, limit,
    )  # fmt: skip
    return [_question(row) for row in rows]


async def note_answer(
    db: Database, person_id: str, asked: Question, chosen: int, now: datetime
) -> bool:
    """Keeps what was answered; False where there was an answer already, which counts."""
    made = await db.rows(
        "INSERT INTO quiz_answers (id, person_id, question_id, chosen, is_right, at)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (person_id, question_id) DO NOTHING RETURNING id",
        new_id(), person_id, asked.id, chosen, chosen == asked.answer, to_ms(now),
    )  # fmt: skip
    return bool(made)


def _item(row: Row) -> EducationItem:
    return EducationItem(
        id=row["id"],
        kind=row["kind"],
        tag=row["tag"],
        risk_area=row["risk_area"],
        audience=row["audience"],
        education_type=row["education_type"],
        text=row["text"],
        forms=tuple(json.loads(row["forms"])),
        title=row["title"],
        body=row["body"],
    )


def _question(row: Row) -> Question:
    return Question(
        id=row["id"],
        item_id=row["item_id"],
        question=row["question"],
        options=tuple(json.loads(row["options"])),
        answer=row["answer"],
        explanation=row["explanation"],
    )
