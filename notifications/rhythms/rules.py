"""The numbers of the five rhythms, as data: what is owed, and by when (domain.md, section 2).

定期 monthly by the 10th, or by the 20th of a quarter's first month; the accounts by the day and
frequency that a village's own row names. 及时 within 3 working days of the stage. 随时 the same day
after review. 长期 always there, reviewed yearly. 同步 the same day as decision, execution, result.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from storage import rhythm_rules
from storage.database import Database
from storage.power_bodies import KIND as POWER_ITEMS
from storage.rhythm_rules import RhythmRule


class Rhythm(StrEnum):
    """As the notice names them."""

    REGULAR = "定期"
    PHASED = "及时"
    AD_HOC = "随时"
    PERMANENT = "长期"
    IN_STEP = "同步"


MONTHLY, QUARTERLY = "每月", "每季"
QUARTER_DAY: Final = 20
"""Of the first month after a quarter: a county list in the east (domain.md, section 2)."""

QUARTERLY_KINDS: Final = ("subsidies", "assets")
"""Kinds that whoever publishes them owes each quarter (村委会组织法 30: at least quarterly)."""

KEEPS_PUBLISHING_MONTHS: Final = 12
"""A village that published a kind or book within so many months goes on owing it."""

PLANNED_AHEAD: Final = timedelta(days=40)
"""So long before its day a regular publication stands in the calendar."""

AFTER_STAGE_DAYS: Final = 3
"""Working days from a stage, a lease or a bid to its publication (domain.md, section 2)."""

PROJECT_STAGES: Final = ("立项", "招标", "在建", "停工", "完工", "验收", "结算")

TARGET_HOURS: Final = 2
"""What is due the same day and not out after so long is reminded of (M40: target hours)."""

Rules = Mapping[str, RhythmRule]
"""By rhythm."""

USUAL: Final[Rules] = MappingProxyType(
    {
        Rhythm.REGULAR: RhythmRule(QUARTER_DAY, (-3, 0, 1, 3, 7)),
        Rhythm.PHASED: RhythmRule(AFTER_STAGE_DAYS, (-1, 0, 1, 3, 7)),
        Rhythm.AD_HOC: RhythmRule(TARGET_HOURS, (0, 1, 3, 7)),
        Rhythm.PERMANENT: RhythmRule(0, (-14, 0, 7)),
        Rhythm.IN_STEP: RhythmRule(TARGET_HOURS, (0, 1, 3, 7)),
    }
)
"""As long as nobody lays down another."""

SAME_DAY: Final = frozenset({Rhythm.AD_HOC, Rhythm.IN_STEP})
"""Rhythms of which nobody can be told days before."""

PERMANENT_KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {POWER_ITEMS: "权力清单", "rules": "规章制度", "contacts": "联系方式"}
)
"""Kinds that are reviewed every year, and what the review is called by."""
REVIEW_WINDOW: Final = timedelta(days=90)
"""A new version so shortly before the day of the review is the review."""

DECIDED, EXECUTED, RESULT = "决议", "执行", "结果"
"""The three events of a major decision (M42)."""
ENDED_WORDS: Final = (
    "完成",
    "完工",
    "竣工",
    "验收",
    "结算",
    "办结",
    "办完",
    "付清",
    "终止",
    "结束",
)
"""What the execution of a decision says once there is a result."""


async def in_force(db: Database) -> Rules:
    """The rule of each rhythm: an administrator's, else the usual one."""
    return {**USUAL, **await rhythm_rules.laid_down(db)}
