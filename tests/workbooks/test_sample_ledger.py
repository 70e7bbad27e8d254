"""The clean ledger of three villages over eighteen months."""

import csv
import random
import resource
import time
from pathlib import Path

import pytest

from tests.workbooks.making import SAMPLE, save_csv, save_xlsx
from workbooks.balances import read_balances
from workbooks.ledger import LedgerFile
from workbooks.ledger_reader import read_ledger
from workbooks.money import format_fen

LEDGER = SAMPLE / "ledger_sample.csv"


@pytest.fixture(scope="module")
def sample() -> LedgerFile:
    return read_ledger(LEDGER)


def lines() -> list[list[str]]:
    with LEDGER.open(encoding="utf-8", newline="") as opened:
        return list(csv.reader(opened))


def test_every_row_is_accepted_as_it_stands(sample: LedgerFile) -> None:
    written = [
        (day, village, code, way, subject, amount, summary, party, handler, approver, seen, number)
        for day, village, code, way, subject, amount, summary, party, handler, approver, seen,
        number, _ in lines()[1:]
    ]  # fmt: skip

    assert sample.counts() == {"accepted": 2231, "doubtful": 0, "refused": 0, "ignored": 1}
    assert written == [
        (
            row.date.isoformat() if row.date else "", row.village, row.code, row.direction,
            row.subject, format_fen(row.amount_fen or 0), row.summary, row.payee_public or "",
            row.handler, row.approver, "、".join(row.supervisors), row.voucher_no,
        )
        for row in sample.rows
    ]  # fmt: skip


def test_running_balances_confirm_every_month(sample: LedgerFile) -> None:
    checks = sample.checks()

    assert len(checks) == 54
    assert all(check.balances for check in checks.values())


def test_months_reconcile_with_the_balances_file(sample: LedgerFile) -> None:
    stated = read_balances(SAMPLE / "ledger_balances.csv")

    assert (len(stated.accepted), stated.refused) == (54, ())
    sums: dict[tuple[str | None, tuple[int, int]], list[int]] = {}
    for row in sample.rows:
        if row.account:
            month = sums.setdefault((row.code, row.account.month), [0, 0])
            month[0] += 1
            month[1] += row.signed_fen
    for balance in stated.accepted:
        count, change = sums[balance.code, balance.month]
        assert count == balance.entries
        assert change == balance.closing_fen - balance.opening_fen


@pytest.mark.parametrize("form", ["reordered", "gb18030", "xlsx", "reversed"])
def test_same_accounts_in_another_form_have_the_same_content(
    tmp_path: Path, sample: LedgerFile, form: str
) -> None:
    head, *body = lines()
    if form == "reordered":
        random.Random(7).shuffle(body)  # noqa: S311 - an order, no secret
    if form == "reversed":
        body.reverse()
    if form == "xlsx":
        path = save_xlsx(tmp_path / "账.xlsx", {"账": [head, *map(_typed, body)]})
    else:
        encoding = "gb18030" if form == "gb18030" else "utf-8"
        path = save_csv(tmp_path / "账.csv", [head, *body], encoding=encoding)

    again = read_ledger(path)

    assert sorted(row.content_key() for row in again.rows) == sorted(
        row.content_key() for row in sample.rows
    )
    assert again.counts()["accepted"] == 2231
    assert all(check.balances for check in again.checks().values())


def _typed(row: list[str]) -> list[object]:
    """As a spreadsheet stores it: amounts as numbers."""
    return [float(cell) if column in (5, 12) else cell for column, cell in enumerate(row)]


def test_changed_balance_is_reported_with_its_row(tmp_path: Path) -> None:
    rows = lines()
    rows[10][12] = "1.00"

    file = read_ledger(save_csv(tmp_path / "账.csv", rows))

    breaks = file.statements[0].breaks
    assert [(found.row, found.found_fen) for found in breaks] == [(11, 100), (12, 44_070_155)]
    bad = [check for check in file.checks().values() if not check.balances]
    assert [check.account.month for check in bad] == [(2025, 5)]


def test_dropped_row_breaks_the_balance(tmp_path: Path) -> None:
    rows = lines()
    del rows[10]

    file = read_ledger(save_csv(tmp_path / "账.csv", rows))

    assert [found.row for found in file.statements[0].breaks] == [11]


def test_progress_is_told_while_reading() -> None:
    told: list[int] = []

    read_ledger(LEDGER, progress=told.append)

    assert told[0] == 1000
    assert told == sorted(told)
    assert told[-1] >= 2231


def test_big_ledger_keeps_to_its_time_and_memory(tmp_path: Path) -> None:
    """A fifth of the 100,000 rows that 5 s and 250 MB are for, with room for slow machines."""
    head, *body = lines()
    path = tmp_path / "大账.csv"
    with path.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(head)
        for copy in range(9):
            writer.writerows(_moved(row, copy) for row in body)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()

    file = read_ledger(path)

    seconds = time.process_time() - started
    grown_mb = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert file.counts()["accepted"] == 9 * 2231
    assert all(check.balances for check in file.checks().values())
    assert seconds < 5
    assert grown_mb < 100


def _moved(row: list[str], copy: int) -> list[str]:
    """The same entry in the book of another village."""
    return [*row[:2], str(990_200_000_000 + copy * 1_000_000 + int(row[2][-6:])), *row[3:]]
