"""Hearing of what villages publish: asked for, changed, listed, left (contract.md, section 5)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from handlers import texts
from handlers.binding import Binding, ask_village, ask_which
from handlers.turn import Reply, Turn
from notifications.policy import REFUSABLE
from storage import follows, refusals, settling
from storage.audience import EVERYTHING
from storage.database import Database
from storage.follows import OWN, Follow
from storage.refusals import EVERYWHERE
from understanding import NO_MANNER, Manner

ACCOUNTS = "FIN"
_ALL_OF_IT = "VILLAGE"  # 村务公开, which is everything
_LEFT = "left"


class Following:
    def __init__(self, db: Database, binding: Binding) -> None:
        self._db = db
        self._binding = binding

    async def answer(self, turn: Turn, followed_just_now: list[str] | None) -> Reply:
        """To a wish to hear of something, or otherwise than now; or to what one hears of.

        `followed_just_now`, topic and village, is what a message about the manner alone concerns.
        """
        meaning, slots = turn.meaning, turn.meaning.slots
        if slots.ask == "list":
            return await self._listed(turn)
        topic = _stored(slots.topic)
        if slots.village_candidates:
            wish = [topic, meaning.manner.rhythm, meaning.manner.channel]
            return ask_which(turn, slots.village_candidates, follow_there=wish)
        if slots.village_unknown:
            return Reply(texts.FOLLOW_UNKNOWN.format(name=slots.village_unknown))
        if slots.village:
            return await self._follow(turn, topic, slots.village.code, meaning.manner)
        if meaning.manner.alone:
            return await self._change(turn, meaning.manner, followed_just_now)
        if turn.resident.village is None:
            return ask_village(turn, question=turn.inbound.text)
        return await self._follow(turn, topic, turn.resident.village, meaning.manner)

    async def accounts(self, turn: Turn) -> Reply:
        """The menu's 3: the accounts of one's own village."""
        if turn.resident.village is None:
            return ask_village(turn, question=texts.FOLLOW_ACCOUNTS)
        return await self._follow(turn, ACCOUNTS, turn.resident.village, NO_MANNER)

    async def there(self, turn: Turn, village: str) -> Reply:
        """What was asked for before it was clear which village was meant."""
        topic, rhythm, channel = turn.conversation.offer["follow_there"]
        return await self._follow(turn, topic, village, Manner(rhythm, channel))

    async def unfollow(self, turn: Turn) -> Reply:
        """Leaves a topic, a village, or, where neither was said, everything."""
        slots = turn.meaning.slots
        if slots.village_unknown:
            return Reply(texts.FOLLOW_UNKNOWN.format(name=slots.village_unknown))
        named = [slots.village] if slots.village else slots.village_candidates
        topic = _stored(slots.topic)
        if topic is None and not named:
            return await self._leave(turn)
        villages = {_place(turn, village.code) for village in named}
        left = await follows.unfollow(
            self._db, turn.resident.person_id, topic=topic, villages=villages
        )
        return await self._after_leaving(turn, left, topic)

    async def take_back(self, turn: Turn, topic: str, village: str) -> Reply:
        """不要了, right after that was followed."""
        left = await follows.unfollow(
            self._db, turn.resident.person_id, topic=topic, villages=[village]
        )
        return await self._after_leaving(turn, left, topic)

    async def opt_out(self, turn: Turn) -> Reply | None:
        """A message of nothing but an opt-out word; answered once."""
        if turn.by_sms and turn.conversation.last_bot == _LEFT:
            return None
        return await self._leave(turn)

    async def _leave(self, turn: Turn) -> Reply:
        """By SMS no more by SMS; on WeChat no more at all, unless it is SMS that was meant."""
        person, now = turn.resident.person_id, turn.now
        turn.conversation.last_bot = _LEFT
        if turn.by_sms or turn.meaning.manner.channel == "sms":
            await refusals.leave(self._db, person, REFUSABLE, "sms", now)
            if not await self._has(turn, "wechat"):
                await follows.unfollow(self._db, person)
            return Reply(texts.OPTED_OUT)
        await refusals.leave(self._db, person, REFUSABLE, EVERYWHERE, now)
        await follows.unfollow(self._db, person)
        return Reply(texts.UNFOLLOWED_ALL)

    async def _follow(self, turn: Turn, topic: str | None, village: str, manner: Manner) -> Reply:
        wanted = Follow(topic=topic or EVERYTHING, village=_place(turn, village))
        mine = await follows.of_person(self._db, turn.resident.person_id)
        before = next((one for one in mine if _same(one, wanted)), wanted)
        changed, missing = await self._store(turn, before, manner)
        turn.conversation.ask("", follow=[wanted.topic, wanted.village])
        known = before in mine and changed == before
        said = texts.FOLLOWED_ALREADY if known else texts.FOLLOWED
        lines = [said.format(**self._in_words(turn, changed)), texts.FOLLOW_HINTS[changed.rhythm]]
        return Reply("\n".join([*missing, *lines]))

    async def _change(
        self, turn: Turn, manner: Manner, followed_just_now: list[str] | None
    ) -> Reply:
        mine = await follows.of_person(self._db, turn.resident.person_id)
        if not mine:
            return Reply(texts.FOLLOWING_NOTHING)
        concerned = [one for one in mine if [one.topic, one.village] == followed_just_now] or mine
        stored = [await self._store(turn, one, manner) for one in concerned]
        missing = stored[0][1]
        if missing and not manner.rhythm:
            return Reply("\n".join(missing))
        if len(concerned) == 1:
            turn.conversation.ask("", follow=[concerned[0].topic, concerned[0].village])
        lines = [texts.FOLLOWING_LINE.format(**self._in_words(turn, one)) for one, _ in stored]
        return Reply("\n".join([*missing, texts.FOLLOW_CHANGED, *lines]))

    async def _store(self, turn: Turn, before: Follow, manner: Manner) -> tuple[Follow, list[str]]:
        """The follow as it is now, and what to say of a channel on which we know no address."""
        channel, missing = manner.channel or before.channel, []
        if manner.channel and not await self._has(turn, manner.channel):
            channel, missing = before.channel, [texts.NO_ADDRESS_THERE[manner.channel]]
        wanted = replace(before, rhythm=manner.rhythm or before.rhythm, channel=channel)
        person = turn.resident.person_id
        await follows.follow(self._db, person, wanted, turn.now)
        for back in {turn.inbound.channel, channel or turn.inbound.channel}:
            await refusals.accept(self._db, person, REFUSABLE, back)
        turn.conversation.last_bot = ""
        return wanted, missing

    async def _has(self, turn: Turn, channel: str) -> bool:
        return await settling.reachable(
            self._db, turn.resident.person_id, channel, "", may_refuse=False
        )

    async def _listed(self, turn: Turn) -> Reply:
        mine = await follows.of_person(self._db, turn.resident.person_id)
        if not mine:
            return Reply(texts.FOLLOWING_NOTHING)
        lines = [texts.FOLLOWING_LINE.format(**self._in_words(turn, one)) for one in mine]
        return Reply("\n".join([texts.FOLLOWING, *lines, texts.FOLLOWING_HINT]))

    async def _after_leaving(self, turn: Turn, left: Sequence[Follow], topic: str | None) -> Reply:
        mine = await follows.of_person(self._db, turn.resident.person_id)
        if left:
            what = "、".join(self._names(turn, left))
            still = texts.STILL_FOLLOWING if mine else texts.FOLLOW_AGAIN
            return Reply(texts.UNFOLLOWED.format(what=what) + still)
        wider = [one for one in mine if topic and _covers(one.topic, topic)]
        if wider:
            what = "、".join(self._names(turn, wider))
            return Reply(texts.FOLLOWED_AS_PART.format(what=what, topic=texts.TOPICS[topic or ""]))
        return Reply(texts.NOT_FOLLOWED)

    def _names(self, turn: Turn, these: Iterable[Follow]) -> list[str]:
        words = [self._in_words(turn, one) for one in these]
        return [texts.FOLLOWED_WHAT.format(**one) for one in words]

    def _in_words(self, turn: Turn, one: Follow) -> dict[str, str]:
        code = one.village or turn.resident.village
        village = self._binding.village(code)
        return {
            "village": self._binding.named_apart(village).name if village else texts.YOUR_VILLAGE,
            "topic": texts.TOPICS.get(one.topic, texts.TOPICS[EVERYTHING]),
            "how": texts.HOW[one.rhythm] + texts.BY[one.channel],
        }


def _stored(topic: str | None) -> str | None:
    return EVERYTHING if topic == _ALL_OF_IT else topic


def _place(turn: Turn, village: str) -> str:
    return OWN if village == turn.resident.village else village


def _same(one: Follow, other: Follow) -> bool:
    return (one.topic, one.village) == (other.topic, other.village)


def _covers(followed: str, topic: str) -> bool:
    return followed == EVERYTHING or topic.startswith(f"{followed}.")
