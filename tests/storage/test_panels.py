"""Who may sign, and who must not: deciding, executing and supervising are different people."""

from __future__ import annotations

from typing import Any

import pytest

from storage import panels, relatives
from storage.audit import OPERATOR
from storage.database import Database
from storage.enrolling import Facts, enrol
from storage.panels import Concern, Panel
from storage.regions import VillageFacts, save_villages
from storage.sealing import Sealer
from tests.conftest import NOW
from tests.storage.making import VILLAGE

TOWN, COUNTY, NEXT = "990101101000", "990101000000", "990101101201"
PEOPLE = (
    Facts("主任", ("干部",), VILLAGE, title="主任", phone="13900000001"),
    Facts("会计", ("干部", "录入"), VILLAGE, title="会计", phone="13900000002"),
    Facts("监一", ("监委会",), VILLAGE, title="委员", phone="13900000003"),
    Facts("监二", ("监委会", "干部"), VILLAGE, phone="13900000004"),
    Facts("镇审", ("审核",), TOWN, phone="13900000005"),
    Facts("县审", ("审核",), COUNTY, phone="13900000006"),
    Facts("邻监", ("监委会",), NEXT, phone="13900000007"),
    Facts("邻审", ("审核",), NEXT, phone="13900000008"),
    Facts("镇监", ("监委会",), TOWN, phone="13900000009"),
    Facts("居民", ("居民",), VILLAGE, phone="13900000010"),
)


@pytest.fixture
async def ids(db: Database, sealer: Sealer) -> dict[str, str]:
    await save_villages(
        db,
        [
            VillageFacts(code, name, "村", COUNTY, "明禾县", TOWN, "竹影镇")
            for code, name in ((VILLAGE, "听竹村"), (NEXT, "上泉村"))
        ],
    )
    await enrol(db, sealer, PEOPLE, NOW)
    return {row["name"]: row["id"] for row in await db.rows("SELECT id, name FROM people")}


async def village(db: Database) -> Panel:
    return await panels.panel(db, VILLAGE, NOW.date())


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("监一", ""),
        ("镇审", ""),
        ("县审", ""),
        ("主任", "才能签"),
        ("会计", "才能签"),
        ("邻监", "才能签"),
        ("邻审", "才能签"),
        ("镇监", "才能签"),
        ("居民", "才能签"),
        ("监二", "执行的不监督:签的人是这里的干部"),
    ],
)
async def test_role_and_region_decide_who_signs(
    db: Database, ids: dict[str, str], name: str, rule: str
) -> None:
    found = (await village(db)).against(ids[name], Concern())

    assert rule in "".join(found)
    assert bool(found) == bool(rule)


@pytest.mark.parametrize(
    ("concern", "rule"),
    [
        ({"importers": ("监一",)}, "谁导入谁不审核"),
        ({"acting": {"监一": "经手"}}, "里面有签的人经手的"),
        ({"acting": {"监一": "审批"}}, "里面有签的人审批的"),
        ({"signers": ("监一",)}, "已经签过了"),
        ({"importers": ("会计",), "acting": {"主任": "审批"}, "signers": ("镇审",)}, ""),
    ],
)
async def test_whoever_had_a_hand_in_it_does_not_sign(
    db: Database, ids: dict[str, str], concern: dict[str, Any], rule: str
) -> None:
    about = Concern(
        importers=frozenset(ids[name] for name in concern.get("importers", ())),
        acting=concern.get("acting"),
        signers=tuple(ids[name] for name in concern.get("signers", ())),
    )

    found = (await village(db)).against(ids["监一"], about)

    assert rule in "".join(found)
    assert len(found) == bool(rule)


@pytest.mark.parametrize("turned", [False, True])
async def test_near_relatives_of_who_executes_do_not_sign(
    db: Database, ids: dict[str, str], turned: bool
) -> None:
    pair = (ids["监一"], ids["主任"])
    await relatives.declare(db, *(pair[::-1] if turned else pair), "配偶", OPERATOR, NOW)

    here = (await village(db)).against(ids["监一"], Concern())
    (declared,) = (await village(db)).related
    await relatives.withdraw(db, declared.id, OPERATOR, NOW)

    assert here == ("近亲属回避:签的人和主任(主任)登记为配偶,要由别人来签",)
    assert (await village(db)).against(ids["监一"], Concern()) == ()


async def test_a_second_word_on_the_same_two_replaces_the_first(
    db: Database, ids: dict[str, str]
) -> None:
    await relatives.declare(db, ids["监一"], ids["主任"], "配偶", OPERATOR, NOW)
    await relatives.declare(db, ids["主任"], ids["监一"], "姻亲", OPERATOR, NOW)

    (declared,) = (await village(db)).related

    assert (declared.person_id, declared.relation) == (ids["主任"], "姻亲")


async def test_nobody_is_their_own_relative(db: Database, ids: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="配偶"):
        await relatives.declare(db, ids["监一"], ids["监一"], "配偶", OPERATOR, NOW)


async def test_the_operator_publishes_unless_the_place_itself_has_reviewers(
    db: Database, sealer: Sealer, ids: dict[str, str]
) -> None:
    before = (await village(db)).against(OPERATOR, Concern())
    await enrol(db, sealer, [Facts("村审", ("审核",), VILLAGE, phone="13900000011")], NOW)
    after = (await village(db)).against(OPERATOR, Concern())

    assert before == ()
    assert after == ("这里有“审核”的人,要由其中一位来办,用 --as 说明是谁",)
