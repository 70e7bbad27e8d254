"""The outbox at work: what is due is claimed, sent and finished, lane by lane.

Each channel has a loop for each lane, so that a later lane never delays an earlier one, neither by
claims nor by connections nor by permits. The database is the queue; events only wake.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

from notifications import policy, texts
from notifications.alarms.conditions import of_outcome
from notifications.carriers import Carrier
from notifications.channels.brake import Brake
from notifications.channels.breaker import BREAKER, Breaker, is_failure
from notifications.channels.outcome import Outcome, Scope, Verdict
from notifications.channels.rate import Lane
from notifications.channels.windows import next_day, next_month
from notifications.channels.wire import no_later_than
from notifications.judging import (
    DROPS_DOUBLES,
    REPEAT_WITHIN,
    Decision,
    Moments,
    fallen_back,
    judge,
    release,
)
from notifications.memory import BUDGET, KEPT, UNBOUND, Memory
from notifications.permits import open_rate
from notifications.policy import POLICIES, NoticeClass
from notifications.preparing import Prepared, Preparer, Stuck
from notifications.terms import CUSTOM, Terms
from notifications.writing import Writer
from storage import outbox, refusals, settling, windows
from storage.clock import Clock
from storage.database import Database, Unavailable
from storage.ids import new_id
from storage.outbox import Claimed, Finish, Worker
from storage.sealing import Sealer

log = logging.getLogger(__name__)

CALLS: Mapping[Lane, int] = {
    Lane.INTERACTIVE: 32,
    Lane.URGENT: 64,
    Lane.NORMAL: 96,
    Lane.BULK: 96,
}
"""How many calls of a lane are under way at once."""

AHEAD = 2
"""Times as many rows a lane holds: while some are called, the next are claimed and the last are
written. So many may a crash leave unknown."""

_UNBOUND_FOR = timedelta(seconds=60)


def real_now() -> datetime:
    return datetime.now(UTC)


class Outbox:
    """Works off what is due, for one process. `real` is real time; business time is the clock's."""

    def __init__(
        self,
        db: Database,
        sealer: Sealer,
        clock: Clock,
        carriers: Mapping[str, Carrier],
        terms: Terms,
        *,
        real: Callable[[], datetime] = real_now,
    ) -> None:
        self._db = db
        self._clock = clock
        self._carriers = carriers
        self._terms = terms
        self._real = real
        self.owner = new_id()
        self.memory = Memory(db, terms)
        self._preparer = Preparer(db, sealer, self.memory, terms, real)
        self._lease = timedelta(seconds=terms.delivery.lease_seconds)
        self._call_seconds = terms.delivery.lease_seconds / 2
        self.repeat_within = min(REPEAT_WITHIN, DROPS_DOUBLES - self._lease)
        rates = {"wechat": terms.wechat_per_second, "sms": terms.sms_per_second}
        self._rates = {c: open_rate(db, c, rates[c]) for c in carriers}
        self._brakes = {c: Brake(rates[c]) for c in carriers}
        self._breakers = {c: Breaker() for c in carriers}
        self._paused: dict[str, datetime] = {}
        self._probing: set[str] = set()  # channels of which a lane claims the one row that tries
        # Not more than the rate lets through well before the lease ends.
        in_time = {c: max(1, int(rates[c] * terms.delivery.lease_seconds / 4)) for c in carriers}
        keys = [(channel, lane) for channel in carriers for lane in Lane]
        self._width = {key: min(CALLS[key[1]] * AHEAD, in_time[key[0]]) for key in keys}
        self._free = dict(self._width)
        self._lines = {key: asyncio.Semaphore(CALLS[key[1]]) for key in keys}
        self._due = {key: asyncio.Event() for key in self._free}
        self._room = {key: asyncio.Event() for key in self._free}
        self._writer = Writer(db, real)
        self._calls: set[asyncio.Task[None]] = set()
        self._loops: list[asyncio.Task[None]] = []
        self._stopping = False

    async def start(self) -> None:
        """Begins to work; `look` tells it what is due."""
        await self.memory.refresh(self._real())
        self._writer.start()
        self._loops = [
            asyncio.create_task(self._drain(channel, lane), name=f"{channel} {lane.name}")
            for channel, lane in self._free
        ]

    async def stop(self) -> None:
        """Claims nothing more, hands back what was to be called next, waits for the calls under
        way, and writes what they brought."""
        self._stopping = True
        for event in (*self._due.values(), *self._room.values()):
            event.set()
        if self._loops:
            await asyncio.wait(self._loops, timeout=self._call_seconds)
        if self._calls:
            await asyncio.wait(self._calls, timeout=self._call_seconds)
        await self._writer.stop()
        for task in (*self._loops, *self._calls):
            task.cancel()
        await asyncio.gather(*self._loops, *self._calls, return_exceptions=True)

    @property
    def idle(self) -> bool:
        """Whether no call is under way."""
        return not self._calls

    async def look(self) -> None:
        """Wakes the lanes in which something is due."""
        for channel, lane in await outbox.due(self._db, list(self._carriers), self._clock.now()):
            self._due[channel, Lane(lane)].set()

    async def repeat_unknown(self) -> None:
        """Repeats WeChat messages of unknown outcome while the platform drops doubles."""
        if "wechat" not in self._carriers or self._stands("wechat"):
            return
        trying = self.memory.probing("wechat")
        if trying and self._under_way("wechat"):
            return
        worker = self._worker()
        rows = await outbox.claim_unknown(
            self._db,
            worker,
            limit=1 if trying else max(1, self._free["wechat", Lane.NORMAL]),
            repeat_after=self._real() - self.repeat_within,
        )
        await self._begin(rows, worker)

    # --- claiming ---------------------------------------------------------------------------------

    async def _drain(self, channel: str, lane: Lane) -> None:
        """One lane of one channel: claims as long as there is something, and room."""
        key = channel, lane
        while not self._stopping:
            await self._due[key].wait()
            self._due[key].clear()
            try:
                while not self._stopping and await self._claim(channel, lane):
                    await self._wait_for_room(key)
            except Unavailable as closed:
                log.warning("the outbox cannot be read: %s", type(closed).__name__)
                await asyncio.sleep(self._terms.delivery.poll_seconds)
            except Exception as failure:  # a lane that ended would be silent until a restart
                log.error("%s %s failed: %s", channel, lane.name, type(failure).__name__)
                await asyncio.sleep(self._terms.delivery.poll_seconds)

    async def _claim(self, channel: str, lane: Lane) -> bool:
        """Takes what there is room for; whether there may be more."""
        now = self._clock.now()
        resting = self._resting(lane, now)
        # Answers rest never; where all others do, there is nothing to look for.
        if len(resting) >= len(POLICIES) - 1:
            return False
        halted = self._detoured(channel, lane)
        if halted is None:
            return False
        if channel == "wechat" and lane >= Lane.NORMAL and not self.memory.may_call():
            await self._note_kept()
            return False
        if channel == "sms" and lane >= Lane.NORMAL and not self.memory.can_spend(1):
            await self._note_budget()
            return False
        room = self._free[channel, lane]
        if room <= 0:
            return True
        if not self.memory.probing(channel):
            return await self._claim_rows(channel, lane, room, halted)
        if channel in self._probing or self._under_way(channel):
            return False  # one message at a time tries whether a channel works again
        self._probing.add(channel)
        try:
            await self._claim_rows(channel, lane, 1, halted)
        finally:
            self._probing.discard(channel)
        return False

    async def _claim_rows(
        self, channel: str, lane: Lane, limit: int, halted: Sequence[str]
    ) -> bool:
        """Takes so many rows and begins to send them; whether there may be more."""
        now, worker = self._clock.now(), self._worker()
        rows = await outbox.claim(
            self._db,
            worker,
            channel=channel,
            gateway=self._terms.sms_gateway if channel == "sms" else "wechat",
            lane=lane,
            limit=limit,
            now=now,
            repeat_after=self._real() - self.repeat_within,
            resting=self._resting(lane, now),
            halted=halted,
        )
        await self._begin(rows, worker)
        return len(rows) == limit

    def _under_way(self, channel: str) -> int:
        """How many calls of a channel are under way."""
        return sum(self._width[key] - self._free[key] for key in self._free if key[0] == channel)

    def _resting(self, lane: Lane, now: datetime) -> list[str]:
        """The classes that nobody is to be disturbed with now."""
        if policy.passes(lane):
            return []
        schedule = self._terms.schedule
        return [c.value for c in POLICIES if policy.opens_at(c, lane, now, schedule) > now]

    def _detoured(self, channel: str, lane: Lane) -> list[str] | None:
        """The templates that the channel does not carry now; None: it carries nothing at all.

        Where only the day's calls are used up, what is urgent goes another way, and so does what a
        subscription notice is bound for.
        """
        halted = self.memory.halted_templates(channel, self._real())
        if not self._stands(channel):
            return halted
        if not self.memory.quota_used_up(channel, self._real()) or self._is_paused(channel):
            return None
        return halted if policy.passes(lane) else halted + self.memory.without_detour(channel)

    def _stands(self, channel: str, gateway: str = "") -> bool:
        """Whether a channel, or (`gateway`) one way of it, carries nothing now."""
        now = self._real()
        halted = self.memory.standing_still(channel, now)
        if gateway in policy.WECHAT_WAYS[1:] and self.memory.quota_used_up(channel, now):
            halted = False  # those are the calls of another interface
        return halted or self._is_paused(channel)

    def _is_paused(self, channel: str) -> bool:
        paused = self._paused.get(channel)
        return paused is not None and paused > self._real()

    async def _wait_for_room(self, key: tuple[str, Lane]) -> None:
        """Until there is some: claiming row by row would cost a transaction each."""
        while not self._has_room(key) and not self._stopping:
            self._room[key].clear()
            await self._room[key].wait()

    def _has_room(self, key: tuple[str, Lane]) -> bool:
        return self._free[key] >= max(1, self._width[key] // 3)

    def _worker(self) -> Worker:
        now = self._real()
        return Worker(owner=self.owner, now=now, lease_until=now + self._lease)

    # --- sending ----------------------------------------------------------------------------------

    async def _begin(self, rows: list[Claimed], worker: Worker) -> None:
        await self.memory.learn(row.campaign_id for row in rows)
        for row in rows:
            key = row.channel, Lane(row.lane)
            self._free[key] -= 1
            call = asyncio.create_task(self._carry(row, worker.lease_until), name="delivery")
            self._calls.add(call)
            call.add_done_callback(partial(self._ended, key))

    def _ended(self, key: tuple[str, Lane], call: asyncio.Task[None]) -> None:
        self._calls.discard(call)
        self._free[key] += 1
        if self._has_room(key):
            self._room[key].set()

    async def _carry(self, row: Claimed, deadline: datetime) -> None:
        """One delivery from its claim to its written outcome."""
        try:
            finish = await self._sent(row, deadline)
        except Exception as failure:
            # Whatever broke did so before the call: nothing was sent.
            log.error("delivery %s could not be prepared: %s", row.id, type(failure).__name__)
            broken = Outcome(verdict=Verdict.LATER, code="internal")
            finish = judge(row, broken, self.moments()).finish
        await self._writer.write(finish)

    async def _sent(self, row: Claimed, deadline: datetime) -> Finish:
        prepared = await self._preparer.prepare(row)
        if isinstance(prepared, Stuck):
            return await self._stuck(row, prepared)
        message = prepared.message
        async with self._lines[row.channel, Lane(row.lane)]:
            if not await self._permitted(row, deadline, message.gateway):
                return release(row, "no_permit")
            if row.channel == "sms":
                if row.lane >= Lane.NORMAL and not self.memory.can_spend(message.cost_fen):
                    await self._note_budget()
                    return release(row, BUDGET)
                self.memory.spend(message.cost_fen)
            outcome = await self._call(row, prepared, deadline)
        at = self.moments()
        decision = judge(row, outcome, at, cost_fen=message.cost_fen)
        if row.channel == "sms" and decision.finish.cost_fen == 0:
            self.memory.spend(-message.cost_fen)
        try:
            await self._watch(row.channel, outcome)
            return await self._decided(row, outcome, decision, prepared)
        except Exception as failure:
            # After the call: what was taken, or may have been, must never look as if it was not.
            log.error("delivery %s: %s after its call", row.id, type(failure).__name__)
            if outcome.verdict in (Verdict.TAKEN, Verdict.UNKNOWN):
                return decision.finish
            broken = Outcome(verdict=Verdict.LATER, code="internal")
            return judge(row, broken, self.moments()).finish

    async def _watch(self, channel: str, outcome: Outcome) -> None:
        """What a call says of the channel itself: whether it is down, or we are too fast."""
        now = self._real()
        until = self._breakers[channel].note(outcome, now)
        if until is not None:
            detail = texts.BREAKER_DETAIL.format(code=outcome.code)
            log.error("%s does not answer (%s): halted", channel, outcome.code)
            down = Outcome(verdict=Verdict.HALT, code=BREAKER, detail=detail)
            await self.memory.halt(channel, "", down, now=now, until=until)
        elif not is_failure(outcome):
            await self.memory.answered(channel)
        too_fast = outcome.verdict in (Verdict.LATER, Verdict.AT) and not is_failure(outcome)
        if too_fast and outcome.scope is Scope.CHANNEL:
            self._brakes[channel].press()

    async def _permitted(self, row: Claimed, deadline: datetime, gateway: str) -> bool:
        """Waits for a permit; False where the lease would not outlast the call any more, or nothing
        is to be called now."""
        left = (deadline - self._real()).total_seconds() - 1.1 * self._call_seconds
        try:
            async with asyncio.timeout(max(left, 0)):
                await self._brakes[row.channel].permit(Lane(row.lane))
                await self._rates[row.channel].permit(Lane(row.lane))
        except TimeoutError:
            return False
        # A process that was frozen meanwhile must not send what others may have taken over.
        in_time = (deadline - self._real()).total_seconds() > self._call_seconds
        return in_time and not self._stopping and not self._stands(row.channel, gateway)

    async def _call(self, row: Claimed, prepared: Prepared, deadline: datetime) -> Outcome:
        carrier = self._carriers[row.channel]
        lease_ends = time.monotonic() + (deadline - self._real()).total_seconds()
        try:
            async with asyncio.timeout(self._call_seconds):
                with no_later_than(lease_ends):
                    return await carrier.send(prepared.address, prepared.message, row.attempt_id)
        except TimeoutError:
            return Outcome(verdict=Verdict.UNKNOWN, code="timeout")
        except Exception as failure:
            log.error("delivery %s broke off: %s", row.id, type(failure).__name__)
            return Outcome(verdict=Verdict.UNKNOWN, code="broke_off")

    async def _decided(
        self, row: Claimed, outcome: Outcome, decision: Decision, prepared: Prepared
    ) -> Finish:
        """Carries out what goes beyond the row itself."""
        template, notice_class, now = prepared.template, prepared.notice_class, self._real()
        if strange := of_outcome(row.channel, outcome):
            await self.memory.alarm(strange, now)
        detoured = prepared.message.gateway in policy.WECHAT_WAYS[1:]
        detoured = detoured and self.memory.quota_used_up(row.channel, now) is not None
        if outcome.verdict is Verdict.TAKEN and not detoured:
            await self.memory.went_through(row.channel, template)
        if outcome.code == policy.QUOTA_USED_UP and not row.was_unknown:
            return await self._quota_used_up(row, decision, prepared, outcome)
        if decision.halt_until:
            scope = template if decision.halt_template else ""
            log.error("%s halted %s: %s", row.channel, scope, outcome.code)
            until = decision.halt_until
            await self.memory.halt(row.channel, scope, outcome, now=now, until=until)
        if decision.pause_until:
            self._paused[row.channel] = decision.pause_until
        if decision.address == "opted_out":
            await refusals.refuse(self._db, row.person_id, [notice_class], row.channel, now)
        elif decision.address:
            await settling.mark_address(self._db, row.person_id, row.channel, decision.address)
        if decision.fall_back:
            return await self._fall_back(
                row, outcome.code, template, notice_class, otherwise=decision.finish
            )
        return decision.finish

    async def _fall_back(
        self,
        row: Claimed,
        code: str,
        template: str,
        notice_class: NoticeClass,
        *,
        otherwise: Finish | None = None,
    ) -> Finish:
        """By the next way or channel that reaches the person, else as it was decided."""
        if row.channel == "wechat" and (way := await self._next_way(row, code, template)):
            return fallen_back(row, code, "wechat", self.moments(), way=way)
        if code == policy.QUOTA_USED_UP and otherwise and not policy.passes(row.lane):
            return otherwise  # tomorrow costs nothing, and a text does
        if row.channel == "wechat" and await self.memory.may_go_by(
            "sms", template, row.campaign_id
        ):
            may_refuse = POLICIES[notice_class].may_refuse
            if "sms" in self._carriers and await settling.reachable(
                self._db, row.person_id, "sms", notice_class, may_refuse=may_refuse
            ):
                return fallen_back(row, code, "sms", self.moments())
        return otherwise or replace(release(row, code), state="refused", attempt="refused")

    async def _quota_used_up(
        self, row: Claimed, decision: Decision, prepared: Prepared, outcome: Outcome
    ) -> Finish:
        """The day's calls of one of WeChat's interfaces are used up: another way, or tomorrow."""
        until = decision.halt_until or next_day(self._real())
        if prepared.message.gateway == "wechat":
            log.error("%s halted: %s", row.channel, outcome.code)
            await self.memory.halt(row.channel, "", outcome, now=self._real(), until=until)
        waits = release(row, outcome.code, not_before=self.moments().business_at(until))
        return await self._fall_back(
            row, outcome.code, prepared.template, prepared.notice_class, otherwise=waits
        )

    async def _next_way(self, row: Claimed, code: str, template: str) -> str:
        """The next way within WeChat after one that was refused or is not open; empty: none."""
        if code not in policy.PASSED_ON and code != UNBOUND:
            return ""
        open_ways = [way.gateway for way in self.memory.ways(template, "wechat")]
        last = row.way or (open_ways[0] if open_ways else "subscribe")
        for gateway in policy.WECHAT_WAYS[policy.WECHAT_WAYS.index(last) + 1 :]:
            if gateway == CUSTOM.gateway:
                return (
                    gateway if await windows.is_open(self._db, row.person_id, self._real()) else ""
                )
            if gateway in open_ways:
                return gateway
        return ""

    async def _stuck(self, row: Claimed, stuck: Stuck) -> Finish:
        """What becomes of a row that cannot go out over its channel."""
        if stuck.code == "no_content":
            return replace(release(row, stuck.code), state="dead", attempt="refused")
        if stuck.code == UNBOUND and (way := await self._next_way(row, UNBOUND, stuck.template)):
            return fallen_back(row, UNBOUND, "wechat", self.moments(), way=way)
        if stuck.code == policy.QUOTA_USED_UP:
            until = self.memory.quota_used_up(row.channel, self._real()) or self._real()
            tomorrow = release(row, stuck.code, not_before=self.moments().business_at(until))
            return await self._fall_back(
                row, stuck.code, stuck.template, stuck.notice_class, otherwise=tomorrow
            )
        if stuck.code != UNBOUND or row.way:
            return await self._fall_back(row, stuck.code, stuck.template, stuck.notice_class)
        until = self._real() + _UNBOUND_FOR
        missing = Outcome(verdict=Verdict.HALT, code=UNBOUND, detail=texts.NOT_BOUND_DETAIL)
        await self.memory.halt(row.channel, stuck.template, missing, now=self._real(), until=until)
        # An answer's template stands in no column: its row has to wait by itself.
        waits = None if row.campaign_id else self.moments().business_at(until)
        return release(row, stuck.code, not_before=waits)

    async def _note_kept(self) -> None:
        now = self._real()
        kept = Outcome(verdict=Verdict.HALT, code=KEPT, detail=texts.QUOTA_KEPT)
        await self.memory.halt(KEPT, "", kept, now=now, until=next_day(now))

    async def _note_budget(self) -> None:
        now = self._real()
        spent = Outcome(verdict=Verdict.HALT, code=BUDGET, detail=texts.BUDGET_DETAIL)
        await self.memory.halt(BUDGET, "", spent, now=now, until=next_month(now))

    def moments(self) -> Moments:
        """Now, on both clocks."""
        return Moments(
            business=self._clock.now(),
            real=self._real(),
            sms_rest=timedelta(seconds=self._terms.delivery.unknown_rest_seconds),
        )
