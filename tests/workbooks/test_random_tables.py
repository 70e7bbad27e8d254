"""Whatever stands in a table, it gives rows or the one typed error, and nothing personal leaks."""

import csv
import io
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.workbooks.making import save_ods, save_xlsx
from workbooks.balances import read_balances
from workbooks.forms import Reading
from workbooks.headers import NAMES
from workbooks.holidays import read_holidays
from workbooks.ledger import LedgerFile, Verdict
from workbooks.ledger_reader import read_ledger
from workbooks.people import read_people
from workbooks.problems import WorkbookError
from workbooks.villages import read_villages

PHONE = "13812345678"
LABELS = sorted(name for names in NAMES.values() for name in names)
TYPICAL = [
    "", "", "〃", "同上", "2026.3.5", "3月6日", "2026-03-32", "三月", "记1", "电费", "合计",
    "本页小计", "上月结余", "收入", "支出", "付", "收", "1,200.00", "-30", "(5)", "待定",
    "1.2万元", "叁佰元整", "￥５", "王芳", "罗玉芳等", "供电所", "靳 三、班 喜",
    "慰问残疾人张三", "单位:万元", "听竹村2026年3月收支明细表", "注:略", "制表:甲",
    "一、收入部分", "小计", "本年累计", "作废", "库存现金", f"电话{PHONE}",
    "990101199001010010", "9" * 25,
]  # fmt: skip
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="￾￿"), max_size=12)
CELL = st.one_of(st.sampled_from(TYPICAL), st.sampled_from(LABELS), TEXT)
NUMBER = st.one_of(st.integers(-(10**12), 10**12), st.floats(-(2.0**40), 2.0**40, width=32))
VALUE = st.one_of(CELL, NUMBER, st.dates(date(1990, 1, 1), date(2050, 1, 1)))
HEADER = st.lists(st.sampled_from(LABELS), min_size=2, max_size=9)
QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def tables(cell: st.SearchStrategy[object]) -> st.SearchStrategy[list[list[object]]]:
    row = st.lists(cell, max_size=9)
    rows = st.lists(row, max_size=12)
    above = st.lists(row, max_size=3)
    return st.builds(lambda top, head, body: [*top, head, *body], above, HEADER, rows)


def outcome(path: Path) -> LedgerFile | WorkbookError:
    """What the file gives; anything but the typed error fails the test."""
    try:
        return read_ledger(path)
    except WorkbookError as error:
        return error


def check(found: LedgerFile | WorkbookError, file: str) -> None:
    if isinstance(found, WorkbookError):
        assert found.file == file
        assert file in str(found)
        return
    for row in found.rows:
        shown = repr(row.as_json()) + "".join(row.sentences(found.file))
        assert PHONE not in shown
        assert "990101199001010010" not in shown
        if row.verdict is not Verdict.REFUSED:
            assert row.date is not None
            assert row.direction is not None
            assert row.amount_fen is not None
            assert row.summary
        assert bool(row.reasons) == (row.verdict is not Verdict.ACCEPTED)
        assert len(row.content_key()) == 10
    assert sum(found.counts().values()) == len(list(found.rows)) + len(found.ignored)
    for total in found.totals:
        assert total.agrees in (True, False)
        assert total.as_json()["sheet"] == total.sheet
    assert all(check.account.month[1] in range(1, 13) for check in found.checks().values())


@QUICK
@given(tables(CELL), st.sampled_from([",", "\t", ";"]), st.sampled_from(["utf-8", "gb18030"]))
def test_any_text_table_gives_rows_or_the_typed_error(
    rows: list[list[object]], delimiter: str, encoding: str
) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "账.csv"
        path.write_bytes(text.getvalue().encode(encoding))

        check(outcome(path), "账.csv")


@settings(QUICK, max_examples=60)
@given(tables(VALUE))
def test_any_workbook_gives_rows_or_the_typed_error(rows: list[list[object]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for path in (
            save_xlsx(Path(folder) / "账.xlsx", {"账": _without_formulas(rows)}),
            save_ods(Path(folder) / "账.ods", {"账": rows}),
        ):
            check(outcome(path), path.name)


def _without_formulas(rows: list[list[object]]) -> list[list[object]]:
    """openpyxl takes a text that begins with = for a formula, and refuses control characters."""
    return [
        [f" {cell}" if isinstance(cell, str) and cell.startswith("=") else cell for cell in row]
        for row in rows
    ]


@settings(QUICK, max_examples=60)
@given(st.binary(max_size=400))
def test_any_bytes_give_the_typed_error_or_a_reading(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "账"
        path.write_bytes(content)

        check(outcome(path), "账")


@settings(QUICK, max_examples=60)
@given(st.lists(st.lists(CELL, max_size=9), max_size=8), st.data())
def test_any_list_gives_rows_or_the_typed_error(rows: list[list[str]], data: st.DataObject) -> None:
    head, read = data.draw(
        st.sampled_from(
            [
                (["区划代码", "县", "乡镇", "名称", "公开日"], read_villages),
                (["姓名", "手机号", "角色", "区划代码", "任职起"], read_people),
                (["村名", "月份", "期初余额", "本月收入", "本月支出", "期末余额"], read_balances),
                (["日期", "类型", "名称"], read_holidays),
            ]
        )
    )
    text = io.StringIO()
    csv.writer(text).writerows([head, *rows])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "表.csv"
        path.write_text(text.getvalue(), encoding="utf-8")

        shown = _complaints(read, path)

        assert all("表.csv" in text for text in shown)
        assert PHONE not in "".join(shown)


def _complaints(read: Callable[[Path], Reading[object]], path: Path) -> list[str]:
    """Everything that a reader says about a file; any other error fails the test."""
    try:
        reading = read(path)
    except WorkbookError as error:
        return [str(error)]
    return [text for row in reading.refused for text in row.sentences(reading.file)]
