"""A resident's message in, intent and slots out: pure, no I/O but its own word lists."""

from understanding.meaning import (
    NO_MANNER,
    Amount,
    Context,
    Intent,
    LastQuery,
    Manner,
    Meaning,
    Period,
    Slots,
    Village,
    context_from_json,
)
from understanding.reading import Understanding

__all__ = [
    "NO_MANNER",
    "Amount",
    "Context",
    "Intent",
    "LastQuery",
    "Manner",
    "Meaning",
    "Period",
    "Slots",
    "Understanding",
    "Village",
    "context_from_json",
]
