"""Voucher numbers that stand for two different entries."""

from collections.abc import Hashable
from datetime import date

from workbooks.dates import Month


class VoucherBook:
    """The voucher numbers of one table.

    Numbers start again every month, so a table that spans several keeps the months apart. Lines
    of one voucher that follow each other on the same day are one voucher in several lines.
    """

    def __init__(self, months: tuple[Month, ...]) -> None:
        self._spans_months = len(months) != 1
        self._seen: dict[Hashable, int] = {}
        self._last: tuple[Hashable, date | None, Hashable] | None = None

    def first_use(
        self, voucher: str, series: Hashable, day: date | None, line: Hashable, row: int
    ) -> int | None:
        """The row that used the number before, where that makes this one doubtful."""
        month = (day.year, day.month) if day and self._spans_months else None
        key = (voucher, series, month)
        last, self._last = self._last, (key, day, line)
        earlier = self._seen.setdefault(key, row)
        if earlier == row:
            return None
        if last is not None and last[:2] == (key, day) and last[2] != line:
            return None
        return earlier
