"""How far a push has come, as the page shows it: pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from console.staff.campaigns import texts
from notifications import texts as notice_texts
from notifications.memory import BUDGET, KEPT
from notifications.progress import Shown
from storage.halts import Halt

_UNFINISHED = ("new", "held", "sending")


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """`states` and `channels` are words with counts; `left` says how long it may take."""

    state: str
    is_over: bool
    total: int
    done: int
    percent: int
    reached: int
    failed: int
    repeated: int
    states: Sequence[tuple[str, int]]
    channels: Sequence[tuple[str, int]]
    left: str
    halts: Sequence[str]


def counts(shown: Shown) -> Counts:
    told, campaign = shown.progress, shown.campaign
    unfinished = sum(told.by_state.get(state, 0) for state in _UNFINISHED)
    done = told.total - unfinished if campaign.state != "planned" else 0
    return Counts(
        state=texts.STATES[campaign.state],
        is_over=campaign.state in ("done", "cancelled"),
        total=told.total,
        done=done,
        percent=100 * done // told.total if told.total else 0,
        reached=told.people_reached,
        failed=told.by_state.get("refused", 0) + told.by_state.get("dead", 0),
        repeated=told.repeated,
        states=[
            (notice_texts.STATES_OF_DELIVERY[state], count)
            for state, count in told.by_state.items()
        ],
        channels=[(texts.CHANNELS[channel], count) for channel, count in told.by_channel.items()],
        left=_left(shown, done, unfinished),
        halts=[_halt(halt) for halt in shown.halts] if campaign.state == "running" else [],
    )


def _left(shown: Shown, done: int, unfinished: int) -> str:
    """At the rate that it had so far; empty where none can be told."""
    begun, moved = shown.progress.begun_at, shown.progress.moved_at
    if shown.campaign.state != "running" or not (unfinished and done and begun and moved):
        return ""
    seconds = (moved - begun).total_seconds()
    if seconds < 1:
        return ""
    rest = unfinished * seconds / done
    if rest < 90:
        return texts.LEFT_SECONDS.format(n=max(1, round(rest)))
    if rest < 5400:
        return texts.LEFT_MINUTES.format(n=round(rest / 60))
    return texts.LEFT_HOURS.format(n=round(rest / 3600))


def _halt(halt: Halt) -> str:
    if halt.channel in (BUDGET, KEPT):
        return halt.detail
    return f"{texts.CHANNELS[halt.channel]}:{halt.detail}"
