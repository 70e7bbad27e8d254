"""How two versions of a power item differ, in words."""

from dataclasses import replace

import pytest

from storage.power_wording import difference
from tests.power import ACCEPT, DECIDE, changed_step, make_item
from workbooks.power_items import Level, PowerItem

OLD = make_item()
FILED = replace(ACCEPT, name="归档")


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (OLD, ()),
        (make_item(limit_days=3, limit_unit="日"), ("办理时限改为3天",)),
        (make_item(documents=()), ("所需材料改为空",)),
        (make_item(content="长" * 50), ("内容改了",)),
        (make_item(supervised_by=("甲", "乙")), ("监督主体改为甲、乙",)),
        (make_item(is_example=True), ("示例改为是",)),
        (make_item(steps=(ACCEPT, FILED, DECIDE)), ("新增第2步“归档”(村务专干)",)),
        (make_item(steps=(DECIDE,)), ("去掉步骤“受理登记”",)),
        (make_item(steps=(DECIDE, ACCEPT)), ("步骤顺序改为审批盖章、受理登记",)),
        (
            changed_step(OLD, 2, level=Level.LOW, post="文书"),
            ("第2步“审批盖章”岗位改为文书、风险等级改为低",),
        ),
        (
            changed_step(OLD, 2, risk_point="别的", internal=frozenset({"risk_point"})),
            ("第2步“审批盖章”风险点改了、不公开改了",),
        ),
    ],
)
def test_difference_names_each_change_and_quotes_nothing_internal(
    new: PowerItem, said: tuple[str, ...]
) -> None:
    assert difference(OLD, new) == said
