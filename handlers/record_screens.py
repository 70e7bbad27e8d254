"""Answers from lists before they are cut into pages: what stands above, things, their source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import blake2b

from handlers import record_words as words
from handlers import texts, wording
from handlers.briefs import Thing
from handlers.comparing import difference
from handlers.record_finding import ANNOUNCED, Found, Hit, span
from handlers.turn import Brief
from notifications.answers import numbered
from notifications.sms_rules import MAX_VALUE_CHARS
from storage.published_records import Disclosure
from understanding import Period, Slots
from workbooks.records.kinds import ASSETS, DEBTS, SUBSIDIES

SMS_PAGE = 3


@dataclass(frozen=True, slots=True)
class Item:
    """One of the things on a screen: a row, or a list that can be opened."""

    line: str
    short: Thing
    hit: Hit | None = None
    opens: Disclosure | None = None


@dataclass(frozen=True, slots=True)
class Screen:
    """`total` is how one SMS says all of it; `total_lists`: the first things stand there, too."""

    head: tuple[str, ...]
    items: tuple[Item, ...]
    sources: tuple[Disclosure, ...]
    link: str
    title: str  # by SMS
    total: Brief | None = None
    total_lists: bool = False
    foot: tuple[str, ...] = field(default=())

    @property
    def basis(self) -> str:
        """Tells the versions that the numbers count in from any others."""
        ids = "".join(one.id for one in self.sources)
        return blake2b(ids.encode(), digest_size=8).hexdigest()


def of_news(village: str, hits: Sequence[Hit], period: Period | None) -> Screen | None:
    """What was disclosed last, of every kind."""
    if not hits:
        return None
    head = texts.NEWS.format(village=village)
    if period:
        head = texts.NEWS_IN.format(village=village, period=wording.period(period))
    items = tuple(
        Item(words.title(hit.source), (words.title(hit.source), ""), None, hit.source)
        if hit.source.kind.is_list
        else Item(words.line(hit), words.short(hit), hit)
        for hit in hits
    )
    link = f"/v/{hits[0].source.village}"
    return Screen((head,), items, sources_of(hits), link, texts.NEWS_TITLE)


# --- subsidies ------------------------------------------------------------------------------------


def of_lists(village: str, found: Found, slots: Slots) -> Screen:
    """Of one policy the newest list; of several the newest list of each."""
    hits, waiting = settled(found.hits)
    newest: dict[str, Disclosure] = {}
    for one in sources_of(hits):
        newest.setdefault(one.book, one)
    if len(newest) > 1:
        is_paid = slots.ask in ("date", "status")
        items = tuple(_list_item(one, is_paid=is_paid) for one in newest.values())
        head = texts.LISTS.format(village=village, count=len(items))
        link = f"/v/{hits[0].source.village}/{SUBSIDIES.code}"
        return Screen((head,), items, tuple(newest.values()), link, texts.LISTS_TITLE)
    (only,) = newest.values()
    screen = of_rows(village, [hit for hit in hits if hit.source is only])
    asked = _asked_of(only, slots.ask or "")
    lines = [*screen.head, *asked]
    if slots.period and len(sources_of(hits)) > 1:
        total = sum(hit.record.fen("amount") or 0 for hit in hits)
        so_far = texts.SO_FAR.format(count=len(sources_of(hits)), amount=wording.yuan(total))
        lines.append(so_far)
    screen = replace(screen, head=(*lines, *waiting))
    if not asked:
        return screen
    first = f"{village}{words.called(only)}".replace(" ", "")
    told = Brief("answer_text2", {"first": first, "second": asked[0].rstrip("。")})
    return replace(screen, total=told, total_lists=False)


def _asked_of(only: Disclosure, ask: str) -> list[str]:
    """What was asked of a list besides who is on it."""
    if ask in ("date", "status"):
        return [_paid(only)]
    return [_standard(only)] if ask == "standard" else []


def settled(hits: Sequence[Hit]) -> tuple[Sequence[Hit], tuple[str, ...]]:
    """The rows of lists that are approved, and a line on each that is only announced.

    Where none is approved, the rows that are announced.
    """
    announced = Counter(hit.source.id for hit in hits if hit.record.text("state") == ANNOUNCED)
    approved = [hit for hit in hits if hit.source.id not in announced]
    if not approved:
        return hits, ()
    waiting = (
        texts.ALSO_ANNOUNCED.format(list=words.called(one), count=announced[one.id])
        for one in sources_of(hits)
        if one.id in announced
    )
    return approved, tuple(waiting)


def of_sums(village: str, found: Found, slots: Slots) -> Screen:
    """What all lists come to, and each of them."""
    hits, waiting = settled(found.hits)  # what is only announced has not been paid
    sources = sources_of(hits)
    total = sum(hit.record.fen("amount") or 0 for hit in hits)
    period = wording.period(slots.period) if slots.period else _span_of(sources)
    items = tuple(_list_item(one) for one in sources)
    books = "、".join(dict.fromkeys(one.book for one in sources))
    head = texts.SUM_OF_LISTS.format(
        village=village, period=period, what=books, amount=wording.yuan(total),
        count=len(sources),
    )  # fmt: skip
    link = f"/v/{sources[0].village}/{SUBSIDIES.code}"
    values = {
        "village": village,
        "period": period,
        "direction": books,
        "amount": wording.plain_yuan(total),
        "count": str(len(hits)),
    }
    brief = Brief("answer_total", values)
    return Screen((head, *waiting), items, sources, link, texts.LISTS_TITLE, brief)


def compared(village: str, sides: Sequence[tuple[str, Found]]) -> list[str]:
    """What the lists of two periods come to, and the difference where they are as many."""
    totals: list[int] = []
    lists: list[tuple[Disclosure, ...]] = []
    lines: list[str] = []
    for period, found in sides:
        hits, _ = settled(found.hits)
        lists.append(sources_of(hits))
        totals.append(sum(hit.record.fen("amount") or 0 for hit in hits))
        amount = wording.yuan(totals[-1])
        lines.append(texts.LISTS_COME_TO.format(period=period, amount=amount, count=len(lists[-1])))
    books = dict.fromkeys(one.book for side in lists for one in side)
    head = texts.HEAD.format(village=village, period="、".join(books))
    (first, _), (second, _) = sides
    is_like = len(lists[0]) == len(lists[1])
    more = difference(first, second, totals[0] - totals[1]) if is_like else texts.UNEVEN_LISTS
    return [head, *lines, more]


def _list_item(one: Disclosure, *, is_paid: bool = False) -> Item:
    total = sum(record.fen("amount") or 0 for record in one.records)
    line = texts.LIST_LINE.format(
        list=words.called(one), count=len(one.records), amount=wording.yuan(total)
    )
    if is_paid:
        line = f"{line},{_paid(one).rstrip('。')}"
    short = (one.book, f"{len(one.records)}{one.kind.measure}")
    return Item(line, short, None, one)


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


# --- rows of one kind -----------------------------------------------------------------------------


def of_rows(village: str, hits: Sequence[Hit], *, with_list: bool = False) -> Screen:
    """Rows of one kind; `with_list`, each with the list that it stands in."""
    kind = hits[0].source.kind
    waiting: tuple[str, ...] = ()
    if kind is SUBSIDIES:
        hits, waiting = settled(hits)
    sources = sources_of(hits)
    items = tuple(Item(_row_line(hit, with_list=with_list), words.short(hit), hit) for hit in hits)
    link = words.link(sources[0]) if len(sources) == 1 else f"/v/{sources[0].village}/{kind.code}"
    title = words.called(sources[0]) if len(sources) == 1 else _kind_called(hits)
    several = kind is SUBSIDIES and len(sources) > 1  # then one household may stand in many
    measure = texts.PAYMENTS if several else kind.measure
    head = [texts.ROWS.format(village=village, name=title, count=len(hits), measure=measure)]
    total, listed = None, 0
    if kind is SUBSIDIES:
        amount = sum(hit.record.fen("amount") or 0 for hit in hits)
        head[0] += texts.ALTOGETHER.format(amount=wording.yuan(amount))
        if any(hit.record.text("state") == ANNOUNCED for hit in hits):
            head.append(texts.ONLY_ANNOUNCED)
        total, listed = _names_brief(village, title, items, amount)
        if several:
            total, listed = _payments_brief(village, hits, amount), 0
    if kind is ASSETS:
        head += _categories(hits)
        total = _debts_brief(village, hits)
    return Screen(
        (*head, *waiting), items, sources, link, title, total, listed >= min(SMS_PAGE, len(items))
    )


def no_longer(screen: Screen, missed: Sequence[Disclosure]) -> Screen:
    """The same under a line that says in which newer lists nobody of these stands."""
    lists = "、".join(map(words.called, missed))
    line = texts.NO_LONGER.format(lists=lists)
    brief = Brief("answer_text", {"text": line.partition("。")[0]})
    return replace(screen, head=(line, *screen.head), total=brief, total_lists=False)


def _kind_called(hits: Sequence[Hit]) -> str:
    books = {hit.source.book for hit in hits}
    if hits[0].source.kind is SUBSIDIES and len(books) == 1:
        when = _span_of(sources_of(hits))
        return texts.LIST_OF_POLICY.format(item=books.pop(), period=when)
    is_debts = all(hit.record.text("category") in DEBTS for hit in hits)
    return texts.DEBTS if is_debts else hits[0].source.kind.name


def _row_line(hit: Hit, *, with_list: bool) -> str:
    if not with_list:
        return words.line(hit)
    return texts.ROW_OF_LIST.format(list=words.called(hit.source), row=words.line(hit))


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


def _names_brief(village: str, title: str, items: Sequence[Item], fen: int) -> tuple[Brief, int]:
    """How many there are, the sum, and the first of them: as many as one value holds."""
    entries: list[str] = []
    for number, item in enumerate(items[:SMS_PAGE], 1):
        entry = numbered(number, "".join(item.short))
        if entries and len("".join(entries)) + len(entry) > MAX_VALUE_CHARS:
            break
        entries.append(entry)
    values = {
        "village": village,
        "title": title.replace(" ", ""),
        "count": str(len(items)),
        "amount": wording.plain_yuan(fen),
        "list": "".join(entries),
    }
    return Brief("answer_names", values), len(entries)


def _payments_brief(village: str, hits: Sequence[Hit], fen: int) -> Brief:
    """What somebody, or a group, had from several lists."""
    sources = sources_of(hits)
    values = {
        "village": village,
        "period": _span_of(sources),
        "direction": "、".join(dict.fromkeys(one.book for one in sources)),
        "amount": wording.plain_yuan(fen),
        "count": str(len(hits)),
    }
    return Brief("answer_total", values)


def _debts_brief(village: str, hits: Sequence[Hit]) -> Brief | None:
    """What the village owes, as a sum; None where the rows are no debts."""
    debts = [hit for hit in hits if hit.record.text("category") == DEBTS[1]]
    if not debts:
        return None
    values = {
        "village": village,
        "period": words.period(debts[0].source),
        "direction": DEBTS[1],
        "amount": wording.plain_yuan(sum(hit.record.fen("balance") or 0 for hit in debts)),
        "count": str(len(debts)),
    }
    return Brief("answer_total", values)


def sources_of(hits: Sequence[Hit]) -> tuple[Disclosure, ...]:
    return tuple({hit.source.id: hit.source for hit in hits}.values())
