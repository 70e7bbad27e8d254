"""随时公开: a cadre sends what is to be public at once; a reviewer decides (domain.md, M40)."""

from __future__ import annotations

import re

from handlers import texts
from handlers.turn import Reply, Turn
from storage import ad_hoc, people
from storage.database import Database
from storage.sealing import Sealer
from understanding.personal import hide_personal

_BEGINS = re.compile(r"\s*(?:随时公开|马上公开)[::,,\s]+(?P<text>.+)", re.DOTALL)
_ROLES = frozenset({"干部", "录入"})
_VILLAGE = re.compile(r"\d{9}(?!000)\d{3}")


class AdHoc:
    def __init__(self, db: Database, sealer: Sealer) -> None:
        self._db = db
        self._sealer = sealer

    async def answer(self, turn: Turn) -> Reply | None:
        """Takes a text of somebody in office in a village; None for everybody and all else.

        To whoever holds no office the words mean nothing of their own.
        """
        found = _BEGINS.fullmatch(turn.inbound.text)
        if found is None:
            return None
        held = await people.posts_of(self._db, turn.resident.person_id, turn.today)
        villages = {
            post.region for post in held if post.role in _ROLES and _VILLAGE.fullmatch(post.region)
        }
        if not villages:
            return None
        if len(villages) > 1:
            return Reply(texts.AD_HOC_WHICH)
        text = found["text"].strip()
        if len(text) > ad_hoc.LONGEST:
            return Reply(texts.AD_HOC_TOO_LONG.format(most=ad_hoc.LONGEST))
        if hide_personal(text) != text:
            return Reply(texts.AD_HOC_PERSONAL)
        number = await ad_hoc.receive(
            self._db, self._sealer, village=villages.pop(), person_id=turn.resident.person_id,
            text=text, key=turn.inbound.key, now=turn.now,
        )  # fmt: skip
        return Reply(texts.AD_HOC_TAKEN.format(number=number))
