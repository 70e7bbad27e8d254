"""What happens by the clock, in every service: the usual jobs."""

from __future__ import annotations

from notifications.confirming import confirming
from notifications.digest import digests
from notifications.education import EducationLibrary
from notifications.inbox import inbox_clocks
from notifications.integrity import integrity_reminders
from notifications.lessons import planned_lessons
from notifications.matters import limits
from notifications.proposals import early_proposals
from notifications.satisfaction import satisfaction
from notifications.schedules import Job
from notifications.terms import Terms
from notifications.triggers import disclosure_calendar, reminders
from notifications.weekly import weekly_news
from storage.database import Database


def usual_jobs(db: Database, terms: Terms) -> tuple[Job, ...]:
    return (
        reminders(db, terms),
        disclosure_calendar(db, terms),
        limits(db, terms),
        weekly_news(db, terms),
        digests(db, terms),
        integrity_reminders(db, terms, EducationLibrary(db)),
        planned_lessons(db, terms),
        confirming(db, terms),
        early_proposals(db, terms),
        inbox_clocks(db, terms),
        satisfaction(db, terms),
    )
