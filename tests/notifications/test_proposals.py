"""Early reminders: proposed for what is seen first, sent on a superior's word alone."""

import asyncio
from datetime import timedelta

import pytest

from notifications import proposals as early
from notifications.jobs import usual_jobs
from notifications.proposals import NobodyConcerned, NotTheirs, confirm, dismiss, look
from notifications.schedules import Scheduler, next_run
from notifications.settings import ScheduleSettings
from notifications.templates import bind
from storage import audit, campaigns
from storage import proposals as stored
from storage.canonical import canonical
from storage.database import Row
from storage.dossiers import Dossier, Reason, Remark
from storage.ids import new_id
from storage.moments import from_ms, to_ms
from storage.proposals import Decided, Form, Proposal
from tests.conftest import NOW
from tests.notifications.world import (
    COUNTY,
    OTHER_VILLAGE,
    TOWN,
    VILLAGE,
    County,
    phone,
    usual_terms,
)

TERMS = usual_terms()
DAY = timedelta(days=1)
RESTING = usual_terms(schedule=ScheduleSettings())


@pytest.fixture
async def superior(county: County) -> str:
    """The town's manager; beside them everybody who must hear nothing."""
    await county.person(phone=phone(91), role="监委会", title="主任")
    await county.person(phone=phone(92), role="监督员")
    await county.person(phone=phone(93), role="纪检", region=TOWN)
    await county.person(phone=phone(94), role="干部", title="村委会主任")
    await county.person(phone=phone(95), role="管理", region=VILLAGE)
    return await county.person(phone=phone(90), role="管理", region=TOWN, title="主任")


@pytest.fixture
async def accountant(county: County) -> str:
    return await county.person(phone=phone(1), role="干部", title="村务专干、会计")


async def overdue(county: County, title: str = "2026年10月账目", village: str = VILLAGE) -> None:
    await county.db.run(
        "INSERT INTO dues (id, source, village, rhythm, kind, book, title, stage, from_period,"
        " to_period, version, since, counted_from, working_days, due_on, provisional, state,"
        " overdue_at, made_at) VALUES (?, ?, ?, '每月', 'accounts', '', ?, '', '2026-10',"
        " '2026-10', 1, 0, '2026-10-31', 0, '2026-11-08', ?, 'overdue', ?, ?)",
        new_id(), new_id(), village, title, False, to_ms(NOW), to_ms(NOW),
    )  # fmt: skip


async def doubtful(county: County, *, kind: str, book: str, open_: bool = True) -> None:
    dossier = Dossier()
    if open_:
        reasons = (Reason("金额", "八百", "数字"),)
        dossier.doubts.append(Remark("2026-10", "账.csv", "", 7, reasons, "abc"))
    written = dossier.as_json()
    if kind != "accounts":  # as records write it: with what is empty, too
        doubts = [one.as_json() for one in dossier.doubts]
        written = canonical({"importers": ["x"], "doubts": doubts, "refused": []})
    await county.db.run(
        "INSERT INTO disclosures (id, village, kind, disclosure_class, rhythm, book, period,"
        " version, state, body, personal, dossier, author, reason, signatures, created_at,"
        " withdrawn_reason) VALUES (?, ?, ?, '财务', '每月', ?, '2026-10', 1, 'draft', '{}', '{}',"
        " ?, 'operator', '', '[]', ?, '')",
        new_id(), VILLAGE, kind, book, written, to_ms(NOW),
    )  # fmt: skip


async def seen(county: County) -> int:
    async with county.db.transaction():
        return await look(county.db, TERMS, NOW)


async def the_one(county: County) -> Proposal:
    (found,) = await stored.open_ones(county.db)
    return found


async def heard(county: County) -> list[tuple[str, str]]:
    """Template and person of every message there is to be."""
    rows = await county.db.rows(
        "SELECT c.template, d.person_id FROM deliveries d JOIN campaigns c ON c.id = d.campaign_id"
        " ORDER BY c.created_at, c.template, d.person_id"
    )
    return [(row["template"], row["person_id"]) for row in rows]


async def the_row(county: County) -> Row:
    (row,) = await county.db.rows("SELECT * FROM proposals")
    return row


