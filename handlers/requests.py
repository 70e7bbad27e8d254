"""What is handed on to people, and what became of it: kept, answered, passed up (domain.md, M37).

The asker agrees to each step; a tip never comes here. Whoever asks by a number that is not theirs
hears what they would hear of none.
"""

from __future__ import annotations

import re
from datetime import date

from handlers import texts, wording
from handlers.turn import Reply, Turn
from notifications.inbox import Asking, NobodyAbove, keep, pass_up
from storage import confirmations, regions, requests
from storage.database import Database
from storage.requests import Kind, NotOpen, Request, State
from storage.sealing import Sealer
from understanding import Intent

READERS = {
    Kind.QUESTION: texts.READER_CLERK,
    Kind.APPLICATION: texts.READER_CLERK,
    Kind.REQUEST: texts.READER_CLERK,
    Kind.OBJECTION: texts.READER_SUPERVISORS,
}
PUBLISH, APPEAL = "publish", "appeal"
"""Offers that a yes may mean, besides the kinds of requests."""

OF_TIPS = frozenset(
    {
        Intent.FILE_TIP, Intent.TIP_TEXT, Intent.TIP_SUPPLEMENT, Intent.TIP_STATUS,
        Intent.TIP_SECRET, Intent.URGENT, Intent.ABUSIVE,
    }
)  # fmt: skip
"""An allegation never becomes a request (design.md, section 4)."""

_SHOWN = 3
_APPLIES = re.compile(r"^(?:我(?:要|想)?)?(?:依?申请|要求)(?:信息|政务|村务)?(?:公开|查阅|查询)")
_REQUESTS = re.compile(r"^(?:我(?:要|想|有)?)?(?:提|求助|诉求|请村里|请村上|麻烦村里|求村里)")
_SEES_AGAIN = re.compile(r"请?(?:让|叫|找)?(?:镇|街道|县|上级|上面).{0,4}(?:再看|复查|看看|过问)")
_ASKS_BACK = re.compile(r"我(?:问|提|申请)的.{0,6}(?:回话|答复|回信|回复|结果)|看回话")
_OF_A_TIP = re.compile(r"举报|投诉|检举|反映|控告")


