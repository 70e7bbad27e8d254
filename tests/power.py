"""Power items for tests: the county's list, and what a village makes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from storage.batches import Order
from storage.database import Database
from storage.power_items import Brought, Outcome, bring_in
from storage.regions import VillageFacts, save_villages
from tests.conftest import NOW
from workbooks.power_items import Level, PowerItem, Step

COUNTY, TOWN, VILLAGE, OTHER = "990101000000", "990101101000", "990101101200", "990101101201"
FROM = date(2026, 1, 1)
FACTS = (
    VillageFacts(VILLAGE, "听竹村", "村", COUNTY, "明禾县", TOWN, "竹影镇"),
    VillageFacts(OTHER, "观溪村", "村", COUNTY, "明禾县", TOWN, "竹影镇"),
)
ACCEPT = Step(
    name="受理登记", post="村务专干", category="受理权", boundary="不得拒收", level=Level.LOW,
    measures=("当场给回执",),
)  # fmt: skip
DECIDE = Step(
    name="审批盖章", post="村民委员会主任", category="审批权", boundary="不盖空白章",
    level=Level.HIGH, risk_point="盖人情章", measures=("先登记后盖章", "每月抽查"),
)  # fmt: skip


def make_item(code: str = "A24", **changes: Any) -> PowerItem:
    item = PowerItem(
        code=code,
        name="印章使用管理",
        topics=("POWER.SEAL",),
        category="集体事务",
        subcategory="内部管理",
        content="村级公章的保管和使用",
        target="本村居民和单位",
        basis=("《村民委员会组织法》第三十二条",),
        limit_days=1,
        limit_unit="工作日",
        documents=("申请", "身份证件"),
        exercised_by=("印章保管人", "村民委员会主任"),
        supervised_by=("村务监督委员会",),
        duties=("当日办好", "不收费"),
        liability=("盖空白章的,追究责任",),
        steps=(ACCEPT, DECIDE),
    )
    return replace(item, **changes)


def changed_step(item: PowerItem, number: int, **changes: Any) -> PowerItem:
    """The item with another step of that number, counted from 1."""
    steps = list(item.steps)
    steps[number - 1] = replace(steps[number - 1], **changes)
    return replace(item, steps=tuple(steps))


def make_order(actor: str = "operator", *, publish: bool = True, now: datetime = NOW) -> Order:
    return Order(actor, now, now.date(), publish)


async def make_places(db: Database) -> None:
    await save_villages(db, FACTS)


async def bring(
    db: Database,
    *items: PowerItem,
    unit: str = COUNTY,
    effective: date | None = FROM,
    order: Order | None = None,
) -> list[Outcome]:
    brought = [Brought(item, effective) for item in items]
    return list(await bring_in(db, unit, brought, order or make_order()))
