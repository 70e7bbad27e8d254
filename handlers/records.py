"""Answers from what a village discloses besides accounts: lists, one row, sums, the next page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol

from handlers import record_words as words
from handlers import texts, wording
from handlers.record_finding import (
    Finder,
    Found,
    Hit,
    kinds_of,
    news,
    span,
)
from handlers.turn import Brief, Reply, Turn
from notifications.sms_rules import MAX_VALUE_CHARS
from storage.published_records import Disclosure, Record, VillageRecords
from understanding import Intent, LastQuery, Period, Slots
from understanding.topics import Topics, is_under
from workbooks.records.fields import RecordKind
from workbooks.records.kinds import ASSETS, CONTACTS, DEBTS, KINDS, PROJECTS, SUBSIDIES

PAGE_SIZE = {"wechat": 8, "sms": 3}
INTENTS = frozenset((Intent.QUERY_SUBSIDY, Intent.QUERY_DISCLOSURE))
_OPENED = "list:"  # a list that was chosen from several, as its query's keyword
_SAID = "said:"  # the words of the question, before its keyword proper
_EXISTING_SHOWN = 6
_TITLE_CHARS = 20  # of the SMS templates
_WORKS_SHOWN = 2
_WEEK = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class _Item:
    """One of the things on a screen: a row, or a list that can be opened."""

    line: str
    short: str
    hit: Hit | None = None
    opens: Disclosure | None = None


@dataclass(frozen=True, slots=True)
class _Screen:
    """An answer before it is cut into pages: what stands above, the things, what they are from."""

    head: tuple[str, ...]
    items: tuple[_Item, ...]
    sources: tuple[Disclosure, ...]
    link: str
    title: str  # by SMS
    total: Brief | None = None
    foot: tuple[str, ...] = field(default=())


class Published(Protocol):
    """What villages have published besides accounts."""

    async def village(self, code: str, head: int) -> VillageRecords: ...


class Records:
    """Answers what is asked of one village's lists, decisions, projects, rules and contacts."""

    def __init__(self, published: Published, topics: Topics) -> None:
        self._published = published
        self._finder = Finder(topics)
        self._names = topics.names

    async def answer(self, turn: Turn) -> Reply | None:
        """Answers a question, a number or a page; None where nothing of the kind is published."""
        records = await self._of(turn)
        intent, slots = turn.meaning.intent, turn.meaning.slots
        last = turn.conversation.last_query
        if intent in (Intent.DETAIL, Intent.PAGE) and last:
            return self._on_screen(turn, records, last)
        if turn.meaning.no_such_date:
            return Reply(texts.NO_SUCH_DATE)
        text = turn.inbound.text
        if intent is Intent.REFINE and last:
            slots, intent = _refined(last.slots, slots), last.intent
            text = ""
        if intent is Intent.ASK_TOTAL:
            slots = replace(slots, ask="amount")
        asked = Intent.QUERY_SUBSIDY if intent is Intent.QUERY_SUBSIDY else Intent.QUERY_DISCLOSURE
        # What is on screen is found anew for every number and page, from this alone.
        slots = replace(slots, keyword=f"{_SAID}{text}\n{slots.keyword or ''}")
        screen = self._screen(turn, records, asked, slots)
        if screen is None:
            return None
        return self._show(turn, screen, LastQuery(asked, slots, page_size=_size(turn)))

    async def answers_instead(self, turn: Turn) -> bool:
        """Whether a question that reads like one about accounts is for these.

        One for debts, for the sum of a subsidy that has a list, or for a rule by its name.
        """
        intent, slots = turn.meaning.intent, turn.meaning.slots
        if intent not in (Intent.ASK_TOTAL, Intent.QUERY_FINANCE):
            return False
        records = await self._of(turn)
        if not slots.topic:
            return self._finder.called(records, turn.inbound.text) is not None
        if self._finder.spells_out(records, turn.inbound.text):
            return True
        is_paid_out = intent is Intent.ASK_TOTAL and slots.direction is None
        if not (is_under(slots.topic, "FIN.DEBT") or is_paid_out):
            return False
        found = await self._found(turn)
        return found is not None and found.kind in (ASSETS, SUBSIDIES)

    async def works(self, turn: Turn) -> str:
        """The projects that a question about payments is about, a line each; empty for none."""
        slots = replace(turn.meaning.slots, period=None, direction=None)
        found = self._finder.find(
            await self._of(turn), Intent.QUERY_DISCLOSURE, slots, turn.inbound.text, turn.today
        )
        if found is None or found.kind is not PROJECTS:
            return ""
        shown = [texts.WORK.format(line=words.line(hit)) for hit in found.hits[:_WORKS_SHOWN]]
        return "\n".join([*shown, *words.source(_sources(found.hits[:_WORKS_SHOWN]))])

    async def offices(self, turn: Turn) -> Reply | None:
        """Who is to be found where, and who is on duty today; None where no office has a number."""
        records = await self._of(turn)
        rows = [Hit(record, one) for one in records.of(CONTACTS) for record in one.records]
        with_phone = [hit.record for hit in rows if hit.record.text("phone")]
        if not with_phone:
            return None
        lines = [texts.OFFICES.format(village=_village(turn))]
        lines += [_office(record, by_sms=turn.by_sms) for record in with_phone]
        today = f"周{_WEEK[turn.today.weekday()]}"
        on_duty = [hit.record for hit in rows if today in hit.record.text("on_duty").split("、")]
        if on_duty:
            names = "、".join(f"{one.text('name')}({one.text('post')})" for one in on_duty)
            lines.append(texts.ON_DUTY.format(day=today, names=names))
        lines += [*words.source(_sources(rows)), texts.OR_ASK_HERE]
        first = with_phone[0]
        values = {
            "village": _village(turn),
            "office": first.text("office") + first.text("post"),
            "phone": first.text("phone"),
            "hours": first.text("hours") or texts.NOT_WRITTEN,
        }
        link = f"/v/{records.village}/{CONTACTS.code}"
        return Reply("\n".join(lines), Brief("answer_contact", values), link)

    async def nothing(self, turn: Turn) -> Reply:
        """Nothing of the kind is published: what there is, and how to apply for what there is not.

        Offers to hand the question on.
        """
        records, slots = await self._of(turn), turn.meaning.slots
        found = await self._found(turn)
        lines = [self._none(turn, records, found)]
        if there := _existing(records, kinds_of(turn.meaning.intent, slots.topic)):
            lines.append(texts.EXISTING.format(names="、".join(there[:_EXISTING_SHOWN])))
        lines.append(texts.TO_APPLY)
        lines.append(texts.ASK_ON.format(reader=texts.READER_CLERK))
        turn.conversation.ask("confirm", kind="question", subject="", text=turn.inbound.text)
        period = wording.period(slots.period) if slots.period else texts.NOTHING_PERIOD
        values = {"village": _village(turn), "period": period}
        return Reply("\n".join(lines), Brief("answer_none", values))

    def _none(self, turn: Turn, records: VillageRecords, found: Found | None) -> str:
        slots, village = turn.meaning.slots, _village(turn)
        what = self._names.get(slots.topic or "", texts.THIS)
        if found and slots.period:
            newest, period = words.period(found.elsewhen[0].source), wording.period(slots.period)
            return texts.NONE_IN.format(village=village, period=period, what=what, newest=newest)
        if slots.keyword or slots.group is not None:
            wider = replace(slots, keyword=None, group=None)
            text, intent = turn.inbound.text, turn.meaning.intent
            if self._finder.find(records, intent, wider, text, turn.today):
                single = slots.keyword or texts.GROUP.format(number=slots.group)
                return texts.NONE_SUCH.format(village=village, what=what, single=single)
        return texts.NONE_OF.format(village=village, what=what)

    async def _of(self, turn: Turn) -> VillageRecords:
        code = turn.village.code if turn.village else ""
        return await self._published.village(code, turn.chain_head)

    async def _found(self, turn: Turn) -> Found | None:
        intent, slots = turn.meaning.intent, turn.meaning.slots
        records = await self._of(turn)
        return self._finder.find(records, intent, slots, turn.inbound.text, turn.today)

    # --- what a question comes to -----------------------------------------------------------------

    def _screen(
        self, turn: Turn, records: VillageRecords, intent: Intent, slots: Slots
    ) -> _Screen | None:
        """All that is to be said; deterministic, so that numbers and pages mean the same later."""
        slots, text = _said(slots)
        if (slots.keyword or "").startswith(_OPENED):
            opened = _opened(records, slots.keyword or "")
            return (
                _rows(turn, [Hit(record, opened) for record in opened.records]) if opened else None
            )
        found = None
        if not slots.topic or self._finder.spells_out(records, text):
            found = self._finder.called(records, text)
        if found is None and not kinds_of(intent, slots.topic):
            return _news(turn, news(records, slots, turn.today), slots.period)
        found = found or self._finder.find(records, intent, slots, text, turn.today)
        if found is None or not found.hits:
            return None
        if found.kind is SUBSIDIES and not slots.keyword and slots.group is None:
            is_sum = slots.ask == "amount"
            return _sums(turn, found, slots) if is_sum else _lists(turn, found, slots)
        return _rows(turn, found.hits, with_list=found.kind is SUBSIDIES)

    # --- what goes back ---------------------------------------------------------------------------

    def _show(self, turn: Turn, screen: _Screen, query: LastQuery, page: int = 1) -> Reply:
        turn.conversation.ask("")
        count, size = len(screen.items), query.page_size
        turn.conversation.last_query = replace(query, results=count, page=page)
        only = screen.items[0] if count == 1 else None
        if only and only.hit and only.hit.source.kind is not SUBSIDIES:
            return self._detail(turn, only.hit)
        start = (page - 1) * size
        part = screen.items[start : start + size]
        lines = list(screen.head)
        lines += [f"{number}. {item.line}" for number, item in enumerate(part, start + 1)]
        lines += [*screen.foot, *words.source(screen.sources), _hint(part)]
        if rest := count - start - len(part):
            lines.append(texts.SEE_MORE_ROWS.format(count=rest))
        brief = screen.total if page == 1 and screen.total else _brief(screen.title, part, start)
        return Reply("\n".join(lines), brief, screen.link)

    def _detail(self, turn: Turn, hit: Hit) -> Reply:
        turn.conversation.offer = {"entry": hit.record.id}
        is_by_sms = turn.by_sms and hit.source.kind is CONTACTS
        lines = [
            _village(turn),
            *words.facts(hit, turn.today, without=("phone",) if is_by_sms else ()),
        ]
        lines += [*words.source((hit.source,)), texts.DOUBT_ROW]
        return Reply("\n".join(lines), _contact_brief(turn, hit), words.link(hit.source))

    def _on_screen(self, turn: Turn, records: VillageRecords, last: LastQuery) -> Reply | None:
        """A number or another page of what is on screen."""
        screen = self._screen(turn, records, last.intent, last.slots)
        if screen is None:
            return Reply(texts.NO_LIST)
        count = len(screen.items)
        if turn.meaning.intent is Intent.DETAIL:
            asked = turn.meaning.slots.item_no or 1
            number = count if asked == -1 else asked
            if not 1 <= number <= count:
                return Reply(texts.NO_SUCH_ROW.format(no=asked, count=count))
            return self._open(turn, screen.items[number - 1], last)
        page = _page(turn.meaning.slots.page or "next", last, count)
        if not 1 <= page <= -(-count // last.page_size):
            return Reply(texts.LAST_PAGE if page > 1 else texts.FIRST_PAGE)
        return self._show(turn, screen, last, page)

    def _open(self, turn: Turn, item: _Item, last: LastQuery) -> Reply:
        if item.opens is None:
            return self._detail(turn, item.hit) if item.hit else Reply(texts.NO_LIST)
        opened = item.opens
        screen = _rows(turn, [Hit(record, opened) for record in opened.records])
        keyword = f"{_OPENED}{opened.kind.code}|{opened.book}|{opened.period}"
        slots = replace(last.slots, keyword=keyword, ask="list")
        return self._show(turn, screen, LastQuery(last.intent, slots, page_size=_size(turn)))


# --- screens --------------------------------------------------------------------------------------


def _news(turn: Turn, hits: Sequence[Hit], period: Period | None) -> _Screen | None:
    """What was disclosed last, of every kind."""
    if not hits:
        return None
    head = texts.NEWS.format(village=_village(turn))
    if period:
        head = texts.NEWS_IN.format(village=_village(turn), period=wording.period(period))
    items = tuple(
        _Item(words.title(hit.source), words.title(hit.source), None, hit.source)
        if hit.source.kind.is_list
        else _Item(words.line(hit), words.short(hit), hit)
        for hit in hits
    )
    village = hits[0].source.village
    return _Screen((head,), items, _sources(hits), f"/v/{village}", texts.NEWS_TITLE)


def _lists(turn: Turn, found: Found, slots: Slots) -> _Screen:
    """Of one policy the newest list; of several the newest list of each."""
    hits, waiting = _settled(found.hits)
    newest: dict[str, Disclosure] = {}
    for one in _sources(hits):
        newest.setdefault(one.book, one)
    if len(newest) > 1:
        items = tuple(_list_item(one) for one in newest.values())
        head = texts.LISTS.format(village=_village(turn), count=len(items))
        link = f"/v/{hits[0].source.village}/{SUBSIDIES.code}"
        return _Screen((head,), items, tuple(newest.values()), link, texts.LISTS_TITLE)
    (only,) = newest.values()
    screen = _rows(turn, [hit for hit in hits if hit.source is only])
    lines = [*screen.head]
    if slots.ask in ("date", "status"):
        lines.append(_paid(only))
    if slots.ask == "standard":
        lines.append(_standard(only))
    if slots.period and len(_sources(hits)) > 1:
        total = sum(hit.record.fen("amount") or 0 for hit in hits)
        so_far = texts.SO_FAR.format(count=len(_sources(hits)), amount=wording.yuan(total))
        lines.append(so_far)
    return replace(screen, head=(*lines, *waiting))


def _settled(hits: Sequence[Hit]) -> tuple[Sequence[Hit], tuple[str, ...]]:
    """The rows of lists that are approved, and a line on each that is only announced.

    Where none is approved, the rows that are announced.
    """
    announced = {
        hit.source.id: hit.source for hit in hits if hit.record.text("state") == texts.ANNOUNCED
    }
    approved = [hit for hit in hits if hit.source.id not in announced]
    if not approved:
        return hits, ()
    waiting = (
        texts.ALSO_ANNOUNCED.format(list=words.called(one), count=len(one.records))
        for one in announced.values()
    )
    return approved, tuple(waiting)


def _sums(turn: Turn, found: Found, slots: Slots) -> _Screen:
    """What all lists come to, and each of them."""
    hits, waiting = _settled(found.hits)  # what is only announced has not been paid
    sources = _sources(hits)
    total = sum(hit.record.fen("amount") or 0 for hit in hits)
    period = wording.period(slots.period) if slots.period else _span_of(sources)
    items = tuple(_list_item(one) for one in sources)
    books = "、".join(dict.fromkeys(one.book for one in sources))
    head = texts.SUM_OF_LISTS.format(
        village=_village(turn), period=period, what=books, amount=wording.yuan(total),
        count=len(sources),
    )  # fmt: skip
    link = f"/v/{sources[0].village}/{SUBSIDIES.code}"
    values = {
        "village": _village(turn),
        "period": period,
        "direction": books,
        "amount": wording.plain_yuan(total),
        "count": str(len(hits)),
    }
    brief = Brief("answer_total", values)
    return _Screen((head, *waiting), items, sources, link, texts.LISTS_TITLE, brief)


def _rows(turn: Turn, hits: Sequence[Hit], *, with_list: bool = False) -> _Screen:
    """Rows of one kind."""
    kind, sources = hits[0].source.kind, _sources(hits)
    items = tuple(_Item(_row_line(hit, with_list=with_list), words.short(hit), hit) for hit in hits)
    link = words.link(sources[0]) if len(sources) == 1 else f"/v/{sources[0].village}/{kind.code}"
    title = words.called(sources[0]) if len(sources) == 1 else _kind_called(hits)
    head = [
        texts.ROWS.format(village=_village(turn), name=title, count=len(hits), measure=kind.measure)
    ]
    total: Brief | None = None
    if kind is SUBSIDIES:
        amount = sum(hit.record.fen("amount") or 0 for hit in hits)
        head[0] += texts.ALTOGETHER.format(amount=wording.yuan(amount))
        if any(hit.record.text("state") == texts.ANNOUNCED for hit in hits):
            head.append(texts.ONLY_ANNOUNCED)
        total = _names_brief(turn, title, items, amount)
    if kind is ASSETS:
        head += _categories(hits)
        total = _debts_brief(turn, hits)
    return _Screen(tuple(head), items, sources, link, title, total)


def _kind_called(hits: Sequence[Hit]) -> str:
    is_debts = all(hit.record.text("category") in DEBTS for hit in hits)
    return texts.DEBTS if is_debts else hits[0].source.kind.name


def _row_line(hit: Hit, *, with_list: bool) -> str:
    if not with_list:
        return words.line(hit)
    return texts.ROW_OF_LIST.format(list=words.called(hit.source), row=words.line(hit))


def _list_item(one: Disclosure) -> _Item:
    total = sum(record.fen("amount") or 0 for record in one.records)
    line = texts.LIST_LINE.format(
        list=words.called(one), count=len(one.records), amount=wording.yuan(total)
    )
    return _Item(line, f"{one.book}{len(one.records)}{one.kind.measure}", None, one)


def _categories(hits: Sequence[Hit]) -> list[str]:
    """债务 3项,共 9,306元: how many of each category, and what debts come to."""
    lines = []
    for category, count in Counter(hit.record.text("category") for hit in hits).items():
        line = texts.CATEGORY.format(category=category, count=count)
        if category in DEBTS:
            owed = sum(
                hit.record.fen("balance") or 0
                for hit in hits
                if hit.record.text("category") == category
            )
            line += texts.ALTOGETHER.format(amount=wording.yuan(owed))
        lines.append(line)
    return lines


def _paid(one: Disclosure) -> str:
    days = sorted({record.text("paid") for record in one.records if record.text("paid")})
    if not days:
        return texts.NOT_PAID_YET
    return texts.PAID_ON.format(day=wording.full_day(date.fromisoformat(days[-1])))


def _standard(one: Disclosure) -> str:
    told = dict.fromkeys(record.text("standard") for record in one.records)
    return texts.STANDARD.format(standards=";".join(filter(None, told)) or texts.NOT_WRITTEN)


def _span_of(sources: Sequence[Disclosure]) -> str:
    spans = [span(one.period) for one in sources]
    first, last = min(one.start for one in spans), max(one.end for one in spans)
    return wording.period(replace(spans[0], start=first, end=last))


# --- small things ---------------------------------------------------------------------------------


def _village(turn: Turn) -> str:
    return turn.village.name if turn.village else ""


def _size(turn: Turn) -> int:
    return PAGE_SIZE[turn.inbound.channel]


def _sources(hits: Sequence[Hit]) -> tuple[Disclosure, ...]:
    return tuple({hit.source.id: hit.source for hit in hits}.values())


def _opened(records: VillageRecords, keyword: str) -> Disclosure | None:
    code, _, rest = keyword.removeprefix(_OPENED).partition("|")
    book, _, period = rest.rpartition("|")
    lists = records.of(KINDS[code])
    return next((one for one in lists if (one.book, one.period) == (book, period)), None)


def _said(slots: Slots) -> tuple[Slots, str]:
    """The slots as they were asked for, and the words of the question."""
    keyword = slots.keyword or ""
    if not keyword.startswith(_SAID):
        return slots, ""
    text, _, own = keyword.removeprefix(_SAID).rpartition("\n")
    return replace(slots, keyword=own or None), text


def _refined(was: Slots, said: Slots) -> Slots:
    """The query on screen with what the fragment changes; a list that was opened is left."""
    was, _ = _said(was)
    names = ("period", "topic", "keyword", "group")
    changed = {name: getattr(said, name) for name in names if getattr(said, name) is not None}
    keyword = None if (was.keyword or "").startswith(_OPENED) else was.keyword
    return replace(was, **{"keyword": keyword} | changed)


def _page(page: str | int, last: LastQuery, count: int) -> int:
    pages = -(-count // last.page_size)
    named = {"next": last.page + 1, "prev": last.page - 1, "first": 1, "last": pages}
    return named.get(str(page), page if isinstance(page, int) else 1)


def _existing(records: VillageRecords, kinds: Sequence[RecordKind]) -> list[str]:
    """What of the same kind there is, else how much of every kind."""
    if kinds and kinds[0] is SUBSIDIES:
        books = [one.book for one in reversed(records.of(SUBSIDIES))]
        if books:
            return list(dict.fromkeys(books))
    counts = ((kind, len(records.of(kind))) for kind in KINDS.values())
    return [
        texts.SO_MANY.format(
            name=kind.name, count=count, measure=texts.LISTS_OF if kind.is_list else kind.measure
        )
        for kind, count in counts
        if count
    ]


def _hint(part: Sequence[_Item]) -> str:
    return texts.SEE_LIST if any(item.opens for item in part) else texts.SEE_ROW


def _office(record: Record, *, by_sms: bool) -> str:
    """An office with its number; the number goes out by SMS only in a field of its own."""
    called = record.text("office") + record.text("post")
    told = ["" if by_sms else record.text("phone"), record.text("hours"), record.text("place")]
    return texts.OFFICE.format(office=called, told=",".join(filter(None, told)))


# --- by SMS ---------------------------------------------------------------------------------------


def _brief(title: str, part: Sequence[_Item], start: int) -> Brief:
    listed = _numbered([item.short for item in part], start)
    return Brief("answer_list", {"title": title[:_TITLE_CHARS], "list": listed})


def _numbered(names: Sequence[str], start: int = 0) -> str:
    """The first names, each with its number, that one variable holds; one at least."""
    listed = ""
    for number, name in enumerate(names, start + 1):
        entry = f"{number}{name}"
        if listed and len(listed) + len(entry) > MAX_VALUE_CHARS:
            break
        listed += entry
    return listed


def _names_brief(turn: Turn, title: str, items: Sequence[_Item], fen: int) -> Brief:
    values = {
        "village": _village(turn),
        "title": title.replace(" ", ""),
        "count": str(len(items)),
        "amount": wording.plain_yuan(fen),
        "list": _numbered([item.short for item in items[: PAGE_SIZE["sms"]]]),
    }
    return Brief("answer_names", values)


def _debts_brief(turn: Turn, hits: Sequence[Hit]) -> Brief | None:
    """What the village owes, as a sum; None where the rows are no debts."""
    debts = [hit for hit in hits if hit.record.text("category") == DEBTS[1]]
    if not debts:
        return None
    values = {
        "village": _village(turn),
        "period": words.period(debts[0].source),
        "direction": DEBTS[1],
        "amount": wording.plain_yuan(sum(hit.record.fen("balance") or 0 for hit in debts)),
        "count": str(len(debts)),
    }
    return Brief("answer_total", values)


def _contact_brief(turn: Turn, hit: Hit) -> Brief | None:
    record = hit.record
    if hit.source.kind is not CONTACTS or not record.text("phone"):
        return None
    return Brief(
        "answer_contact",
        {
            "village": _village(turn),
            "office": record.text("office") + record.text("post"),
            "phone": record.text("phone"),
            "hours": record.text("hours") or texts.NOT_WRITTEN,
        },
    )
