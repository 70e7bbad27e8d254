"""From what a gateway said to what becomes of the delivery. Pure; tested as a table.

The one rule above all: only an explicit "not taken" lets a message be sent again (contract.md,
section 7).
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from notifications import policy
from notifications.channels.outcome import Outcome, Scope, Verdict
from notifications.channels.rate import Lane
from storage.moments import NEVER, to_ms
from storage.outbox import Claimed, Finish

DROPS_DOUBLES: Final = timedelta(minutes=10)
"""So long WeChat drops a message with a client_msg_id that it has seen (wechat.md 2.3)."""

REPEAT_WITHIN: Final = timedelta(minutes=9)
"""So long after an attempt began it is repeated with the same client_msg_id."""

HALT_FOR: Final = timedelta(minutes=5)
"""How long a halt lasts that names no end: then one message tries again."""

UNFOLLOWED: Final = frozenset({"43004", "50005"})
DEAD: Final = frozenset({"40003", "isv.MOBILE_NUMBER_ILLEGAL", "isv.DOMESTIC_NUMBER_NOT_SUPPORTED"})
OPTED_OUT: Final = frozenset({"isv.CUSTOMER_REFUSED", "MOBILE_IN_BLACK", "USER_REJECT"})

_WHOLE_CHANNEL: Final = frozenset({Scope.CHANNEL, Scope.ACCOUNT, Scope.SIGNATURE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """One moment on both clocks (design.md, section 5), and how long a text of unknown outcome
    rests."""

    business: datetime
    real: datetime
    sms_rest: timedelta

    def business_at(self, real: datetime) -> int:
        """Milliseconds of the business time at which it will be that late."""
        return to_ms(self.business + max(real - self.real, timedelta(0)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """`finish` is what to write; with `fall_back` only where no other channel reaches the person.

    `halt_until` stops the channel, or (`halt_template`) one template on it; `pause_until` lets the
    channel breathe. `address` is what is now known of the address: unfollowed, dead, opted_out.
    """

    finish: Finish
    fall_back: bool = False
    halt_until: datetime | None = None
    halt_template: bool = False
    pause_until: datetime | None = None
    address: str = ""


def judge(row: Claimed, outcome: Outcome, at: Moments, *, cost_fen: int = 0) -> Decision:
    """What becomes of a claimed delivery after its call."""
    if outcome.verdict is Verdict.TAKEN:
        return Decision(finish=_taken(row, outcome, at, cost_fen))
    if outcome.verdict is Verdict.UNKNOWN:
        return Decision(finish=_unknown(row, outcome, at, cost_fen))
    if outcome.verdict in (Verdict.FALL_BACK, Verdict.FINAL):
        return Decision(
            finish=_refused(row, outcome.code),
            fall_back=outcome.verdict is Verdict.FALL_BACK,
            address=address_state(outcome.code),
        )
    decision = _not_now(row, outcome, at)
    if row.was_unknown:
        # That this repeat was not taken says nothing of the first call: it stays unknown.
        return replace(decision, finish=_unknown(row, outcome, at, cost_fen), fall_back=False)
    return decision


def release(row: Claimed, code: str, *, not_before: int | None = None) -> Finish:
    """Hands a row back of which nothing was sent; the try does not count."""
    state = "unknown" if row.was_unknown else "new"
    return Finish(
        claimed=row,
        state=state,
        attempt="unknown" if row.was_unknown else "refused",
        code=code,
        tries=row.tries - 1,
        not_before=to_ms(row.not_before) if not_before is None else not_before,
    )


def fallen_back(row: Claimed, code: str, channel: str, at: Moments, *, way: str = "") -> Finish:
    """Lets another channel, or another way of the same one, carry it, at once."""
    return Finish(
        claimed=row,
        state="new",
        attempt="refused",
        code=code,
        channel=channel,
        way=way,
        tries=0,
        not_before=to_ms(at.business),
    )


def address_state(code: str) -> str:
    """What a code tells about the address: unfollowed, dead, opted_out, or nothing."""
    if code in UNFOLLOWED:
        return "unfollowed"
    if code in DEAD:
        return "dead"
    return "opted_out" if code in OPTED_OUT else ""


def _taken(row: Claimed, outcome: Outcome, at: Moments, cost_fen: int) -> Finish:
    # No report ever follows a customer-service message, so its silence says nothing.
    urgent_on_wechat = row.lane == Lane.URGENT and row.channel == "wechat" and row.way != "custom"
    if urgent_on_wechat:
        not_before = to_ms(at.real + policy.SILENCE)
    elif row.channel == "sms":
        not_before = to_ms(at.real + policy.REPORTED_WITHIN)
    else:
        not_before = NEVER if row.lane == Lane.URGENT else to_ms(row.not_before)
    return Finish(
        claimed=row,
        state="sent",
        attempt="taken",
        # A provider's text may hold what no database takes.
        reference=outcome.reference.encode("utf-8", "ignore").decode().replace("\0", ""),
        tries=row.tries,
        not_before=not_before,
        cost_fen=cost_fen,
    )


def _unknown(row: Claimed, outcome: Outcome, at: Moments, cost_fen: int) -> Finish:
    pause = _pause(row)
    rest = at.sms_rest if row.channel == "sms" else pause
    return Finish(
        claimed=row,
        state="unknown",
        attempt="unknown",
        code=outcome.code,
        tries=row.tries,
        not_before=to_ms(at.real + rest),
        cost_fen=cost_fen,
    )


def _pause(row: Claimed) -> timedelta:
    """A quarter less or more than the table says: rows that failed together come back apart."""
    spread = zlib.crc32(f"{row.id}/{row.tries}".encode()) / 2**32
    return timedelta(seconds=policy.back_off_seconds(row.tries)) * (0.75 + spread / 2)


def _refused(row: Claimed, code: str, state: str = "refused") -> Finish:
    return Finish(
        claimed=row,
        state=state,
        attempt="refused",
        code=code,
        tries=row.tries,
        not_before=to_ms(row.not_before),
    )


def _not_now(row: Claimed, outcome: Outcome, at: Moments) -> Decision:
    """LATER, AT and HALT: explicitly not taken, and worth another try."""
    if outcome.verdict is Verdict.HALT:
        return Decision(
            finish=release(row, outcome.code),
            halt_until=outcome.retry_at or at.real + HALT_FOR,
            halt_template=outcome.scope is Scope.TEMPLATE,
        )
    pause = _pause(row)
    retry_at = max(outcome.retry_at or at.real + pause, at.real)
    if outcome.scope in _WHOLE_CHANNEL:
        # It says nothing about this message, so the try does not count.
        finish = release(row, outcome.code, not_before=at.business_at(retry_at))
        return Decision(finish=finish, pause_until=retry_at)
    if row.tries >= policy.MAX_TRIES:
        return Decision(finish=_refused(row, outcome.code, "dead"), fall_back=True)
    return Decision(
        finish=Finish(
            claimed=row,
            state="new",
            attempt="refused",
            code=outcome.code,
            tries=row.tries,
            not_before=at.business_at(retry_at),
        )
    )
