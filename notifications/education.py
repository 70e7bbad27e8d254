"""The education library as reminders take their texts from it (domain.md, M56 to M58)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from storage import education, lessons
from storage.database import Database
from storage.education import EducationItem


class EducationLibrary:
    """What was imported, by the tag of a feast or an event."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def texts(self, tag: str) -> Sequence[str]:
        """Texts of the tag in their order; empty where there is none."""
        return await education.texts_for(self._db, tag)


CARD: Final = "卡片"
"""The form of a lesson that is drawn."""

PLAN_KEY = "lesson:"
"""How the keys of campaigns begin that a line of the year's plan made."""


async def item_behind(db: Database, cause: str, text: str) -> EducationItem | None:
    """The item of the library that a reminder taught: by its line of the plan, or by its text."""
    if cause.startswith(PLAN_KEY):
        return await lessons.item_of(db, cause.removeprefix(PLAN_KEY))
    return await education.by_text(db, text)
