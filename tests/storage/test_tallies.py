"""Tallies say what the rows say, whatever was done to them and however often."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from storage import audience, campaigns, outbox, refusals, settling, steering, tallies
from storage.audience import Audience, FanOut, Group, Selection
from storage.campaigns import Campaign
from storage.database import Database
from storage.moments import NEVER, to_ms
from storage.outbox import Claimed, Finish, Worker
from tests.conftest import NOW

REAL = datetime(2031, 5, 1, tzinfo=UTC)
IDS = ("c1", "c2", "c3")
PEOPLE = [f"p{n}" for n in range(6)]


def campaign(identity: str) -> Campaign:
    return Campaign(
        id=identity, key=identity, template="notice", notice_class="news", lane=2,
        audience="person=p", params={}, texts={}, link="", state="running", revision=1,
        planned_for=NOW, expires_at=NOW + timedelta(days=3), created_by="operator",
        created_at=NOW, fanned_out=True,
    )  # fmt: skip


async def build(db: Database) -> None:
    for person in PEOPLE:
        await db.run(
            "INSERT INTO people (id, name, known, texts_answered, created_at)"
            " VALUES (?, '', ?, ?, 1)",
            person, True, False,
        )  # fmt: skip
        for channel in ("wechat", "sms"):
            await db.run(
                "INSERT INTO addresses (id, person_id, channel, lookup, sealed, state, created_at)"
                " VALUES (?, ?, ?, ?, ?, 'active', 1)",
                f"{person}{channel}", person, channel, f"{person}{channel}", b"x",
            )  # fmt: skip
    for identity in IDS:
        await campaigns.insert(db, campaign(identity))
        await fan_out(db, identity)


async def fan_out(db: Database, identity: str, revision: int = 1) -> None:
    whom = Audience(groups=(Group(people=tuple(PEOPLE)),), on=date(2026, 11, 24))
    await audience.fan_out(
        db,
        Selection(audience=whom, notice_class="news", may_refuse=True, channels=("wechat", "sms")),
        FanOut(
            campaign_id=identity, revision=revision, lane=2, not_before=NOW,
            expires_at=NOW + timedelta(days=2), now=NOW,
        ),
    )  # fmt: skip


async def true_counts(db: Database) -> dict[str, dict[str, int]]:
    """From the rows and the attempts themselves."""
    counts = {identity: dict.fromkeys(tallies.COLUMNS, 0) for identity in IDS}
    for row in await db.rows("SELECT campaign_id, state, channel FROM deliveries"):
        mine = counts[row["campaign_id"]]
        mine["total"] += 1
        mine[row["state"]] += 1
        if row["state"] in tallies.REACHED:
            mine[row["channel"]] += 1
    for row in await db.rows(
        "SELECT d.campaign_id FROM attempts a JOIN deliveries d ON d.id = a.delivery_id"
        " WHERE a.state IN ('taken', 'delivered', 'unknown')"
        " GROUP BY d.campaign_id, a.delivery_id HAVING COUNT(*) > 1"
    ):
        counts[row["campaign_id"]]["repeated"] += 1
    return counts


async def told(db: Database) -> dict[str, dict[str, int]]:
    return {identity: dict((await tallies.load(db, identity)).counts) for identity in IDS}


class Walk:
    """Random statements, stale ones and repeated ones among them."""

    def __init__(self, db: Database, chance: random.Random) -> None:
        self.db, self.chance = db, chance
        self.claimed: list[Claimed] = []
        self.real, self.business = REAL, NOW
        self.revision = dict.fromkeys(IDS, 1)

    async def step(self) -> str:
        steps: list[Callable[[], Awaitable[object]]] = [
            self.claim, self.claim, self.claim, self.finish, self.finish, self.finish, self.sweep,
            self.settle, self.settle, self.send_again, self.note_failed, self.claim_unknown,
            self.leave, self.steer, self.follow_up, self.later, self.again, self.restore,
        ]  # fmt: skip
        step = self.chance.choice(steps)
        await step()
        return step.__name__

    def worker(self) -> Worker:
        lease = self.real + timedelta(seconds=30)
        return Worker(owner=self.chance.choice("ab"), now=self.real, lease_until=lease)

    async def claim(self) -> None:
        self.claimed += await outbox.claim(
            self.db, self.worker(), channel=self.chance.choice(tallies.CHANNELS),
            gateway=self.chance.choice(("wechat", "aliyun")), lane=2,
            limit=self.chance.randint(1, 6), now=self.business,
            repeat_after=self.real - timedelta(minutes=9),
        )  # fmt: skip

    async def claim_unknown(self) -> None:
        self.claimed += await outbox.claim_unknown(
            self.db, self.worker(), limit=3, repeat_after=self.real - timedelta(minutes=9)
        )

    async def finish(self) -> None:
        some = self.chance.sample(self.claimed, min(len(self.claimed), 5))
        await outbox.finish(self.db, [self.outcome(claimed) for claimed in some], self.real)

    def outcome(self, claimed: Claimed) -> Finish:
        state, attempt, channel = self.chance.choice(
            [
                ("sent", "taken", ""), ("sent", "taken", ""), ("refused", "refused", ""),
                ("new", "refused", "sms"), ("new", "refused", ""), ("unknown", "unknown", ""),
                ("dead", "refused", ""),
            ]
        )  # fmt: skip
        again = to_ms(self.real if state == "unknown" else self.business)
        return Finish(
            claimed=claimed, state=state, attempt=attempt, channel=channel, tries=1,
            not_before=self.chance.choice((again, again, NEVER)) if state == "unknown" else again,
        )  # fmt: skip

    async def sweep(self) -> None:
        await outbox.sweep(self.db, self.real, sms_rests_until=self.real)

    async def settle(self) -> None:
        if not self.claimed:
            return
        claimed = self.chance.choice(self.claimed)
        state, attempt, channel = self.chance.choice(
            [("delivered", "delivered", ""), ("refused", "failed", ""), ("new", "failed", "sms")]
        )
        await settling.settle(
            self.db, claimed.id, claimed.attempt_id, state=state, attempt=attempt, code="x",
            now=self.real, channel=channel, not_before=to_ms(self.business),
        )  # fmt: skip

    async def send_again(self) -> None:
        if self.claimed:
            claimed = self.chance.choice(self.claimed)
            await settling.send_again(
                self.db, claimed.id, claimed.attempt_id, channel="sms", code="silent",
                now=self.real, not_before=to_ms(self.business),
            )  # fmt: skip

    async def note_failed(self) -> None:
        if self.claimed:
            attempt = self.chance.choice(self.claimed).attempt_id
            await settling.note_failed(self.db, attempt, "late", self.real)

    async def leave(self) -> None:
        if self.chance.random() < 0.2:
            person, channel = self.chance.choice(PEOPLE), self.chance.choice(("", "sms"))
            await refusals.leave(self.db, person, ["news"], channel, NOW)

    async def steer(self) -> None:
        word = self.chance.choice([steering.pause, steering.go_on, steering.go_on])
        if self.chance.random() < 0.05:
            word = steering.cancel
        await word(self.db, self.chance.choice(IDS))

    async def follow_up(self) -> None:
        await steering.follow_up(self.db, self.real, page=self.chance.choice((2, 100)))

    async def later(self) -> None:
        self.real += timedelta(minutes=self.chance.choice((0, 1, 11)))
        self.business += timedelta(hours=self.chance.choice((0, 1)))

    async def again(self) -> None:
        identity = self.chance.choice(IDS)
        await fan_out(self.db, identity, self.revision[identity])
        self.revision[identity] += self.chance.random() < 0.2

    async def restore(self) -> None:
        if self.chance.random() < 0.1:
            await campaigns.hold_unfinished(self.db)
            await campaigns.resume(self.db, None, restored=self.business, now=self.real)


@pytest.mark.parametrize("seed", range(4))
async def test_a_tally_equals_its_rows_after_whatever_was_done(db: Database, seed: int) -> None:
    await build(db)
    walk = Walk(db, random.Random(seed))  # noqa: S311
    done = []
    for _ in range(120):
        done.append(await walk.step())

        assert await told(db) == await true_counts(db), done[-5:]
    assert len(set(done)) > 10


async def test_workers_at_once_count_each_row_once(db: Database) -> None:
    await build(db)

    async def work(owner: str) -> None:
        worker = Worker(owner=owner, now=REAL, lease_until=REAL + timedelta(seconds=30))
        for channel in ("wechat", "sms"):
            while claimed := await outbox.claim(
                db, worker, channel=channel, gateway="aliyun", lane=2, limit=2, now=NOW,
                repeat_after=REAL,
            ):  # fmt: skip
                finished = [
                    Finish(claimed=row, state="sent", attempt="taken", tries=1) for row in claimed
                ]
                # Twice: the second comes too late and changes nothing.
                await outbox.finish(db, finished, REAL)
                await outbox.finish(db, [replace(f, state="dead") for f in finished], REAL)

    await asyncio.gather(*(work(f"w{n}") for n in range(4)))

    assert await told(db) == await true_counts(db)
    assert all(counts["sent"] == len(PEOPLE) for counts in (await told(db)).values())


async def test_an_answer_belongs_to_no_tally(db: Database) -> None:
    await build(db)
    before = await told(db)
    await outbox.add_answer(
        db, message_key="m", person_id="p0", sealed=b"s", now=NOW,
        expires_at=NOW + timedelta(hours=1),
    )  # fmt: skip
    worker = Worker(owner="w", now=REAL, lease_until=REAL + timedelta(seconds=30))
    claimed = await outbox.claim(
        db, worker, channel="sms", gateway="aliyun", lane=0, limit=5, now=NOW, repeat_after=REAL
    )
    await outbox.finish(db, [Finish(claimed=claimed[0], state="sent", attempt="taken")], REAL)

    assert await told(db) == before
