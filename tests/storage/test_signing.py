"""A draft becomes public by two who had no hand in it, and by nobody else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from storage import audit, chain, disclosures, signing
from storage.database import Database
from storage.disclosures import State
from storage.dossiers import Reason
from storage.enrolling import Facts, enrol
from storage.ledgers import bring_in
from storage.published import PublishedAccounts
from storage.records import BroughtList, BroughtRow, RecordBatch
from storage.records import bring_in as bring_records
from storage.regions import VillageFacts, save_villages
from storage.sealing import Sealer
from storage.signing import Overtaken, Refused, Step, Version
from tests.conftest import NOW
from tests.storage.making import VILLAGE, make_batch, make_line, make_order
from workbooks.records.kinds import DECISIONS

PEOPLE = (
    Facts("会计", ("录入", "干部"), VILLAGE, title="会计", phone="13900000001"),
    Facts("监一", ("监委会",), VILLAGE, phone="13900000002"),
    Facts("监二", ("监委会",), VILLAGE, phone="13900000003"),
    Facts("监三", ("监委会",), VILLAGE, phone="13900000004"),
)


class Village:
    """A village with a clerk, a committee of three and one month in preparation."""

    def __init__(self, db: Database, ids: dict[str, str]) -> None:
        self.db = db
        self.ids = ids
        self.draft = ""

    async def version(self) -> Version:
        return await signing.load(self.db, self.draft)

    async def step(self, name: str, seen: str | None = None) -> Step:
        told = seen if seen is not None else (await self.version()).seen
        return Step(self.ids[name], NOW, NOW.date(), told)

    async def submit(self, reason: str = "") -> None:
        await signing.submit(self.db, self.draft, await self.step("会计"), reason)

    async def sign(self, name: str) -> State:
        return await signing.sign(self.db, self.draft, await self.step(name))

    async def publish(self) -> None:
        async with self.db.transaction():
            await signing.publish(self.db, self.draft, await self.step("会计"))

    async def bring(self, *amounts: int, name: str = "会计") -> None:
        lines = [make_line(voucher=f"记{n}", amount=fen) for n, fen in enumerate(amounts, 1)]
        outcome = await bring_in(self.db, make_batch(*lines), make_order(self.ids[name]))
        self.draft = outcome.months[0].id


@pytest.fixture
async def village(db: Database, sealer: Sealer) -> Village:
    facts = VillageFacts(
        VILLAGE, "听竹村", "村", "990101000000", "明禾县", "990101101000", "竹影镇"
    )
    await save_villages(db, [facts])
    await enrol(db, sealer, PEOPLE, NOW)
    rows = await db.rows("SELECT id, name FROM people")
    made = Village(db, {row["name"]: row["id"] for row in rows})
    await made.bring(68_000)
    return made


async def refused(step: Awaitable[object]) -> str:
    with pytest.raises(Refused) as found:
        await step
    return ";".join(found.value.reasons)


async def test_submitted_signed_by_two_published(village: Village) -> None:
    states = [(await village.version()).state]
    await village.submit()
    states += [
        (await village.version()).state,
        await village.sign("监一"),
        await village.sign("监二"),
    ]
    await village.publish()

    accounts = (await PublishedAccounts(village.db).newest(VILLAGE)).months
    assert states == [State.DRAFT, State.SUBMITTED, State.SUBMITTED, State.SIGNED]
    assert [month.expense_fen for month in accounts] == [68_000]
    signed = (await village.version()).signatures
    assert [one.person_id for one in signed] == [village.ids["监一"], village.ids["监二"]]
    assert await chain.verify(village.db) is None
    acts = [act.action for act in await audit.about(village.db, village.draft)]
    assert acts == ["submitted", "signed", "signed", "published"]


async def test_nothing_is_published_with_one_signature(village: Village) -> None:
    await village.submit()
    await village.sign("监一")

    with pytest.raises(Overtaken):
        await village.publish()

    assert (await village.version()).state is State.SUBMITTED


@pytest.mark.parametrize(("name", "rule"), [("会计", "才能签"), ("监一", "已经签过了")])
async def test_the_wrong_one_is_told_the_rule(village: Village, name: str, rule: str) -> None:
    await village.submit()
    await village.sign("监一")

    assert rule in await refused(village.sign(name))


async def test_a_member_who_brought_a_row_in_does_not_sign(village: Village) -> None:
    await village.bring(68_000, 100, name="监三")
    await village.submit()

    assert "谁导入谁不审核" in await refused(village.sign("监三"))
    assert await village.sign("监一") is State.SUBMITTED


async def test_a_village_with_too_few_who_may_sign_is_told_so(village: Village) -> None:
    day = "2026-01-01"
    for name in ("监一", "监二"):
        await village.db.run(
            "UPDATE posts SET ends_on = ? WHERE person_id = ?", day, village.ids[name]
        )

    assert "能签的只有1位" in await refused(village.submit())


async def test_what_does_not_balance_is_not_submitted(village: Village) -> None:
    batch = make_batch(make_line(amount=1), stated=None)
    outcome = await bring_in(village.db, batch, make_order(village.ids["会计"]))
    village.draft = outcome.months[0].id

    assert "没有合计" in await refused(village.submit())


async def test_open_doubts_are_settled_by_a_reviewer_before_it_is_signed(village: Village) -> None:
    batch = make_batch(make_line())
    (row,) = batch.rows["2026-03"]
    doubted = type(row)(row.line, row.file, row.sheet, row.row, (Reason("金额", "88", "负数"),))
    batch.rows["2026-03"] = [doubted]
    await bring_in(village.db, batch, make_order(village.ids["会计"]))
    await village.submit()

    by_signing = await refused(village.sign("监一"))
    by_clerk = await refused(signing.settle(village.db, village.draft, await village.step("会计")))
    settled = await signing.settle(village.db, village.draft, await village.step("监一"))

    assert "有1行要先确认" in by_signing
    assert "才能签" in by_clerk
    assert settled == 1
    assert await village.sign("监二") is State.SUBMITTED


async def test_an_import_that_changes_it_takes_it_back_to_a_draft(village: Village) -> None:
    await village.submit()
    await village.sign("监一")
    seen = (await village.version()).seen

    await village.bring(7)

    assert (await village.version()).state is State.DRAFT
    assert (await village.version()).signatures == ()
    with pytest.raises(Overtaken):
        await signing.sign(village.db, village.draft, await village.step("监二", seen))


async def test_whoever_saw_another_content_signs_nothing(village: Village) -> None:
    await village.submit()
    with pytest.raises(Overtaken):
        await signing.sign(village.db, village.draft, await village.step("监一", "0" * 16))


async def test_it_is_recalled_until_somebody_has_signed(village: Village) -> None:
    await village.submit()
    await signing.recall(village.db, village.draft, await village.step("会计"))
    first = (await village.version()).state
    await village.submit()
    await village.sign("监一")

    late = await refused(signing.recall(village.db, village.draft, await village.step("会计")))

    assert first is State.DRAFT
    assert "不能撤回" in late


async def test_a_reviewer_gives_it_back_with_a_reason(village: Village) -> None:
    await village.submit()
    await village.sign("监一")
    step = await village.step("监二")

    silent = await refused(signing.give_back(village.db, village.draft, step, ""))
    by_clerk = await refused(
        signing.give_back(village.db, village.draft, await village.step("会计"), "不对")
    )
    await signing.give_back(village.db, village.draft, step, "第1笔的凭证没有附")

    version = await village.version()
    assert ("写明" in silent, "才能签" in by_clerk) == (True, True)
    assert (version.state, version.signatures) == (State.DRAFT, ())
    assert version.given_back == "第1笔的凭证没有附"


async def test_a_correction_says_why_and_keeps_saying_it(village: Village) -> None:
    for step in (village.submit, _signer(village, "监一"), _signer(village, "监二")):
        await step()
    await village.publish()
    await village.bring(70_000)

    silent = await refused(village.submit())
    await village.submit("凭证上少写了20元")
    await village.bring(70_000)  # the same again changes nothing
    state = (await village.version()).state
    await village.sign("监一")
    await village.sign("监二")
    await village.publish()

    assert "写明为什么改" in silent
    assert state is State.SUBMITTED
    month = (await PublishedAccounts(village.db).newest(VILLAGE)).months[0]
    assert (month.version, month.expense_fen) == (2, 70_000)
    assert month.reason.startswith("凭证上少写了20元(改动1笔")
    rows = await village.db.rows("SELECT state FROM disclosures ORDER BY version")
    assert [row["state"] for row in rows] == ["corrected", "published"]


def _signer(village: Village, name: str) -> Callable[[], Awaitable[State]]:
    return lambda: village.sign(name)


async def test_a_withdrawal_says_why(village: Village) -> None:
    await village.submit()
    await village.sign("监一")
    await village.sign("监二")
    await village.publish()

    silent = await refused(
        signing.withdraw(village.db, village.draft, await village.step("监一"), "")
    )
    await signing.withdraw(village.db, village.draft, await village.step("监一"), "放错了村")

    version = await village.version()
    assert "写明为什么" in silent
    assert (version.state, version.withdrawn_reason) == (State.WITHDRAWN, "放错了村")


async def test_only_a_draft_is_thrown_away(village: Village) -> None:
    await village.submit()
    with pytest.raises(Overtaken):
        await signing.drop(village.db, village.draft, await village.step("会计"))
    await signing.recall(village.db, village.draft, await village.step("会计"))

    await signing.drop(village.db, village.draft, await village.step("会计"))

    with pytest.raises(disclosures.NotPossible):
        await village.version()


async def test_a_decision_goes_the_same_way(village: Village) -> None:
    line = (
        ("date", "2026-10-18"), ("meeting", "村民代表会议"), ("title", "道路硬化立项"),
        ("content", "同意"), ("result", "通过"), ("bearer", "监三"),
    )  # fmt: skip
    batch = RecordBatch(VILLAGE, DECISIONS)
    batch.lists["村民代表会议", "2026-10-18"] = BroughtList([BroughtRow(line, "决议.csv", "", 2)])
    outcome = await bring_records(village.db, batch, make_order(village.ids["会计"]))
    village.draft = outcome.lists[0].id
    await village.submit()

    bears = await refused(village.sign("监三"))
    states = [await village.sign("监一"), await village.sign("监二")]
    await village.publish()

    assert "里面有签的人负责的" in bears
    assert states == [State.SUBMITTED, State.SIGNED]
    assert (await village.version()).state is State.PUBLISHED
