"""Lists of the seven kinds: drafts, versions, who may publish, what stays when it comes again."""

from __future__ import annotations

import json

from storage import chain, disclosures
from storage.batches import Action
from storage.database import Database
from storage.disclosures import State
from storage.dossiers import Reason, Remark
from storage.enrolling import Facts, enrol
from storage.published_records import PublishedRecords
from storage.record_bodies import Line, line_of
from storage.records import BroughtList, BroughtRow, Listed, Outcome, RecordBatch, bring_in
from storage.regions import VillageFacts, save_villages
from storage.sealing import Sealer
from tests.conftest import NOW
from tests.storage.making import VILLAGE, make_order, on_sqlite
from workbooks.records.fields import RecordKind, Value
from workbooks.records.kinds import PROJECTS, SUBSIDIES

OCTOBER = ("最低生活保障", "2026-10")
ROAD = ("三组道路硬化", "2026")


def relief(name: str = "李*英", group: str = "3组", amount: int = 84_000, **more: Value) -> Line:
    told: dict[str, Value] = {
        "item": OCTOBER[0], "period": OCTOBER[1], "name": name, "group": group, "amount": amount,
    }  # fmt: skip
    return line_of(SUBSIDIES, told | more)


def road(stage: str = "在建", **more: Value) -> Line:
    told: dict[str, Value] = {"name": ROAD[0], "started": "2026-03-12", "stage": stage}
    return line_of(PROJECTS, told | more)


def batch(
    *lines: Line,
    key: tuple[str, str] = OCTOBER,
    kind: RecordKind = SUBSIDIES,
    doubtful: tuple[str, ...] = (),
    settle: bool = False,
    refused: int = 0,
    problems: tuple[str, ...] = (),
) -> RecordBatch:
    """A file with these rows; those of the names in `doubtful` must be confirmed."""
    reason = (Reason("", "重复的一行", "去掉重复的"),)
    rows = [
        BroughtRow(line, "低保.csv", "", n, reason if doubt else (), settle)
        for n, line in enumerate(lines, 2)
        for doubt in [dict(line).get("name") in doubtful]
    ]
    remarks = [
        Remark("", "低保.csv", "", 90 + n, (Reason("金额", "待定", "填数字"),))
        for n in range(refused)
    ]
    return RecordBatch(VILLAGE, kind, {key: BroughtList(rows, remarks, list(problems))})


async def bring(db: Database, brought: RecordBatch, actor: str = "operator") -> Outcome:
    return await bring_in(db, brought, make_order(actor))


async def publish(db: Database, brought: RecordBatch, actor: str = "operator") -> Listed:
    (listed,) = (await bring_in(db, brought, make_order(actor, publish=True))).lists
    return listed


async def names(db: Database) -> list[str]:
    records = await PublishedRecords(db).newest(VILLAGE)
    return [record.text("name") for one in records.disclosures for record in one.records]


async def test_a_list_is_published_and_the_chain_holds(db: Database) -> None:
    listed = await publish(db, batch(relief(), relief("王*", "5组", 42_000)))

    assert (listed.state, listed.action, listed.version) == (State.PUBLISHED, Action.NEW, 1)
    assert await names(db) == ["李*英", "王*"]
    assert await chain.verify(db) is None


async def test_names_stand_in_the_body_only_as_salted_hashes(db: Database) -> None:
    listed = await publish(db, batch(relief()))

    body, personal = await disclosures.content(db, listed.id)
    (entry,) = json.loads(body)["entries"]
    assert "李*英" not in body
    assert (entry["amount"], entry["group"], len(entry["name"])) == (84_000, "3组", 64)
    assert json.loads(body)["personal"] == ["name"]
    assert json.loads(personal)[f"{entry['id']}.name"][1] == "李*英"


async def test_the_same_file_again_changes_nothing(db: Database) -> None:
    brought = batch(relief(), relief("王*", "5组", 42_000), relief("王*", "5组", 42_000))
    first = await publish(db, brought)
    before = await db.rows("SELECT * FROM disclosures")

    again = await publish(db, brought)

    assert (again.id, again.action, again.was_published) == (first.id, Action.UNCHANGED, False)
    assert await db.rows("SELECT * FROM disclosures") == before
    assert await chain.height(db) == 1


