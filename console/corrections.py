"""What became of an entry from one published version to the next: pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from console.formats import day
from storage import texts, wording
from storage.accounts import Entry
from storage.published import PastVersion
from understanding.personal import hide_personal


class Change(NamedTuple):
    """A field in words, before and after; empty where nothing was written."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One version of an entry's month, as far as the entry goes.

    `entry` is None where that version does not have it, or was withdrawn (`withdrawn_reason`).
    """

    version: int
    published_at: datetime
    reason: str
    entry: Entry | None
    changes: tuple[Change, ...]
    withdrawn_reason: str
    withdrawn_at: datetime | None


def turns(history: Sequence[PastVersion], identity: str) -> tuple[Turn, ...]:
    """An entry's way through the versions of its month (the newest first), the oldest first.

    Versions that left it as it was are passed over, but for the first that has it.
    """
    told: list[Turn] = []
    before: Entry | None = None
    for past in reversed(history):
        entry = _in(past, identity)
        changes = compare(before, entry) if before and entry else ()
        is_news = past.accounts is None or bool(changes) or (entry is None) != (before is None)
        if is_news:
            told.append(
                Turn(
                    past.version, past.published_at, past.reason, entry, changes,
                    past.withdrawn_reason, past.withdrawn_at,
                )
            )  # fmt: skip
        if past.accounts is not None:
            before = entry
    return tuple(told)


def compare(before: Entry, after: Entry) -> tuple[Change, ...]:
    """The fields that differ, as people read them; that a value was erased is no correction."""
    return tuple(
        Change(label, old, new)
        for label, value in _FIELDS
        if (old := value(before)) != (new := value(after)) and texts.ERASED not in (old, new)
    )


def _in(past: PastVersion, identity: str) -> Entry | None:
    entries = past.accounts.entries if past.accounts else ()
    return next((entry for entry in entries if entry.id == identity), None)


_FIELDS: tuple[tuple[str, Callable[[Entry], str]], ...] = (
    (texts.AMOUNT, lambda entry: wording.yuan(entry.amount_fen)),
    (texts.DIRECTION, lambda entry: entry.direction),
    (texts.DATE, lambda entry: day(entry.date)),
    (texts.SUMMARY, lambda entry: hide_personal(entry.summary)),
    (texts.PAYEE, lambda entry: hide_personal(entry.payee)),
    (texts.SUBJECT, lambda entry: entry.subject),
    (texts.VOUCHER, lambda entry: entry.voucher_no),
    (texts.HANDLER, lambda entry: entry.handler),
    (texts.APPROVER, lambda entry: entry.approver),
    (texts.SUPERVISORS, lambda entry: "、".join(entry.supervisors)),
)
