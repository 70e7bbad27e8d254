"""Power items: understood from JSON and from tables, refused with the field that is lacking."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.workbooks.making import SAMPLE, save_csv, save_xlsx
from workbooks.forms import Reading
from workbooks.power_item_reader import PowerItemRow, read_power_items
from workbooks.power_items import Level, PowerItem, Step
from workbooks.problems import WorkbookError

HEAD = [
    "编号", "名称", "内容", "行使对象", "法律依据", "办理时限", "行使主体", "监督主体", "职责",
    "生效日期", "步骤", "岗位", "权力类别", "职权边界", "风险等级", "风险点", "防控措施", "不公开",
]  # fmt: skip
FIRST = [
    "B14", "居民证明开具", "出具居住等证明", "本村居民", "《条例》第二条、第三条;《办法》",
    "1个工作日", "村务专干、村民委员会主任", "村务监督委员会,镇便民中心", "当日办;不收费",
    "2026/1/1", "受理", "村务专干", "受理权", "只受理本村的", "低", "", "", "",
]  # fmt: skip
SECOND = [
    *[""] * 10, "审批盖章", "村民委员会主任", "审批权", "不盖空白章", "高", "盖人情章",
    "登记台账;双人核对", "",
]  # fmt: skip


def sample_json() -> dict[str, Any]:
    content: dict[str, Any] = json.loads((SAMPLE / "power_items.json").read_text("utf-8"))
    return content


def saved(tmp_path: Path, *items: dict[str, Any], **head: object) -> Path:
    path = tmp_path / "清单.json"
    path.write_text(json.dumps({**head, "items": items}), "utf-8")
    return path


def reasons(reading: Reading[PowerItemRow]) -> list[tuple[str, str, str]]:
    return [(r.column, r.found, r.expected) for row in reading.refused for r in row.reasons]


def test_every_item_of_the_sample_may_be_published() -> None:
    reading = read_power_items(SAMPLE / "power_items.json")

    items = [row.item for row in reading.accepted]
    assert (len(items), sum(len(item.steps) for item in items), reading.refused) == (42, 207, ())
    assert [item.code for item in items if item.gaps() or not item.is_example] == []
    assert {row.effective_from for row in reading.accepted} == {date(2026, 1, 1)}
    assert all(item.topics for item in items)


def test_item_is_read_with_all_that_it_says() -> None:
    (row,) = [
        row
        for row in read_power_items(SAMPLE / "power_items.json").accepted
        if row.item.code == "A24"
    ]

    item = row.item
    assert (item.name, item.limit, item.topics) == ("印章使用管理", "1个工作日", ("POWER.SEAL",))
    assert item.supervised_by == ("村务监督委员会", "乡镇人民政府")
    assert item.posts[0] == item.steps[0].post
    assert {step.level for step in item.steps} <= set(Level)
    assert all(step.category and step.boundary and step.measures for step in item.steps)


LACKING = {
    "name": "名称", "content": "内容", "target": "行使对象", "legal_basis": "法律依据",
    "time_limit_days": "办理时限", "steps": "步骤",
}  # fmt: skip


@pytest.mark.parametrize(("key", "column"), LACKING.items())
def test_item_that_lacks_a_field_of_m11_is_refused_and_the_field_named(
    tmp_path: Path, key: str, column: str
) -> None:
    first, second, *_ = sample_json()["items"]

    reading = read_power_items(saved(tmp_path, {**first, key: None}, second))

    assert [row.item.code for row in reading.accepted] == ["A02"]
    ((named, _, expected),) = reasons(reading)
    assert (named, reading.refused[0].row) == (column, 1)
    assert expected.startswith("填")


STEP_LACKING = {
    "name": "第2步步骤", "post": "第2步岗位", "power_category": "第2步权力类别",
    "boundary": "第2步职权边界", "risk_level": "第2步风险等级",
}  # fmt: skip


@pytest.mark.parametrize(("key", "column"), STEP_LACKING.items())
def test_step_without_post_category_boundary_or_level_is_refused(
    tmp_path: Path, key: str, column: str
) -> None:
    (item, *_) = sample_json()["items"]
    item["steps"][1].pop(key)

    reading = read_power_items(saved(tmp_path, item))

    assert [column for column, _, _ in reasons(reading)] == [column]


def test_duties_supervisor_and_who_exercises_it_are_needed_only_to_publish(tmp_path: Path) -> None:
    (item, *_) = sample_json()["items"]
    for key in ("duties", "supervised_by", "exercised_by"):
        item.pop(key)

    (row,) = read_power_items(saved(tmp_path, item)).accepted

    assert row.item.gaps() == ("没有写行使主体", "没有写监督主体", "没有写职责")
    assert row.effective_from is None


CHANGES: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "a code with a slash": (lambda i: i.update(code="A/1"), "编号"),
    "a level that there is not": (
        lambda i: i["steps"][0].update(risk_level="特高"),
        "第1步风险等级",
    ),
    "a limit without unit": (lambda i: i.update(time_limit_unit=None), "办理时限"),
    "a limit of nothing": (lambda i: i.update(time_limit_days=0), "办理时限"),
    "a field that is never internal": (
        lambda i: i["steps"][0].update(internal=["post"]),
        "第1步不公开",
    ),
    "a date without year": (lambda i: i.update(effective_from="3月5日"), "生效日期"),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_what_cannot_be_read_is_refused_by_its_name(tmp_path: Path, what: str) -> None:
    (item, *_) = sample_json()["items"]
    change, column = CHANGES[what]
    change(item)

    reading = read_power_items(saved(tmp_path, item))

    assert [column for column, _, _ in reasons(reading)] == [column]


def test_one_item_may_stand_for_several_dates_but_once_for_each(tmp_path: Path) -> None:
    (item, *_) = sample_json()["items"]
    later = {**item, "effective_from": "2027-01-01"}

    reading = read_power_items(saved(tmp_path, item, later, later, effective_from="2026-01-01"))

    assert [row.effective_from for row in reading.accepted] == [date(2026, 1, 1), date(2027, 1, 1)]
    assert [column for column, _, _ in reasons(reading)] == ["编号"]


@pytest.mark.parametrize(
    ("text", "code"),
    [('{"items": ', "wrong_kind"), ('{"off": {}}', "wrong_kind"), ('{"items": []}', "wrong_kind")],
)
def test_other_json_is_refused_whole(tmp_path: Path, text: str, code: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(text, "utf-8")

    with pytest.raises(WorkbookError) as caught:
        read_power_items(path)

    assert caught.value.code == code


@pytest.mark.parametrize("broken", [1, "x", None, [], {"steps": 3}, {"steps": [None, "x"]}])
def test_items_of_any_shape_are_refused_and_stop_no_other(tmp_path: Path, broken: object) -> None:
    (item, *_) = sample_json()["items"]
    path = tmp_path / "x.json"
    path.write_text(json.dumps({"items": [broken, item]}), "utf-8")

    reading = read_power_items(path)

    assert ([row.row for row in reading.accepted], [row.row for row in reading.refused]) == (
        [2],
        [1],
    )


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_table_has_a_row_a_step(tmp_path: Path, suffix: str) -> None:
    other = ["B15", *FIRST[1:]]
    rows = [HEAD, FIRST, SECOND, other, ["B15", *SECOND[1:]]]
    path = tmp_path / f"清单.{suffix}"
    made = save_csv(path, rows) if suffix == "csv" else save_xlsx(path, {"便民": rows})

    first, second = read_power_items(made).accepted

    assert (first.item.code, first.row, first.effective_from) == ("B14", 2, date(2026, 1, 1))
    assert first.item == PowerItem(
        code="B14",
        name="居民证明开具",
        content="出具居住等证明",
        target="本村居民",
        basis=("《条例》第二条、第三条", "《办法》"),
        limit_days=1,
        limit_unit="工作日",
        exercised_by=("村务专干", "村民委员会主任"),
        supervised_by=("村务监督委员会", "镇便民中心"),
        duties=("当日办", "不收费"),
        steps=(
            Step(
                name="受理", post="村务专干", category="受理权", boundary="只受理本村的",
                level=Level.LOW,
            ),
            Step(
                name="审批盖章", post="村民委员会主任", category="审批权", boundary="不盖空白章",
                level=Level.HIGH, risk_point="盖人情章", measures=("登记台账", "双人核对"),
            ),
        ),
    )  # fmt: skip
    assert replace(second.item, code="B14") == first.item


def test_row_in_a_table_that_lacks_something_is_named_by_its_row(tmp_path: Path) -> None:
    rows = [HEAD, FIRST, SECOND, ["B15", "", *FIRST[2:]], ["B16", *FIRST[1:]]]

    reading = read_power_items(save_csv(tmp_path / "清单.csv", rows))

    assert [row.item.code for row in reading.accepted] == ["B14", "B16"]
    assert reading.refused[0].sentences("清单.csv") == ("《清单.csv》第4行 名称:空着,要填名称。",)


def test_public_version_differs_only_in_the_internal_fields(tmp_path: Path) -> None:
    (item, *_) = sample_json()["items"]
    item["steps"][3] |= {"internal": ["risk_point"]}
    item["steps"][4] |= {"internal": ["boundary", "measures"], "risk_level": "low"}

    (row,) = read_power_items(saved(tmp_path, item)).accepted
    full, public = row.item, row.item.public()

    hidden = {
        (number, name)
        for number, (one, other) in enumerate(zip(full.steps, public.steps, strict=True))
        for name in ("name", "post", "category", "boundary", "level", "risk_point", "measures")
        if getattr(one, name) != getattr(other, name)
    }
    assert hidden == {(3, "risk_point"), (4, "boundary"), (4, "measures")}
    assert full.steps[4].kept() == {
        "boundary": item["steps"][4]["boundary"],
        "measures": [item["steps"][4]["measure"]],
    }
    assert replace(public, steps=full.steps) == full


def test_high_risk_needs_a_measure_that_everybody_sees(tmp_path: Path) -> None:
    first, second, *_ = sample_json()["items"]
    high = next(step for step in first["steps"] if step["risk_level"] == "high")
    high["internal"] = ["measures"]
    next(s for s in second["steps"] if s["risk_level"] == "high").pop("measure")

    rows = read_power_items(saved(tmp_path, first, second)).accepted

    assert all(gap.endswith("没有写公开的防控措施") for row in rows for gap in row.item.gaps())
    assert [len(row.item.gaps()) for row in rows] == [1, 1]


def test_item_is_the_same_after_a_round_trip() -> None:
    for row in read_power_items(SAMPLE / "power_items.json").accepted:
        steps = tuple(Step.from_json(step.as_json()) for step in row.item.steps)

        assert PowerItem.from_json(row.item.as_json(), steps) == row.item