async def test_the_clock_proposes_within_the_day_and_only_the_superior_hears(
    county: County, superior: str, accountant: str
) -> None:
    jobs = [job for job in usual_jobs(county.db, TERMS) if job.name == early.NAME]
    clock = Scheduler(county.db, jobs)
    await clock.prepare(NOW)
    await overdue(county)
    at = next_run(jobs[0].cron, NOW)

    assert await clock.tick(at) == 1
    assert at - NOW < DAY

    proposal = await the_one(county)
    assert (proposal.role, proposal.region) == ("管理", TOWN)
    assert await heard(county) == [("proposal_made", superior)]
    (found,) = await county.db.rows("SELECT id FROM campaigns")
    told = (await campaigns.load_many(county.db, [found["id"]]))[found["id"]]
    assert told.texts["sms"] == (
        "听竹村:头一回没按时公开:2026年10月账目。"
        f"要不要先给本人提个醒,由您定,编号{proposal.number}。您不定,就不发。"
    )
    acts = await audit.about(county.db, proposal.number)
    assert [(act.actor, act.action) for act in acts] == [("system", "proposal_made")]


async def test_nothing_is_sent_without_a_yes_however_long_it_takes(
    county: County, superior: str, accountant: str
) -> None:
    await overdue(county)
    await doubtful(county, kind="accounts", book="村委会")
    for days in range(30):
        async with county.db.transaction():
            await look(county.db, TERMS, NOW + days * DAY)

    assert await heard(county) == [("proposal_made", superior)] * 2


async def test_words_that_no_channel_takes_keep_no_other_proposal_back(
    county: County, superior: str
) -> None:
    await bind(
        county.db, "proposal_made", gateway="aliyun", external_id="SMS_1", fields={}, now=NOW
    )
    await county.db.run("UPDATE regions SET name = 'www.cun.com' WHERE code = ?", VILLAGE)
    await overdue(county)
    await overdue(county, village=OTHER_VILLAGE)

    assert await seen(county) == 2

    assert len(await stored.open_ones(county.db)) == 2
    assert await heard(county) == [("proposal_made", superior)]


async def test_the_same_signal_proposes_once(county: County, superior: str) -> None:
    await overdue(county)
    assert await seen(county) == 1
    await overdue(county, "2026年11月账目")
    assert await seen(county) == 0
    await dismiss(
        county.db, (await the_one(county)).number, reason="已经谈过", by=superior, now=NOW
    )
    assert await seen(county) == 0
    await overdue(county, village=OTHER_VILLAGE)
    assert await seen(county) == 1
    assert len(await heard(county)) == 2


async def test_a_book_has_its_first_doubt_and_a_list_is_named_without_what_it_is_about(
    county: County, superior: str
) -> None:
    await doubtful(county, kind="accounts", book="村委会")
    await doubtful(county, kind="assets", book="张三承包地")
    await doubtful(county, kind="subsidies", book="低保", open_=False)
    await doubtful(county, kind="accounts", book="集体", open_=False)

    assert await seen(county) == 2

    titles = {one.title for one in await stored.open_ones(county.db)}
    assert titles == {
        "村委会账目头一回有存疑:2026年10月",
        "集体资产台账头一回有存疑:2026年10月",
    }


async def test_a_yes_by_text_reminds_whoever_is_concerned_once_and_not_at_night(
    county: County, superior: str, accountant: str
) -> None:
    clerk = await county.person(phone=phone(2), role="录入")
    secretary = await county.person(phone=phone(3), role="干部", title="村支书")
    await county.person(phone=phone(4), role="录入", region=OTHER_VILLAGE)
    await overdue(county)
    await seen(county)
    number = (await the_one(county)).number
    night = NOW + timedelta(hours=13)  # 22:30 in Beijing

    people = await confirm(county.db, RESTING, number, form=Form.TEXT, by=superior, now=night)

    assert people == 3
    sent = [who for template, who in await heard(county) if template == "early_reminder"]
    assert sorted(sent) == sorted([accountant, clerk, secretary])
    row = await the_row(county)
    found = (await campaigns.load_many(county.db, [row["campaign_id"]]))[row["campaign_id"]]
    assert "听竹村头一回没按时公开:2026年10月账目" in found.texts["sms"]
    assert found.created_by == superior
    opens = {from_ms(one["not_before"]) for one in await county.deliveries(found.id)}
    assert min(opens) >= NOW + timedelta(hours=21)  # the next morning
    assert (row["state"], row["form"], row["decided_by"]) == ("confirmed", "text", superior)
    with pytest.raises(Decided):
        await confirm(county.db, TERMS, number, form=Form.TEXT, by=superior, now=night)
    assert len(await heard(county)) == 4


