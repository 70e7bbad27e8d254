"""The balances file: what each village's book held at a month's start and end."""

from dataclasses import dataclass
from pathlib import Path

from workbooks import texts
from workbooks.dates import Month, read_month
from workbooks.forms import Column, Reading, Record, RefusedRow, read_records
from workbooks.money import format_fen

COLUMNS = (
    Column("村名", ("村", "名称", "村社区", "村(社区)")),
    Column("区划代码", ("村代码", "代码", "行政区划代码")),
    Column("账套", ("账套名称", "账簿", "账本")),
    Column("月份", ("月", "年月", "账期", "所属月份"), is_required=True),
    Column("期初余额", ("期初", "上月结余", "月初余额"), is_required=True),
    Column("本月收入", ("收入", "收入合计"), is_required=True),
    Column("本月支出", ("支出", "支出合计"), is_required=True),
    Column("期末余额", ("期末", "本月结余", "月末余额"), is_required=True),
    Column("笔数", ("分录数",)),
)


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """One month of one book. Opening + income - expense = closing holds, in fen.

    `village` or `code` may be empty, not both; `book` is empty where the file has no 账套.
    """

    sheet: str
    row: int
    village: str
    code: str
    book: str
    month: Month
    opening_fen: int
    income_fen: int
    expense_fen: int
    closing_fen: int
    entries: int | None

    def as_json(self) -> dict[str, object]:
        return {
            "sheet": self.sheet,
            "row": self.row,
            "village": self.village,
            "code": self.code,
            "book": self.book,
            "period": f"{self.month[0]}-{self.month[1]:02d}",
            "opening": format_fen(self.opening_fen),
            "income": format_fen(self.income_fen),
            "expense": format_fen(self.expense_fen),
            "closing": format_fen(self.closing_fen),
        }


def read_balances(path: Path, *, source_name: str | None = None) -> Reading[BalanceRow]:
    """The balances of a CSV or spreadsheet. Raises WorkbookError as `read_records` does."""
    file, records, ignored = read_records(path, COLUMNS, source_name)
    seen: dict[tuple[str, str, Month], int] = {}
    accepted: list[BalanceRow] = []
    refused: list[RefusedRow] = []
    for record in records:
        balance = _read(record)
        if balance is not None:
            key = (balance.code or balance.village, balance.book, balance.month)
            if key in seen:
                record.refuse("月份", texts.MONTH_ONCE.format(row=seen[key]))
            else:
                seen[key] = record.row
        if record.reasons or balance is None:
            refused.append(record.refused())
        else:
            accepted.append(balance)
    return Reading(file, tuple(accepted), tuple(refused), tuple(ignored))


def _read(record: Record) -> BalanceRow | None:
    village = record.text("村名").replace(" ", "")
    code = record.code("区划代码") if record.text("区划代码") else ""
    if not village and not record.text("区划代码"):
        record.refuse("村名", texts.A_VILLAGE)
    month = read_month(record.values.get("月份"))
    if month is None:
        record.refuse("月份", texts.A_MONTH)
    opening, income = record.fen("期初余额"), record.fen("本月收入")
    expense, closing = record.fen("本月支出"), record.fen("期末余额")
    entries = record.whole("笔数", texts.A_COUNT)
    if month is None or opening is None or income is None or expense is None or closing is None:
        return None
    if opening + income - expense != closing:
        amount = format_fen(opening + income - expense)
        record.refuse("期末余额", texts.THE_CLOSING.format(amount=amount))
    return BalanceRow(
        sheet=record.sheet,
        row=record.row,
        village=village,
        code=code,
        book=record.text("账套"),
        month=month,
        opening_fen=opening,
        income_fen=income,
        expense_fen=expense,
        closing_fen=closing,
        entries=entries,
    )
