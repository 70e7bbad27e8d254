"""Sums and entries of the accounts in words, and by SMS."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers import briefs, texts, wording
from handlers.ledger import EXPENSE, INCOME, Found, Line
from handlers.turn import Brief
from storage.accounts import Accounts
from understanding import Amount, Period, Slots

TOP = 3
ALL_ACCOUNTS = "FIN"


def head(village: str, found: Found, slots: Slots) -> list[str]:
    """Whose accounts, of when, and what of them: so that nobody takes a part for the whole."""
    period, about = wording.period(found.period), narrowed_to(slots)
    lines = [texts.HEAD.format(village=village, period=f"{period} {about}".rstrip())]
    if found.newest_without:
        newest = wording.month(found.newest_without)
        lines.append(texts.NEWEST_WITH.format(newest=newest))
    elif not found.period_said:
        lines.append(texts.NEWEST)
    return lines


def narrowed_to(slots: Slots) -> str:
    """What a question singles out besides period and direction: 修路,一万元以上; empty for all."""
    said = [
        _topic(slots.topic) if slots.topic and slots.topic != ALL_ACCOUNTS else "",
        slots.keyword or "",
        texts.GROUP.format(number=slots.group) if slots.group is not None else "",
        _amount(slots.amount) if slots.amount else "",
        texts.WITHOUT.format(topic=_topic(slots.exclude_topic)) if slots.exclude_topic else "",
    ]
    return ",".join(filter(None, said))


def _topic(code: str) -> str:
    """All that is counted under it."""
    return texts.COUNTED.get(code) or texts.TOPICS.get(code, "")


def _amount(amount: Amount) -> str:
    low, high = amount.min, amount.max
    if high is not None and high % 100 == 99:  # 两千多 runs to 2,999.99
        high -= 99
    if low is not None and high is not None:
        if low == high:
            return f"{wording.yuan(low)}元"
        return texts.BETWEEN.format(least=wording.yuan(low), most=wording.yuan(high))
    if low is not None:
        return texts.AT_LEAST.format(least=wording.yuan(low))
    return texts.AT_MOST.format(most=wording.yuan(high or 0))


def directions(slots: Slots, lines: Sequence[Line]) -> list[str]:
    if slots.direction:
        return [INCOME if slots.direction == "income" else EXPENSE]
    seen = {line.entry.direction for line in lines}
    return [direction for direction in (INCOME, EXPENSE) if direction in seen] or [EXPENSE]


def sums(found: Found, slots: Slots) -> list[str]:
    lines = []
    for direction in directions(slots, found.lines):
        if len(found.books) > 1:
            lines += [
                texts.BOOK_SUM_LINE.format(
                    book=book,
                    direction=direction,
                    amount=wording.yuan(sum(line.entry.amount_fen for line in part)),
                    count=len(part),
                )
                for book in found.books
                if (part := [x for x in found.only(direction) if x.accounts.book == book])
            ]
        lines.append(
            texts.SUM_LINE.format(
                direction=direction,
                amount=wording.yuan(found.total(direction)),
                count=len(found.only(direction)),
            )
        )
    return lines


def covered(found: Found) -> str:
    """The part of the period that is published, in words: one text has no room for a caveat."""
    months = list(dict.fromkeys(accounts.period for accounts in found.sources))
    if not found.missing or not months:
        return wording.period(found.period)
    first, last = wording.whole_month(months[0]), wording.whole_month(months[-1])
    if found.period.start <= first.start and last.end <= found.period.end:
        return wording.runs(months)
    start, end = max(found.period.start, first.start), min(found.period.end, last.end)
    return wording.period(Period(start, end))


def balances(found: Found, slots: Slots) -> list[str]:
    """What each book held at the end, where all of it was asked for; empty where it is not told."""
    if slots.direction or narrowed_to(slots):
        return []
    books = {one.book: one for one in found.sources}  # the newest month of each
    return [
        (texts.BOOK_BALANCE if len(books) > 1 else texts.BALANCE).format(
            month=wording.month(one.period), book=one.book, amount=wording.yuan(one.closing_fen)
        )
        for one in books.values()
        if one.closing_fen is not None and wording.whole_month(one.period).end <= found.period.end
    ]


def item(number: int, line: Line) -> str:
    told, fen = line.entry, line.entry.amount_fen
    return texts.ITEM.format(
        no=number,
        summary=told.summary,
        sign=_sign(line),
        amount=wording.yuan(abs(fen)),
        day=wording.day(told.date),
    )


def _sign(line: Line) -> str:
    """支, 收; of red ink, which takes back what was entered before, 冲减支出."""
    told = line.entry
    return told.direction[0] if told.amount_fen >= 0 else f"{texts.TAKEN_BACK}{told.direction}"


def footnotes(found: Found) -> list[str]:
    notes = [_source(found.sources)]
    notes += [
        texts.CORRECTED.format(reason=accounts.reason)
        for accounts in found.sources
        if accounts.version > 1 and len(found.sources) == 1
    ]
    if found.missing:
        notes.append(texts.MISSING.format(periods=wording.runs(found.missing)))
    return notes


def _source(sources: Sequence[Accounts]) -> str:
    if len(sources) == 1:
        only = sources[0]
        return texts.SOURCE_ONE.format(
            period=wording.month(only.period),
            book=only.book,
            day=wording.full_day(wording.local_day(only.published_at)),
            version=only.version,
        )
    periods = list(dict.fromkeys(accounts.period for accounts in sources))
    return texts.SOURCE_MANY.format(periods=wording.runs(periods), count=len(sources))


def entry(village: str, line: Line) -> list[str]:
    """All that is known of an entry, where it is from, and how to doubt it."""
    told, unknown = line.entry, texts.NOT_WRITTEN
    text = texts.ENTRY.format(
        village=village,
        day=wording.full_day(told.date),
        summary=told.summary,
        direction=told.direction,
        amount=wording.yuan(told.amount_fen),
        payee_word=texts.PAYER if told.direction == INCOME else texts.PAYEE,
        payee=told.payee or unknown,
        handler=told.handler or unknown,
        approver=told.approver or unknown,
        supervisors="、".join(told.supervisors) or unknown,
        voucher=told.voucher_no or unknown,
        subject=told.subject or unknown,
    )
    return [text, _source((line.accounts,)), texts.DOUBT]


def called(line: Line) -> str:
    """An entry in few words: 水泵修理 3,150元."""
    return f"{line.entry.summary} {wording.yuan(line.entry.amount_fen)}元"


def month_link(found: Found) -> str:
    if not found.sources:
        return ""
    newest = found.sources[-1]
    return f"/v/{newest.village}/accounts/{newest.period}"


def card(found: Found) -> str:
    """The picture of the one month that was looked at, of the first of its books."""
    months = {accounts.period for accounts in found.sources}
    return f"{month_link(found)}/card.png" if len(months) == 1 else ""


# --- by SMS ---------------------------------------------------------------------------------------


def sum_brief(village: str, found: Found, slots: Slots, first: Sequence[Line]) -> Brief:
    """The sum with its first entries; of income and expenses both sums, without entries.

    Numbers mean the same on both channels: the largest first, whatever its direction.
    """
    told = directions(slots, found.lines)
    about = re.sub(r"(?<=\d),(?=\d)", "", narrowed_to(slots))  # a figure is without separators
    period = ",".join(filter(None, (covered(found), about)))
    values = {"village": village, "period": period, "count": str(len(found.lines))}
    if len(told) > 1:
        amounts = [wording.plain_yuan(found.total(direction)) for direction in told]
        return Brief("answer_both", {**values, "income": amounts[0], "expense": amounts[1]})
    values |= {"direction": told[0], "amount": wording.plain_yuan(found.total(told[0]))}
    entries = (
        f"{line.entry.summary}{wording.plain_yuan(line.entry.amount_fen)}元" for line in first[:TOP]
    )
    return Brief("answer_three", values, tuple(entries))


def balance_brief(village: str, told: Sequence[str]) -> Brief:
    return Brief("answer_text", {"text": f"{village}{''.join(told)}".replace(",", "")})


def page_brief(village: str, part: Sequence[Line], start: int, count: int) -> Brief:
    title = texts.PAGE_TITLE.format(
        village=village, first=start + 1, last=start + len(part), count=count
    )
    things = [
        (line.entry.summary, f"{_sign(line)}{wording.plain_yuan(abs(line.entry.amount_fen))}元")
        for line in part
    ]
    return briefs.numbered(title, things, start)


def entry_brief(village: str, line: Line) -> Brief:
    told = line.entry
    return Brief(
        "answer_entry",
        {
            "village": village,
            "date": wording.day(told.date),
            "summary": told.summary,
            "direction": told.direction,
            "amount": wording.plain_yuan(told.amount_fen),
            "payee": told.payee or texts.NOT_WRITTEN,
            "handler": told.handler or texts.NOT_WRITTEN,
            "voucher": told.voucher_no or texts.NOT_WRITTEN,
        },
    )
