"""Figures and differences in words, as people read them; nothing personal in them."""

from __future__ import annotations

from collections.abc import Callable

from storage import texts
from storage.bodies import Line
from storage.merging import Difference

_SHOWN = 20


def yuan(fen: int) -> str:
    """1,200元; 56,805.63元; -300元: decimals only where there are fen (look.md, section 1)."""
    sign, (whole, rest) = "-" if fen < 0 else "", divmod(abs(fen), 100)
    decimals = f".{rest:02d}" if rest else ""
    return f"{sign}{whole:,}{decimals}元"


def day(iso: str) -> str:
    """2026-03-05 -> 3月5日"""
    return f"{int(iso[5:7])}月{int(iso[8:10])}日"


def month(period: str) -> str:
    """2026-03 -> 2026年3月"""
    return f"{period[:4]}年{int(period[5:7])}月"


def reason(found: Difference, opening: tuple[int | None, int | None]) -> str:
    """Why a version differs from the one published before: what it says of itself for good.

    Summaries and payees are left out: they may have to be erased some day. `opening` is the opening
    balance before and after.
    """
    parts = [
        _listed(texts.CHANGED, [_changed(old, new) for old, new in found.changed]),
        _listed(texts.ADDED, [line_in_words(line) for line in found.added]),
        _listed(texts.REMOVED, [line_in_words(line) for line in found.removed]),
    ]
    before, after = opening
    if before != after and after is not None:
        was = texts.UNSTATED if before is None else yuan(before)
        parts.append(texts.OPENING_CHANGED.format(before=was, after=yuan(after)))
    return "。".join(part for part in parts if part)


def place(sheet: str, row: int) -> str:
    """“3月收支”第28行"""
    return texts.PLACE.format(sheet=f"“{sheet}”" if sheet else "", row=row)


def with_note(note: str, changes: str) -> str:
    """Why a version differs, in the words of whoever brought it in, and what differs."""
    return texts.NOTED.format(note=note, changes=changes) if note and changes else note or changes


def few(items: list[str], most: int = 5) -> str:
    """The first of them, and that there are more."""
    return "、".join(items[:most]) + (texts.AND_OTHERS if len(items) > most else "")


def line_in_words(line: Line) -> str:
    """3月5日 记3 支出680元"""
    return texts.LINE.format(
        day=day(line.date),
        voucher=f" {line.voucher_no}" if line.voucher_no else "",
        direction=line.direction,
        yuan=yuan(line.amount_fen),
    )


def _listed(heading: str, items: list[str]) -> str:
    if not items:
        return ""
    more = texts.AND_MORE if len(items) > _SHOWN else ""
    return heading.format(count=len(items), items=";".join(items[:_SHOWN]) + more)


def _changed(old: Line, new: Line) -> str:
    """3月5日 记3 支出680元:金额改为860元,摘要改了"""
    words = []
    told: tuple[tuple[str, str, Callable[[Line], str]], ...] = (
        ("date", texts.DATE, lambda line: day(line.date)),
        ("amount_fen", texts.AMOUNT, lambda line: yuan(line.amount_fen)),
        ("direction", texts.DIRECTION, lambda line: line.direction),
        ("voucher_no", texts.VOUCHER, lambda line: line.voucher_no),
        ("subject", texts.SUBJECT, lambda line: line.subject),
    )
    for name, label, value in told:
        if getattr(old, name) != getattr(new, name):
            words.append(texts.BECAME.format(label=label, value=value(new) or texts.NOTHING))
    quiet = {
        "summary": texts.SUMMARY, "payee": texts.PAYEE, "handler": texts.HANDLER,
        "approver": texts.APPROVER, "supervisors": texts.SUPERVISORS,
    }  # fmt: skip
    others = [label for name, label in quiet.items() if getattr(old, name) != getattr(new, name)]
    if others:
        words.append(texts.OTHERS_CHANGED.format(labels="、".join(others)))
    return texts.CHANGED_LINE.format(line=line_in_words(old), what=",".join(words))
