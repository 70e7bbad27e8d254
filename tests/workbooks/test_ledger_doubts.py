"""What a person must confirm or correct, and what is no entry at all."""

from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.workbooks.making import (
    HEAD,
    amounts,
    entry,
    fill,
    hide_column,
    ignored,
    read,
    rows_of,
    save_csv,
    save_ods,
    save_xlsx,
)
from workbooks.ledger import Verdict
from workbooks.problems import WorkbookError

XLS = Path(__file__).parent / "data" / "ledger_red.xls"


def test_amount_merged_over_two_rows_is_counted_once(tmp_path: Path) -> None:
    book = Workbook()
    sheet = fill(book.worksheets[0], [list(HEAD), entry("2026.8.2", "1", "买水泥", None, 300)])
    fill(sheet, [[], [], entry("2026.8.3", "2", "买砂石")])
    sheet.merge_cells("E2:E3")
    book.save(tmp_path / "账.xlsx")

    rows = rows_of(tmp_path / "账.xlsx")

    assert amounts(rows) == [("支出", 30000), (None, None)]
    assert "error:unparsable_amount" in rows[1].flags


def test_hidden_rows_are_doubtful_and_hidden_columns_are_not_read(tmp_path: Path) -> None:
    book = Workbook()
    sheet = fill(
        book.worksheets[0],
        [
            [*HEAD, "科目"],
            [*entry("2026.8.1", "1", "电费", None, 5), "管理费用"],
            [*entry("2026.8.2", "2", "水费", None, 6), "管理费用"],
        ],
    )
    sheet.row_dimensions[3].hidden = True
    hide_column(sheet, 9)
    book.save(tmp_path / "账.xlsx")

    shown, hidden = rows_of(tmp_path / "账.xlsx")

    assert (shown.verdict, hidden.verdict) == (Verdict.ACCEPTED, Verdict.DOUBTFUL)
    assert "hidden_row" in hidden.flags
    assert (shown.subject, hidden.subject) == (None, None)


def test_ods_is_read_with_its_red_ink_and_hidden_sheets(tmp_path: Path) -> None:
    path = save_ods(
        tmp_path / "三月.ods",
        {
            "3月": [
                ["半溪村2026年3月收支表"],
                HEAD,
                entry(date(2026, 3, 1), "1", "电费", None, 88.8),
                entry("3月2日", "2", "租金", 100, None, "王芳"),
                entry("3.3", "3", "修路", None, 50),
            ],
            "草稿": [["作废"]],
        },
        red=[(3, 4)],
        hidden_sheets=["草稿"],
    )

    file = read(path)

    assert amounts(file.rows) == [("支出", -8880), ("收入", 10000), ("支出", 5000)]
    assert next(row.verdict for row in file.rows) is Verdict.DOUBTFUL
    assert [item.reason for item in file.ignored_sheets] == ["hidden_draft"]


def test_xls_is_read_with_its_red_ink_strikes_and_hidden_rows() -> None:
    file = read(XLS)

    assert amounts(file.rows) == [
        ("收入", 50000), ("支出", -8880), ("支出", 3500), ("支出", 12000), ("支出", 102000),
    ]  # fmt: skip
    doubts = [
        next((f for f in ("red_ink_by_font", "struck_out", "hidden_row") if f in row.flags), "")
        for row in file.rows
    ]
    assert doubts == ["", "red_ink_by_font", "", "struck_out", "hidden_row"]
    assert next(file.rows).payee_public == "王*"


def test_same_number_for_lines_of_one_voucher_is_no_duplicate(tmp_path: Path) -> None:
    path = save_csv(
        tmp_path / "账.csv",
        [
            HEAD,
            entry("2026.3.1", "记1", "纸", "", "50"),
            entry("2026.3.1", "记1", "笔", "", "20"),
            entry("2026.3.2", "记2", "电费", "", "30"),
            entry("2026.3.9", "记1", "水费", "", "30"),
        ],
    )

    flags = ["duplicate_voucher" in row.flags for row in rows_of(path)]

    assert flags == [False, False, False, True]


def test_same_entry_typed_twice_in_a_row_is_doubtful(tmp_path: Path) -> None:
    line = entry("2026.3.1", "记1", "纸", "", "50")

    first, second = rows_of(save_csv(tmp_path / "账.csv", [HEAD, line, line]))

    assert (first.verdict, second.verdict) == (Verdict.ACCEPTED, Verdict.DOUBTFUL)


def test_copy_of_a_sheet_does_not_double_the_accounts(tmp_path: Path) -> None:
    table = [["听竹村2026年3月收支表"], HEAD, entry("3.1", "记1", "纸", None, 50)]

    first, second = rows_of(save_xlsx(tmp_path / "账.xlsx", {"3月": table, "3月 (2)": table}))

    assert (first.verdict, second.verdict) == (Verdict.ACCEPTED, Verdict.DOUBTFUL)
    assert second.reasons[-1].expected == "去掉重复的,“3月”第3行一模一样"


def test_row_without_a_sign_of_being_an_entry_is_doubtful(tmp_path: Path) -> None:
    path = save_csv(
        tmp_path / "账.csv",
        [HEAD, entry("2026.3.1", "1", "电费", "", "50"), ["", "", "上述费用", "", "50"]],
    )

    assert [row.verdict for row in rows_of(path)] == [Verdict.ACCEPTED, Verdict.DOUBTFUL]


