"""How often villages were asked about what, and how often nothing published answered.

Counted by village, month and topic; nobody is named, and nothing that was written is kept.
"""

from __future__ import annotations

from dataclasses import dataclass

from storage.database import Database


@dataclass(frozen=True, slots=True)
class Asked:
    """One message that was a question about a village."""

    village: str
    month: str  # YYYY-MM
    topic: str  # empty: none that is known
    answered: bool

    @property
    def key(self) -> str:
        return f"{self.village}/{self.month}/{self.topic}"


COUNT = (
    "INSERT INTO question_counts (id, village, month, topic, asked, unanswered)"
    " VALUES (?, ?, ?, ?, 1, ?) ON CONFLICT (id) DO UPDATE SET asked = question_counts.asked + 1,"
    " unanswered = question_counts.unanswered + excluded.unanswered"
)


def values_of(one: Asked) -> tuple[str, str, str, str, int]:
    """For COUNT."""
    return one.key, one.village, one.month, one.topic, 0 if one.answered else 1


@dataclass(frozen=True, slots=True)
class TopicCount:
    topic: str
    asked: int
    unanswered: int


async def by_topic(
    db: Database, prefix: str, first: str, last: str, limit: int = 20
) -> list[TopicCount]:
    """Under a code prefix, in the months from `first` to `last`: what was asked of most."""
    rows = await db.rows(
        "SELECT topic, SUM(asked) AS asked, SUM(unanswered) AS unanswered FROM question_counts"
        " WHERE month BETWEEN ? AND ? AND village BETWEEN ? AND ? GROUP BY topic"
        " ORDER BY SUM(unanswered) DESC, SUM(asked) DESC, topic LIMIT ?",
        first, last, prefix.ljust(12, "0"), prefix.ljust(12, "9"), limit,
    )  # fmt: skip
    return [TopicCount(row["topic"], int(row["asked"]), int(row["unanswered"])) for row in rows]
