"""When a provider's counting window ends: clock windows in Beijing time (sms.md 1.5)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8))


def next_minute(now: datetime) -> datetime:
    return now.replace(second=0, microsecond=0) + timedelta(minutes=1)


def next_hour(now: datetime) -> datetime:
    # Beijing is whole hours away from UTC, so the hours end together.
    return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


def next_day(now: datetime) -> datetime:
    """The coming midnight in Beijing."""
    return _midnight(now.astimezone(BEIJING) + timedelta(days=1))


def next_month(now: datetime) -> datetime:
    """Midnight in Beijing at the beginning of the coming month."""
    first = now.astimezone(BEIJING).replace(day=1)
    return _midnight((first + timedelta(days=32)).replace(day=1))


def after(pause: timedelta) -> Callable[[datetime], datetime]:
    """For a window that begins now."""
    return lambda now: now + pause


def _midnight(local: datetime) -> datetime:
    return local.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
