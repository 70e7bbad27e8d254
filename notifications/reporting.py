"""A campaign's report in words, and as a file that a spreadsheet opens."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from notifications import texts
from notifications.channels import aliyun_codes, wechat_codes
from storage.reports import Outcomes

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_OURS = {
    "expired": texts.CODE_EXPIRED,
    "opted_out": texts.CODE_OPTED_OUT,
    "cancelled": texts.CODE_CANCELLED,
    "paused": texts.CODE_PAUSED,
    "lease": texts.CODE_LEASE,
    "timeout": texts.CODE_TIMEOUT,
    "absent": texts.CODE_ABSENT,
    "no_address": texts.CODE_NO_ADDRESS,
}


def in_words(code: str) -> str:
    """What a code means; a code never seen stands for itself."""
    if not code or code in _OURS:
        return _OURS.get(code, "")
    rule = aliyun_codes.RULES.get(code) or aliyun_codes.RECEIPT_RULES.get(code)
    if rule is None and code.isdecimal():
        rule = wechat_codes.RULES.get(int(code))
    return rule.detail if rule and rule.detail else ""


def cells(line: Outcomes) -> list[str]:
    """A line of the report."""
    return [
        str(line.revision),
        line.village,
        line.name or texts.WITHOUT_VILLAGE,
        texts.NAMES_OF_CHANNELS.get(line.channel, line.channel),
        texts.STATES_OF_DELIVERY[line.state],
        str(line.people),
        line.code,
        in_words(line.code),
    ]


def as_csv(lines: Iterable[Outcomes]) -> str:
    """With the mark by which spreadsheets know UTF-8; no cell of it is ever a formula."""
    file = io.StringIO()
    file.write("\ufeff")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(texts.REPORT_COLUMNS)
    for line in lines:
        writer.writerow([harmless(cell) for cell in cells(line)])
    return file.getvalue()


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula.

    >>> harmless("=1+1"), harmless("听竹村")
    ("'=1+1", '听竹村')
    """
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
