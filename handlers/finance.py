"""Answers from the accounts: a sum, a list, the largest, a comparison, one entry, the next page."""

from __future__ import annotations

import re
from dataclasses import replace

from handlers import comparing, texts, wording
from handlers import finance_words as words
from handlers.comparing import Side
from handlers.handing_on import offer_to_ask
from handlers.ledger import Found, Ledgers, Topical, search
from handlers.turn import Answerable, Brief, Reply, Turn
from storage.accounts import VillageAccounts
from understanding import Intent, LastQuery, Period, Slots

PAGE_SIZE = {"wechat": 8, "sms": 3}
MOST_SHOWN = 10  # however many were asked for: a message holds no more
NOTHING_BRIEF = "answer_none"  # the SMS template of an answer that found nothing
WORDED = 500  # answers of one village that are kept in words

_BALANCE = re.compile("余额|结余|存款|剩(?:下|余|了)?(?:好多|多少|几)|账上(?:还)?(?:有|剩)")


class Finance:
    """Answers what is asked of one village's published accounts."""

    def __init__(self, topical: Topical) -> None:
        self._ledgers = Ledgers(topical)

    def answer(self, turn: Turn, accounts: VillageAccounts) -> Reply:
        """Answers any question about entries, sums and pages."""
        if turn.meaning.no_such_date:
            return Reply(texts.NO_SUCH_DATE)
        intent, slots = meant(turn)
        if intent in (Intent.DETAIL, Intent.PAGE):
            return self._on_screen(turn, accounts)
        if intent is Intent.COMPARE and slots.period and slots.period2 not in (None, slots.period):
            return self._compare_periods(turn, accounts, slots)
        if intent is Intent.ASK_LARGEST and slots.direction is None:
            slots = replace(slots, direction="expense")
        return self._listing(turn, accounts, intent, slots)

    # --- a sum and its entries --------------------------------------------------------------------

    def _listing(
        self, turn: Turn, accounts: VillageAccounts, intent: Intent, slots: Slots
    ) -> Reply:
        """A sum and its largest entries. What many ask of one snapshot is put into words once."""
        ledger = self._ledgers.of(accounts)
        is_balance = _asks_for_balance(turn, intent, slots)
        key = (intent, slots, turn.inbound.channel, turn.today, is_balance)
        worded = ledger.worded.get(key)
        if worded is None:
            found = search(ledger, slots, today=turn.today)
            if found is None:
                return _nothing_at_all(turn)
            if not found.lines:
                return _nothing(turn, found, intent, slots)
            worded = _worded(turn, found, intent, slots, is_balance=is_balance)
            if len(ledger.worded) >= WORDED:
                ledger.worded.clear()
            ledger.worded[key] = worded
        reply, query, basis = worded
        turn.conversation.show(query, basis)
        return reply

    def _search(self, turn: Turn, accounts: VillageAccounts, slots: Slots) -> Found | None:
        return search(self._ledgers.of(accounts), slots, today=turn.today)

    # --- what is on screen ------------------------------------------------------------------------

    def _on_screen(self, turn: Turn, accounts: VillageAccounts) -> Reply:
        last = turn.conversation.on_screen
        found = self._search(turn, accounts, last.slots) if last else None
        if last is None or found is None or not found.lines:
            return Reply(texts.NO_LIST)
        if found.basis != turn.conversation.basis:
            listed = self._listing(turn, accounts, last.intent, last.slots)
            return replace(listed, text=f"{texts.RENUMBERED}\n{listed.text}", brief=None)
        slots = turn.meaning.slots
        if turn.meaning.intent is Intent.DETAIL:
            return _detail(turn, found, slots.item_no or 1)
        return _page(turn, found, last, slots.page or "next")

    # --- comparisons ------------------------------------------------------------------------------

    def _compare_periods(self, turn: Turn, accounts: VillageAccounts, slots: Slots) -> Reply:
        sides = []
        for period in (slots.period, slots.period2):
            found = self._search(turn, accounts, replace(slots, period=period, period2=None))
            if found is None:
                return _nothing_at_all(turn)
            if not found.sources:
                return _not_yet(turn, found, slots)
            sides.append(Side(wording.period(found.period), found))
        like = not (sides[0].found.missing or sides[1].found.missing)
        return _compared(turn, (sides[0], sides[1]), slots, like=like)

    def compare_villages(self, turn: Turn, both: tuple[Answerable, Answerable]) -> Reply:
        """The same period of two villages: the one that was said, else the newest of both."""
        _, slots = meant(turn)
        period = slots.period or _newest_of_both(both)
        sides = []
        for one in both:
            narrowed = replace(slots, period=period, period2=None)
            found = self._search(turn, one.accounts, narrowed)
            if found is None or not found.sources:
                said = texts.NOTHING_AT_ALL if found is None else texts.NOT_YET
                periods = wording.period(found.period) if found else texts.ACCOUNTS
                turn.village = one.village
                return _offer(turn, said.format(village=one.village.name, periods=periods), periods)
            sides.append(Side(one.village.name, found))
        like = sides[0].found.missing == sides[1].found.missing
        kept = replace(slots, period=period, period2=period)
        return _compared(turn, (sides[0], sides[1]), kept, like=like)


