"""Ledgers of other accountants: tables, headers and columns in every arrangement."""

from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.workbooks.making import (
    HEAD,
    amounts,
    entry,
    fill,
    ignored,
    read,
    rows_of,
    save_csv,
    save_xlsx,
)
from workbooks.ledger import Verdict


def test_two_villages_in_one_sheet_keep_their_rows_and_balances_apart(tmp_path: Path) -> None:
    path = save_xlsx(
        tmp_path / "镇账.xlsx",
        {
            "2026年5月": [
                ["竹影镇2026年5月村级收支明细表"],
                ["单位:元"],
                [
                    "村",
                    "日期",
                    "凭证号",
                    "摘要",
                    "方向",
                    "金额",
                    "对方",
                    "经办人",
                    "审批",
                    "监督",
                    "余额",
                ],
                ["听竹村", None, None, "上月结余", *[None] * 6, 1000],
                [
                    "听竹村",
                    "5.3",
                    1,
                    "路灯电费",
                    "付",
                    200,
                    "供电所",
                    "柏青松",
                    "骆启明",
                    "靳三",
                    800,
                ],
                ["听竹村", "5.4", 2, "租金", "收", 500, "王小明", "柏青松", "骆启明", "靳三", 1300],
                ["听竹村小计", None, None, None, None, None],
                ["半溪村", None, None, "上月结余", *[None] * 6, 50],
                [
                    "半溪村",
                    "5.3",
                    1,
                    "垃圾清运",
                    "付",
                    20.5,
                    "张三",
                    "殷小满",
                    "骆启明",
                    "靳三",
                    29.5,
                ],
                ["半溪村", "〃", 2, "承包费", "收", 70, "李四等", "殷小满", "骆启明", "靳三", 99.5],
            ]
        },
    )

    file = read(path)

    rows = list(file.rows)
    assert [(row.village, row.voucher_no, row.payee_public) for row in rows] == [
        ("听竹村", "1", "供电所"),
        ("听竹村", "2", "王*明"),
        ("半溪村", "1", "张*"),
        ("半溪村", "2", "李*等"),
    ]
    assert amounts(rows) == [("支出", 20000), ("收入", 50000), ("支出", 2050), ("收入", 7000)]
    assert rows[3].date == date(2026, 5, 3)
    assert {row.verdict for row in rows} == {Verdict.ACCEPTED}
    assert all(check.balances for check in file.checks().values())


def test_tables_below_each_other_are_statements_of_their_own(tmp_path: Path) -> None:
    path = save_xlsx(
        tmp_path / "账.xlsx",
        {
            "账": [
                ["听竹村2026年3月收入明细表"],
                ["日期", "摘要", "金额", "交款人"],
                ["3.1", "租金", 10, "王芳"],
                ["合计", "", 10],
                [],
                ["听竹村2026年3月支出明细表"],
                ["日期", "用途", "金额", "领款人"],
                ["3.2", "电费", 7, "供电所"],
                ["合计", "", 7],
                ["听竹村2026年4月支出明细表"],
                ["日期", "用途", "金额", "领款人"],
                ["4.2", "水费", 8, "水厂"],
                ["合计", "", 9],
            ]
        },
    )

    file = read(path)

    assert [statement.month for statement in file.statements] == [(2026, 3), (2026, 3), (2026, 4)]
    assert amounts(file.rows) == [("收入", 1000), ("支出", 700), ("支出", 800)]
    assert [total.agrees for total in file.totals] == [True, True, False]
    assert [check.balances for check in file.checks().values()] == [True, False]


def test_two_sided_table_gives_entries_of_both_sides(tmp_path: Path) -> None:
    path = save_xlsx(
        tmp_path / "榜.xlsx",
        {
            "4月": [
                ["听竹村2026年4月收支公开表"],
                ["收入", None, None, "支出", None, None],
                ["日期", "摘要", "金额", "日期", "摘要", "金额"],
                ["4.1", "租金", 100, "4.2", "电费", 30],
                ["4.5", "补助", 200, None, None, None],
                ["合计", None, 300, "合计", None, 30],
            ]
        },
    )

    file = read(path)

    assert [(row.row, row.summary) for row in file.rows] == [(4, "租金"), (4, "电费"), (5, "补助")]
    assert amounts(file.rows) == [("收入", 10000), ("支出", 3000), ("收入", 20000)]
    assert [total.agrees for total in file.totals] == [True, True]


