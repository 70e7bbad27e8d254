"""Villages, people, balances and holidays: rows understood, and refused rows with their reasons."""

import json
from datetime import date
from pathlib import Path

import pytest

from tests.workbooks.making import SAMPLE, save_csv, save_ods, save_xlsx
from workbooks.balances import read_balances
from workbooks.forms import Reading, RefusedRow
from workbooks.holidays import read_holidays
from workbooks.people import ROLES, read_people
from workbooks.problems import WorkbookError
from workbooks.villages import read_villages

VILLAGE_HEAD = ["区划代码", "县", "乡镇代码", "乡镇", "名称", "类型", "财务公开频次", "公开日"]
VILLAGE = ["990101101200", "明禾县", "990101101000", "竹影镇", "听竹村", "村", "每月", "15"]
PEOPLE_HEAD = ["姓名", "手机号", "角色", "区划代码", "职务", "openid", "任职起", "任职止"]
PERSON = ["许 禾", "16600010001", "干部、录入", "990101101200", "会计", "", "", ""]
BALANCE_HEAD = ["村名", "区划代码", "月份", "期初余额", "本月收入", "本月支出", "期末余额", "笔数"]
BALANCE = ["听竹村", "990101101200", "2025-05", "10.00", "5.00", "3.00", "12.00", "2"]


def changed(row: list[str], head: list[str], **cells: str) -> list[str]:
    return [cells.get(name, value) for name, value in zip(head, row, strict=True)]


def sentence(reading: Reading[object]) -> str:
    (row,) = reading.refused
    return " ".join(row.sentences(reading.file))


def refused_rows(reading: Reading[object]) -> list[RefusedRow]:
    return list(reading.refused)


def test_villages_of_the_sample_county_are_all_read() -> None:
    villages = read_villages(SAMPLE / "villages.csv")

    assert (len(villages.accepted), villages.refused) == (40, ())
    (village,) = (v for v in villages.accepted if v.name == "听竹村")
    assert (village.code, village.town_code, village.town) == (
        "990101101200",
        "990101101000",
        "竹影镇",
    )
    assert (village.rhythm, village.disclosure_day, village.kind) == ("每月", 15, "村")
    assert (village.county, village.county_code) == ("明禾县", "990101000000")
    assert (village.households, village.has_collective, village.pilot) == (444, True, "试点")


@pytest.mark.parametrize(
    ("cells", "column", "part"),
    [
        ({"区划代码": "9901011012"}, "区划代码", "12位"),
        ({"区划代码": "990101101000"}, "区划代码", "末三位不是000"),
        ({"区划代码": "9.90101E+11"}, "区划代码", "文本格式"),
        ({"区划代码": "99010110120X"}, "区划代码", "12位"),
        ({"乡镇代码": "990101102000"}, "区划代码", "开头"),
        ({"乡镇代码": "990101101200"}, "乡镇代码", "末三位是000"),
        ({"名称": ""}, "名称", "填名称"),
        ({"类型": "镇"}, "类型", "社区"),
        ({"财务公开频次": "每周"}, "财务公开频次", "每季"),
        ({"公开日": "31"}, "公开日", "1到28"),
        ({"公开日": "月底"}, "公开日", "1到28"),
    ],
)
def test_village_row_that_cannot_be_is_refused(
    tmp_path: Path, cells: dict[str, str], column: str, part: str
) -> None:
    path = save_csv(tmp_path / "村.csv", [VILLAGE_HEAD, changed(VILLAGE, VILLAGE_HEAD, **cells)])

    villages = read_villages(path)

    assert villages.accepted == ()
    (row,) = villages.refused
    assert (row.row, row.reasons[0].column) == (2, column)
    assert part in row.reasons[0].expected
    assert sentence(villages).startswith(f"《村.csv》第2行 {column}:")


def test_code_that_came_before_is_refused_with_its_row(tmp_path: Path) -> None:
    twin = changed(VILLAGE, VILLAGE_HEAD, 名称="又一村")

    villages = read_villages(save_csv(tmp_path / "村.csv", [VILLAGE_HEAD, VILLAGE, twin]))

    assert len(villages.accepted) == 1
    assert "第2行用过了" in sentence(villages)


