"""Moments as the tables hold them: milliseconds since 1970, UTC."""

from datetime import UTC, datetime

NEVER = 9_999_999_999_999
"""The moment at which nothing more is tried by itself."""


def to_ms(moment: datetime) -> int:
    """Milliseconds of an aware time."""
    return int(moment.timestamp() * 1000)


def from_ms(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, tz=UTC)