async def test_a_change_is_a_new_version_that_says_what_changed(db: Database) -> None:
    first = await publish(db, batch(relief(), relief("王*", "5组", 42_000)))

    second = await publish(
        db, batch(relief(amount=90_000), relief("罗*贵", "1组", 42_000), relief("高*", "2组", 100))
    )

    rows = await db.rows("SELECT id, state, reason FROM disclosures ORDER BY version")
    assert [(row["id"], row["state"]) for row in rows] == [
        (first.id, "corrected"), (second.id, "published"),
    ]  # fmt: skip
    assert rows[1]["reason"] == (
        "改动1户:3组 840元,金额改为900元。新增2户:1组 420元;2组 1元。删除1户:5组 420元"
    )
    assert len(second.difference.changed) == 1
    assert await chain.verify(db) is None


async def test_a_row_keeps_its_id_while_it_changes(db: Database) -> None:
    await publish(db, batch(relief(), relief("王*", "5组")))
    before = await PublishedRecords(db).newest(VILLAGE)

    await publish(db, batch(relief("王*", "5组"), relief(amount=90_000)))

    after = await PublishedRecords(db).newest(VILLAGE)
    ids = [{r.text("name"): r.id for r in one.disclosures[0].records} for one in (before, after)]
    assert ids[0] == ids[1]


async def test_a_project_is_one_by_itself_whatever_changes(db: Database) -> None:
    await publish(db, batch(road(), key=ROAD, kind=PROJECTS))

    await publish(db, batch(road("完工", paid=11_980_000), key=ROAD, kind=PROJECTS))

    (row,) = await db.rows("SELECT body, reason FROM disclosures WHERE version = 2")
    assert row["reason"] == "改动1项:三组道路硬化,已付改为119,800元,阶段改为完工"
    (first,) = await db.rows("SELECT body FROM disclosures WHERE version = 1")
    ids = {json.loads(one["body"])["entries"][0]["id"] for one in (row, first)}
    assert len(ids) == 1


async def test_a_file_leaves_other_lists_alone(db: Database) -> None:
    await publish(db, batch(relief()))

    await publish(db, batch(relief(period="2026-11"), key=(OCTOBER[0], "2026-11")))

    assert await names(db) == ["李*英", "李*英"]


# --- what stands in the way -----------------------------------------------------------------------


@on_sqlite
async def test_doubts_refused_rows_and_wrong_totals_hold_a_list_back(db: Database) -> None:
    doubtful = await publish(db, batch(relief(), doubtful=("李*英",)))
    refused = await publish(db, batch(relief(), refused=2))
    unequal = await publish(db, batch(relief(), problems=("合计对不上",)))
    good = await publish(db, batch(relief()))

    assert doubtful.hindrances == ("有1行要先确认:第2行",)
    assert refused.hindrances == ("有2行读不懂,要改好再导:第90行、第91行",)
    assert unequal.hindrances == ("合计对不上",)
    assert (good.state, good.version, good.hindrances) == (State.PUBLISHED, 1, ())


@on_sqlite
async def test_a_list_of_which_nothing_could_be_read_wipes_nothing_out(db: Database) -> None:
    await publish(db, batch(relief()))

    outcome = await bring(db, batch(refused=1))

    assert outcome.lists == ()
    assert await names(db) == ["李*英"]


@on_sqlite
async def test_a_doubt_accepted_once_needs_no_second_word(db: Database) -> None:
    first = await bring(db, batch(relief(), doubtful=("李*英",), settle=True))

    again = await publish(db, batch(relief(), doubtful=("李*英",)))

    assert [row.row for row in first.settled] == [2]
    assert again.was_published


async def test_where_there_are_reviewers_two_who_did_not_bring_it_in_publish(
    db: Database, sealer: Sealer
) -> None:
    village = VillageFacts(VILLAGE, "听竹村", "村", "990101000000", "县", "990101101000", "镇")
    await save_villages(db, [village])
    facts = [Facts(name, ("审核",), VILLAGE, phone=p) for name, p in _REVIEWERS]
    await enrol(db, sealer, facts, NOW)
    one, *others = (row["id"] for row in await db.rows("SELECT id FROM people ORDER BY name"))
    brought = batch(relief(), doubtful=("李*英",), settle=True)

    by_operator = await publish(db, brought)
    by_importer = await publish(db, batch(relief(amount=100)), one)
    by_others = [await publish(db, batch(relief(amount=100)), other) for other in others]

    assert any("审核" in text for text in by_operator.hindrances)
    assert by_importer.hindrances == ("谁导入谁不审核:里面有本人导入的,要由别人来签",)
    assert [(one.state, one.was_published) for one in by_others] == [
        (State.SUBMITTED, False),
        (State.PUBLISHED, True),
    ]


