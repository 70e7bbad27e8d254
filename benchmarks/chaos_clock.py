"""A replica of the clock whose schedule comes every second: each occurrence sends one text.

The product's own `Scheduler`, over a clock on which a second lasts a minute. The campaign that an
occurrence makes has no key of its own, so that nothing but the schedule's compare-and-set and the
unique occurrence keeps two replicas from making it twice.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvloop

from bot.app import terms
from bot.config import load_config
from notifications.campaigns import Order, create
from notifications.channels.rate import Lane
from notifications.schedules import Job, Misfire, Occasion, Scheduler
from storage.database import Database, Unavailable

NAME = "chaos"
START = datetime(2026, 11, 24, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockTask:
    """What a replica is told: `began` are the Unix seconds at which its clock shows START."""

    config: str
    person: str
    began: float

    def now(self) -> datetime:
        return START + timedelta(minutes=datetime.now(UTC).timestamp() - self.began)


def tag(due_at: datetime) -> str:
    """By which an occurrence is known at the provider."""
    return f"钟{due_at:%m%d%H%M}"


async def main() -> None:
    task = ClockTask(**json.loads(sys.stdin.readline()))
    config = load_config(Path(task.config))
    db = await Database.open(config.database.url)

    async def fire(occasion: Occasion) -> None:
        order = Order(
            template="notice",
            audience=f"person={task.person}",
            params={"title": tag(occasion.due_at), "text": "到点了"},
            lane=Lane.URGENT,  # no cap of a person's day keeps it back
        )
        await create(db, terms(config), order, now=datetime.now(UTC), actor="clock")

    job = Job(name=NAME, cron="* * * * *", run=fire, misfire=Misfire.RUN_ALL)
    scheduler = Scheduler(db, [job])
    prepared = False
    while True:
        try:
            if not prepared:
                await scheduler.prepare(task.now())
                prepared = True
            await scheduler.tick(task.now())
        except Unavailable:
            logging.warning("the database does not answer")
        await asyncio.sleep(0.3)


if __name__ == "__main__":
    uvloop.run(main())