def test_villages_in_a_workbook_with_a_title_and_numbers(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["明禾县行政村名录"],
        ["区划代码", "区县", "镇街", "村(社区)名称", "公开频次", "公开日", "户数"],
        [990101101200, "明禾县", "竹影镇", "听竹村", "每季度", 15, 444],
        [],
        ["990101101001", "明禾县", "竹影镇", "竹影街社区", "", "", ""],
    ]

    for path in (
        save_xlsx(tmp_path / "村.xlsx", {"名录": rows, "空": [[None]]}),
        save_ods(tmp_path / "村.ods", {"名录": rows}),
    ):
        first, second = read_villages(path).accepted
        assert (first.code, first.rhythm, first.disclosure_day) == ("990101101200", "每季", 15)
        assert first.town_code == "990101101000"
        assert (second.kind, second.rhythm, second.row) == ("社区", None, 5)


def test_missing_column_is_one_error_naming_file_sheet_and_column(tmp_path: Path) -> None:
    path = save_xlsx(tmp_path / "村.xlsx", {"名录": [["区划代码", "县", "名称"], ["1", "2", "3"]]})

    with pytest.raises(WorkbookError) as caught:
        read_villages(path)

    assert str(caught.value).startswith(
        "《村.xlsx》“名录”少了“乡镇”列:表头只有:区划代码、县、名称。要有“乡镇”列"
    )


def test_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    for path in (SAMPLE / "holidays_cn.json", save_csv(tmp_path / "空.csv", [["a", "b"]])):
        with pytest.raises(WorkbookError):
            read_people(path)


def test_people_are_read_with_their_posts(tmp_path: Path) -> None:
    openid_only = ["赵六", "", "居民", "990101", "", "oCheck0001", "2025-01-01", "2026年6月30日"]
    path = save_csv(tmp_path / "人.csv", [PEOPLE_HEAD, PERSON, openid_only])

    first, second = read_people(path).accepted

    assert (first.name, first.phone, first.roles) == ("许禾", "16600010001", ("干部", "录入"))
    assert (first.region_code, first.post, first.openid) == ("990101101200", "会计", None)
    assert (second.phone, second.openid, second.region_code) == (
        None,
        "oCheck0001",
        "990101000000",
    )
    assert (second.term_from, second.term_to) == (date(2025, 1, 1), date(2026, 6, 30))
    assert "16600010001" not in repr(first)
    assert "oCheck0001" not in json.dumps(second.as_json())


@pytest.mark.parametrize(
    "phone",
    [
        "16600010001", "+8616600010001", "0086 16600010001", "166 0001 0001", "166-0001-0001",
        "１６６０００１０００１",
    ],
)  # fmt: skip
def test_phone_is_brought_into_one_form(tmp_path: Path, phone: str) -> None:
    row = changed(PERSON, PEOPLE_HEAD, 手机号=phone)

    (person,) = read_people(save_csv(tmp_path / "人.csv", [PEOPLE_HEAD, row])).accepted

    assert person.phone == "16600010001"


def test_phone_in_a_number_cell_is_read(tmp_path: Path) -> None:
    row = [PERSON[0], 16600010001, *PERSON[2:]]

    (person,) = read_people(save_xlsx(tmp_path / "人.xlsx", {"人": [PEOPLE_HEAD, row]})).accepted

    assert person.phone == "16600010001"


@pytest.mark.parametrize(
    ("cells", "column", "part"),
    [
        ({"手机号": "1660001000"}, "手机号", "11位"),
        ({"手机号": "1.66E+10"}, "手机号", "文本格式"),
        ({"手机号": "0838-5551234"}, "手机号", "11位"),
        ({"手机号": "16600010001、16600010002"}, "手机号", "一个11位"),
        ({"手机号": "", "openid": ""}, "手机号", "至少一样"),
        ({"角色": "村长"}, "角色", "居民、干部"),
        ({"角色": ""}, "角色", "居民、干部"),
        ({"角色": "纪检"}, "角色", "乡镇或县"),
        ({"角色": "值班"}, "角色", "乡镇或县"),
        ({"区划代码": "99010"}, "区划代码", "12位"),
        ({"姓名": ""}, "姓名", "填姓名"),
        ({"任职起": "去年"}, "任职起", "带年份"),
        ({"任职起": "2026-02-01", "任职止": "2026-01-01"}, "任职止", "不早于"),
        ({"openid": "没有"}, "openid", "openid"),
    ],
)
def test_person_row_that_cannot_be_is_refused(
    tmp_path: Path, cells: dict[str, str], column: str, part: str
) -> None:
    path = save_csv(
        tmp_path / "人.csv", [PEOPLE_HEAD, changed(PERSON, PEOPLE_HEAD, **cells), PERSON]
    )

    people = read_people(path)

    assert len(people.accepted) == 1
    (row,) = people.refused
    reason = row.reasons[0]
    assert reason.column == column
    assert part in reason.expected
    assert not any(digits in reason.found for digits in ("1660001", "5551234"))


