"""Which way the money went, and in what unit: told by columns, words, sections and figures."""

from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.workbooks.making import (
    HEAD,
    RED,
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


def test_unit_line_in_wan_scales_all_but_cells_with_a_unit_of_their_own(tmp_path: Path) -> None:
    path = save_xlsx(
        tmp_path / "六月.xlsx",
        {
            "Sheet1": [
                ["听竹村2026年6月财务收支明细表"],
                ["", "", "", "", "单位:万元"],
                ["日期", "凭证号", "摘要", "收入", "支出", "余额"],
                ["6月1日", "记1", "上级补助", 12, None, 20],
                ["6月2日", "记2", "修路", None, 1.23456, 18.76544],
                ["6月3日", "记3", "电费", None, "350元", 18.73044],
                ["合计", None, None, 12, 1.26956, None],
                ["期末余额", None, None, None, None, 18.73044],
            ]
        },
    )

    file = read(path)

    (statement,) = file.statements
    assert amounts(statement.rows) == [("收入", 12_000_000), ("支出", 1_234_560), ("支出", 35_000)]
    assert ["unit_wan" in row.flags for row in statement.rows] == [True, True, False]
    assert statement.unit == "万元"
    assert statement.closing_fen == 18_730_440
    assert [total.agrees for total in statement.totals] == [True]
    assert statement.breaks == ()


def test_unit_in_the_column_header_counts_for_that_column(tmp_path: Path) -> None:
    head = ["日期", "摘要", "收入(万元)", "支出(元)"]
    path = save_csv(
        tmp_path / "账.csv",
        [head, ["2026.3.1", "补助", "1.5", ""], ["2026.3.2", "电费", "", "88.8"]],
    )

    assert amounts(rows_of(path)) == [("收入", 1_500_000), ("支出", 8_880)]


def test_cash_journal_takes_debit_for_income(tmp_path: Path) -> None:
    path = save_xlsx(
        tmp_path / "日记账.xlsx",
        {
            "现金日记账": [
                ["半溪村经济合作社现金日记账"],
                ["2026年", "", "凭证", "", "摘要", "借方", "贷方", "方向", "余额"],
                ["月", "日", "字", "号", "", "", "", "", ""],
                [3, 1, "", "", "上月结余", "", "", "借", 500],
                [3, 2, "现收", 1, "收房租", 300, "", "借", 800],
                ["", 5, "现付", 1, "付电费", "", 120.5, "借", 679.5],
                ["", "", "", "", "本月合计", 300, 120.5, "借", 679.5],
                [4, 2, "现付", 1, "付水费", "", 20, "借", 659.5],
            ]
        },
    )

    file = read(path)

    rows = list(file.rows)
    assert amounts(rows) == [("收入", 30000), ("支出", 12050), ("支出", 2000)]
    assert [row.voucher_no for row in rows] == ["现收1", "现付1", "现付1"]
    assert [row.date for row in rows] == [date(2026, 3, 2), date(2026, 3, 5), date(2026, 4, 2)]
    assert file.statements[0].book == "集体"
    assert [total.agrees for total in file.totals] == [True]
    assert all(check.balances for check in file.checks().values())


def test_bank_statement_takes_debit_for_expense_because_its_balance_says_so(
    tmp_path: Path,
) -> None:
    path = save_csv(
        tmp_path / "流水.csv",
        [
            ["交易日期", "摘要", "借方发生额", "贷方发生额", "余额", "对方户名", "对方账号"],
            ["20260301", "转账", "100.00", "", "900.00", "张三", "6222000000000000001"],
            ["20260302", "利息", "", "1.50", "901.50", "农商银行", ""],
            ["20260303", "取现", "1.50", "", "900.00", "李四", "6222000000000000019"],
        ],
    )

    rows = rows_of(path)

    assert amounts(rows) == [("支出", 10000), ("收入", 150), ("支出", 150)]
    assert [row.payee_public for row in rows] == ["张*", "农商银行", "李*"]
    assert "6222" not in repr(rows)


def test_double_entry_counts_each_voucher_once(tmp_path: Path) -> None:
    path = save_xlsx(
        tmp_path / "序时账.xlsx",
        {
            "序时账": [
                ["听竹村股份经济合作社 2026年5月 序时账"],
                ["日期", "凭证字号", "摘要", "科目名称", "借方金额", "贷方金额"],
                ["2026-05-01", "记-1", "购打印纸", "管理费用-办公费", 100, None],
                ["2026-05-01", "记-1", "购打印纸", "库存现金", None, 100],
                ["2026-05-03", "记-2", "收租金", "银行存款", 500, None],
                ["2026-05-03", "记-2", "收租金", "经营收入", None, 500],
                ["2026-05-09", "记-3", "付货款", "应付款", 80, None],
                ["2026-05-09", "记-3", "付货款", "银行存款", None, 80],
            ]
        },
    )

    file = read(path)

    assert amounts(file.rows) == [("支出", 10000), ("收入", 50000), ("支出", 8000)]
    assert [row.verdict for row in file.rows] == [
        Verdict.ACCEPTED,
        Verdict.ACCEPTED,
        Verdict.DOUBTFUL,
    ]
    assert [row for row, why in ignored(file).items() if why == "counter_entry"] == [4, 5, 8]


def test_debit_and_credit_without_any_sign_of_their_meaning_are_doubtful(tmp_path: Path) -> None:
    head = ["日期", "摘要", "借方", "贷方"]
    path = save_csv(
        tmp_path / "账.csv", [head, ["2026.3.1", "其他", "5", ""], ["2026.3.2", "其他", "", "7"]]
    )

    rows = rows_of(path)

    assert all("unsure_direction" in row.flags for row in rows)
    assert {row.verdict for row in rows} == {Verdict.DOUBTFUL}


def test_sections_tell_the_direction_of_group_ledgers(tmp_path: Path) -> None:
    path = save_xlsx(
        tmp_path / "三组.xlsx",
        {
            "三月": [
                ["听竹村三组2026年3月财务公开表"],
                ["序号", "日期", "摘要", "金额", "经手人"],
                ["一、收入部分"],
                [1, "3月1日", "鱼塘承包费", 5000, "柏青松"],
                [2, "3月8日", "补助", 300, "柏青松"],
                ["", "", "收入小计", 5300],
                ["二、支出部分"],
                [1, "3月9日", "修水泵", 800.5, "柏青松"],
                [2, "3月10日", "冲减上月电费", -50, "柏青松"],
                ["", "", "支出小计", 750.5],
                ["", "", "本月结余", 4549.5],
                ["制表:柏青松  监委会:靳三  电话13812345678"],
            ]
        },
    )

    file = read(path)

    (statement,) = file.statements
    assert amounts(statement.rows) == [
        ("收入", 500000),
        ("收入", 30000),
        ("支出", 80050),
        ("支出", -5000),
    ]
    assert statement.book == "三组"
    assert [(total.scope, total.agrees) for total in statement.totals] == [("subtotal", True)] * 2
    assert ignored(file)[12] == "footer"
    assert "13812345678" not in repr(file)


def test_heading_of_a_section_above_the_header_counts_too(tmp_path: Path) -> None:
    path = save_xlsx(
        tmp_path / "账.xlsx",
        {
            "账": [
                ["听竹村2026年3月财务公开"],
                ["一、收入"],
                ["日期", "项目", "金额"],
                ["3.1", "租金", 10],
                ["二、支出"],
                ["日期", "项目", "金额"],
                ["3.2", "电费", 7],
            ]
        },
    )

    assert amounts(rows_of(path)) == [("收入", 1000), ("支出", 700)]


def test_minus_means_money_out_where_the_balance_says_so(tmp_path: Path) -> None:
    path = save_csv(
        tmp_path / "账.csv",
        [
            ["日期", "摘要", "金额", "对方", "余额"],
            ["2026-03-01", "租金", "1000", "王芳", "2000.00"],
            ["2026-03-02", "电费", "-200.00", "供电所", "1800.00"],
            ["2026-03-03", "维修", "-300", "张三", "1500.00"],
        ],
    )

    rows = rows_of(path)

    assert amounts(rows) == [("收入", 100000), ("支出", 20000), ("支出", 30000)]
    assert not any("red_ink" in row.flags for row in rows)


def test_expenses_written_with_a_minus_throughout_are_no_reversals(tmp_path: Path) -> None:
    path = save_csv(
        tmp_path / "账.csv",
        [
            ["日期", "摘要", "收支", "金额"],
            ["2026-03-01", "租金", "收入", "1000"],
            ["2026-03-02", "电费", "支出", "-200.00"],
            ["2026-03-03", "维修", "支出", "-300"],
        ],
    )

    assert amounts(rows_of(path)) == [("收入", 100000), ("支出", 20000), ("支出", 30000)]


def test_payer_and_payee_columns_name_the_other_side(tmp_path: Path) -> None:
    path = save_xlsx(
        tmp_path / "一季度.xlsx",
        {
            "收支": [
                ["竹影镇石磨坡村2026年第一季度财务公开"],
                [
                    "记账日期",
                    "票号",
                    "事由",
                    "付款单位",
                    "收款单位",
                    "金额(小写)",
                    "金额(大写)",
                    "收支",
                ],
                [
                    "2026/1/5",
                    "0012",
                    "拨付运转经费",
                    "竹影镇财政所",
                    "石磨坡村",
                    9800,
                    "玖仟捌佰元整",
                    "收入",
                ],
                [
                    "2026/2/5",
                    "0013",
                    "付清沟工钱",
                    "石磨坡村",
                    "罗玉芳、宁兰",
                    None,
                    "壹仟贰佰元整",
                    "支出",
                ],
                ["2026/3/5", "0014", "买锁", "石磨坡村", "石磨五金店", 35, "叁拾陆元整", "支出"],
            ]
        },
    )

    rows = rows_of(path)

    assert amounts(rows) == [("收入", 980000), ("支出", 120000), ("支出", 3500)]
    assert [row.payee_public for row in rows] == ["竹影镇财政所", "罗*芳、宁*", "石磨五金店"]
    assert [row.verdict for row in rows] == [
        Verdict.ACCEPTED,
        Verdict.ACCEPTED,
        Verdict.DOUBTFUL,
    ]
    assert rows[2].reasons[0].expected == "和大写一致,大写是36.00"


def test_column_that_is_red_throughout_is_decoration(tmp_path: Path) -> None:
    book = Workbook()
    sheet = fill(
        book.worksheets[0],
        [list(HEAD), *(entry(f"2026.8.{n}", str(n), "电费", None, n) for n in range(1, 6))],
    )
    for number in range(2, 7):
        sheet.cell(number, 5).font = RED
    book.save(tmp_path / "账.xlsx")

    assert [row.amount_fen for row in rows_of(tmp_path / "账.xlsx")] == [100, 200, 300, 400, 500]


@pytest.mark.parametrize(
    ("summary", "fen"),
    [
        ("冲销2月多记电费", -5000), ("红冲上月凭证", -5000), ("冲减误工补贴", -5000),
        ("冲回多付款", -5000), ("冲2月多付工钱", -5000), ("冲沟清理", 5000), ("冲洗水池", 5000),
        ("修复水毁冲毁路面", 5000), ("红砖款", 5000), ("红十字捐款箱", 5000),
    ],
)  # fmt: skip
def test_word_of_reversal_makes_a_figure_negative_and_doubtful(
    tmp_path: Path, summary: str, fen: int
) -> None:
    (row,) = rows_of(
        save_csv(tmp_path / "账.csv", [HEAD, entry("2026.3.1", "1", summary, "", "50")])
    )

    assert row.amount_fen == fen
    assert ("red_ink_by_font" in row.flags) == (fen < 0)
    assert row.verdict is (Verdict.DOUBTFUL if fen < 0 else Verdict.ACCEPTED)


def test_grouped_direction_stands_at_the_first_row_of_its_group(tmp_path: Path) -> None:
    head = ["类别", "日期", "凭证号", "摘要", "金额"]
    path = save_csv(
        tmp_path / "账.csv",
        [
            head,
            ["收入", "2026.3.1", "1", "租金", "10"],
            ["", "2026.3.2", "2", "补助", "20"],
            ["", "2026.3.3", "3", "利息", "1"],
            ["支出", "2026.3.4", "4", "电费", "5"],
            ["", "2026.3.5", "5", "水费", "6"],
        ],
    )

    assert amounts(rows_of(path)) == [
        ("收入", 1000), ("收入", 2000), ("收入", 100), ("支出", 500), ("支出", 600),
    ]  # fmt: skip
