"""How a table writes its amounts, told by the rows below its header.

Which of 借方 and 贷方 is income, whether a minus means money out or a reversal, whether red is ink
for a reversal or the colour of a whole column: the header does not say, the figures do.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from workbooks.cells import Row, is_blank
from workbooks.characters import squeeze
from workbooks.headers import Role
from workbooks.layout import Columns
from workbooks.ledger import Direction
from workbooks.money import YUAN, Money, is_nothing, read_money

_INCOME_WORDS = frozenset(
    ("收", "收入", "进", "入", "收款", "收方", "转入", "存入", "进账", "+", "增加", "收到", "贷入")
)
_EXPENSE_WORDS = frozenset(
    ("付", "支", "支出", "出", "付款", "付方", "转出", "支取", "出账", "-", "减少", "付出", "开支")
)
_DEBIT_WORDS, _CREDIT_WORDS = frozenset(("借", "借方")), frozenset(("贷", "贷方"))

_INCOME_SUBJECT = re.compile(r"收入|收益|发包及上交|补助款")
_EXPENSE_SUBJECT = re.compile(r"支出|费用|成本|税金|费$|收益分配")
_CASH_SUBJECT = re.compile(r"^(?:库存)?现金|^银行存款|^\d*(?:1001|1002|101|102)\b")
_INCOME_SUMMARY = re.compile(r"^收|收到|收回|租金|拨款|拨付|利息|承包费|上交|捐|补助款|退回|收入")
_EXPENSE_SUMMARY = re.compile(
    r"^付|^购|^支|购买|报销|工资|补贴|维修|慰问|劳务|电费|水费|误工|费$|采购|支出"
)
_JOURNAL = re.compile(r"日记账|现金账|银行账|出纳|流水账|收支")
_STATEMENT = re.compile(r"对账单|交易明细|账户明细|银行流水")

_ENOUGH = 2
_DECORATED_FROM = 4
_DECORATED_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class Manner:
    """How one table writes its amounts.

    `debit_is` tells the direction of 借 where the table uses it; `is_unsure` that it had to be
    guessed. `is_signed`: a minus means money out. `expense_is_negative`: money out is written with
    a minus as well as named. `red_columns` are red as a whole, so that red says nothing there.
    `direction_carries`: the direction stands at the first row of each group only.
    `skips_cash`: both sides of each voucher are booked, and the cash lines only mirror the others.
    """

    debit_is: Direction = Direction.INCOME
    is_unsure: bool = False
    is_signed: bool = False
    expense_is_negative: bool = False
    red_columns: frozenset[int] = frozenset()
    skips_cash: bool = False
    direction_carries: bool = False


def read_direction(text: str, debit_is: Direction) -> Direction | None:
    """The direction that a word (收, 付, 支出, 借, ...) stands for."""
    word = squeeze(text)
    if word in _INCOME_WORDS:
        return Direction.INCOME
    if word in _EXPENSE_WORDS:
        return Direction.EXPENSE
    if word in _DEBIT_WORDS:
        return debit_is
    if word in _CREDIT_WORDS:
        return _opposite(debit_is)
    return None


def subject_direction(subject: str) -> Direction | None:
    """Whether a subject is one of income or of expense by its name."""
    income = _INCOME_SUBJECT.search(subject) is not None
    expense = _EXPENSE_SUBJECT.search(subject) is not None
    if expense and "收益分配" in subject:
        return Direction.EXPENSE
    if income == expense:
        return None
    return Direction.INCOME if income else Direction.EXPENSE


def is_cash(subject: str) -> bool:
    """Whether a subject is the money itself: the mirror of another line in double entry."""
    return _CASH_SUBJECT.search(subject) is not None


def settle_columns(columns: Columns, rows: Sequence[Row]) -> None:
    """Gives 类型 and 类别 their meaning by what stands in them, and 方向 beside 余额 none."""
    has_sides = any(role in columns.at for role in (Role.INCOME, Role.EXPENSE, Role.DEBIT))
    if has_sides:
        for role in (Role.AMOUNT, Role.DIRECTION):
            columns.at.pop(role, None)
        return
    if Role.DIRECTION in columns.at and not _holds_directions(columns, Role.DIRECTION, rows):
        if Role.SUBJECT not in columns.at:
            columns.rename(Role.DIRECTION, Role.SUBJECT)
        else:
            columns.at.pop(Role.DIRECTION)
    if Role.DIRECTION not in columns.at and _holds_directions(columns, Role.SUBJECT, rows):
        columns.rename(Role.SUBJECT, Role.DIRECTION)


def read_manner(
    columns: Columns, rows: Sequence[Row], title: str, *, has_sides: bool = False
) -> Manner:
    """Looks at the rows below a header and tells how they write amounts.

    `has_sides`: title or section headings already say what is income and what is expense.
    """
    debit_is, is_unsure, skips_cash = _debit_side(columns, rows, title)
    uses_debit = Role.DEBIT in columns.at or Role.CREDIT in columns.at or _says_debit(columns, rows)
    if not uses_debit:
        debit_is, is_unsure, skips_cash = Direction.INCOME, False, False
    return Manner(
        debit_is=debit_is,
        is_unsure=is_unsure,
        is_signed=not has_sides and _is_signed(columns, rows),
        expense_is_negative=_expense_is_negative(columns, rows, debit_is),
        red_columns=_red_columns(columns, rows),
        skips_cash=skips_cash,
        direction_carries=_direction_carries(columns, rows),
    )


def _opposite(direction: Direction) -> Direction:
    return Direction.EXPENSE if direction is Direction.INCOME else Direction.INCOME


def _holds_directions(columns: Columns, role: Role, rows: Sequence[Row]) -> bool:
    if role not in columns.at:
        return False
    words = [columns.text(row, role) for row in rows if _amounts(columns, row)]
    words = [word for word in words if word]
    known = sum(read_direction(word, Direction.INCOME) is not None for word in words)
    return bool(words) and known * 10 >= len(words) * 8


def _direction_carries(columns: Columns, rows: Sequence[Row]) -> bool:
    """Whether most rows leave the direction to the row above, as grouped tables do."""
    if Role.DIRECTION not in columns.at:
        return False
    words = [columns.text(row, Role.DIRECTION) for row in rows]
    return bool(words) and bool(words[0]) and words.count("") * 2 >= len(words)


def _says_debit(columns: Columns, rows: Sequence[Row]) -> bool:
    words = (squeeze(columns.text(row, Role.DIRECTION)) for row in rows)
    return any(word in _DEBIT_WORDS or word in _CREDIT_WORDS for word in words)


def _amounts(columns: Columns, row: Row) -> dict[Role, Money]:
    """The amounts of the row that can be read, zeros left out."""
    found = {}
    for role in (Role.AMOUNT, Role.INCOME, Role.EXPENSE, Role.DEBIT, Role.CREDIT):
        value = columns.cell(row, role)
        if not is_nothing(value) and (money := read_money(value, YUAN)) and money.fen:
            found[role] = money
    return found


def _debit_side(columns: Columns, rows: Sequence[Row], title: str) -> tuple[Direction, bool, bool]:
    """Whether 借 is money in; whether that is a guess; whether cash lines mirror the others."""
    by_balance = _votes_by_balance(columns, rows)
    by_subject = _votes(columns, rows, Role.SUBJECT, subject_direction)
    skips_cash = any(is_cash(columns.text(row, Role.SUBJECT)) for row in rows) and by_subject < 0
    for votes in (by_balance, by_subject):
        if votes:
            return (Direction.INCOME if votes > 0 else Direction.EXPENSE), False, skips_cash
    if _STATEMENT.search(title):
        return Direction.EXPENSE, False, False
    by_summary = _votes(columns, rows, Role.SUMMARY, _summary_direction)
    if _JOURNAL.search(title) or by_summary:
        return (Direction.INCOME if by_summary >= 0 else Direction.EXPENSE), False, False
    return Direction.INCOME, True, False


def _votes(
    columns: Columns, rows: Sequence[Row], role: Role, read: Callable[[str], Direction | None]
) -> int:
    """How many more rows speak for 借 as income than against it, by a text of theirs."""
    votes = 0
    for row in rows:
        named = read(columns.text(row, role))
        debit = _is_debit(columns, row)
        if named is not None and debit is not None:
            votes += 1 if (named is Direction.INCOME) == debit else -1
    return votes


def _is_debit(columns: Columns, row: Row) -> bool | None:
    amounts = _amounts(columns, row)
    if Role.DEBIT in amounts or Role.CREDIT in amounts:
        if Role.DEBIT in amounts and Role.CREDIT in amounts:
            return None
        return Role.DEBIT in amounts
    word = squeeze(columns.text(row, Role.DIRECTION))
    return True if word in _DEBIT_WORDS else False if word in _CREDIT_WORDS else None


def _summary_direction(summary: str) -> Direction | None:
    income = _INCOME_SUMMARY.search(summary) is not None
    expense = _EXPENSE_SUMMARY.search(summary) is not None
    if income == expense:
        return None
    return Direction.INCOME if income else Direction.EXPENSE


def _steps(columns: Columns, rows: Sequence[Row]) -> Iterator[tuple[Row, int]]:
    """Rows with a running balance, and by how much it moved since the row before."""
    last: int | None = None
    for row in rows:
        balance = read_money(columns.cell(row, Role.BALANCE), YUAN)
        if balance is None:
            last = None
            continue
        if last is not None:
            yield row, balance.fen - last
        last = balance.fen


def _votes_by_balance(columns: Columns, rows: Sequence[Row]) -> int:
    votes = 0
    for row, step in _steps(columns, rows):
        amounts = _amounts(columns, row)
        debit = _is_debit(columns, row)
        if debit is None or len(amounts) != 1:
            continue
        (money,) = amounts.values()
        amount = money.fen if debit else -money.fen
        votes += (step == amount) - (step == -amount)
    return votes


def _is_signed(columns: Columns, rows: Sequence[Row]) -> bool:
    """One column of amounts without directions: does a minus mean money out?"""
    if Role.AMOUNT not in columns.at or Role.DIRECTION in columns.at or columns.direction:
        return False
    steps = [(step, _amounts(columns, row).get(Role.AMOUNT)) for row, step in _steps(columns, rows)]
    signed = sum(money is not None and money.fen == step < 0 for step, money in steps)
    unsigned = sum(money is not None and -money.fen == step < 0 for step, money in steps)
    if signed or unsigned:
        return signed > unsigned
    expenses = [
        money.fen < 0
        for row in rows
        if (money := _amounts(columns, row).get(Role.AMOUNT))
        and subject_direction(columns.text(row, Role.SUBJECT)) is Direction.EXPENSE
    ]
    if expenses:
        return sum(expenses) * 2 > len(expenses)
    return any((money := _amounts(columns, row).get(Role.AMOUNT)) and money.fen < 0 for row in rows)


def _expense_is_negative(columns: Columns, rows: Sequence[Row], debit_is: Direction) -> bool:
    out: list[bool] = []
    for row in rows:
        for role, money in _amounts(columns, row).items():
            if _direction_of(columns, row, role, debit_is) is Direction.EXPENSE:
                out.append(money.fen < 0)
    return len(out) >= _ENOUGH and all(out)


def _direction_of(columns: Columns, row: Row, role: Role, debit_is: Direction) -> Direction | None:
    fixed = {
        Role.INCOME: Direction.INCOME,
        Role.EXPENSE: Direction.EXPENSE,
        Role.DEBIT: debit_is,
        Role.CREDIT: _opposite(debit_is),
    }
    if role in fixed:
        return fixed[role]
    return read_direction(columns.text(row, Role.DIRECTION), debit_is)


def _red_columns(columns: Columns, rows: Sequence[Row]) -> frozenset[int]:
    decorated = set()
    for role in (Role.AMOUNT, Role.INCOME, Role.EXPENSE, Role.DEBIT, Role.CREDIT):
        column = columns.at.get(role)
        if column is None:
            continue
        filled = [row for row in rows if not is_blank(row.at(column))]
        red = sum(column in row.red for row in filled)
        if len(filled) >= _DECORATED_FROM and red >= _DECORATED_SHARE * len(filled):
            decorated.add(column)
    return frozenset(decorated)