def test_inspectors_exist_from_the_town_upwards(tmp_path: Path) -> None:
    for code in ("990101101000", "990101101", "990101", "990101000000"):
        row = changed(PERSON, PEOPLE_HEAD, 角色="纪检", 区划代码=code)
        assert len(read_people(save_csv(tmp_path / "人.csv", [PEOPLE_HEAD, row])).accepted) == 1


def test_every_role_of_the_contract_is_known(tmp_path: Path) -> None:
    row = changed(PERSON, PEOPLE_HEAD, 角色="、".join(ROLES), 区划代码="990101")

    (person,) = read_people(save_csv(tmp_path / "人.csv", [PEOPLE_HEAD, row])).accepted

    assert person.roles == ROLES


def test_term_columns_and_openid_may_be_left_out(tmp_path: Path) -> None:
    path = save_csv(tmp_path / "人.csv", [PEOPLE_HEAD[:5], PERSON[:5]])

    (person,) = read_people(path).accepted

    assert (person.openid, person.term_from, person.term_to) == (None, None, None)


def test_balances_of_the_sample_are_all_read() -> None:
    balances = read_balances(SAMPLE / "ledger_balances.csv")

    assert (len(balances.accepted), balances.refused) == (54, ())
    first = balances.accepted[0]
    assert (first.code, first.book, first.month, first.entries) == (
        "990101101200",
        "",
        (2025, 5),
        41,
    )
    assert (first.opening_fen, first.closing_fen) == (38_642_057, 41_976_062)


@pytest.mark.parametrize(
    ("cells", "column", "part"),
    [
        ({"期末余额": "13.00"}, "期末余额", "是12.00"),
        ({"期初余额": "待定"}, "期初余额", "填数字"),
        ({"本月收入": ""}, "本月收入", "填数字"),
        ({"月份": "五月"}, "月份", "2026-03"),
        ({"村名": "", "区划代码": ""}, "村名", "区划代码"),
    ],
)
def test_balance_row_that_cannot_be_is_refused(
    tmp_path: Path, cells: dict[str, str], column: str, part: str
) -> None:
    path = save_csv(tmp_path / "余额.csv", [BALANCE_HEAD, changed(BALANCE, BALANCE_HEAD, **cells)])

    (row,) = read_balances(path).refused

    assert row.reasons[0].column == column
    assert part in row.reasons[0].expected


def test_month_that_came_before_is_refused_but_not_in_another_book(tmp_path: Path) -> None:
    head = [*BALANCE_HEAD, "账套"]
    rows = [[*BALANCE, "村委会"], [*BALANCE, "集体"], [*BALANCE, "村委会"]]

    balances = read_balances(save_csv(tmp_path / "余额.csv", [head, *rows]))

    assert [row.book for row in balances.accepted] == ["村委会", "集体"]
    assert "第2行已经有了" in sentence(balances)


def test_holidays_are_read_from_json_and_tables_alike(tmp_path: Path) -> None:
    by_json = read_holidays(SAMPLE / "holidays_cn.json")
    rows: list[list[object]] = [["日期", "安排", "节日"]]
    rows += [
        [day.date.isoformat(), "放假" if day.kind == "off" else "上班", day.name]
        for day in by_json.accepted
    ]

    by_csv = read_holidays(save_csv(tmp_path / "假.csv", rows))
    by_xlsx = read_holidays(save_xlsx(tmp_path / "假.xlsx", {"假": rows}))

    assert (len(by_json.accepted), by_json.refused) == (72, ())
    days = [(day.date, day.kind, day.name) for day in by_json.accepted]
    assert days[0] == (date(2025, 1, 1), "off", "元旦")
    assert [(day.date, day.kind, day.name) for day in by_csv.accepted] == days
    assert [(day.date, day.kind, day.name) for day in by_xlsx.accepted] == days


def test_day_that_is_both_off_and_worked_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "假.json"
    path.write_text(
        json.dumps({"off": {"2027-01-01": "元旦", "明天": "?"}, "work": {"2027-01-01": "元旦"}}),
        encoding="utf-8",
    )

    holidays = read_holidays(path)

    assert len(holidays.accepted) == 1
    assert [row.reasons[0].found for row in refused_rows(holidays)] == ["明天", "2027-01-01"]


@pytest.mark.parametrize(
    "text", ['{"off": []}', '{"a": 1}', "{", '{"off": {}, "work": {}}', "[" * 9999]
)
def test_other_json_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "假.json"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(WorkbookError):
        read_holidays(path)