def meant(turn: Turn) -> tuple[Intent, Slots]:
    """What is asked, with what a fragment or a bare comparison leaves to what is on screen."""
    intent, slots = turn.meaning.intent, turn.meaning.slots
    last = turn.conversation.last_query
    if intent is Intent.REFINE and last is not None:
        return last.intent, _refined(last.slots, slots)
    if intent is Intent.COMPARE:
        return intent, comparing.compared_with(turn, slots)
    return intent, slots


def _refined(was: Slots, said: Slots) -> Slots:
    """The query on screen with what the fragment changes."""
    names = (
        "period", "topic", "exclude_topic", "direction", "amount", "keyword", "group", "n",
        "village",
    )  # fmt: skip
    changed = {name: getattr(said, name) for name in names if getattr(said, name) is not None}
    return replace(was, **changed)


def _worded(
    turn: Turn, found: Found, intent: Intent, slots: Slots, *, is_balance: bool
) -> tuple[Reply, LastQuery, str]:
    """The reply, and what is then on screen: the query, and the versions it was answered from."""
    usual = PAGE_SIZE[turn.inbound.channel]
    shown = {Intent.ASK_TOTAL: words.TOP, Intent.ASK_LARGEST: slots.n or 1}.get(intent, usual)
    shown = max(1, min(shown, MOST_SHOWN))
    query = LastQuery(
        intent,
        # The period that was looked at is the one that a fragment changes or compares.
        replace(slots, period=found.period),
        results=len(found.lines),
        # One text has no room for a page of entries: its first page comes next.
        page=0 if turn.by_sms else 1,
        page_size=shown,
    )
    return _summary(turn, found, slots, shown, is_balance=is_balance), query, found.basis


def _summary(turn: Turn, found: Found, slots: Slots, shown: int, *, is_balance: bool) -> Reply:
    village = _name(turn)
    lines = words.head(village, found, slots)
    held = words.balances(found, slots)
    if is_balance:
        held = held or [texts.NO_BALANCE]
        lines += [*held, *words.sums(found, slots)]
    else:
        lines += [*words.sums(found, slots), *held]
    first, count = found.largest(shown), len(found.lines)
    if count > 1:
        one = len(first) == 1
        lines.append(texts.LARGEST_ONE if one else texts.LARGEST.format(n=len(first)))
    lines += [words.item(number, line) for number, line in enumerate(first, 1)]
    lines += [*words.footnotes(found), texts.SEE_ENTRY]
    if count > len(first):
        lines.append(texts.SEE_MORE.format(count=count - len(first)))
    brief = words.sum_brief(village, found, slots, first)
    if is_balance:
        brief = words.balance_brief(village, held)
    return Reply("\n".join(lines), brief, words.month_link(found), words.card(found))


