"""A resident's message in, intent and slots out: pure, no I/O but its own word lists."""

from understanding.meaning import (
    Amount,
    Context,
    Intent,
    LastQuery,
    Meaning,
    Period,
    Slots,
    Village,
    context_from_json,
)
from understanding.reading import Understanding

__all__ = [
    "Amount",
    "Context",
    "Intent",
    "LastQuery",
    "Meaning",
    "Period",
    "Slots",
    "Understanding",
    "Village",
    "context_from_json",
]
