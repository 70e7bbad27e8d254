"""注销: somebody asks to be forgotten, confirms it by a digit, and is.

The platform's revoke events end here too, without a question.
"""

from __future__ import annotations

from handlers import texts
from handlers.turn import Reply, Turn
from storage import erasing
from storage.audit import SYSTEM
from storage.database import Database
from storage.people import Channel, lookup
from storage.sealing import Sealer
from understanding.erasing import asks_to_be_erased

TALK = "erasing"
_YES, _NO = "1", "2"


class Erasing:
    def __init__(self, db: Database, sealer: Sealer) -> None:
        self._db = db
        self._sealer = sealer

    async def heard(self, turn: Turn, plain: str) -> Reply | None:
        """The reply to whoever asks for it, or has been asked whether they mean it; None for
        anything else. `plain` is the message without blanks and marks.
        """
        asked = turn.conversation.talk == TALK and "erase" in turn.conversation.offer
        if turn.conversation.talk == TALK:
            turn.conversation.hand_back()
        if asked and plain == _YES:
            return await self._erase(turn)
        if asked and plain == _NO:
            return Reply(texts.NOT_ERASED)
        if not asks_to_be_erased(turn.inbound.text):
            return None
        turn.conversation.hold(TALK, erase=True)
        return Reply(texts.ERASE_SMS if turn.by_sms else texts.ERASE)

    async def revoked(self, turn: Turn) -> None:
        """The platform says that whoever has this openid takes their consent back."""
        await self._forget(turn, whole=False)

    async def _erase(self, turn: Turn) -> Reply:
        await self._forget(turn, whole=True)
        return Reply(texts.IS_ERASED)

    async def _forget(self, turn: Turn, *, whole: bool) -> None:
        channel: Channel = "sms" if turn.by_sms else "wechat"
        key = lookup(self._sealer, channel, turn.inbound.address)
        await erasing.erase(self._db, channel, key, whole=whole, actor=SYSTEM, now=turn.now)
        turn.is_erased = True