def _page(turn: Turn, found: Found, last: LastQuery, page: str | int) -> Reply:
    size, count = last.page_size, len(found.lines)
    pages = -(-count // size)
    named = {"next": last.page + 1, "prev": last.page - 1, "first": 1, "last": pages}
    number = page if isinstance(page, int) else named.get(page, 1)
    if not 1 <= number <= pages:
        return Reply(texts.LAST_PAGE if number > pages else texts.FIRST_PAGE)
    turn.conversation.show(replace(last, page=number, results=count), found.basis)
    start = (number - 1) * size
    part = found.ranked()[start : start + size]
    village = _name(turn)
    lines = [
        words.head(village, found, last.slots)[0],
        texts.LISTED.format(first=start + 1, last=start + len(part), count=count),
        *(words.item(n, line) for n, line in enumerate(part, start + 1)),
        *words.footnotes(found),
        texts.SEE_ENTRY,
    ]
    if rest := count - start - len(part):
        lines.append(texts.SEE_MORE.format(count=rest))
    brief = words.page_brief(village, part, start, count)
    return Reply("\n".join(lines), brief, words.month_link(found))


def _detail(turn: Turn, found: Found, item: int) -> Reply:
    count = len(found.lines)
    number = count if item == -1 else item
    if not 1 <= number <= count:
        missing = texts.ONLY_ONE if count == 1 else texts.NO_SUCH_ITEM
        return Reply(missing.format(no=item, count=count))
    line = found.ranked()[number - 1]
    turn.conversation.offer = {"entry": line.entry.id, "named": words.called(line)}
    turn.conversation.viewed = number
    village = _name(turn)
    link = f"/v/{line.accounts.village}/entries/{line.entry.id}"
    text = "\n".join(words.entry(village, line))
    return Reply(text, words.entry_brief(village, line), link)


def _compared(turn: Turn, sides: tuple[Side, Side], slots: Slots, *, like: bool) -> Reply:
    turn.conversation.show(LastQuery(Intent.COMPARE, slots))
    first, second = (side.found for side in sides)
    of_villages = first.period == second.period
    head = wording.period(first.period) if of_villages else _name(turn)
    notes = list(dict.fromkeys([*words.footnotes(first), *words.footnotes(second)]))
    lines = [
        f"{head} {words.narrowed_to(slots)}".rstrip(),
        *comparing.compared(sides, slots, like=like),
        *notes,
    ]
    brief = comparing.brief(head, sides, slots, like=like)
    return Reply("\n".join(lines), brief, words.month_link(first))


# --- nothing to tell ------------------------------------------------------------------------------


def _nothing_at_all(turn: Turn) -> Reply:
    turn.conversation.show(None)
    return _offer(turn, texts.NOTHING_AT_ALL.format(village=_name(turn)), texts.ACCOUNTS)


def _nothing(turn: Turn, found: Found, intent: Intent, slots: Slots) -> Reply:
    """Nothing of the kind. The question stays, so that another time can be asked for."""
    turn.conversation.show(LastQuery(intent, replace(slots, period=found.period)))
    if not found.sources:
        return _not_yet(turn, found, slots)
    about = words.narrowed_to(slots)
    period = f"{wording.period(found.period)} {about}".rstrip()
    if not found.period_said:
        text = texts.NEVER_SUCH.format(village=_name(turn), about=about or texts.ACCOUNTS)
        return _offer(turn, text, about or texts.ACCOUNTS)
    text = texts.NOTHING_SUCH.format(village=_name(turn), period=period)
    return _offer(turn, text, ",".join(filter(None, (wording.period(found.period), about))))


def _not_yet(turn: Turn, found: Found, slots: Slots) -> Reply:
    period = wording.period(found.period)
    months = wording.runs(found.missing) if found.missing else period
    return _offer(turn, texts.NOT_YET.format(village=_name(turn), periods=months), period)


def _offer(turn: Turn, text: str, period: str) -> Reply:
    values = {"village": _name(turn), "period": period}
    return Reply(f"{text}\n{offer_to_ask(turn)}", Brief(NOTHING_BRIEF, values))


def _newest_of_both(both: tuple[Answerable, Answerable]) -> Period | None:
    first, second = ({month.period for month in one.accounts.months} for one in both)
    newest = max(first & second, default=None)
    return wording.whole_month(newest) if newest else None


def _asks_for_balance(turn: Turn, intent: Intent, slots: Slots) -> bool:
    is_whole = not (slots.direction or words.narrowed_to(slots))
    return intent is Intent.ASK_TOTAL and is_whole and bool(_BALANCE.search(turn.inbound.text))


def _name(turn: Turn) -> str:
    return turn.village.name if turn.village else ""
