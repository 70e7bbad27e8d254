"""Answers from the list of powers: how a thing is done, by whom, who watches (domain.md M7-M14)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from handlers import power_words as words
from handlers import texts, wording
from handlers.handing_on import offer_to_ask
from handlers.power_finding import meant, names_a_thing, same_posts
from handlers.power_words import View
from handlers.turn import Brief, Reply, Turn
from storage.database import Database
from storage.offices import offices
from storage.people import posts_of
from storage.power_lists import Listed, PublishedPowerItems
from understanding import Intent, LastQuery, Slots
from understanding.posts import post_named
from understanding.powers import asks_of_powers, asks_of_risks, asks_who_supervises, item_code
from understanding.topics import Topics
from workbooks.power_items import Step

PAGE_SIZE = {"wechat": 8, "sms": 3}
_SUPERVISORS = frozenset(("监委会", "监督员", "纪检", "审计"))
_NOT_FOUND = Brief("answer_text", {"text": texts.POWER_NOT_FOUND_BRIEF})
_ITEM, _POST, _CODES = "item:", "post:", "codes:"  # what is on screen, as its query's keyword


@dataclass(frozen=True, slots=True)
class _Asked:
    """A turn about power items, and what its answer is made from."""

    turn: Turn
    view: View

    @property
    def items(self) -> tuple[Listed, ...]:
        return self.view.found.items


class Power:
    """Answers what is asked of one village's list."""

    def __init__(self, db: Database, lists: PublishedPowerItems, topics: Topics) -> None:
        self._db = db
        self._lists = lists
        self._topics = topics

    async def answer(self, turn: Turn) -> Reply | None:
        """Answers about the list of `turn.village`; None where nothing is on record."""
        village = turn.village
        if village is None:
            return None
        period = turn.meaning.slots.period
        on = period.end if period else turn.today
        found = await self._lists.on(village.code, on, turn.chain_head)
        if not found.items:
            return _no_list_on(turn, village.name, on) if period else None
        view = View(village.name, found, await offices(self._db, village.code, turn.today))
        asked = _Asked(turn, view)
        turn.conversation.ask("")
        last = turn.conversation.last_query
        if turn.meaning.intent is not Intent.QUERY_POWER_ITEM and last:
            return await self._on_screen(asked, last)
        return await self._question(asked)

    # --- a question -------------------------------------------------------------------------------

    async def _question(self, asked: _Asked) -> Reply | None:
        turn, found = asked.turn, asked.view.found
        text, slots = turn.inbound.text, turn.meaning.slots
        if code := item_code(text):
            listed = found.item(code)
            return await self._item(asked, listed) if listed else _no_such_item(asked, code)
        if asks_of_powers(text) and (post := post_named(text, found.posts)):
            return self._post(asked, post)
        items, is_plain = meant(found, self._topics, slots.topic, text)
        if is_plain:
            return await self._item(asked, items[0], items[1:])
        if items:
            return self._list(asked, items)
        if slots.topic is not None:
            return None
        if names_a_thing(text) and not asks_of_powers(text):
            return self._not_found(asked)
        on_screen = _item_on_screen(asked)
        if on_screen and _asks_of_one(turn):
            return await self._item(asked, on_screen)
        return self._list(asked, found.items)

    async def _item(self, asked: _Asked, listed: Listed, others: tuple[Listed, ...] = ()) -> Reply:
        turn, view = asked.turn, asked.view
        number = turn.meaning.slots.item_no
        if number is not None:
            return await self._step(asked, listed, number)
        text, ask = turn.inbound.text, turn.meaning.slots.ask or ""
        self._show(turn, f"{_ITEM}{listed.item.code}", len(listed.item.steps))
        link = _link(asked, listed)
        if asks_of_risks(text):
            said, brief = words.risks(view, listed), words.risks_brief(listed)
            return Reply(said, brief, link, f"{link}/risk.png")
        if asks_who_supervises(text):
            ask = "supervised"
        is_led = ask in words.ASKS and ask != "steps"
        brief = words.lead_brief(view, listed, ask) if is_led else words.item_brief(listed)
        return Reply(words.item(view, listed, ask, others), brief, link, f"{link}/flow.png")

    async def _step(self, asked: _Asked, listed: Listed, number: int) -> Reply:
        steps = listed.item.steps
        number = len(steps) if number == -1 else number
        self._show(asked.turn, f"{_ITEM}{listed.item.code}", len(steps))
        if not 1 <= number <= len(steps):
            return Reply(
                texts.NO_SUCH_STEP.format(item=listed.item.name, no=number, count=len(steps))
            )
        shown = await self._shown(asked.turn, listed, number)
        return Reply(
            words.step(asked.view, listed, number, shown),
            words.step_brief(asked.view, number, steps[number - 1]),
            _link(asked, listed),
        )

    async def _shown(self, turn: Turn, listed: Listed, number: int) -> Step:
        """The step as the asker may see it: with its internal fields for those who supervise.

        Only over WeChat: a phone number may be a whole household's.
        """
        public = listed.item.steps[number - 1]
        if not public.internal or turn.by_sms:
            return public
        posts = await posts_of(self._db, turn.resident.person_id, turn.today)
        village = turn.village.code if turn.village else ""
        above = (village, village[:9].ljust(12, "0"), village[:6].ljust(12, "0"))
        if not any(post.role in _SUPERVISORS and post.region in above for post in posts):
            return public
        return (await self._lists.full(listed.id)).steps[number - 1]

    # --- lists ------------------------------------------------------------------------------------

    def _list(self, asked: _Asked, items: tuple[Listed, ...], page: int = 1) -> Reply:
        size = PAGE_SIZE[asked.turn.inbound.channel]
        start = (page - 1) * size
        is_whole = len(items) == len(asked.view.found.items)
        codes = ",".join(one.item.code for one in items)
        self._show(asked.turn, "" if is_whole else f"{_CODES}{codes}", len(items), page)
        names = [one.item.name for one in items[start : start + size]]
        return Reply(
            words.page_of_items(asked.view, items, start, size),
            words.list_brief(texts.POWER_TITLE, names, start),
            f"/v/{asked.view.found.unit}/power",
        )

    def _not_found(self, asked: _Asked) -> Reply:
        """The whole list, for whoever asks for what is not in it."""
        items = asked.view.found.items
        listed = self._list(asked, items)
        if asked.turn.by_sms:  # none of it is said yet
            self._show(asked.turn, "", len(items), page=0)
        return replace(listed, text=f"{texts.POWER_NOT_FOUND}\n{listed.text}", brief=_NOT_FOUND)

    def _post(self, asked: _Asked, post: str, page: int = 1) -> Reply:
        view = asked.view
        held = view.found.of_posts(same_posts(view.found, post))
        if not held:
            said = texts.NO_SUCH_POST.format(village=view.village, post=post)
            return _offer_to_ask(asked.turn, said, post)
        size = PAGE_SIZE[asked.turn.inbound.channel]
        start = (page - 1) * size
        self._show(asked.turn, f"{_POST}{post}", len(held), page)
        names = [one.item.name for one, _ in held[start : start + size]]
        return Reply(
            words.page_of_post(view, post, held, start, size),
            words.list_brief(texts.POWER_OF.format(post=post), names, start),
            f"/v/{view.found.unit}/power?{urlencode({'post': post})}",
        )

    # --- what is on screen ------------------------------------------------------------------------

    async def _on_screen(self, asked: _Asked, last: LastQuery) -> Reply | None:
        """A number, another page, or the same question with another topic or village."""
        intent, slots = asked.turn.meaning.intent, asked.turn.meaning.slots
        if intent is Intent.REFINE and slots.topic:
            asked.turn.meaning = replace(
                asked.turn.meaning, slots=replace(slots, ask=last.slots.ask or slots.ask)
            )
            return await self._question(asked)
        kind, _, named = (last.slots.keyword or "").partition(":")
        listed = asked.view.found.item(named)
        if listed and f"{kind}:" == _ITEM:
            return await self._at_item(asked, listed)
        post = named if f"{kind}:" == _POST else ""
        items = _listed(asked.view, post, named.split(",") if f"{kind}:" == _CODES else [])
        if intent is Intent.DETAIL:
            return await self._numbered(asked, items, slots.item_no or 1)
        page = 1
        if intent is Intent.PAGE:
            page = _page(slots.page or "next", last, len(items))
            if not 1 <= page <= -(-len(items) // last.page_size):
                return Reply(texts.LAST_PAGE if page > 1 else texts.FIRST_PAGE)
        return self._post(asked, post, page) if post else self._list(asked, items, page)

    async def _at_item(self, asked: _Asked, listed: Listed) -> Reply:
        if asked.turn.meaning.intent is Intent.PAGE:
            return Reply(texts.POWER_ITEM_ENDS)
        return await self._item(asked, listed)

    async def _numbered(self, asked: _Asked, items: tuple[Listed, ...], number: int) -> Reply:
        number = len(items) if number == -1 else number
        if not 1 <= number <= len(items):
            return Reply(texts.NO_SUCH_POWER_NUMBER.format(no=number, count=len(items)))
        turn = asked.turn
        turn.meaning = replace(turn.meaning, slots=replace(turn.meaning.slots, item_no=None))
        return await self._item(asked, items[number - 1])

    def _show(self, turn: Turn, keyword: str, results: int, page: int = 1) -> None:
        """Remembers what is on screen, so that a number or a page can be answered."""
        query = LastQuery(
            Intent.QUERY_POWER_ITEM,
            Slots(keyword=keyword, ask=turn.meaning.slots.ask),
            results=results,
            page=page,
            page_size=PAGE_SIZE[turn.inbound.channel],
        )
        turn.conversation.show(query)


def _listed(view: View, post: str, codes: list[str]) -> tuple[Listed, ...]:
    """The items of a list on screen."""
    if post:
        held = view.found.of_posts(same_posts(view.found, post))
        return tuple(one for one, _ in held)
    listed = tuple(one for one in view.found.items if one.item.code in codes)
    return listed or view.found.items


def _item_on_screen(asked: _Asked) -> Listed | None:
    last = asked.turn.conversation.last_query
    kind, _, code = ((last.slots.keyword if last else None) or "").partition(":")
    return asked.view.found.item(code) if f"{kind}:" == _ITEM else None


def _asks_of_one(turn: Turn) -> bool:
    """Whether a message asks more of an item without naming one: 要带啥子, 哪个监督."""
    text = turn.inbound.text
    return bool(turn.meaning.slots.ask or asks_of_risks(text) or asks_who_supervises(text))


def _page(page: str | int, last: LastQuery, count: int) -> int:
    pages = -(-count // last.page_size)
    named = {"next": last.page + 1, "prev": last.page - 1, "first": 1, "last": pages}
    return named.get(str(page), page if isinstance(page, int) else 1)


def _link(asked: _Asked, listed: Listed) -> str:
    return f"/v/{asked.view.found.unit}/power/{listed.item.code}"


def _no_such_item(asked: _Asked, code: str) -> Reply:
    said = texts.NO_SUCH_POWER_ITEM.format(village=asked.view.village, code=code)
    return _offer_to_ask(asked.turn, said, code)


def _no_list_on(turn: Turn, village: str, on: date) -> Reply:
    day = wording.full_day(on)
    said = texts.NO_POWER_ON.format(village=village, day=day)
    return _offer_to_ask(turn, said, f",{day}")


def _offer_to_ask(turn: Turn, said: str, what: str) -> Reply:
    """Nothing is on record: says so, and offers to hand the question on."""
    turn.conversation.show(None)
    name = turn.village.name if turn.village else ""
    told = f"{texts.POWER_TITLE}{what}"
    return Reply(
        f"{said}\n{offer_to_ask(turn)}", Brief("answer_none", {"village": name, "period": told})
    )