def test_header_in_row_nine_between_blank_columns(tmp_path: Path) -> None:
    path = save_xlsx(
        tmp_path / "榜.xlsx",
        {
            "账": [
                ["", "", "青筠村2026年7月收支公开榜"],
                [],
                ["", "", "公开时间:2026年8月15日"],
                ["", "", "为接受群众监督,现将我村7月收支情况公布如下:"],
                [],
                ["", "", "上月结余:3,000.00元"],
                [],
                ["", "", "金额单位:元"],
                [
                    "",
                    "",
                    "时间",
                    "",
                    "用途",
                    "收入(元)",
                    "支出(元)",
                    "",
                    "收(付)款单位",
                    "",
                    "经手",
                    "签批人",
                    "理财小组",
                ],
                [
                    "",
                    "",
                    "7.1",
                    "",
                    "收承包款",
                    "1,000.00",
                    "",
                    "",
                    "赵六",
                    "",
                    "柏青松",
                    "骆启明",
                    "靳三",
                ],
                [
                    "",
                    "",
                    "7.2",
                    "",
                    "买水管",
                    "",
                    "85",
                    "",
                    "石磨五金店",
                    "",
                    "柏青松",
                    "骆启明",
                    "靳三",
                ],
                ["", "", "总计", "", "", "1,000.00", "85.00"],
                ["", "", "本月结余", "", "3,915.00元"],
            ]
        },
    )

    file = read(path)

    (statement,) = file.statements
    assert amounts(statement.rows) == [("收入", 100000), ("支出", 8500)]
    assert statement.month == (2026, 7)
    assert statement.opening_fen == 300000
    assert [row.supervisors for row in statement.rows] == [("靳三",), ("靳三",)]
    assert [total.agrees for total in statement.totals] == [True]


def test_subtotals_by_subject_name_the_subject_of_their_rows(tmp_path: Path) -> None:
    path = save_xlsx(
        tmp_path / "账.xlsx",
        {
            "5月": [
                ["听竹村2026年5月支出明细表"],
                ["日期", "凭证", "摘要", "金额", "收款人"],
                ["管理费用"],
                ["5.1", "1", "打印", 100, "稻香印务部"],
                ["5.2", "2", "电费", 50, "供电所"],
                ["小计", "", "", 150],
                ["公益支出"],
                ["5.3", "3", "清沟", 70, "侯大成"],
                ["小计", "", "", 71],
                ["合计", "", "", 220],
            ]
        },
    )

    file = read(path)

    (statement,) = file.statements
    assert [row.subject for row in statement.rows] == ["管理费用", "管理费用", "公益支出"]
    assert [(total.scope, total.agrees) for total in statement.totals] == [
        ("subtotal", True),
        ("subtotal", False),
        ("total", True),
    ]


def test_page_breaks_with_title_and_header_again_change_nothing(tmp_path: Path) -> None:
    page = [["听竹村2026年3月收支明细表"], ["单位:元"], list(HEAD)]
    path = save_xlsx(
        tmp_path / "账.xlsx",
        {
            "账": [
                *page,
                entry("3.1", "1", "电费", None, 10),
                ["本页合计", None, None, None, 10],
                ["过次页", None, None, None, 10],
                *page,
                ["承前页", None, None, None, 10],
                entry("3.2", "2", "水费", None, 5),
                ["本页合计", None, None, None, 5],
                ["合计", None, None, None, 15],
            ]
        },
    )

    file = read(path)

    assert len(file.statements) == 1
    assert amounts(file.rows) == [("支出", 1000), ("支出", 500)]
    assert all(total.agrees for total in file.statements[0].totals)
    assert ignored(file)[9] == "repeated_header"


def test_year_book_with_monthly_totals_starts_its_vouchers_again(tmp_path: Path) -> None:
    path = save_xlsx(
        tmp_path / "台账.xlsx",
        {
            "2025年": [
                ["听竹村2025年度收支台账"],
                ["月", "日", "凭证号", "摘要", "收入", "支出", "结余"],
                [1, None, None, "上年结转", None, None, 100],
                [1, 5, "记1", "租金", 50, None, 150],
                [1, 31, None, "本月合计", 50, 0, 150],
                [2, 3, "记1", "电费", None, 20, 130],
                [2, 28, None, "本月合计", 0, 20, 130],
                [2, 28, None, "本年累计", 50, 20, 130],
            ]
        },
    )

    file = read(path)

    assert [row.flags for row in file.rows] == [("subject_missing",)] * 2
    assert [total.agrees for total in file.totals] == [True, True]
    assert [check.balances for check in file.checks().values()] == [True, True]
    assert ignored(file)[8] == "cumulative_total"


