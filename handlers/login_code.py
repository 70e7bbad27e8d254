"""登录码: whoever works in the console asks for a code to log in with, on their own WeChat.

By SMS it would cost a template of its own and could be read on a shared phone: there it is no
word of ours.
"""

from __future__ import annotations

from datetime import UTC, datetime

from handlers import texts
from handlers.turn import Reply, Turn
from storage import staff
from storage.database import Database
from storage.sealing import Sealer

WORDS = frozenset({"登录码", "登陆码", "要登录码", "登录验证码"})


class LoginCode:
    def __init__(self, db: Database, sealer: Sealer) -> None:
        self._db = db
        self._sealer = sealer

    async def answer(self, turn: Turn, plain: str) -> Reply | None:
        """The code for whoever has an account; None for anybody else, and for other words.

        `plain` is the message without blanks and marks. Codes are of real time.
        """
        if plain not in WORDS or turn.by_sms:
            return None
        real = datetime.now(UTC)
        code = await staff.message_code(self._db, self._sealer, turn.resident.person_id, real)
        return Reply(texts.LOGIN_CODE.format(code=code)) if code else None
