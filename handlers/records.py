"""Answers from what a village discloses besides accounts: lists, one row, sums, the next page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple, Protocol

from handlers import briefs, texts, wording
from handlers import record_screens as screens
from handlers import record_words as words
from handlers.comparing import is_bare
from handlers.handing_on import offer_to_ask
from handlers.record_finding import Finder, Found, Hit, kinds_of, news
from handlers.record_screens import SMS_PAGE, Item, Screen, sources_of
from handlers.turn import Brief, Reply, Turn
from storage.published_records import Disclosure, Record, VillageRecords, head
from understanding import Intent, LastQuery, Slots
from understanding.topics import Topics, is_under
from workbooks.records.fields import RecordKind
from workbooks.records.kinds import ASSETS, CONTACTS, DECISIONS, KINDS, PROJECTS, SUBSIDIES

PAGE_SIZE = {"wechat": 8, "sms": SMS_PAGE}
INTENTS = frozenset((Intent.QUERY_SUBSIDY, Intent.QUERY_DISCLOSURE))
_OPENED = "list:"  # a list that was chosen from several, as its query's keyword
_SAID = "said:"  # the words of the question, before its keyword proper
_EXISTING_SHOWN = 6
_TITLE_CHARS = 20  # of the SMS templates
_WORKS_SHOWN = 2
_WEEK = "一二三四五六日"


class _Question(NamedTuple):
    """What is asked, with what a fragment leaves to what is on screen."""

    intent: Intent
    slots: Slots
    text: str

    @property
    def kept(self) -> Slots:
        """From this alone what is on screen is found anew for every number and page."""
        return replace(self.slots, keyword=f"{_SAID}{self.text}\n{self.slots.keyword or ''}")


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
        last = turn.conversation.on_screen
        if turn.meaning.intent in (Intent.DETAIL, Intent.PAGE) and last:
            return self._on_screen(turn, records, last)
        if turn.meaning.no_such_date:
            return Reply(texts.NO_SUCH_DATE)
        asked = _question(turn)
        screen = self._screen(turn, records, asked)
        if screen is None:
            return None
        return self._show(turn, screen, _query(turn, asked))

    async def answers_instead(self, turn: Turn) -> bool:
        """Whether a question that reads like one about accounts is for these.

        One for debts, for the sum of a subsidy that has a list, or for a rule or the whole of a
        project by its name.
        """
        intent, slots = turn.meaning.intent, turn.meaning.slots
        if intent not in (Intent.ASK_TOTAL, Intent.QUERY_FINANCE):
            return False
        records = await self._of(turn)
        if not slots.topic:
            return self._finder.called(records, turn.inbound.text) is not None
        if self._finder.spells_out(records, turn.inbound.text):
            return True
        is_work = is_under(slots.topic, "PROJ") and slots.period is None
        if is_work and self._finder.names_work(records, turn.inbound.text):
            return True
        is_paid_out = intent is Intent.ASK_TOTAL and slots.direction is None
        if not (is_under(slots.topic, "FIN.DEBT") or is_paid_out):
            return False
        found = await self._found(turn)
        return found is not None and found.kind in (ASSETS, SUBSIDIES)

    async def is_only_decided(self, turn: Turn) -> bool:
        """Whether of a subsidy that is asked about nothing but a decision is published."""
        found = await self._found(turn)
        return found is not None and bool(found.hits) and found.kind is DECISIONS

    async def compared(self, turn: Turn) -> Reply | None:
        """What the lists of a subsidy come to in two periods; None where they are not meant."""
        slots, last = turn.meaning.slots, turn.conversation.last_query
        if last and last.intent is Intent.QUERY_SUBSIDY and is_bare(turn.inbound.text, slots):
            was, _ = _said(last.slots)
            slots = replace(slots, topic=was.topic)
        if slots.topic is None or not slots.period or slots.period2 in (None, slots.period):
            return None
        records, sides = await self._of(turn), []
        for period in (slots.period, slots.period2):
            narrowed = replace(slots, period=period, period2=None)
            found = self._finder.find(records, Intent.QUERY_SUBSIDY, narrowed, "", turn.today)
            if found is None or found.kind is not SUBSIDIES or not found.hits:
                return None
            sides.append((wording.period(period), found))
        turn.conversation.ask("")
        turn.conversation.show(LastQuery(Intent.COMPARE, slots))
        return Reply("\n".join(screens.compared(_village(turn), sides)))

    async def works(self, turn: Turn) -> str:
        """The projects that a question about payments is about, a line each; empty for none."""
        slots = replace(turn.meaning.slots, period=None, direction=None)
        found = self._finder.find(
            await self._of(turn), Intent.QUERY_DISCLOSURE, slots, turn.inbound.text, turn.today
        )
        if found is None or found.kind is not PROJECTS:
            return ""
        shown = [texts.WORK.format(line=words.line(hit)) for hit in found.hits[:_WORKS_SHOWN]]
        return "\n".join([*shown, *words.source(sources_of(found.hits[:_WORKS_SHOWN]))])

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
        lines += [*words.source(sources_of(rows)), texts.OR_ASK_HERE]
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
        records, asked = await self._of(turn), _question(turn)
        lines = [self._none(turn, records, asked)]
        if there := _existing(records, kinds_of(asked.intent, asked.slots.topic)):
            lines.append(texts.EXISTING.format(names="、".join(there[:_EXISTING_SHOWN])))
        lines += [texts.TO_APPLY, offer_to_ask(turn)]
        turn.conversation.show(_query(turn, asked))
        slots = asked.slots
        told = (
            wording.period(slots.period) if slots.period else "",
            self._names.get(slots.topic or "", texts.THIS),
            slots.keyword or (texts.GROUP.format(number=slots.group) if slots.group else ""),
        )
        values = {"village": _village(turn), "period": ",".join(filter(None, told))}
        return Reply("\n".join(lines), Brief("answer_none", values))

    def _none(self, turn: Turn, records: VillageRecords, asked: _Question) -> str:
        slots, village = asked.slots, _village(turn)
        found = self._finder.find(records, *asked, turn.today)
        what = self._names.get(slots.topic or "", texts.THIS)
        if found and found.elsewhen and slots.period:
            newest, period = words.period(found.elsewhen[0].source), wording.period(slots.period)
            return texts.NONE_IN.format(village=village, period=period, what=what, newest=newest)
        if slots.keyword or slots.group is not None:
            wider = replace(slots, keyword=None, group=None)
            if self._finder.find(records, asked.intent, wider, asked.text, turn.today):
                single = slots.keyword or texts.GROUP.format(number=slots.group)
                return texts.NONE_SUCH.format(village=village, what=what, single=single)
        return texts.NONE_OF.format(village=village, what=what)

    async def _of(self, turn: Turn) -> VillageRecords:
        code = turn.village.code if turn.village else ""
        return await self._published.village(code, turn.chain_head)

    async def _found(self, turn: Turn) -> Found | None:
        return self._finder.find(await self._of(turn), *_question(turn), turn.today)

    # --- what a question comes to -----------------------------------------------------------------

    def _screen(self, turn: Turn, records: VillageRecords, asked: _Question) -> Screen | None:
        """All that is to be said; deterministic, so that numbers and pages mean the same later."""
        intent, slots, text = asked
        village = _village(turn)
        if (slots.keyword or "").startswith(_OPENED):
            opened = _opened(records, slots.keyword or "")
            return screens.of_rows(village, _all_of(opened)) if opened else None
        found = None
        if not slots.topic or self._finder.spells_out(records, text):
            found = self._finder.called(records, text)
        if found is None and not kinds_of(intent, slots.topic):
            return screens.of_news(village, news(records, slots, turn.today), slots.period)
        found = found or self._finder.find(records, intent, slots, text, turn.today)
        if found is None or not found.hits:
            return None
        if found.kind is SUBSIDIES and not slots.keyword and slots.group is None:
            of = screens.of_sums if slots.ask == "amount" else screens.of_lists
            return of(village, found, slots)
        screen = screens.of_rows(village, found.hits, with_list=found.kind is SUBSIDIES)
        return screens.no_longer(screen, found.missed) if found.missed else screen

    # --- what goes back ---------------------------------------------------------------------------

    def _show(self, turn: Turn, screen: Screen, query: LastQuery, page: int = 1) -> Reply:
        turn.conversation.ask("")
        count, size = len(screen.items), query.page_size
        total = screen.total if page == 1 and query.page == 1 else None
        # One text that lists nothing yet has its first page come next.
        shown = 0 if turn.by_sms and total and not screen.total_lists else page
        turn.conversation.show(replace(query, results=count, page=shown), screen.basis)
        only = screen.items[0] if count == 1 else None
        if only and only.hit and only.hit.source.kind is not SUBSIDIES:
            return self._detail(turn, only.hit, 1)
        start = (page - 1) * size
        part = screen.items[start : start + size]
        lines = list(screen.head)
        lines += [f"{number}. {item.line}" for number, item in enumerate(part, start + 1)]
        lines += [*screen.foot, *words.source(screen.sources), _hint(part)]
        if rest := count - start - len(part):
            lines.append(texts.SEE_MORE_ROWS.format(count=rest))
        things = [item.short for item in part]
        brief = total or briefs.numbered(screen.title, things, start)
        return Reply("\n".join(lines), brief, screen.link)

    def _detail(self, turn: Turn, hit: Hit, number: int) -> Reply:
        called = head(hit.source.kind, hit.record) or words.called(hit.source)
        turn.conversation.offer = {"entry": hit.record.id, "named": called}
        turn.conversation.viewed = number
        kept_back = ("phone",) if turn.by_sms and hit.source.kind is CONTACTS else ()
        facts = words.facts(hit, turn.today, without=kept_back)
        if turn.by_sms and not kept_back:  # the first of several texts tells what matters most
            facts[0] = words.line(hit)
        lines = [_village(turn), *facts]
        lines += [*words.source((hit.source,)), texts.DOUBT_ROW]
        return Reply("\n".join(lines), _contact_brief(turn, hit), words.link(hit.source))

    def _on_screen(self, turn: Turn, records: VillageRecords, last: LastQuery) -> Reply | None:
        """A number or another page of what is on screen."""
        asked = _Question(last.intent, *_said(last.slots))
        screen = self._screen(turn, records, asked)
        if screen is None:
            return Reply(texts.NO_LIST)
        if screen.basis != turn.conversation.basis:
            listed = self._show(turn, screen, replace(last, page=1))
            return replace(listed, text=f"{texts.RENUMBERED}\n{listed.text}", brief=None)
        count = len(screen.items)
        if turn.meaning.intent is Intent.DETAIL:
            said = turn.meaning.slots.item_no or 1
            number = count if said == -1 else said
            if not 1 <= number <= count:
                missing = texts.ONLY_ONE if count == 1 else texts.NO_SUCH_ROW
                return Reply(missing.format(no=said, count=count))
            return self._open(turn, screen.items[number - 1], number, last)
        page = _page(turn.meaning.slots.page or "next", last, count)
        if not 1 <= page <= -(-count // last.page_size):
            return Reply(texts.LAST_PAGE if page > 1 else texts.FIRST_PAGE)
        return self._show(turn, screen, last, page)

    def _open(self, turn: Turn, item: Item, number: int, last: LastQuery) -> Reply:
        if item.opens is None:
            return self._detail(turn, item.hit, number) if item.hit else Reply(texts.NO_LIST)
        opened = item.opens
        screen = screens.of_rows(_village(turn), _all_of(opened))
        keyword = f"{_OPENED}{opened.kind.code}|{opened.book}|{opened.period}"
        slots = replace(last.slots, keyword=keyword, ask="list")
        return self._show(turn, screen, LastQuery(last.intent, slots, page_size=_size(turn)))


def _question(turn: Turn) -> _Question:
    intent, slots, text = turn.meaning.intent, turn.meaning.slots, turn.inbound.text
    last = turn.conversation.last_query
    if intent is Intent.REFINE and last:
        # What names another matter may name one of its rows; else nothing is named but what was.
        text = text if slots.topic else ""
        slots, intent = _refined(last.slots, slots), last.intent
    if intent is Intent.ASK_TOTAL:
        slots = replace(slots, ask="amount")
    asked = Intent.QUERY_SUBSIDY if intent is Intent.QUERY_SUBSIDY else Intent.QUERY_DISCLOSURE
    return _Question(asked, slots, text)


def _query(turn: Turn, asked: _Question) -> LastQuery:
    return LastQuery(asked.intent, asked.kept, page_size=_size(turn))


def _village(turn: Turn) -> str:
    return turn.village.name if turn.village else ""


def _size(turn: Turn) -> int:
    return PAGE_SIZE[turn.inbound.channel]


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


def _hint(part: Sequence[Item]) -> str:
    return texts.SEE_LIST if any(item.opens for item in part) else texts.SEE_ROW


def _office(record: Record, *, by_sms: bool) -> str:
    """An office with its number; the number goes out by SMS only in a field of its own."""
    called = record.text("office") + record.text("post")
    told = ["" if by_sms else record.text("phone"), record.text("hours"), record.text("place")]
    return texts.OFFICE.format(office=called, told=",".join(filter(None, told)))


def _all_of(one: Disclosure) -> list[Hit]:
    return [Hit(record, one) for record in one.records]


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