_REVIEWERS = (("甲", "16600010081"), ("乙", "16600010082"), ("丁", "16600010083"))


async def test_whoever_answers_for_the_execution_does_not_sign(
    db: Database, sealer: Sealer
) -> None:
    village = VillageFacts(VILLAGE, "听竹村", "村", "990101000000", "县", "990101101000", "镇")
    await save_villages(db, [village])
    facts = [Facts("靳三", ("审核",), VILLAGE, phone="16600010081")]
    await enrol(db, sealer, facts, NOW)
    row = await db.row("SELECT id FROM people")
    assert row
    await bring(db, batch(road(bearer="纪广田、靳三"), key=ROAD, kind=PROJECTS))

    listed = await publish(
        db, batch(road(bearer="纪广田、靳三"), key=ROAD, kind=PROJECTS), row["id"]
    )

    assert listed.hindrances == ("经办的不审核:里面有签的人负责的,要由别人来签",)


@on_sqlite
async def test_a_draft_that_returns_to_what_is_published_is_dropped(db: Database) -> None:
    await publish(db, batch(relief()))
    await bring(db, batch(relief(amount=1)))

    (listed,) = (await bring(db, batch(relief()))).lists

    assert (listed.action, listed.version) == (Action.REVERTED, 1)
    assert len(await db.rows("SELECT id FROM disclosures")) == 1


# --- what is taken back ---------------------------------------------------------------------------


async def test_an_erased_name_does_not_come_back_with_the_file(db: Database) -> None:
    listed = await publish(db, batch(relief(), relief("王*", "5组")))
    records = await PublishedRecords(db).newest(VILLAGE)
    gone = records.disclosures[0].records[0]
    await disclosures.erase_personal(db, listed.id, [f"{gone.id}.name"], "operator", NOW)

    again = await publish(db, batch(relief(), relief("王*", "5组")))
    changed = await publish(db, batch(relief(), relief("王*", "5组", 100)))

    assert again.action is Action.UNCHANGED
    assert changed.was_published
    shown = (await PublishedRecords(db).newest(VILLAGE)).disclosures[0].records
    assert [record.values["name"] for record in shown] == [None, "王*"]
    assert shown[0].id == gone.id
    assert await chain.verify(db) is None


async def test_what_is_withdrawn_is_gone_and_says_why(db: Database) -> None:
    published = PublishedRecords(db)
    listed = await publish(db, batch(relief()))
    await published.newest(VILLAGE)

    await disclosures.withdraw(db, listed.id, "名单有误", "operator", NOW)

    assert (await published.newest(VILLAGE)).disclosures == ()
    (version,) = await published.versions(VILLAGE, listed.id)
    assert (version.state, version.withdrawn_reason, version.records) == (
        State.WITHDRAWN, "名单有误", (),
    )  # fmt: skip


async def test_readers_see_a_correction_by_the_chain_alone(db: Database) -> None:
    published = PublishedRecords(db)
    await publish(db, batch(relief()))
    old = await published.village(VILLAGE, 1)

    second = await publish(db, batch(relief(amount=100)))

    assert (await published.village(VILLAGE, 1)) is old  # no later link is known of
    new = await published.village(VILLAGE, 2)
    assert new.disclosures[0].records[0].fen("amount") == 100
    assert [one.version for one in await published.versions(VILLAGE, second.id)] == [2, 1]


@on_sqlite
async def test_the_village_asked_for_longest_ago_is_forgotten_first(db: Database) -> None:
    published = PublishedRecords(db, kept_records=2)
    await publish(db, batch(relief(), relief("王*")))
    first = await published.newest(VILLAGE)

    await published.newest("990101101201")

    assert await published.newest(VILLAGE) is not first