class Requests:
    """Offers to hand something on, keeps it after a yes, and tells what became of it."""

    def __init__(self, db: Database, sealer: Sealer) -> None:
        self._db = db
        self._sealer = sealer

    # --- offered ----------------------------------------------------------------------------------

    def begun(self, turn: Turn) -> Reply | None:
        """The offer to hand on an application or a request that is named as such."""
        text = turn.inbound.text.strip()
        if turn.meaning.intent in OF_TIPS or turn.village is None:
            return None
        kind = Kind.APPLICATION if _APPLIES.match(text) else None
        if kind is None and _REQUESTS.match(text) and turn.meaning.intent is Intent.UNCLEAR:
            kind = Kind.REQUEST
        if kind is None:
            return None
        asked = texts.OFFERS[kind].format(reader=READERS[kind])
        turn.conversation.village = turn.village.code
        turn.conversation.ask("confirm", kind=kind.value, subject="", text=text, asked=asked)
        return Reply(asked)

    async def seen_again(self, turn: Turn) -> Reply | None:
        """The offer to let the region above look at the newest answer, where that is asked for."""
        if turn.meaning.intent in OF_TIPS or not _SEES_AGAIN.search(turn.inbound.text):
            return None
        answered = [one for one in await self._own(turn) if one.state is State.ANSWERED]
        return await self.offer_above(turn, answered[0]) if answered else None

    async def offer_above(self, turn: Turn, request: Request, said: str = "") -> Reply:
        """Asks whether the region above is to look at an answer."""
        place = await regions.region(self._db, request.office)
        above = await regions.region(self._db, place.parent) if place and place.parent else None
        name = above.name if above else texts.ABOVE
        asked = texts.OFFER_ABOVE.format(number=request.number, above=name)
        turn.conversation.ask("confirm", kind=APPEAL, number=request.number, asked=asked)
        return Reply(f"{said}{asked}")

    # --- a yes ------------------------------------------------------------------------------------

    async def confirmed(self, turn: Turn) -> Reply:
        """Does what a yes was asked for; each once, however often the message comes."""
        offer = turn.conversation.offer
        kind = str(offer.get("kind", ""))
        if turn.conversation.pending != "confirm":
            return Reply(texts.NOTHING_TO_CONFIRM)
        turn.conversation.ask("")
        if kind == PUBLISH:
            return await self._publish(turn, str(offer.get("number", "")))
        if kind == APPEAL:
            return await self._pass_up(turn, str(offer.get("number", "")))
        if kind not in list(Kind) or not turn.conversation.village:
            return Reply(texts.NOTHING_TO_CONFIRM)
        return await self._keep(turn, Kind(kind), str(offer.get("text", "")), offer.get("subject"))

    async def _keep(self, turn: Turn, kind: Kind, text: str, subject: object) -> Reply:
        kept = await keep(
            self._db,
            self._sealer,
            Asking(
                kind=kind,
                village=turn.conversation.village,
                text=text,
                message_key=turn.inbound.key,
                person_id=turn.resident.person_id,
                channel=turn.inbound.channel,
                subject=str(subject or ""),
            ),
            turn.now,
        )
        if kept is None:
            return Reply(texts.REQUEST_KEPT_BEFORE.format(reader=READERS[kind]))
        said = texts.REQUEST_KEPT.format(
            reader=READERS[kind], number=kept.number, due=_by(kept.due_on, turn.today)
        )
        if kind is not Kind.QUESTION:
            return Reply(said)
        turn.conversation.ask(
            "confirm", kind=PUBLISH, number=kept.number, asked=texts.OFFER_PUBLISH
        )
        return Reply(f"{said}\n{texts.OFFER_PUBLISH}")

    async def _publish(self, turn: Turn, number: str) -> Reply:
        agreed = await requests.agree(self._db, number, turn.resident.person_id)
        return Reply(texts.WILL_PUBLISH if agreed else texts.NOTHING_TO_CONFIRM)

    async def _pass_up(self, turn: Turn, number: str) -> Reply:
        own = [one for one in await self._own(turn) if one.number == number]
        if not own:
            return Reply(texts.NOTHING_TO_CONFIRM)
        try:
            passed = await pass_up(self._db, own[0], actor=turn.resident.person_id, now=turn.now)
        except NotOpen:
            return Reply(texts.PASSED_UP_ALREADY)
        except NobodyAbove:
            return Reply(texts.NOBODY_ABOVE)
        place = await regions.region(self._db, passed.office)
        name = place.name if place else texts.ABOVE
        return Reply(texts.PASSED_UP.format(above=name, due=_by(passed.due_on, turn.today)))

    # --- what became of it ------------------------------------------------------------------------

    async def told(self, turn: Turn, number: str | None) -> Reply | None:
        """What became of what the writer asked; of that number, where one is given."""
        own = await self._own(turn)
        if number:
            own = [one for one in own if one.number == number]
        if not own:
            return None
        turn.conversation.ask("")
        turn.conversation.show(None)
        return Reply("\n".join([await self._stands(one, turn.today) for one in own[:_SHOWN]]))

    async def asked_back(self, turn: Turn) -> Reply | None:
        """Whether there is an answer, where somebody wants to know just that."""
        text = turn.inbound.text
        if _OF_A_TIP.search(text) or not _ASKS_BACK.search(text):
            return None
        return await self.told(turn, None)

    async def _stands(self, request: Request, today: date) -> str:
        kind = texts.REQUEST_KINDS[request.kind]
        head = texts.REQUEST_HEAD.format(kind=kind, number=request.number)
        if request.state is State.OPEN:
            return head + texts.REQUEST_WAITS.format(due=_by(request.due_on, today))
        answers = await requests.answers(self._db, self._sealer, request)
        return head + answers[-1].text

    async def _own(self, turn: Turn) -> list[Request]:
        who = await confirmations.household(self._db, turn.resident.person_id, turn.inbound.channel)
        return await requests.of_people(self._db, who)


def _by(day: date, today: date) -> str:
    return wording.day(day) if day.year == today.year else wording.full_day(day)