async def test_a_yes_by_call_is_noted_and_sends_nothing(
    county: County, superior: str, accountant: str
) -> None:
    await overdue(county)
    await seen(county)
    number = (await the_one(county)).number

    await confirm(county.db, TERMS, number, form=Form.CALL, by=superior, now=NOW)

    assert await heard(county) == [("proposal_made", superior)]
    assert (await the_row(county))["form"] == "call"
    act = (await audit.about(county.db, number))[-1]
    assert (act.actor, act.action, act.details["form"]) == (superior, "proposal_confirmed", "call")


async def test_of_two_who_decide_at_once_one_wins(
    county: County, superior: str, accountant: str
) -> None:
    other = await county.person(phone=phone(96), role="管理", region=COUNTY)
    await overdue(county)
    await seen(county)
    number = (await the_one(county)).number

    ends = await asyncio.gather(
        confirm(county.db, TERMS, number, form=Form.TEXT, by=superior, now=NOW),
        dismiss(county.db, number, reason="已经谈过", by=other, now=NOW),
        return_exceptions=True,
    )

    assert [type(end) for end in ends].count(Decided) == 1
    row = await the_row(county)
    won = superior if row["state"] == "confirmed" else other
    assert row["decided_by"] == won
    sent = [who for template, who in await heard(county) if template == "early_reminder"]
    assert sent == ([accountant] if won == superior else [])
    assert len(await audit.about(county.db, number)) == 2


@pytest.mark.parametrize(
    ("role", "region", "ends_on"),
    [
        ("监委会", VILLAGE, None),
        ("管理", VILLAGE, None),
        ("纪检", TOWN, None),
        ("审核", TOWN, None),
        ("管理", "990101103000", None),
        ("管理", TOWN, "2026-11-23"),  # until yesterday
    ],
)
async def test_nobody_else_decides(
    county: County, superior: str, accountant: str, role: str, region: str, ends_on: str | None
) -> None:
    await overdue(county)
    await seen(county)
    number = (await the_one(county)).number
    one = await county.person(phone=phone(97), role=role, region=region, ends_on=ends_on)

    with pytest.raises(NotTheirs):
        await confirm(county.db, TERMS, number, form=Form.TEXT, by=one, now=NOW)
    with pytest.raises(NotTheirs):
        await dismiss(county.db, number, reason="算了", by=one, now=NOW)
    with pytest.raises(NotTheirs):
        await dismiss(county.db, "000000", reason="算了", by=superior, now=NOW)

    assert (await the_one(county)).number == number
    assert await heard(county) == [("proposal_made", superior)]


async def test_nobody_decides_on_their_own_reminder(
    county: County, superior: str, accountant: str
) -> None:
    await county.db.run(
        "INSERT INTO posts (id, person_id, role, region, title) VALUES (?, ?, '录入', ?, '')",
        new_id(), superior, VILLAGE,
    )  # fmt: skip
    await overdue(county)
    await seen(county)

    with pytest.raises(NotTheirs):
        await dismiss(
            county.db, (await the_one(county)).number, reason="算了", by=superior, now=NOW
        )


async def test_whoever_came_later_is_not_reminded_of_what_was_before(
    county: County, superior: str
) -> None:
    await county.person(phone=phone(1), role="录入", ends_on="2026-11-24")
    await county.person(phone=phone(2), role="录入", starts_on="2026-11-25")
    await overdue(county)
    await seen(county)
    number = (await the_one(county)).number

    with pytest.raises(NobodyConcerned):
        await confirm(county.db, TERMS, number, form=Form.TEXT, by=superior, now=NOW + 2 * DAY)

    assert (await the_one(county)).number == number


async def test_where_nobody_may_decide_it_waits_for_whoever_takes_it_up(county: County) -> None:
    await overdue(county)
    assert await seen(county) == 1
    assert await heard(county) == []

    manager = await county.person(phone=phone(90), role="管理", region=COUNTY)
    assert await seen(county) == 0

    assert await heard(county) == [("proposal_made", manager)]
