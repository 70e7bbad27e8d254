"""Where a template is used: by what, when next, what follows it, which pushes run with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from console.staff.wordings import texts
from notifications.confirming import rules_in_force
from storage import campaigns, schedules
from storage.campaigns import Running
from storage.confirmations import Rule
from storage.database import Database

_AT_MOST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """`rule` says what follows where nobody confirms; `next_at` is its schedule's next run."""

    by: str
    next_at: datetime | None
    rule: str
    running: Sequence[Running]


async def use_of(db: Database, code: str, now: datetime) -> Used:
    """Business time."""
    next_at = None
    if job := texts.JOBS.get(code):
        runs = {one.name: one.next_run for one in await schedules.load_all(db)}
        next_at = runs.get(job)
    rules = await rules_in_force(db)
    return Used(
        by=texts.USED.get(code, texts.USED_BY_ANSWERS),
        next_at=max(next_at, now) if next_at else None,
        rule=in_words(rules[code]) if code in rules else "",
        running=await campaigns.running_of(db, code, _AT_MOST),
    )


def in_words(rule: Rule) -> str:
    if not rule.is_on:
        return texts.RULE_OFF
    steps = []
    if rule.repeats:
        repeat = texts.RULE_REPEAT
        steps.append(repeat.format(hours=_hours(rule.repeat_after), times=rule.repeats))
    if rule.sms_after:
        steps.append(texts.RULE_SMS.format(hours=_hours(rule.sms_after)))
    if rule.superior_after:
        steps.append(texts.RULE_SUPERIOR.format(hours=_hours(rule.superior_after)))
    return texts.RULE.format(steps=",".join(steps)) if steps else texts.RULE_OFF


def _hours(span: timedelta) -> int:
    return int(span.total_seconds() // 3600)