def test_merged_cells_count_for_every_row_they_span(tmp_path: Path) -> None:
    book = Workbook()
    sheet = fill(
        book.worksheets[0],
        [
            ["听竹村2026年8月收支明细表"],
            ["日期", "凭证号", "摘要", "收入", "支出", "收款人", "经手人"],
            ["8.2", "记2", "买水泥", None, 300, "石磨五金店", "柏青松"],
            [None, None, "买砂石", None, 200, None, None],
            ["8.4", "记3", "电费", None, 50, "供电所", "柏青松"],
        ],
    )
    for cells in ("A3:A4", "B3:B4", "F3:F4", "G3:G4"):
        sheet.merge_cells(cells)
    book.save(tmp_path / "账.xlsx")

    rows = rows_of(tmp_path / "账.xlsx")

    assert [(r.voucher_no, r.payee_public, r.handler) for r in rows[:2]] == [
        ("记2", "石磨五金店", "柏青松")
    ] * 2
    assert [row.amount_fen for row in rows] == [30000, 20000, 5000]
    assert {row.verdict for row in rows} == {Verdict.ACCEPTED}


def test_full_width_header_with_blanks_inside_is_understood(tmp_path: Path) -> None:
    path = save_xlsx(
        tmp_path / "账.xlsx",
        {
            "x": [
                ["听竹村２０２６年３月"],
                [
                    "日　期",
                    "凭　证　号",
                    "摘　　要",
                    "收　入（元）",
                    "支　出（元）",
                    "领款人",
                    "经　手　人",
                ],
                ["３月１日", "０１", "电费", "", "１２．５", "供电所", "柏 青 松"],
                ["", "", "合　　　计", "", "１２．５"],
            ]
        },
    )

    file = read(path)

    (row,) = file.rows
    assert (row.date, row.voucher_no, row.amount_fen) == (date(2026, 3, 1), "01", 1250)
    assert row.handler == "柏青松"
    assert [total.agrees for total in file.totals] == [True]


def test_semicolons_and_the_year_of_the_file_name(tmp_path: Path) -> None:
    rows = [
        ["三组收支明细"],
        ["日期", "摘要", "金额", "收付"],
        ["3.5", "卖竹子", "200", "收"],
        ["3.6", "修路", "50", "付"],
        ["合计", "", "250", ""],
    ]
    path = save_csv(tmp_path / "三组2026年账.csv", rows, delimiter=";")

    file = read(path)

    assert [row.date for row in file.rows] == [date(2026, 3, 5), date(2026, 3, 6)]
    assert file.statements[0].book == "三组"
    assert [total.agrees for total in file.totals] == [True]


@pytest.mark.parametrize("order", [(0, 1, 2, 3, 4, 5), (5, 4, 3, 2, 1, 0), (2, 5, 0, 3, 1, 4)])
def test_columns_stand_in_any_order(tmp_path: Path, order: tuple[int, ...]) -> None:
    table = [
        ["发生日期", "凭证字号", "用途", "收付方向", "发生额", "收(付)款人"],
        ["2026年3月5日", "银付3", "买化肥", "付", "1,200.00", "农资店"],
        ["同上", "银收1", "承包费", "收", "3000", "左长河"],
    ]
    path = save_csv(tmp_path / "账.csv", [[row[column] for column in order] for row in table])

    rows = rows_of(path)

    assert amounts(rows) == [("支出", 120000), ("收入", 300000)]
    assert [row.payee_public for row in rows] == ["农资店", "左*河"]
    assert rows[1].flags == ("date_ditto", "subject_missing")


def test_ditto_marks_stand_for_the_text_above(tmp_path: Path) -> None:
    path = save_csv(
        tmp_path / "账.csv",
        [
            HEAD,
            entry("2026.3.1", "1", "保洁工资", "", "50", "罗玉芳"),
            ["〃", "2", "〃", "", "60", "同上", '"', "″", "〃"],
        ],
    )

    first, second = rows_of(path)

    assert (second.date, second.summary, second.payee_public) == (first.date, "保洁工资", "罗*芳")
    assert (second.handler, second.approver, second.supervisors) == (
        "柏青松",
        "骆启明",
        ("靳三", "班喜"),
    )
