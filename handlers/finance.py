"""Answers from the accounts: a sum, a list, the largest, a comparison, one entry, the next page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from handlers import texts, wording
from handlers.ledger import EXPENSE, INCOME, Found, Ledgers, Line, Topical, search
from handlers.turn import Brief, Reply, Turn
from storage.accounts import Accounts, VillageAccounts
from understanding import Intent, LastQuery, Slots

PAGE_SIZE = {"wechat": 8, "sms": 3}
TOP = 3
NOTHING_BRIEF = "answer_none"  # the SMS template of an answer that found nothing
WORDED = 500  # answers of one village that are kept in words


class Finance:
    """Answers what is asked of one village's published accounts."""

    def __init__(self, topical: Topical) -> None:
        self._ledgers = Ledgers(topical)

    def answer(self, turn: Turn, accounts: VillageAccounts) -> Reply:
        """Answers any question about entries, sums and pages."""
        if turn.meaning.no_such_date:
            return Reply(texts.NO_SUCH_DATE)
        intent, slots = turn.meaning.intent, turn.meaning.slots
        last = turn.conversation.last_query
        if intent in (Intent.DETAIL, Intent.PAGE):
            if last is None:
                return Reply(texts.NO_LIST)
            if intent is Intent.DETAIL:
                return self._detail(turn, accounts, last, slots.item_no or 1)
            return self._page(turn, accounts, last, slots.page or "next")
        if intent is Intent.REFINE and last is not None:
            intent, slots = last.intent, _refined(last.slots, slots)
        if intent is Intent.COMPARE and slots.period2 is not None:
            return self._compare(turn, accounts, _compared_with(turn, slots))
        if intent is Intent.ASK_LARGEST and slots.direction is None:
            slots = replace(slots, direction="expense")
        return self._listing(turn, accounts, intent, slots)

    def _listing(
        self, turn: Turn, accounts: VillageAccounts, intent: Intent, slots: Slots
    ) -> Reply:
        """A sum and its largest entries. What many ask of one snapshot is put into words once."""
        ledger = self._ledgers.of(accounts)
        key = (intent, slots, turn.inbound.channel, turn.today)
        worded = ledger.worded.get(key)
        if worded is None:
            found = search(ledger, slots, today=turn.today)
            if found is None:
                text = texts.NOTHING_AT_ALL.format(village=_name(turn))
                return _offer_to_ask(turn, text, "")
            if not found.lines:
                return self._nothing(turn, found)
            worded = self._worded(turn, found, intent, slots)
            if len(ledger.worded) >= WORDED:
                ledger.worded.clear()
            ledger.worded[key] = worded
        reply, turn.conversation.last_query = worded
        return reply

    def _worded(
        self, turn: Turn, found: Found, intent: Intent, slots: Slots
    ) -> tuple[Reply, LastQuery]:
        shown = {Intent.ASK_TOTAL: TOP, Intent.ASK_LARGEST: slots.n or 1}.get(
            intent, PAGE_SIZE[turn.inbound.channel]
        )
        # The period that was looked at is the one that a fragment changes or compares.
        said = replace(slots, period=found.period)
        query = LastQuery(intent, said, results=len(found.lines), page=1, page_size=max(shown, 1))
        return self._summary(turn, found, slots, shown), query

    def _search(self, turn: Turn, accounts: VillageAccounts, slots: Slots) -> Found | None:
        return search(self._ledgers.of(accounts), slots, today=turn.today)

    def _nothing(self, turn: Turn, found: Found) -> Reply:
        turn.conversation.last_query = None
        period = wording.period(found.period)
        if not found.sources:
            months = wording.runs(found.missing) if found.missing else period
            text = texts.NOT_YET.format(village=_name(turn), periods=months)
        else:
            text = texts.NOTHING_SUCH.format(village=_name(turn), period=period)
            if not found.period_said:
                text = f"{text}\n{texts.NEWEST}"
        return _offer_to_ask(turn, text, period)

    def _summary(self, turn: Turn, found: Found, slots: Slots, shown: int) -> Reply:
        period = wording.period(found.period)
        lines = [texts.HEAD.format(village=_name(turn), period=period)]
        if not found.period_said:
            lines.append(texts.NEWEST)
        lines += _sums(found, slots)
        first = found.largest(shown)
        count = len(found.lines)
        if count > 1:
            one = len(first) == 1
            lines.append(texts.LARGEST_ONE if one else texts.LARGEST.format(n=len(first)))
        lines += [_item(number, line) for number, line in enumerate(first, 1)]
        lines += _footnotes(found)
        lines.append(texts.SEE_ENTRY)
        if count > len(first):
            lines.append(texts.SEE_MORE.format(count=count - len(first)))
        return Reply(
            "\n".join(lines),
            _sum_brief(turn, found, slots, first),
            _month_link(found),
            _card(found),
        )

    def _page(
        self, turn: Turn, accounts: VillageAccounts, last: LastQuery, page: str | int
    ) -> Reply:
        found = self._search(turn, accounts, last.slots)
        if found is None or not found.lines:
            return Reply(texts.NO_LIST)
        size, count = last.page_size, len(found.lines)
        pages = -(-count // size)
        number = {"next": last.page + 1, "prev": last.page - 1, "first": 1, "last": pages}.get(
            str(page), page if isinstance(page, int) else 1
        )
        if number > pages:
            return Reply(texts.LAST_PAGE)
        if number < 1:
            return Reply(texts.FIRST_PAGE)
        turn.conversation.last_query = replace(last, page=number, results=count)
        start = (number - 1) * size
        part = found.ranked()[start : start + size]
        head = texts.HEAD.format(village=_name(turn), period=wording.period(found.period))
        listed = texts.LISTED.format(first=start + 1, last=start + len(part), count=count)
        lines = [head, listed, *(_item(n, line) for n, line in enumerate(part, start + 1))]
        lines += _footnotes(found)
        lines.append(texts.SEE_ENTRY)
        if rest := count - start - len(part):
            lines.append(texts.SEE_MORE.format(count=rest))
        return Reply("\n".join(lines), link=_month_link(found))

    def _detail(self, turn: Turn, accounts: VillageAccounts, last: LastQuery, item: int) -> Reply:
        found = self._search(turn, accounts, last.slots)
        if found is None or not found.lines:
            return Reply(texts.NO_LIST)
        count = len(found.lines)
        number = count if item == -1 else item
        if not 1 <= number <= count:
            return Reply(texts.NO_SUCH_ITEM.format(no=item, count=count))
        line = found.ranked()[number - 1]
        turn.conversation.offer = {"entry": line.entry.id}
        lines = [_entry(turn, line), _source((line.accounts,)), texts.DOUBT]
        link = f"/v/{line.accounts.village}/entries/{line.entry.id}"
        return Reply("\n".join(lines), _entry_brief(turn, line), link)

    def _compare(self, turn: Turn, accounts: VillageAccounts, slots: Slots) -> Reply:
        sides = [
            self._search(turn, accounts, replace(slots, period=period, period2=None))
            for period in (slots.period, slots.period2)
        ]
        first, second = sides
        if first is None or second is None:
            return _offer_to_ask(turn, texts.NOTHING_AT_ALL.format(village=_name(turn)), "")
        for side in (first, second):
            if not side.sources:
                months = wording.period(side.period)
                text = texts.NOT_YET.format(village=_name(turn), periods=months)
                return _offer_to_ask(turn, text, months)
        lines = [_name(turn)]
        for direction in _directions(slots, [*first.lines, *second.lines]):
            lines += _compared(first, second, direction)
        if first.missing or second.missing:
            lines.append(texts.UNEVEN)
        lines += _footnotes(first) + _footnotes(second)
        return Reply("\n".join(lines), link=_month_link(first))


def _compared(first: Found, second: Found, direction: str) -> list[str]:
    names = wording.period(first.period), wording.period(second.period)
    lines = [
        texts.COMPARE_LINE.format(
            period=name,
            direction=direction,
            amount=wording.yuan(side.total(direction)),
            count=len(side.only(direction)),
        )
        for name, side in zip(names, (first, second), strict=True)
    ]
    if first.missing or second.missing:
        return lines  # sums of unlike months are not to be taken from each other
    difference = first.total(direction) - second.total(direction)
    if difference == 0:
        return [*lines, texts.EQUAL]
    said = texts.MORE_BY if difference > 0 else texts.LESS_BY
    amount = wording.yuan(abs(difference))
    return [*lines, said.format(first=names[0], second=names[1], amount=amount)]


def _compared_with(turn: Turn, slots: Slots) -> Slots:
    """What a bare comparison means by what is on screen: 比去年同期呢 keeps topic and period."""
    last = turn.conversation.last_query
    said = (slots.topic, slots.keyword, slots.amount, slots.group)
    if last is None or any(said):
        return slots
    was = last.slots
    text = turn.inbound.text
    period, period2 = slots.period, slots.period2
    if texts.SAME_PERIOD in text and texts.THIS_YEAR not in text and was.period:
        period, period2 = was.period, wording.a_year_before(was.period)
    return replace(was, period=period, period2=period2, direction=slots.direction or was.direction)


def _refined(was: Slots, said: Slots) -> Slots:
    """The query on screen with what the fragment changes."""
    changed = {
        name: getattr(said, name)
        for name in ("period", "topic", "direction", "amount", "keyword", "group", "n")
        if getattr(said, name) is not None
    }
    return replace(was, **changed)


def _name(turn: Turn) -> str:
    return turn.village.name if turn.village else ""


def _directions(slots: Slots, lines: Sequence[Line]) -> list[str]:
    if slots.direction:
        return [INCOME if slots.direction == "income" else EXPENSE]
    seen = {line.entry.direction for line in lines}
    return [direction for direction in (INCOME, EXPENSE) if direction in seen] or [EXPENSE]


def _sums(found: Found, slots: Slots) -> list[str]:
    lines = []
    for direction in _directions(slots, found.lines):
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


def _item(number: int, line: Line) -> str:
    return texts.ITEM.format(
        no=number,
        summary=line.entry.summary,
        sign=line.entry.direction[0],
        amount=wording.yuan(line.entry.amount_fen),
        day=wording.day(line.entry.date),
    )


def _footnotes(found: Found) -> list[str]:
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


def _entry(turn: Turn, line: Line) -> str:
    entry, unknown = line.entry, texts.NOT_WRITTEN
    return texts.ENTRY.format(
        village=_name(turn),
        day=wording.full_day(entry.date),
        summary=entry.summary,
        direction=entry.direction,
        amount=wording.yuan(entry.amount_fen),
        payee_word=texts.PAYER if entry.direction == INCOME else texts.PAYEE,
        payee=entry.payee or unknown,
        handler=entry.handler or unknown,
        approver=entry.approver or unknown,
        supervisors="、".join(entry.supervisors) or unknown,
        voucher=entry.voucher_no or unknown,
        subject=entry.subject or unknown,
    )


def _month_link(found: Found) -> str:
    if not found.sources:
        return ""
    newest = found.sources[-1]
    return f"/v/{newest.village}/accounts/{newest.period}"


def _card(found: Found) -> str:
    """The picture of the one month that was looked at, of the first of its books."""
    months = {accounts.period for accounts in found.sources}
    return f"{_month_link(found)}/card.png" if len(months) == 1 else ""


def _sum_brief(turn: Turn, found: Found, slots: Slots, first: Sequence[Line]) -> Brief:
    direction = _directions(slots, found.lines)[-1]
    part = found.only(direction) or found.lines
    return Brief(
        "answer_three",
        {
            "village": _name(turn),
            "period": wording.period(found.period),
            "direction": direction,
            "amount": wording.plain_yuan(found.total(direction)),
            "count": str(len(part)),
        },
        tuple(
            f"{line.entry.summary}{wording.plain_yuan(line.entry.amount_fen)}元"
            for line in first[:TOP]
            if line.entry.direction == direction
        ),
    )


def _entry_brief(turn: Turn, line: Line) -> Brief:
    entry = line.entry
    return Brief(
        "answer_entry",
        {
            "village": _name(turn),
            "date": wording.day(entry.date),
            "summary": entry.summary,
            "direction": entry.direction,
            "amount": wording.plain_yuan(entry.amount_fen),
            "payee": entry.payee or texts.NOT_WRITTEN,
            "handler": entry.handler or texts.NOT_WRITTEN,
            "voucher": entry.voucher_no or texts.NOT_WRITTEN,
        },
    )


def _offer_to_ask(turn: Turn, text: str, period: str) -> Reply:
    """Nothing is published: says so, and offers to hand the question on."""
    turn.conversation.ask("confirm", kind="question", subject="", text=turn.inbound.text)
    offer = texts.ASK_ON.format(reader=texts.READER_CLERK)
    brief = Brief(NOTHING_BRIEF, {"village": _name(turn), "period": period or texts.NOTHING_PERIOD})
    return Reply(f"{text}\n{offer}", brief)
