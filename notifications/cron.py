"""Rules of schedules: five cron fields in local time, checked, and as people read them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from notifications import texts
from notifications.schedules import next_run


class BadRule(ValueError):
    """No rule of five fields, or one that never comes."""


_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun")


def normal_cron(text: str) -> str:
    """The five fields as the scheduler takes them; raises BadRule for what it cannot.

    Days of the week by number are cron's (0 and 7 Sunday), which APScheduler counts otherwise.
    """
    fields = text.split()
    if len(fields) != 5:
        raise BadRule(text)
    fields[4] = re.sub(r"(?<![/\d])[0-7](?!\d)", lambda day: _DAYS[int(day[0])], fields[4])
    cron = " ".join(fields).lower()
    try:
        next_run(cron, datetime.now().astimezone())
    except ValueError:
        raise BadRule(text) from None
    return cron


def in_words(cron: str) -> str:
    """每天9:00, 每周一9:00, 每小时20分; what is said by nothing of that, as it is written.

    >>> in_words("0 9 * * *"), in_words("30 8 * * mon"), in_words("20 * * * *")
    ('每天9:00', '每周一8:30', '每小时第20分')
    """
    minute, hour, day, month, weekday = cron.split()
    if minute.startswith("*/") and (hour, day, month, weekday) == ("*",) * 4:
        return texts.EVERY_MINUTES.format(count=minute.removeprefix("*/"))
    if not minute.isdigit() or month != "*":
        return cron
    if hour == "*" and day == weekday == "*":
        return texts.EVERY_HOUR.format(minute=int(minute))
    if not hour.isdigit():
        return cron
    at = f"{int(hour)}:{int(minute):02d}"
    if day == weekday == "*":
        return texts.EVERY_DAY.format(at=at)
    if day == "*" and weekday in texts.WEEKDAYS:
        return texts.EVERY_WEEK.format(day=texts.WEEKDAYS[weekday], at=at)
    if day.isdigit() and weekday == "*":
        return texts.EVERY_MONTH.format(day=int(day), at=at)
    return cron


def coming(cron: str, first: datetime, count: int) -> list[datetime]:
    """So many occurrences from the first on."""
    return list(islice(_from(cron, first), count))


def _from(cron: str, first: datetime) -> Iterator[datetime]:
    while True:
        yield first
        first = next_run(cron, first)