def test_remarks_between_the_rows_are_no_entries(tmp_path: Path) -> None:
    path = save_xlsx(
        tmp_path / "账.xlsx",
        {
            "账": [
                ["听竹村2026年3月收支表"],
                HEAD,
                ["上月结余", None, None, 500],
                entry("3.1", "记1", "电费", None, 50),
                ["注:以上已报镇"],
                [None, None, "其中:路灯", None, 20],
                entry("3.2", None, "作废"),
                ["合计", None, None, None, 50],
                ["库存现金", None, None, 450],
                ["本月结余", None, None, 450],
                [],
                ["审核:靳三", None, "会计:柏青松"],
                ["以下空白"],
            ]
        },
    )

    file = read(path)

    assert len(list(file.rows)) == 1
    reasons = ignored(file)
    assert [reasons[n] for n in (3, 5, 6, 8, 9, 10, 12, 13)] == [
        "opening_balance", "note", "note", "total", "note", "closing_balance", "footer", "note",
    ]  # fmt: skip
    assert file.statements[0].breaks == ()
    assert (file.statements[0].opening_fen, file.statements[0].closing_fen) == (50000, 45000)


def test_missing_column_is_named_with_what_was_found(tmp_path: Path) -> None:
    path = save_xlsx(
        tmp_path / "三月账.xlsx",
        {
            "3月": [
                ["听竹村3月"],
                ["序号", "摘要", "收入", "支出", "经手人"],
                [1, "电费", None, 20, "柏青松"],
            ]
        },
    )

    with pytest.raises(WorkbookError) as caught:
        read(path)

    assert caught.value.code == "missing_column"
    assert (caught.value.sheet, caught.value.column) == ("3月", "日期")
    assert str(caught.value) == (
        "《三月账.xlsx》“3月”少了“日期”列:表头只有:序号、摘要、收入、支出、经手人。"
        "要有“日期”列,也可以写成“记账日期”“业务日期”“发生日期”。"
    )


def test_needed_column_that_is_hidden_is_asked_for(tmp_path: Path) -> None:
    book = Workbook()
    sheet = fill(book.worksheets[0], [["日期", "摘要", "金额"], ["2026.3.1", "电费", 5]])
    hide_column(sheet, 2)
    book.save(tmp_path / "账.xlsx")

    with pytest.raises(WorkbookError) as caught:
        read(tmp_path / "账.xlsx")

    assert caught.value.code == "hidden_column"
    assert "取消隐藏" in str(caught.value)


def test_sheet_that_lacks_a_column_does_not_stop_the_others(tmp_path: Path) -> None:
    path = save_xlsx(
        tmp_path / "账.xlsx",
        {
            "3月": [["日期", "摘要", "经手人"], ["3.1", "电费", "柏青松"]],
            "4月": [["2026年4月"], HEAD, entry("4.1", "1", "水费", None, 20)],
        },
    )

    file = read(path)

    assert amounts(file.rows) == [("支出", 2000)]
    assert [item.as_json() for item in file.ignored_sheets] == [
        {"sheet": "3月", "row": None, "reason": "missing_column"}
    ]
    assert [error.column for error in file.sheet_errors] == ["金额"]


@pytest.mark.parametrize(
    "sheets",
    [
        {"说明": [["请于每月8日前报送"]]},
        {"名单": [["姓名", "身份证号", "金额"], ["罗玉芳", "990101195503120021", 5]]},
        {"空": [["日期", "摘要", "收入", "支出"]]},
    ],
)
def test_file_without_any_entry_is_refused(
    tmp_path: Path, sheets: dict[str, list[list[object]]]
) -> None:
    with pytest.raises(WorkbookError) as caught:
        read(save_xlsx(tmp_path / "账.xlsx", sheets))

    assert caught.value.code == "nothing_to_read"
    assert "990101" not in str(caught.value)


@pytest.mark.parametrize(
    ("cells", "column", "found", "expected"),
    [
        (entry("3.5", "1", "电费", "", "5"), "日期", "3.5", "填带年份的日期,像2026年3月5日"),
        (entry("2026.3.5", "1", "电费", "", "待定"), "支出", "待定", "填数字"),
        (entry("2026.3.5", "1", "电费"), "收入、支出", "空白", "填数字"),
        (entry("2026.3.5", "1", "", "", "5"), "摘要", "空白", "填摘要,说明这笔钱是什么"),
        (entry("2026.3.5", "1", "电费", "5", "6"), "收入、支出", "收入5.00、支出6.00",
         "只填收入、支出里的一边"),
        (entry("", "1", "电费", "", "6"), "日期", "空白", "填日期,像2026年3月5日"),
    ],
)  # fmt: skip
def test_refused_row_says_column_found_and_expected(
    tmp_path: Path, cells: list[object], column: str, found: str, expected: str
) -> None:
    (row,) = rows_of(save_csv(tmp_path / "账.csv", [HEAD, cells]))

    assert row.verdict is Verdict.REFUSED
    reason = row.reasons[0]
    assert (reason.column, reason.found, reason.expected) == (column, found, expected)


def test_direction_that_nobody_states_is_refused(tmp_path: Path) -> None:
    (row,) = rows_of(
        save_csv(tmp_path / "账.csv", [["日期", "摘要", "金额"], ["2026.3.1", "其他", "5"]])
    )

    assert row.flags[0] == "error:no_direction"
    assert row.reasons[0].expected == "写明是收入还是支出"


def test_ditto_after_a_date_that_could_not_be_read_is_refused_too(tmp_path: Path) -> None:
    path = save_csv(
        tmp_path / "账.csv",
        [HEAD, entry("2026.3.32", "1", "电费", "", "5"), entry("〃", "2", "水费", "", "6")],
    )

    assert [row.date for row in rows_of(path)] == [None, None]
    assert {row.verdict for row in rows_of(path)} == {Verdict.REFUSED}
