"""The notice for the village board: a month's accounts on A3, black on white."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

import segno

from pictures.figures import day, exact, full_day, month

SIGNERS = ("村党组织书记", "村民委员会主任", "村务监督委员会主任")


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeEntry:
    """One published entry; `payee` and `summary` come masked (domain.md, section 8)."""

    day: date
    voucher: str
    summary: str
    subject: str
    fen: int
    payee: str
    handler: str
    approver: str
    supervisors: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeBook:
    """One book's month as published; balances are None where nobody stated them."""

    name: str
    version: int
    published_on: date
    opening_fen: int | None
    income_fen: int
    expense_fen: int
    closing_fen: int | None
    income: tuple[NoticeEntry, ...]
    expense: tuple[NoticeEntry, ...]
    correction: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardNotice:
    """A village's month with all its books, line by line, ready to be signed and put up.

    `address` is what the QR code opens; `chain_head` the 64 hexadecimal digits of `printed_on`.
    """

    template: ClassVar[str] = "board_notice"
    village: str
    period: str
    books: tuple[NoticeBook, ...]
    address: str
    chain_head: str
    printed_on: date
    signers: tuple[str, ...] = SIGNERS

    def data(self) -> dict[str, Any]:
        return {
            "village": self.village,
            "month": month(self.period),
            "books": [_book(book) for book in self.books],
            "qr": _qr(self.address),
            "chain_head": [
                self.chain_head[at : at + 8] for at in range(0, len(self.chain_head), 8)
            ],
            "printed_on": full_day(self.printed_on),
            "signers": self.signers,
        }


def _book(book: NoticeBook) -> dict[str, Any]:
    return {
        "name": book.name,
        "version": book.version,
        "published_on": full_day(book.published_on),
        "correction": book.correction,
        "opening": _stated(book.opening_fen),
        "income": exact(book.income_fen),
        "expense": exact(book.expense_fen),
        "closing": _stated(book.closing_fen),
        "supervisors": _reviewers_of_all(book),
        "income_entries": [_entry(entry) for entry in book.income],
        "expense_entries": [_entry(entry) for entry in book.expense],
    }


def _reviewers_of_all(book: NoticeBook) -> tuple[str, ...] | None:
    """Who reviewed every single entry, to be said once; None where that differs."""
    reviewers = {entry.supervisors for entry in (*book.income, *book.expense)}
    return reviewers.pop() if len(reviewers) == 1 else None


def _stated(fen: int | None) -> str | None:
    return None if fen is None else exact(fen)


def _entry(entry: NoticeEntry) -> dict[str, Any]:
    return {
        "day": day(entry.day),
        "voucher": entry.voucher,
        "summary": entry.summary,
        "subject": entry.subject,
        "amount": exact(entry.fen),
        "payee": entry.payee,
        "handler": entry.handler,
        "approver": entry.approver,
        "supervisors": entry.supervisors,
    }


def _qr(address: str) -> str:
    """The code as SVG, with the quiet zone of four modules that cameras need."""
    drawing = io.BytesIO()
    # Paper on a wall fades and tears; quartile correction is read with a quarter of it gone.
    segno.make_qr(address, error="q").save(drawing, kind="svg", border=4, xmldecl=False)
    return drawing.getvalue().decode("utf-8")
