"""Files as accountants send them in, rows understood (or why not) out: pure."""

from workbooks.balances import BalanceRow, read_balances
from workbooks.forms import Reading, RefusedRow
from workbooks.holidays import HolidayRow, read_holidays
from workbooks.ledger import (
    Account,
    AccountCheck,
    BalanceBreak,
    Direction,
    LedgerFile,
    LedgerRow,
    Statement,
    Total,
    Verdict,
)
from workbooks.ledger_reader import read_ledger
from workbooks.people import ROLES, PersonRow, read_people
from workbooks.problems import Ignored, Reason, WorkbookError
from workbooks.villages import VillageRow, read_villages

__all__ = [
    "ROLES",
    "Account",
    "AccountCheck",
    "BalanceBreak",
    "BalanceRow",
    "Direction",
    "HolidayRow",
    "Ignored",
    "LedgerFile",
    "LedgerRow",
    "PersonRow",
    "Reading",
    "Reason",
    "RefusedRow",
    "Statement",
    "Total",
    "Verdict",
    "VillageRow",
    "WorkbookError",
    "read_balances",
    "read_holidays",
    "read_ledger",
    "read_people",
    "read_villages",
]
